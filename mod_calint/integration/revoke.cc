#include "integration/revoke.h"

#include <fmt/format.h>

#include <algorithm>

#include "crypto/random.h"
#include "integration/pace.h"
#include "net/transport.h"
#include "store/due.h"
#include "vault/vault.h"

namespace calint::integration {
namespace {

// 30 s doubling to 6 h, give or take a quarter, never sooner than the provider asks.
std::chrono::seconds backoff(int attempts, std::chrono::seconds retry_after) {
  const double doubled = 30.0 * static_cast<double>(1u << std::min(attempts, 10));
  const double spread = std::min(doubled, 21600.0) * (0.75 + 0.5 * crypto::random_unit());
  return std::max(std::chrono::seconds(static_cast<int64_t>(spread)), asked_pause(retry_after, crypto::random_unit()));
}

std::string describe(const store::RevocationJob& job) {
  return fmt::format("{}, organisation '{}', integration {}, job {}", to_string(job.provider), job.organization_id,
                     job.integration_id, job.id);
}

Status postpone(const RevocationTools& tools, const store::RevocationJob& job, const Error& error, Deadline deadline,
                RevocationCount& count) {
  const bool alarm = error.fault == Fault::operator_fault;
  tools.log.write(alarm ? LogLevel::error : LogLevel::warning, alarm ? "CALINT0204" : "CALINT0218",
                  fmt::format("{}revocation postponed ({}): {} ({})", alarm ? "ALARM: " : "", describe(job), error.what,
                              error.code));
  ++count.postponed;
  const auto in = error.code == kProcessEnds ? std::chrono::seconds(0) : backoff(job.attempts, error.retry_after);
  return store::postpone_revocation(tools.pool, job, std::string(to_string(error.fault)), in, deadline);
}

Status end(const RevocationTools& tools, const store::RevocationJob& job, store::RevocationEnd how, Deadline deadline,
           RevocationCount& count) {
  const bool revoked = how == store::RevocationEnd::revoked;
  tools.log.write(LogLevel::info, "CALINT0218",
                  fmt::format("{} ({})", revoked ? "revoked" : "not revoked, the grant is held by a newer connection",
                              describe(job)));
  ++(revoked ? count.revoked : count.abandoned);
  return store::end_revocation(tools.pool, job, how, deadline);
}

}  // namespace

Status work_on(const RevocationTools& tools, const store::RevocationJob& job, Deadline deadline,
               RevocationCount& count) {
  OAuth* provider = tools.provider(job.provider);
  if (provider == nullptr)
    return postpone(tools, job, {.fault = Fault::operator_fault, .what = "the provider isn't configured"}, deadline, count);
  auto token = vault::open_revocation(tools.keyset, job);
  if (!token) return postpone(tools, job, token.error(), deadline, count);
  auto may = store::begin_revocation(tools.pool, job, deadline);
  if (!may) return std::move(may).error();
  if (!*may) return end(tools, job, store::RevocationEnd::held_elsewhere, deadline, count);
  // Over before the grant may be given anew.
  auto revoked = provider->revoke(
      *token, tools.clock.now(),
      deadline.leaving(std::chrono::milliseconds(500)).at_most(store::kRevocationLease - std::chrono::seconds(5)));
  if (!revoked) return postpone(tools, job, revoked.error(), deadline, count);
  return end(tools, job, store::RevocationEnd::revoked, deadline, count);
}

Result<RevocationCount> run_due_revocations(const RevocationTools& tools, int most, Deadline deadline) {
  RevocationCount count;
  int done = 0;
  for (const ProviderFacts& provider : kProviders) {
    if (tools.provider(provider.id) == nullptr) continue;
    store::Turn turn;
    // One at a time: a lease covers one call, however long the queue is.
    for (; done < most && !deadline.passed(); ++done) {
      auto claimed =
          store::claim_due_revocations(tools.pool, provider.id, kRevocationPace, tools.owner, 1, deadline, &turn);
      if (!claimed) return std::move(claimed).error();
      if (claimed->empty()) break;
      auto status = work_on(tools, claimed->front(), deadline, count);
      if (!status) return std::move(status).error();
    }
  }
  return count;
}

Result<RevocationCount> run_revocations_of(const RevocationTools& tools, const std::string& organization_id,
                                           const std::string& user_id, int most, Deadline deadline) {
  RevocationCount count;
  for (int done = 0; done < most && count.postponed == 0 && !deadline.passed(); ++done) {
    auto claimed = store::claim_revocations_of(tools.pool, organization_id, user_id, tools.owner, 1, deadline);
    if (!claimed) return std::move(claimed).error();
    if (claimed->empty()) break;
    auto status = work_on(tools, claimed->front(), deadline, count);
    if (!status) return std::move(status).error();
  }
  return count;
}

}  // namespace calint::integration
