// What the writing of an event meets at every provider.
#pragma once

#include "base/error.h"

namespace calint::provider {

// How often an event that others change at the same moment is read and written anew; then it is left to a later call.
inline constexpr int kMostRounds = 3;

inline Error changed_by_others() {
  return {.fault = Fault::unavailable, .what = "the event is being changed by others", .code = "412"};
}

inline Error deleted_event() {
  return {.fault = Fault::gone, .what = "the event was deleted in the calendar", .detail = Detail::deleted};
}

}  // namespace calint::provider
