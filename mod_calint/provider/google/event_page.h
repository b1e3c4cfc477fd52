// A page of Google's events.list with singleEvents=false: masters of recurring events, their exceptions, single events.
// Pure. Sources: Calendar API v3, resource Events; guides "Synchronize resources efficiently", "Recurring events" and
// on status events.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "calendar/reader.h"
#include "provider/shared/event_page.h"

namespace calint::google {

// One entry. What tells of its people and places isn't read.
struct EventItem {
  calendar::Event event = {};  // of a cancelled one, at least the id
  std::string series = {};     // recurringEventId: this is one of its instances; empty: a single event or a master
  std::string uid = {};        // iCalUID
  bool is_master = false;      // has recurrence lines
};

using EventPage = provider::EventPage<EventItem>;

// `accounts`: addresses of the calendar's owner, by which they are found among guests where Google doesn't say `self`.
//
// An item is left out, and reported, where id or start can't be read; all else that can't be read is reported, and
// counts as not written. Zones that nobody knows stand for the page's. Times of single events and of exceptions are
// instants (Google gives an offset with each), those of masters what the clock shows in the zone that their rule is
// expanded in.
EventPage parse_event_page(std::string_view text, const calendar::Accounts& accounts);

}  // namespace calint::google
