// A page of Graph's calendarView/delta: single events, masters of series, occurrences as stubs, exceptions, removals.
// Pure. Sources: Graph v1.0, resource event and type dateTimeTimeZone; "Get incremental changes to events in a calendar
// view"; microsoftgraph/microsoft-graph-docs#1716 and #7632 on stubs, #1802 on days, #6599 on removals.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "provider/shared/event_page.h"

namespace calint::outlook {

// What of an event decides how it counts. An occurrence has none of it: its master has.
struct EventValues {
  std::string show_as = {};   // empty: not said
  std::string response = {};  // responseStatus.response; empty: not said
  std::optional<bool> is_all_day = {};
  std::optional<bool> is_cancelled = {};
};

struct EventItem {
  enum class Kind {
    single,
    master,      // no time of its own
    occurrence,  // a stub or an exception of `series`
    removed,     // deleted, or outside the window: has an id and nothing else
  };
  std::string id;  // case-sensitive
  std::string uid = {};  // iCalUId
  Kind kind = Kind::single;
  std::string series = {};  // seriesMasterId
  EventValues values = {};
  // As moments, also of an event that lasts whole days.
  calendar::WrittenTime start = {};
  std::optional<calendar::WrittenTime> end = {};
};

using EventPage = provider::EventPage<EventItem>;

// An item is left out, and reported, where id or start can't be read; an end that can't be read is reported and counts
// as not written. A time without a zone is in UTC, as Graph's are; one in a zone that nobody knows is reported and is
// read in the mailbox's. The zones in which an event was made (originalStartTimeZone) say nothing of when it is.
EventPage parse_event_page(std::string_view text);

}  // namespace calint::outlook
