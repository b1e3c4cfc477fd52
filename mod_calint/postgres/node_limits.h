// What all processes of a node take of one database together, in memory that they share.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/node_slots.h"

namespace calint::postgres {

// Three statements that ran out of time within ten seconds: for the next two nobody asks. A database that is stuck
// behind somebody's lock gets no queue of ours on top of it.
class TimeoutBreaker {
 public:
  static constexpr std::chrono::milliseconds kWithin{10'000};
  static constexpr std::chrono::milliseconds kRest{2'000};

  using Clock = std::chrono::steady_clock;  // one for all processes of a machine

  void note(Clock::time_point now);
  // How long nobody asks any more; nullopt where one may.
  std::optional<std::chrono::milliseconds> rests(Clock::time_point now) const;

 private:
  static int64_t count(Clock::time_point time);

  // The last time-outs, the oldest first, in milliseconds; 0: none. Two that come at once may take one another's place:
  // then it takes one more to open the breaker.
  std::atomic<int64_t> last_[2];
  std::atomic<int64_t> until_;
};

// Safe from any thread and process.
class NodeLimits {
 public:
  // `memory`: zeroed, shared, aligned for int64_t, outliving this. Belongs to the caller.
  NodeLimits(void* memory, unsigned processes);
  static size_t memory_size(unsigned processes);

  // For one process alone, which has joined: calintctl's, and a test's.
  static std::unique_ptr<NodeLimits> alone();

  // As NodeSlots'.
  bool join(pid_t process) { return connections.join(process) && waiting.join(process); }
  void leave(pid_t process);

  TimeoutBreaker& breaker;
  NodeSlots connections;  // open ones, idle or in use
  NodeSlots waiting;      // who waits for one

 private:
  std::unique_ptr<std::byte[]> own_;
};

}  // namespace calint::postgres
