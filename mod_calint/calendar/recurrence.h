// The instances of a recurrence rule, on the clock of its event: no zone is looked at here. No library does it:
// libical's iterator, which others use, crashes and loses instances on rules that anybody can send
// (calendar/README.md).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "calendar/rule.h"

namespace calint::calendar {

// How much work is left for a series. A step is some 20 ns of work.
class Budget {
 public:
  explicit Budget(int64_t steps) : left_(steps) {}
  // False once there is nothing left; from then on nothing more is spent.
  bool spend(int64_t steps = 1) {
    if (left_ >= 0) left_ -= steps;
    return left_ >= 0;
  }
  bool spent() const { return left_ < 0; }
  int64_t left() const { return left_; }

 private:
  int64_t left_;
};

struct Expansion {
  LocalTime start;  // DTSTART: the rule has no instance before it
  LocalTime from;   // instances from here
  LocalTime to;     // up to and including this one; the rule's UNTIL is the caller's to apply, as it needs the zone
};

// Appends the rule's instances to `times`, in order and without doubles. COUNT counts from the start; DTSTART is an
// instance of the rule, and counted, only where it fits the rule. Goes straight to `from` where there is no COUNT.
// Returns nullopt, or the time from which on instances are missing, as the budget ended there.
std::optional<LocalTime> expand(const Rule& rule, const Expansion& expansion, Budget& budget,
                                std::vector<LocalTime>& times);

}  // namespace calint::calendar
