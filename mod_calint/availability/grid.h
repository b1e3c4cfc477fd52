// Where slots may begin by the clock alone.
#pragma once

#include <vector>

#include "availability/slot_request.h"
#include "availability/wall_clock.h"

namespace calint::availability {

struct GridStart {
  SysTime at;
  std::chrono::local_days day;  // what the clock shows
  minutes minute;               // after midnight
};

// The instants of `range`, in order, at which the clock shows a whole multiple of `step` minutes after midnight and no
// seconds. `range` lies in the clock's window.
std::vector<GridStart> grid_starts(const WallClock& clock, minutes step, const Span& range);

}  // namespace calint::availability
