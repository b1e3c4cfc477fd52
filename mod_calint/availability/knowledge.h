// How well somebody's time is known, and why not better: the words of GET /availability and of the people in slots.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "availability/spans.h"

namespace calint::availability {

enum class Status { ok, stale, unknown };
std::string_view to_string(Status status);

enum class Reason {
  none,
  not_connected,
  disconnected,
  expired,
  error,
  never_synced,
  no_calendar_ticked,
  calendar_unreadable,
  outside_window,
  calendar_truncated,
  too_old,
  unknown_time_zone,  // of the person, whose time is known nevertheless
};
std::string_view to_string(Reason reason);  // empty for none

struct Knowledge {
  Status status = Status::ok;
  Reason reason = Reason::none;
  std::optional<SysTime> as_of = {};  // not set: nothing was ever read, or there is nothing to read
};

}  // namespace calint::availability
