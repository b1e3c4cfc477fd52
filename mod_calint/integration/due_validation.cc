#include "integration/due_validation.h"

#include <fmt/format.h>

#include "base/reaction.h"
#include "crypto/random.h"
#include "integration/pace.h"
#include "integration/validation.h"
#include "jobs/pauses.h"
#include "store/integrations.h"
#include "store/users.h"

namespace calint::integration {
namespace {

using store::Integration;

// What the operator is to mend says nothing about how long the connection itself has been failing.
bool has_failed_for_long(const Runtime& runtime, const Integration& before) {
  return before.status == ConnectionStatus::error && before.error_since && before.last_error != Reason::misconfigured &&
         is_over(*before.error_since, runtime.settings().expiry_grace, runtime.now());
}

class DueValidation final : public jobs::Job {
 public:
  DueValidation(store::DueValidation due, std::chrono::seconds grace)
      : Job({.organization_id = due.organization_id,
             .id = due.id,
             .attempts = due.attempts,
             .lease_ends = due.lease_ends,
             .account_key = due.account_key,
             .counterpart = {.provider = due.provider},
             .tried_until = due.error_since ? std::optional(*due.error_since + grace) : std::nullopt}),
        due_(std::move(due)) {}

  std::string name() const override { return fmt::format("validation of integration {}", due_.integration_id); }

  Result<jobs::Outcome> work(const jobs::Context& context) override {
    auto found = find(context);
    if (!found) return std::move(found).error();
    if (!*found || (*found)->status == ConnectionStatus::expired) return drop(context);
    const Integration& before = **found;

    // Logs what the provider said, and stores it.
    auto trouble = validate_again(context.runtime, context.call, before, {});
    if (!trouble) return std::move(trouble).error();
    if (!*trouble) {
      note(context, LogLevel::info, "CALINT0206", "connected");
      return jobs::Outcome{"connected"};
    }
    if (reaction_to((*trouble)->fault).background == Background::alarm)
      return jobs::Outcome{"postponed", store::Again{.in = jobs::operator_pause(crypto::random_unit())}};
    if (has_failed_for_long(context.runtime, before)) {
      if (auto ended = give_up(context, before, "it failed for CalIntExpiryGrace"); !ended) return ended.error();
      return jobs::Outcome{"given_up"};
    }
    return jobs::Outcome{"postponed", store::Again{.at_earliest = true, .attempts = due_.attempts}};
  }

  Status postpone(const jobs::Context& context, const store::Again& again) override {
    return store::postpone_job(context.runtime.pool(), due_.organization_id, due_.id, context.owner, again,
                               context.for_storing());
  }

  Status give_up(const jobs::Context& context, const std::string& why) override {
    auto found = find(context);
    if (!found) return std::move(found).error();
    if (*found) return give_up(context, **found, why);
    auto dropped = drop(context);
    return dropped ? Status() : Status(std::move(dropped).error());
  }

 private:
  Result<std::optional<Integration>> find(const jobs::Context& context) const {
    return store::find_integration(context.runtime.pool(), due_.organization_id, due_.integration_id,
                                   context.call.deadline);
  }

  Result<jobs::Outcome> drop(const jobs::Context& context) const {
    auto dropped = store::drop_validation(context.runtime.pool(), due_, context.for_storing());
    if (!dropped) return std::move(dropped).error();
    return jobs::Outcome{"dropped"};
  }

  Status give_up(const jobs::Context& context, const Integration& integration, const std::string& why) const {
    note(context, LogLevel::notice, "CALINT0221", "given up: " + why);
    return store::give_up_validation(context.runtime.pool(), due_, integration, context.for_storing());
  }

  void note(const jobs::Context& context, LogLevel level, std::string_view tag, const std::string& text) const {
    context.call.log.write(level, tag, fmt::format("{}: {}", name(), text));
  }

  const store::DueValidation due_;
};

Result<std::vector<std::unique_ptr<jobs::Job>>> claim_due(Runtime& runtime, const jobs::Claim& claim) {
  auto due = store::claim_validations(runtime.pool(), claim.provider, kValidation.backoff, claim.owner, claim.most,
                                      claim.deadline, claim.round);
  if (!due) return std::move(due).error();
  std::vector<std::unique_ptr<jobs::Job>> jobs;
  for (store::DueValidation& one : *due)
    jobs.push_back(std::make_unique<DueValidation>(std::move(one), runtime.settings().expiry_grace));
  return jobs;
}

}  // namespace

const jobs::Kind kValidation{.name = "validate",
                             .backoff = {.first = std::chrono::minutes(1), .most = std::chrono::hours(1)},
                             .lease = store::kJobLease,
                             .failed_tag = "CALINT0205",
                             .claim = claim_due};

}  // namespace calint::integration
