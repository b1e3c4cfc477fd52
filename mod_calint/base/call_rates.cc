#include "base/call_rates.h"

#include <algorithm>

namespace calint {

std::chrono::seconds CallRates::take(const std::string& caller, const CallRate& rate, Time now) {
  const auto each = std::chrono::duration_cast<Time::duration>(std::chrono::seconds(1)) / rate.per_second;
  std::lock_guard lock(mutex_);
  if (callers_.size() >= kMostCallers) std::erase_if(callers_, [&](const auto& one) { return one.second <= now; });
  auto found = callers_.find(caller);
  if (found == callers_.end()) {
    if (callers_.size() < kMostCallers) callers_.emplace(caller, now + each);
    return std::chrono::seconds(0);
  }
  const Time begins = std::max(found->second, now);
  const Time allowed = begins - each * (rate.burst - 1);
  if (allowed > now) return std::max(std::chrono::ceil<std::chrono::seconds>(allowed - now), std::chrono::seconds(1));
  found->second = begins + each;
  return std::chrono::seconds(0);
}

}  // namespace calint
