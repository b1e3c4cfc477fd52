#include "integration/housekeeping.h"

#include <fmt/format.h>

#include "base/reaction.h"
#include "integration/validation.h"
#include "store/connections.h"
#include "store/housekeeping.h"
#include "store/integrations.h"
#include "store/nodes.h"
#include "store/users.h"

namespace calint::integration {
namespace {

constexpr int kMostLeavers = 10000;

// Of one statement or batch.
Deadline soon() { return Deadline::in(std::chrono::seconds(5)); }

// False where the integration changed meanwhile.
Result<bool> disconnect(const jobs::Context& context, const store::Leaver& leaver) {
  auto found = store::find_integration(context.runtime.pool(), leaver.organization_id, leaver.integration_id, soon());
  if (!found) return std::move(found).error();
  if (!*found) return false;
  const store::Integration& integration = **found;
  auto revocation = revocation_of(context.runtime.keyset(), integration, context.call.log);
  if (!revocation) return std::move(revocation).error();
  auto done = store::store_disconnect(context.runtime.pool(), integration, *revocation, {}, soon(), Reason::left);
  if (!done && done.error().fault == Fault::conflict) return false;
  if (!done) return std::move(done).error();
  context.call.log.write(LogLevel::info, "CALINT0222",
                         fmt::format("user {} of organisation '{}' is no longer entitled and was disconnected from {}",
                                     integration.user_id, integration.organization_id, to_string(integration.provider)));
  return true;
}

Result<int64_t> retain(const jobs::Context& context) {
  int64_t all = 0;
  for (int64_t rows = 1; rows > 0 && !context.stopping();) {
    auto dropped = store::retain(context.runtime.pool(), soon());
    if (!dropped) return std::move(dropped).error();
    rows = *dropped;
    all += rows;
  }
  if (all > 0)
    context.call.log.write(LogLevel::info, "CALINT0223", fmt::format("{} rows were kept for long enough", all));
  return all;
}

Result<int64_t> disconnect_leavers(const jobs::Context& context) {
  auto leavers = store::find_leavers(context.runtime.pool(), kMostLeavers, soon());
  if (!leavers) return std::move(leavers).error();
  if (leavers->nobody_is_entitled) {
    context.call.log.write(LogLevel::error, "CALINT0204",
                           "ALARM: calint_users has no active interviewer or administrator at all, though calendars are"
                           " connected: nobody is disconnected for having left");
    return 0;
  }
  int64_t disconnected = 0;
  for (const store::Leaver& leaver : leavers->found) {
    if (context.stopping()) break;
    auto done = disconnect(context, leaver);
    if (done) {
      disconnected += *done ? 1 : 0;
      continue;
    }
    if (done.error().fault == Fault::unavailable) return std::move(done).error();
    log_failure(context.call.log, done.error(),
                fmt::format("integration {} of a user who left could not be disconnected", leaver.integration_id));
  }
  return disconnected;
}

Result<int64_t> announce(const jobs::Context& context) {
  return store::announce_changes(context.runtime.pool(), context.call.deadline);
}

Result<int64_t> stay_known(const jobs::Context& context) {
  auto seen = store::see_node(context.runtime.pool(), context.runtime.node_id(), context.call.deadline);
  if (!seen) return std::move(seen).error();
  return 0;
}

}  // namespace

const jobs::Chore kRetention{
    .name = "retention", .every = std::chrono::hours(1), .takes_long = true, .run = retain};
const jobs::Chore kLeavers{
    .name = "leavers", .every = std::chrono::hours(1), .takes_long = true, .run = disconnect_leavers};
const jobs::Chore kAnnouncement{.name = "announcement", .run = announce};
const jobs::Chore kPresence{
    .by = jobs::Chore::By::each_node, .every = std::chrono::minutes(10), .run = stay_known};

}  // namespace calint::integration
