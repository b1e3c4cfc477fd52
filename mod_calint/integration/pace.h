// When tokens are refreshed, and when trouble counts: pure rules. `unit` is uniform in [0, 1) and spreads what would
// come together.
#pragma once

#include <chrono>

#include "base/clock.h"

namespace calint::integration {

// When tokens that were got at `now` are refreshed: CalIntRefreshLead before they expire, or up to a quarter of it
// earlier. Tokens that live hardly longer than that get half of their life at least, and half a minute.
Instant refresh_due_at(Instant expires_at, Instant now, std::chrono::seconds lead, double unit);

// Whether trouble that began at `since` has lasted for CalIntExpiryGrace.
bool is_over(Instant since, std::chrono::seconds grace, Instant now);

}  // namespace calint::integration
