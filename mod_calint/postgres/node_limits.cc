#include "postgres/node_limits.h"

#include <unistd.h>

#include <new>

namespace calint::postgres {
namespace {

// The breaker stands in front of the two counts.
std::byte* after_breaker(void* memory) { return static_cast<std::byte*>(memory) + sizeof(TimeoutBreaker); }

}  // namespace

int64_t TimeoutBreaker::count(Clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

void TimeoutBreaker::note(Clock::time_point now) {
  const int64_t third = count(now), second = last_[1].exchange(third), first = last_[0].exchange(second);
  if (first != 0 && third - first <= kWithin.count()) until_ = third + kRest.count();
}

std::optional<std::chrono::milliseconds> TimeoutBreaker::rests(Clock::time_point now) const {
  const int64_t left = until_.load() - count(now);
  if (left <= 0) return std::nullopt;
  return std::chrono::milliseconds(left);
}

size_t NodeLimits::memory_size(unsigned processes) {
  return sizeof(TimeoutBreaker) + 2 * NodeSlots::memory_size(processes);
}

NodeLimits::NodeLimits(void* memory, unsigned processes)
    : breaker(*new (memory) TimeoutBreaker),
      connections(after_breaker(memory), processes),
      waiting(after_breaker(memory) + NodeSlots::memory_size(processes), processes) {}

std::unique_ptr<NodeLimits> NodeLimits::alone() {
  auto memory = std::make_unique<std::byte[]>(memory_size(1));
  auto limits = std::make_unique<NodeLimits>(memory.get(), 1);
  limits->own_ = std::move(memory);
  limits->join(getpid());
  return limits;
}

void NodeLimits::leave(pid_t process) {
  waiting.leave(process);
  connections.leave(process);
}

}  // namespace calint::postgres
