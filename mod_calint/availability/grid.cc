#include "availability/grid.h"

#include <algorithm>

namespace calint::availability {
namespace {

using std::chrono::days;
using std::chrono::local_days;

}  // namespace

std::vector<GridStart> grid_starts(const WallClock& clock, minutes step, const Span& range) {
  std::vector<GridStart> starts;
  for (const Stretch& stretch : clock.stretches()) {
    const Span span{std::max(stretch.span.start, range.start), std::min(stretch.span.end, range.end)};
    if (span.start >= span.end) continue;
    for (local_days day = std::chrono::floor<days>(stretch.local(span.start));; day += days(1)) {
      const SysTime midnight = stretch.instant(day);
      if (midnight >= span.end) break;
      const auto passed = std::max<seconds>(span.start - midnight, seconds(0));
      for (minutes minute = step * ((passed + step - seconds(1)) / step); minute < kMidnight; minute += step) {
        if (midnight + minute >= span.end) break;
        starts.push_back({midnight + minute, day, minute});
      }
    }
  }
  return starts;
}

}  // namespace calint::availability
