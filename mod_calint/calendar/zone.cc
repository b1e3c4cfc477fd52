#include "calendar/zone.h"

#include <algorithm>

namespace calint::calendar {
namespace {

using std::chrono::seconds;

constexpr std::chrono::days kCycle{146097};  // 400 years
// More than any zone was ever away from UTC.
constexpr std::chrono::hours kFarthest{26};

}  // namespace

Zone::Zone(seconds before, const std::vector<Transition>& transitions) {
  at_.reserve(transitions.size());
  offsets_.reserve(transitions.size() + 1);
  offsets_.push_back(before);
  for (const Transition& transition : transitions) {
    if (transition.offset == offsets_.back()) continue;
    at_.push_back(transition.at);
    offsets_.push_back(transition.offset);
  }
}

void Zone::repeat() { repeats_ = !at_.empty() && at_.back() - at_.front() > kCycle; }

SysTime Zone::into_table(SysTime instant) const {
  if (!repeats_ || instant < at_.back()) return instant;
  return instant - ((instant - at_.back()) / kCycle + 1) * kCycle;
}

seconds Zone::offset_at(SysTime instant) const {
  const auto next = std::upper_bound(at_.begin(), at_.end(), into_table(instant));
  return offsets_[static_cast<size_t>(next - at_.begin())];
}

std::vector<Transition> Zone::offsets(SysTime from, SysTime to) const {
  std::vector<Transition> found;
  for (SysTime at = from; at < to;) {
    const SysTime in_table = into_table(at);
    const auto next = std::upper_bound(at_.begin(), at_.end(), in_table);
    found.push_back({at, offsets_[static_cast<size_t>(next - at_.begin())]});
    at = next == at_.end() ? to : at + (*next - in_table);
  }
  return found;
}

LocalTime Zone::to_local(SysTime instant) const { return LocalTime((instant + offset_at(instant)).time_since_epoch()); }

SysTime Zone::to_instant(LocalTime local) const {
  const SysTime as_utc(local.time_since_epoch());
  const SysTime in_table = into_table(as_utc - kFarthest) + kFarthest;
  auto next = static_cast<size_t>(std::upper_bound(at_.begin(), at_.end(), in_table - kFarthest) - at_.begin());
  SysTime instant = in_table - offsets_[next];
  while (next < at_.size() && instant >= at_[next]) {
    const SysTime later = in_table - offsets_[next + 1];
    if (later < at_[next]) break;  // in the gap
    instant = later;
    ++next;
  }
  return instant + (as_utc - in_table);
}

}  // namespace calint::calendar
