#include "availability/wall_clock.h"

#include <algorithm>

#include "calendar/zones.h"

namespace calint::availability {

std::optional<WallClock> WallClock::of(std::string_view zone, const Span& window) {
  const calendar::Zone* found = calendar::find_zone(zone);
  if (found == nullptr) return std::nullopt;
  WallClock clock;
  for (const calendar::Transition& change : found->offsets(window.start, window.end)) {
    if (!clock.stretches_.empty()) clock.stretches_.back().span.end = change.at;
    clock.stretches_.push_back({{change.at, window.end}, change.offset});
  }
  return clock;
}

seconds WallClock::offset(SysTime at) const {
  for (const Stretch& stretch : stretches_)
    if (at < stretch.span.end) return stretch.offset;
  return stretches_.back().offset;
}

SysTime WallClock::first(LocalTime local) const {
  for (const Stretch& stretch : stretches_) {
    if (stretch.shows(local)) return stretch.instant(local);
    if (local < stretch.local(stretch.span.start))
      return &stretch == &stretches_.front() ? stretch.instant(local) : stretch.span.start;
  }
  return stretches_.back().instant(local);
}

SysTime WallClock::last(LocalTime local) const {
  for (auto stretch = stretches_.rbegin(); stretch != stretches_.rend(); ++stretch) {
    if (stretch->shows(local)) return stretch->instant(local);
    if (local >= stretch->local(stretch->span.end))
      return stretch == stretches_.rbegin() ? stretch->instant(local) : stretch->span.end;
  }
  return stretches_.front().instant(local);
}

std::vector<DayPart> WallClock::days() const {
  std::vector<DayPart> parts;
  for (const Stretch& stretch : stretches_) {
    for (SysTime at = stretch.span.start; at < stretch.span.end;) {
      const std::chrono::local_days day = std::chrono::floor<std::chrono::days>(stretch.local(at));
      const SysTime end = std::min(stretch.span.end, stretch.instant(LocalTime(day + std::chrono::days(1))));
      if (!parts.empty() && parts.back().day == day)
        parts.back().span.end = end;
      else
        parts.push_back({day, {at, end}});
      at = end;
    }
  }
  return parts;
}

}  // namespace calint::availability
