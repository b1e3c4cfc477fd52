// What is known of somebody's time when slots are looked for. Values; no title, guest or place is among them.
#pragma once

#include <string>
#include <vector>

#include "availability/knowledge.h"
#include "calendar/evaluate.h"

namespace calint::availability {

// An event of a ticked calendar. With a ref it is that interview of ours, as the calendar shows it.
struct BusyTime {
  Span span;
  calendar::Kind kind = calendar::Kind::busy;
  std::string ref = {};
};

// An interview or a hold of ours. Those of one ref count once in whatever is counted.
struct OwnTime {
  Span span;
  std::string ref = {};  // empty: none
};

struct Person {
  std::string user_id;
  std::string time_zone = {};  // as calint_users has it; may be empty, or a name that nobody knows
  Knowledge knowledge = {};

  // In any order; what ends no later than it begins takes no time.
  std::vector<BusyTime> busy = {};
  std::vector<Span> unknown = {};
  std::vector<OwnTime> interviews = {};
  std::vector<OwnTime> holds = {};
};

}  // namespace calint::availability
