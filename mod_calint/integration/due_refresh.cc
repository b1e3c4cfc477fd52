#include "integration/due_refresh.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/reaction.h"
#include "crypto/random.h"
#include "integration/access_token.h"
#include "integration/claim.h"
#include "integration/oauth_clients.h"
#include "integration/pace.h"
#include "integration/shared_failure.h"
#include "integration/validation.h"
#include "jobs/backoff.h"
#include "jobs/perform.h"
#include "store/integrations.h"
#include "store/refreshes.h"
#include "store/validations.h"

namespace calint::integration {
namespace {

using store::Integration;

// Longer than the refresh's own pauses, beyond what the provider asks for: while that fails, a validation can't succeed
// and would only ask the provider once more; the refresh's success hastens it.
constexpr std::chrono::hours kValidationWaits{1};

// Since when the tokens are of no use, as far as it was seen.
Instant useless_since(const Integration& integration) {
  const Instant expired = integration.token_expires_at.value_or(Instant());
  return integration.status == ConnectionStatus::error ? std::max(expired, integration.error_since.value_or(expired))
                                                       : expired;
}

// Whether it says that the connection doesn't work now.
bool is_passing(const Error& error) {
  switch (reaction_to(error.fault).background) {
    case Background::give_back:
    case Background::mark_gone:
    case Background::plan_again:
    case Background::alarm:
    case Background::stop: return false;
    default: return true;
  }
}

class DueRefresh final : public jobs::Job {
 public:
  DueRefresh(store::ClaimedJob claimed, Integration integration, std::chrono::seconds grace)
      : Job(std::move(claimed),
            {.counterpart = {.provider = integration.provider, .client = describe(integration.client)},
             .tried_until = useless_since(integration) + grace}),
        integration_(std::move(integration)) {}

  std::string name() const override {
    return fmt::format("refresh at {}, integration {}", to_string(integration_.provider), integration_.id);
  }

  Result<jobs::Outcome> work(const jobs::Context& context) override {
    auto token = refresh_claimed(context.runtime, context.call, integration_, claimed(), context.stopping);
    if (token) return refreshed(context);
    const Error& error = token.error();
    if (error.fault == Fault::reconnect) return expire(context, reason_of(error), error.what);
    if (is_passing(error) && is_expired(context)) return failed(context, error);
    return error;
  }

  std::optional<store::Breaker> breaker(const Runtime& runtime, const Error& error) const override {
    return breaker_of(runtime, kRefresh.name, integration_, error);
  }

  Status give_up(const jobs::Context& context, const std::string& why) override {
    auto expired = expire(context, Reason::provider_unavailable, why);
    return expired ? Status() : Status(std::move(expired).error());
  }

 private:
  bool is_expired(const jobs::Context& context) const {
    return integration_.token_expires_at && *integration_.token_expires_at <= context.runtime.now();
  }

  Result<jobs::Outcome> refreshed(const jobs::Context& context) {
    tell_success(context.runtime, context.call.log, limits().counterpart);
    if (integration_.status == ConnectionStatus::error) {
      // Unless it's stored the validation comes in its own time.
      auto hastened = store::hasten_validation(context.runtime.pool(), integration_, context.for_storing());
      if (!hastened) tell_failure(context.runtime, context.call.log, {}, hastened.error(),
                                   about("its validation could not be hastened"));
    }
    return jobs::Outcome{.word = "refreshed", .is_well = true};
  }

  // Passing trouble, which shows by now.
  Result<jobs::Outcome> failed(const jobs::Context& context, const Error& error) {
    const Instant now = context.runtime.now();
    if (integration_.status == ConnectionStatus::error &&
        is_over(useless_since(integration_), context.runtime.settings().expiry_grace, now))
      return expire(context, reason_of(error), "refreshing failed for CalIntExpiryGrace: " + error.what);
    if (error.fault == Fault::too_many) return error;
    jobs::note_failure(kRefresh, *this, context, error);
    auto stored = store_failure(
        context, {.status = ConnectionStatus::error,
                  .reason = reason_of(error),
                  .retry_in = kValidationWaits + jobs::asked_pause(error.retry_after, crypto::random_unit()),
                  .put_off = store::PutOff{claimed(), jobs::again_after(*this, error)}});
    if (!stored) return std::move(stored).error();
    return jobs::Outcome{"postponed"};
  }

  // Ends the row of its refresh, too.
  Result<jobs::Outcome> expire(const jobs::Context& context, Reason reason, const std::string& why) {
    context.call.log.write(LogLevel::notice, "CALINT0214", about("its user has to reconnect: " + why));
    auto stored = store_failure(context, {.status = ConnectionStatus::expired, .reason = reason});
    if (!stored) return std::move(stored).error();
    return jobs::Outcome{"expired"};
  }

  Status store_failure(const jobs::Context& context, const store::Failure& failure) const {
    return store::store_failure(context.runtime.pool(), integration_, failure, {}, context.for_storing());
  }

  std::string about(std::string_view text) const { return fmt::format("{}: {}", name(), text); }

  Integration integration_;  // as last seen
};

constexpr char kWhat[] = "refresh";

}  // namespace

const jobs::Kind kRefresh{.name = "refresh",
                          .backoff = {.first = std::chrono::seconds(30), .most = std::chrono::minutes(15)},
                          .lease = store::kRefreshLease,
                          .failed_tag = "CALINT0220",
                          .claim = claim_due<DueRefresh, kWhat>};

}  // namespace calint::integration
