// When background work is done again that was begun: pure rules of all kinds. `unit` is uniform in [0, 1) and spreads
// what would come together.
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.h"

namespace calint::jobs {

// After what only the operator can mend: an hour, give or take a quarter.
std::chrono::seconds operator_pause(double unit);

// After a provider asked to come back in `retry_after`: never sooner, and up to a quarter of it later, because it asks
// many at once.
std::chrono::seconds asked_pause(std::chrono::seconds retry_after, double unit);

// After there was no slot for a call to the account: 1 to 3 s.
std::chrono::seconds slot_pause(double unit);

// Whether work that nobody heard of again after it was begun is begun no more: it may be what ends the process. What
// fails in the ordinary way is given up at `tried_until`, so it has ended by then.
bool is_poison(int attempts, std::optional<Instant> tried_until, Instant now);

}  // namespace calint::jobs
