#include "integration/due_validation.h"

#include <fmt/format.h>

#include "base/reaction.h"
#include "crypto/random.h"
#include "integration/claim.h"
#include "integration/oauth_clients.h"
#include "integration/pace.h"
#include "integration/shared_failure.h"
#include "integration/validation.h"
#include "jobs/backoff.h"
#include "store/integrations.h"
#include "store/validations.h"

namespace calint::integration {
namespace {

using store::Integration;

// Longer than its calls.
constexpr std::chrono::seconds kLease{60};

// What the operator is to mend says nothing about how long the connection itself has been failing.
bool has_failed_for_long(const Runtime& runtime, const Integration& before) {
  return before.status == ConnectionStatus::error && before.error_since && before.last_error != Reason::misconfigured &&
         is_over(*before.error_since, runtime.settings().expiry_grace, runtime.now());
}

jobs::Limits limits_of(const Integration& integration, std::chrono::seconds grace) {
  jobs::Limits limits{.account_key = integration.account_key,
                      .counterpart = {.provider = integration.provider, .client = describe(integration.client)}};
  if (integration.error_since) limits.tried_until = *integration.error_since + grace;
  return limits;
}

class DueValidation final : public jobs::Job {
 public:
  DueValidation(store::ClaimedJob claimed, Integration integration, std::chrono::seconds grace)
      : Job(std::move(claimed), limits_of(integration, grace)), before_(std::move(integration)) {}

  std::string name() const override { return fmt::format("validation of integration {}", before_.id); }

  Result<jobs::Outcome> work(const jobs::Context& context) override {
    // Logs what the provider said, and stores it.
    auto trouble = validate_again(context.runtime, context.call, before_, {});
    if (!trouble) return std::move(trouble).error();
    if (!*trouble) {
      note(context, LogLevel::info, "CALINT0206", "connected");
      return jobs::Outcome{.word = "connected", .is_well = true};
    }
    if (has_failed_for_long(context.runtime, before_)) {
      if (auto ended = give_up(context, "it failed for CalIntExpiryGrace"); !ended) return ended.error();
      return jobs::Outcome{"given_up"};
    }
    return jobs::Outcome{"postponed", store::Again{.keeps_backoff = true, .attempts = claimed().attempts}};
  }

  std::optional<store::Breaker> breaker(const Runtime& runtime, const Error& error) const override {
    return breaker_of(runtime, kValidation.name, before_, error);
  }

  Status give_up(const jobs::Context& context, const std::string& why) override {
    note(context, LogLevel::notice, "CALINT0221", "given up: " + why);
    return store::give_up_validation(context.runtime.pool(), claimed(), before_, context.for_storing());
  }

 private:
  void note(const jobs::Context& context, LogLevel level, std::string_view tag, const std::string& text) const {
    context.call.log.write(level, tag, fmt::format("{}: {}", name(), text));
  }

  const Integration before_;
};

constexpr char kWhat[] = "validation";

}  // namespace

const jobs::Kind kValidation{.name = "validate",
                             .backoff = {.first = std::chrono::minutes(1), .most = std::chrono::hours(1)},
                             .lease = kLease,
                             .failed_tag = "CALINT0205",
                             .claim = claim_due<DueValidation, kWhat>};

}  // namespace calint::integration
