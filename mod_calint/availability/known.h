// What was read of somebody's calendars, and what that says of a range of time: how well it is known, and where it
// isn't. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "availability/person.h"
#include "availability/slot_request.h"

namespace calint::availability {

// A ticked calendar, as far as it was read.
struct CalendarRead {
  std::optional<SysTime> last_read = {};     // when it was read to the end last; unset: never
  std::optional<SysTime> known_from = {};    // busy time is known from there ...
  std::optional<SysTime> known_until = {};   // ... to there
  std::optional<SysTime> unknown_from = {};  // from here on one of its series may take more time than is known
  bool is_unreadable = false;                // gone, or no longer readable: not for a while
  std::vector<BusyTime> busy = {};
};

enum class Connection {
  none,
  former,   // ended by its user
  expired,  // until its user connects again
  error,
  works,
};

struct PersonRead {
  std::string user_id;
  std::string time_zone = {};  // as calint_users has it
  Connection connection = Connection::none;
  std::vector<CalendarRead> calendars = {};
  std::vector<OwnTime> interviews = {};
  std::vector<Span> on_their_way = {};  // those of them that the provider hasn't been told of
  std::vector<OwnTime> holds = {};      // none where nobody asked for them
};

// Ages of what was read.
struct Ages {
  seconds stale_after;    // CalIntStaleAfter
  seconds unknown_after;  // CalIntExpiryGrace
};

struct UnknownPart {
  Span span;
  Reason reason;
};

struct Assessment {
  Knowledge knowledge;
  std::vector<UnknownPart> unknown;  // in order; no two overlap
};

// Of `range`, which isn't empty.
Assessment assess(const PersonRead& person, const Span& range, const Ages& ages, SysTime now);

// What find_slots() is told of a person: knowledge of `range`, unknown time of `needed`.
Person person_of(PersonRead person, const Span& range, const Span& needed, const Ages& ages, SysTime now);

// Whoever was asked for, with what GET /availability answers.
struct UserAvailability {
  std::string user_id;
  std::string time_zone;  // IANA; empty: calint_users has none that anybody knows
  Assessment assessment;
  Spans busy;             // merged, clipped
};
UserAvailability availability_of(const PersonRead& person, const Span& range, const OrganizationRules& rules,
                                 const Ages& ages, SysTime now);

// As the interface sends it.
std::string to_json(const std::vector<UserAvailability>& users);

// iCalendar (RFC 5545): a VFREEBUSY a user, of `range`; `now` is its DTSTAMP.
std::string to_icalendar(const std::vector<UserAvailability>& users, const Span& range, SysTime now);

}  // namespace calint::availability
