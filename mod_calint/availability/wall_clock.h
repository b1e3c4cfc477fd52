// What the clock on the wall shows in a zone, for some weeks: a handful of stretches between changes of the clock.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "availability/spans.h"

namespace calint::availability {

// A whole day of the clock, or a part of one: where a clock goes back over midnight a day has two.
struct DayPart {
  std::chrono::local_days day;
  Span span;
};

// Between two changes of the clock.
struct Stretch {
  Span span;
  seconds offset;  // east of UTC

  LocalTime local(SysTime at) const { return LocalTime((at + offset).time_since_epoch()); }
  SysTime instant(LocalTime at) const { return SysTime(at.time_since_epoch()) - offset; }
  bool shows(LocalTime at) const { return local(span.start) <= at && at < local(span.end); }
};

// A value; cheap to ask. Outside `window` the nearest stretch is taken to go on.
class WallClock {
 public:
  // `zone` is a name of zone_name(); nullopt where nobody knows it. `window` isn't empty.
  static std::optional<WallClock> of(std::string_view zone, const Span& window);

  seconds offset(SysTime at) const;  // east of UTC
  LocalTime local(SysTime at) const { return LocalTime((at + offset(at)).time_since_epoch()); }

  // The first and the last instant at which the clock shows `local`: they differ in an hour that comes twice. A time
  // that the clock skips is the instant of the change.
  SysTime first(LocalTime local) const;
  SysTime last(LocalTime local) const;

  // The days of the window, in the order of their instants, which they cover; the outer ones may be cut.
  std::vector<DayPart> days() const;

  const std::vector<Stretch>& stretches() const { return stretches_; }

 private:
  std::vector<Stretch> stretches_;  // never empty; each ends where the next begins
};

// Days from the first Monday of the Unix epoch, in sevens.
inline int64_t week_of(std::chrono::local_days day) {
  return std::chrono::floor<std::chrono::weeks>(day.time_since_epoch() + std::chrono::days(3)).count();
}

}  // namespace calint::availability
