// Users who left the ATS, or may connect no calendar any more: what they have connected ends.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "jobs/chore.h"
#include "store/leavers.h"

namespace calint::integration {

// Once an hour: end_leavers() without anything confirmed.
extern const jobs::Chore kLeavers;

// Whose connections are to be ended. So many at once that calint_users is rather broken are held until an administrator
// confirms their organisation: more than 20 and more than a tenth of all connections, or all that an organisation with
// more than 5 has, or any while nobody at all is entitled.
struct LeaversPlan {
  std::vector<store::LeaverCount> ending;
  std::vector<store::LeaverCount> held;
};
LeaversPlan plan_leavers(const store::LeaverCounts& counts);

struct LeaversEnd {
  int64_t disconnected = 0;
  int64_t held = 0;  // organisations
};
// Disconnects them as if they had done it, with the reason `left` in the audit row; what is held has one alarm in the
// log. Where organisations are `confirmed`, all who left these are, and nobody else.
Result<LeaversEnd> end_leavers(const jobs::Context& context, std::span<const std::string> confirmed);

}  // namespace calint::integration
