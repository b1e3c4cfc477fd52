// When background work is done again: pure rules. `unit` is uniform in [0, 1) and spreads what would come together.
#pragma once

#include <chrono>

#include "base/clock.h"
#include "store/due.h"

namespace calint::integration {

inline constexpr store::Pace kRefreshPace{.first = std::chrono::seconds(30), .most = std::chrono::minutes(15)};
inline constexpr store::Pace kValidationPace{.first = std::chrono::minutes(1), .most = std::chrono::hours(1)};
inline constexpr store::Pace kRevocationPace{.first = std::chrono::minutes(1), .most = std::chrono::hours(6)};

// When tokens that were got at `now` are refreshed: CalIntRefreshLead before they expire, or up to a quarter of it
// earlier. Tokens that live hardly longer than that get half of their life at least, and half a minute.
Instant refresh_due_at(Instant expires_at, Instant now, std::chrono::seconds lead, double unit);

// After what only the operator can mend: an hour, give or take a quarter.
std::chrono::seconds operator_pause(double unit);

// After a provider asked to come back in `retry_after`: never sooner, and up to a quarter of it later, because it asks
// many at once.
std::chrono::seconds asked_pause(std::chrono::seconds retry_after, double unit);

// After this node had no place for a call: 1 to 3 s.
std::chrono::seconds place_pause(double unit);

// Whether trouble that began at `since` has lasted for CalIntExpiryGrace.
bool is_over(Instant since, std::chrono::seconds grace, Instant now);

// Whether work that nobody heard of again after it was begun, which a failure would have ended by now, is begun no
// more: it may be what ends the process.
bool is_poison(int attempts, Instant since, std::chrono::seconds grace, Instant now);

}  // namespace calint::integration
