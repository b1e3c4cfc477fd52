#include "availability/knowledge.h"

namespace calint::availability {

std::string_view to_string(Status status) {
  switch (status) {
    case Status::ok: return "ok";
    case Status::stale: return "stale";
    case Status::unknown: return "unknown";
  }
  return "";
}

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::none: return "";
    case Reason::not_connected: return "not_connected";
    case Reason::disconnected: return "disconnected";
    case Reason::expired: return "expired";
    case Reason::error: return "error";
    case Reason::never_synced: return "never_synced";
    case Reason::no_calendar_ticked: return "no_calendar_ticked";
    case Reason::calendar_unreadable: return "calendar_unreadable";
    case Reason::outside_window: return "outside_window";
    case Reason::calendar_truncated: return "calendar_truncated";
    case Reason::too_old: return "too_old";
    case Reason::unknown_time_zone: return "unknown_time_zone";
  }
  return "";
}

}  // namespace calint::availability
