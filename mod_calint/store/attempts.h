// When an attempt of background work comes, and comes again.
#pragma once

#include <chrono>
#include <string>

namespace calint::store {

// How far a claim puts the next attempt off: `first` doubling up to `most`, give or take a quarter.
struct Backoff {
  std::chrono::seconds first;
  std::chrono::seconds most;
};

// How far the claims of one provider and kind have looked through the organisations. Belongs to the caller, who leaves
// it alone. Without one each claim looks at the first of them again.
struct RoundRobin {
  std::string after;
};

// When an attempt comes again that was begun.
struct Again {
  std::chrono::seconds in{0};  // from now
  bool at_earliest = false;    // what the claim set stays where that is later
  int attempts = 0;            // that count from now on
  std::string reason = {};     // a stable word for people, where the job's row has one; empty: as it was
};

}  // namespace calint::store
