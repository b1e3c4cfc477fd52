#include "integration/leavers.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/reaction.h"
#include "integration/validation.h"
#include "store/connections.h"
#include "store/integrations.h"

namespace calint::integration {
namespace {

constexpr int kMostOrganizations = 1000;  // a look; those behind them come with the next
constexpr int kPage = 1000;               // leavers, by one query
constexpr size_t kMostNamed = 10;         // organisations, in an alarm

// More than this many at once, and this part of all, aren't believed.
constexpr int64_t kFew = 20;
constexpr int64_t kPart = 10;
// Nor is it that everybody of an organisation has left that had more than this many.
constexpr int64_t kSmallOrganization = 5;

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
                                     integration.user_id, integration.organization_id,
                                     to_string(integration.provider)));
  return true;
}

// How many were disconnected, of up to `most`: calint_users may have broken since they were counted. Whoever can't be
// is logged, and comes again with the next look.
Result<int64_t> disconnect_all(const jobs::Context& context, const std::vector<std::string>& organizations,
                               int64_t most) {
  int64_t disconnected = 0;
  for (int64_t after = 0; !organizations.empty() && !context.stopping();) {
    auto leavers = store::find_leavers(context.runtime.pool(), organizations, after, kPage, soon());
    if (!leavers) return std::move(leavers).error();
    for (const store::Leaver& leaver : *leavers) {
      if (context.stopping() || disconnected >= most) return disconnected;
      auto done = disconnect(context, leaver);
      if (done) {
        disconnected += *done ? 1 : 0;
        continue;
      }
      if (done.error().fault == Fault::unavailable) return std::move(done).error();
      log_failure(context.call.log, done.error(),
                  fmt::format("integration {} of a user who left could not be disconnected", leaver.integration_id));
    }
    if (leavers->size() < kPage) break;
    after = leavers->back().integration_id;
  }
  return disconnected;
}

void raise_alarm(LogSink& log, const store::LeaverCounts& counts, const std::vector<store::LeaverCount>& held) {
  std::string named;
  for (const store::LeaverCount& one : std::span(held).first(std::min(held.size(), kMostNamed)))
    named += fmt::format("{}'{}' ({} of {})", named.empty() ? "" : ", ", one.organization_id, one.leaving,
                         one.connected);
  if (held.size() > kMostNamed) named += fmt::format(" and {} others", held.size() - kMostNamed);
  const std::string what =
      counts.nobody_is_entitled
          ? "calint_users has no active interviewer or administrator at all, though calendars are connected"
          : fmt::format("the users of {} of {} connections are gone from calint_users, or neither interviewer nor "
                        "administrator there any more: too many at once to be taken for true",
                        counts.leaving, counts.connected);
  log.write(LogLevel::error, "CALINT0204",
            fmt::format("ALARM: {}; nobody is disconnected for having left in the organisations {}: mend calint_users, "
                        "or let it be done by calintctl jobs run --leavers --confirm ORGANIZATION",
                        what, named));
}

Result<int64_t> run(const jobs::Context& context) {
  auto done = end_leavers(context, {});
  if (!done) return std::move(done).error();
  return done->disconnected;
}

}  // namespace

const jobs::Chore kLeavers{.name = "leavers", .every = std::chrono::hours(1), .takes_long = true, .run = run};

LeaversPlan plan_leavers(const store::LeaverCounts& counts) {
  const bool too_many = counts.leaving > kFew && counts.leaving * kPart > counts.connected;
  LeaversPlan plan;
  for (const store::LeaverCount& one : counts.organizations) {
    const bool everybody = one.leaving == one.connected && one.connected > kSmallOrganization;
    (too_many || everybody || counts.nobody_is_entitled ? plan.held : plan.ending).push_back(one);
  }
  return plan;
}

Result<LeaversEnd> end_leavers(const jobs::Context& context, std::span<const std::string> confirmed) {
  if (!confirmed.empty()) {
    auto disconnected =
        disconnect_all(context, {confirmed.begin(), confirmed.end()}, std::numeric_limits<int64_t>::max());
    if (!disconnected) return std::move(disconnected).error();
    return LeaversEnd{.disconnected = *disconnected};
  }
  auto counts = store::count_leavers(context.runtime.pool(), kMostOrganizations, soon());
  if (!counts) return std::move(counts).error();
  const LeaversPlan plan = plan_leavers(*counts);
  if (!plan.held.empty()) raise_alarm(context.call.log, *counts, plan.held);
  std::vector<std::string> organizations;
  int64_t counted = 0;
  for (const store::LeaverCount& one : plan.ending) {
    organizations.push_back(one.organization_id);
    counted += one.leaving;
  }
  auto disconnected = disconnect_all(context, organizations, counted);
  if (!disconnected) return std::move(disconnected).error();
  return LeaversEnd{.disconnected = *disconnected, .held = static_cast<int64_t>(plan.held.size())};
}

}  // namespace calint::integration
