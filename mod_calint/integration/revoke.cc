#include "integration/revoke.h"

#include <fmt/format.h>

#include "crypto/random.h"
#include "integration/shared_failure.h"
#include "jobs/perform.h"
#include "store/revocations.h"
#include "vault/vault.h"

namespace calint::integration {
namespace {

class DueRevocation final : public jobs::Job {
 public:
  explicit DueRevocation(store::ClaimedRevocation due)
      : Job(due.job, {.counterpart = {.provider = due.revocation.provider}, .tried_until = due.revocation.deadline_at}),
        due_(std::move(due)) {}

  std::string name() const override {
    return fmt::format("revocation at {}, organisation '{}', integration {}, job {}",
                       to_string(due_.revocation.provider), due_.revocation.organization_id,
                       due_.revocation.integration_id, due_.revocation.id);
  }

  Result<jobs::Outcome> work(const jobs::Context& context) override {
    Runtime& runtime = context.runtime;
    const Deadline deadline = context.call.deadline;
    OAuth* provider = runtime.oauth(due_.revocation.provider);
    if (provider == nullptr)
      return Error{.fault = Fault::operator_fault, .what = "the provider isn't configured", .code = "unknown_client"};
    auto token = vault::open_revocation(runtime.keyset(), due_.revocation);
    if (!token) return std::move(token).error();
    auto may = store::begin_revocation(runtime.pool(), due_.revocation, deadline);
    if (!may) return std::move(may).error();
    if (!*may) return end(context, store::RevocationEnd::held_elsewhere);
    // Over before the grant may be given anew.
    auto revoked = provider->revoke(
        *token, runtime.now(),
        deadline.leaving(std::chrono::milliseconds(500)).at_most(store::kRevocationLease - std::chrono::seconds(5)));
    if (!revoked) return std::move(revoked).error();
    tell_success(runtime, context.call.log, limits().counterpart);
    return end(context, store::RevocationEnd::revoked);
  }

  std::optional<store::Breaker> breaker(const Runtime& runtime, const Error& error) const override {
    return breaker_of(runtime, due_.revocation, error);
  }

  Status put_off(const jobs::Context& context, const store::Again& again) override {
    if (due_.revocation.deadline_at && *due_.revocation.deadline_at <= context.runtime.now())
      return store::end_revocation(context.runtime.pool(), due_, store::RevocationEnd::past_deadline,
                                   context.for_storing());
    return store::put_off_revocation(context.runtime.pool(), due_, again, context.for_storing());
  }

  Status give_up(const jobs::Context& context, const std::string& why) override {
    context.call.log.write(LogLevel::warning, "CALINT0218", fmt::format("{}: given up: {}", name(), why));
    return store::end_revocation(context.runtime.pool(), due_, store::RevocationEnd::past_deadline,
                                 context.for_storing());
  }

 private:
  Result<jobs::Outcome> end(const jobs::Context& context, store::RevocationEnd how) const {
    const bool revoked = how == store::RevocationEnd::revoked;
    context.call.log.write(LogLevel::info, "CALINT0218",
                           fmt::format("{}: {}", name(),
                                       revoked ? "revoked" : "not revoked, the grant is held by a newer connection"));
    auto stored = store::end_revocation(context.runtime.pool(), due_, how, context.for_storing());
    if (!stored) return std::move(stored).error();
    return jobs::Outcome{revoked ? "revoked" : "abandoned"};
  }

  const store::ClaimedRevocation due_;
};

Result<jobs::Claimed> claim_due(Runtime& runtime, const store::Claim& claim, store::RoundRobin& round,
                                Deadline deadline) {
  auto due = store::claim_revocations(runtime.pool(), claim, round, deadline);
  if (!due) return std::move(due).error();
  jobs::Claimed claimed{.may_be_more = due->may_be_more};
  for (store::ClaimedRevocation& one : due->jobs)
    claimed.jobs.push_back(std::make_unique<DueRevocation>(std::move(one)));
  return claimed;
}

}  // namespace

const jobs::Kind kRevocation{.name = "revoke",
                             .backoff = {.first = std::chrono::minutes(1), .most = std::chrono::hours(6)},
                             .lease = store::kRevocationLease,
                             .needs_client = false,
                             .failed_tag = "CALINT0218",
                             .claim = claim_due};

Result<bool> retry_revocations(Runtime& runtime, const Call& call, const std::string& organization_id,
                               const std::string& user_id, int most) {
  const std::function<bool()> is_never_stopped = [] { return false; };
  const jobs::Context context{.runtime = runtime, .call = call, .stopping = is_never_stopped};
  // One at a time: a lease covers one call, however long the queue is.
  for (int done = 0; done < most && !call.deadline.passed(); ++done) {
    const std::string owner = runtime.node_id() + "/" + crypto::random_token(12);
    auto claimed = store::claim_revocations_of(runtime.pool(), organization_id, user_id,
                                               jobs::claim_of(kRevocation, {}, owner, 1), call.deadline);
    if (!claimed) return std::move(claimed).error();
    if (claimed->empty()) break;
    DueRevocation job(std::move(claimed->front()));
    const std::string_view became = jobs::perform(kRevocation, job, context).word;
    if (became != "revoked" && became != "abandoned") return false;
  }
  return true;
}

}  // namespace calint::integration
