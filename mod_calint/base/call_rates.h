// How often somebody calls: so many at once, and so many a second after that (the generic cell rate algorithm). In one
// process: what several count together is that many times more.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <unordered_map>

namespace calint {

struct CallRate {
  unsigned burst;       // calls at once
  unsigned per_second;  // and as many a second
};

// Thread safe. Knows a bounded number of callers; with more at once than that, new ones aren't counted.
class CallRates {
 public:
  static constexpr size_t kMostCallers = 10'000;
  using Time = std::chrono::steady_clock::time_point;

  // 0: the call may be made, and counts. Otherwise it wasn't counted, and this is to wait, at least a second.
  std::chrono::seconds take(const std::string& caller, const CallRate& rate, Time now);

 private:
  std::mutex mutex_;
  // When whoever stays within the rate would have made all of their calls.
  std::unordered_map<std::string, Time> callers_;
};

}  // namespace calint
