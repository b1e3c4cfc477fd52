// What a zone's clock shows at an instant, and when a clock shows a time.
#pragma once

#include <chrono>
#include <vector>

#include "calendar/series.h"

namespace calint::calendar {

// From `at` on, the clock is `offset` east of UTC.
struct Transition {
  SysTime at;
  std::chrono::seconds offset;
};

// A table of transitions. Before the first one the offset is `before`, after the last one that of the last.
class Zone {
 public:
  // `transitions` in order.
  explicit Zone(std::chrono::seconds before, const std::vector<Transition>& transitions = {});

  std::chrono::seconds offset_at(SysTime instant) const;
  // The offset at `from`, and every other one until `to`, each with the instant from which it holds.
  std::vector<Transition> offsets(SysTime from, SysTime to) const;
  LocalTime to_local(SysTime instant) const;
  // A time that the clock skips takes the offset before the gap; of one that it shows twice, the first is meant (RFC
  // 5545 3.3.5).
  SysTime to_instant(LocalTime local) const;

  // After its last transition the table goes on as in the 400 years before, after which the Gregorian calendar repeats.
  void repeat();

 private:
  SysTime into_table(SysTime instant) const;

  std::vector<SysTime> at_;
  std::vector<std::chrono::seconds> offsets_;  // [i] is that before at_[i]; one more than at_
  bool repeats_ = false;
};

}  // namespace calint::calendar
