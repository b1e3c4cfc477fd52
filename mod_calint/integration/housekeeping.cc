#include "integration/housekeeping.h"

#include <fmt/format.h>

#include "integration/validation.h"
#include "store/housekeeping.h"
#include "store/integrations.h"
#include "store/users.h"

namespace calint::integration {
namespace {

constexpr std::chrono::hours kEvery{1};
constexpr int kMostLeavers = 10000;

// Of one statement or batch.
Deadline soon() { return Deadline::in(std::chrono::seconds(5)); }

// False where the integration changed meanwhile.
Result<bool> disconnect(const HouseTools& tools, const store::Leaver& leaver) {
  auto found = store::find_integration(tools.pool, leaver.organization_id, leaver.integration_id, soon());
  if (!found) return std::move(found).error();
  if (!*found) return false;
  const store::Integration& integration = **found;
  auto revocation = revocation_of(tools.keyset, integration);
  if (!revocation) return std::move(revocation).error();
  auto done = store::store_disconnect(tools.pool, integration, *revocation, {}, soon(), "left");
  if (!done && done.error().fault == Fault::conflict) return false;
  if (!done) return std::move(done).error();
  tools.log.write(LogLevel::info, "CALINT0222",
                  fmt::format("user {} of organisation '{}' is no longer entitled and was disconnected from {}",
                              integration.user_id, integration.organization_id, to_string(integration.provider)));
  return true;
}

}  // namespace

Result<int64_t> run_retention(const HouseTools& tools) {
  auto ours = store::claim_chore(tools.pool, store::Chore::retention, kEvery, soon());
  if (!ours) return std::move(ours).error();
  int64_t all = 0;
  for (int64_t rows = *ours ? 1 : 0; rows > 0 && !tools.stopping();) {
    auto dropped = store::retain(tools.pool, soon());
    if (!dropped) return std::move(dropped).error();
    rows = *dropped;
    all += rows;
  }
  if (all > 0) tools.log.write(LogLevel::info, "CALINT0223", fmt::format("{} rows were kept for long enough", all));
  return all;
}

Result<int> run_leavers(const HouseTools& tools) {
  auto ours = store::claim_chore(tools.pool, store::Chore::leavers, kEvery, soon());
  if (!ours) return std::move(ours).error();
  if (!*ours) return 0;
  auto leavers = store::find_leavers(tools.pool, kMostLeavers, soon());
  if (!leavers) return std::move(leavers).error();
  if (leavers->nobody_is_entitled) {
    tools.log.write(LogLevel::error, "CALINT0204",
                    "ALARM: calint_users has no active interviewer or administrator at all, though calendars are"
                    " connected: nobody is disconnected for having left");
    return 0;
  }
  int disconnected = 0;
  for (const store::Leaver& leaver : leavers->found) {
    if (tools.stopping()) break;
    auto done = disconnect(tools, leaver);
    if (done) {
      disconnected += *done ? 1 : 0;
      continue;
    }
    const Error& error = done.error();
    if (error.fault == Fault::unavailable) return error;
    const bool alarm = error.fault == Fault::operator_fault;
    tools.log.write(LogLevel::error, alarm ? "CALINT0204" : "CALINT0216",
                    fmt::format("{}integration {} of a user who left could not be disconnected: {} ({})",
                                alarm ? "ALARM: " : "", leaver.integration_id, error.what, error.code));
  }
  return disconnected;
}

}  // namespace calint::integration
