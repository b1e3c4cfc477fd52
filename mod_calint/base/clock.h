// Time: the wall clock as a seam, and deadlines on the steady clock.
#pragma once

#include <chrono>

namespace calint {

// An instant in UTC; PostgreSQL's resolution.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

// Where "now" comes from. Implementations are safe to call from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const override {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  }
};

// A moment by which a piece of work must have answered. Steady: a stepped wall clock neither
// shortens nor lengthens it. A value; copy it down the calls.
class Deadline {
 public:
  static Deadline in(std::chrono::milliseconds span) { return Deadline(std::chrono::steady_clock::now() + span); }

  // Never negative; 0 once the deadline has passed.
  std::chrono::milliseconds remaining() const {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(at_ - std::chrono::steady_clock::now());
    return left.count() > 0 ? left : std::chrono::milliseconds(0);
  }
  bool passed() const { return remaining().count() == 0; }

  // A deadline this much earlier: for a step that must leave time for the next.
  Deadline leaving(std::chrono::milliseconds span) const { return Deadline(at_ - span); }

  // The earlier of this deadline and `span` from now.
  Deadline at_most(std::chrono::milliseconds span) const {
    Deadline other = in(span);
    return other.at_ < at_ ? other : *this;
  }

 private:
  explicit Deadline(std::chrono::steady_clock::time_point at) : at_(at) {}
  std::chrono::steady_clock::time_point at_;
};

}  // namespace calint
