#include "integration/due_refresh.h"

#include <fmt/format.h>

#include <algorithm>

#include "crypto/random.h"
#include "integration/access_token.h"
#include "integration/pace.h"
#include "integration/validation.h"
#include "net/transport.h"
#include "store/integrations.h"
#include "store/refreshes.h"

namespace calint::integration {
namespace {

using store::Integration;

// Longer than the refresh's own pauses, beyond what the provider asks for: while that fails, a validation can't succeed
// and would only ask the provider once more; the refresh's success hastens it.
constexpr std::chrono::hours kValidationWaits{1};

// What a call and the storing of what it brings take, with CalIntProviderTimeout as it is by default; a longer call is
// cut off before its lease ends.
constexpr std::chrono::seconds kWorthBeginning{15};

// To store what became of it, where the work took all of its time.
constexpr std::chrono::seconds kForStoring{2};

// Since when the tokens are of no use, as far as it was seen.
Instant useless_since(const Integration& integration) {
  const Instant expired = integration.token_expires_at.value_or(Instant());
  return integration.status == "error" ? std::max(expired, integration.error_since.value_or(expired)) : expired;
}

struct Job {
  Runtime& runtime;
  const Call& call;
  const store::DueRefresh& due;
  const std::string& owner;
  Integration integration = due.integration;  // as last seen

  Deadline deadline() const {
    return call.deadline.remaining() > kForStoring ? call.deadline : Deadline::in(kForStoring);
  }

  void note(LogLevel level, std::string_view tag, const std::string& text) const {
    call.log.write(level, tag,
                   fmt::format("{}, integration {}: {}", to_string(integration.provider), integration.id, text));
  }

  // Stored or not, the claim has put the next attempt off.
  void check(const Status& stored) const {
    if (stored || stored.error().fault == Fault::conflict) return;
    note(LogLevel::warning, "CALINT0205", "what came of a refresh could not be stored: " + stored.error().what);
  }

  // Each of these ends the lease.
  void leave() const { check(store::release_refresh(runtime.pool(), integration, owner, deadline())); }

  void again(const store::Again& again) const {
    check(store::postpone_refresh(runtime.pool(), integration, owner, again, deadline()));
  }

  void failed(store::Failure failure) const {
    failure.refresh_lease = owner;
    check(store::store_failure(runtime.pool(), integration, failure, {}, deadline()));
  }

  void expire(const std::string& reason, const std::string& why) const {
    note(LogLevel::notice, "CALINT0214", "its user has to reconnect: " + why);
    failed({.status = "expired", .reason = reason});
  }

  // `attempts` is 0 where they say nothing about the integration.
  void pause(const Error& error, int attempts) const {
    const bool alarm = error.fault == Fault::operator_fault;
    note(LogLevel::error, alarm ? "CALINT0204" : "CALINT0216",
         fmt::format("{}the refresh failed: {} ({})", alarm ? "ALARM: " : "", error.what, error.code));
    again({.in = operator_pause(crypto::random_unit()), .attempts = attempts});
  }

  void retry(const Error& error) const {
    const Instant now = runtime.now();
    const bool is_expired = integration.token_expires_at && *integration.token_expires_at <= now;
    if (is_expired && integration.status == "error" &&
        is_over(useless_since(integration), runtime.settings().expiry_grace, now))
      return expire(reason_word(error), "refreshing failed for CalIntExpiryGrace: " + error.what);
    note(LogLevel::warning, "CALINT0220",
         fmt::format("the refresh failed and is tried again, attempt {}: {} ({})", due.attempts, error.what,
                     error.code));
    const std::chrono::seconds asked = asked_pause(error.retry_after, crypto::random_unit());
    const bool shows = is_expired && error.fault != Fault::too_many;
    if (error.retry_after.count() > 0)
      again({.in = asked, .at_earliest = true, .attempts = due.attempts});
    else if (!shows)
      leave();
    if (shows)
      failed({.status = "error", .reason = reason_word(error), .retry_in = kValidationWaits + asked});
  }
};

}  // namespace

void refresh(Runtime& runtime, const Call& call, const store::DueRefresh& due, const std::string& owner,
             const std::function<bool()>& stopping) {
  Job job{.runtime = runtime, .call = call, .due = due, .owner = owner};
  if (is_poison(due.attempts, useless_since(due.integration), runtime.settings().expiry_grace, runtime.now()))
    return job.expire("provider_unavailable", fmt::format("{} refreshes were begun and never ended", due.attempts - 1));
  if (due.lease_ends.remaining() < kWorthBeginning) return give_back(runtime, call, due, owner, {});
  auto token = refresh_claimed(runtime, call, job.integration, owner, due.lease_ends, stopping);
  if (token) {
    if (job.integration.status == "error")
      job.check(store::hasten_validation(runtime.pool(), job.integration, job.deadline()));
    return;
  }
  const Error& error = token.error();
  if (error.code == kProcessEnds) {
    job.note(LogLevel::info, "CALINT0226", "given back: " + error.what);
    return give_back(runtime, call, due, owner, {});
  }
  switch (error.fault) {
    case Fault::gone:
    case Fault::conflict:
      job.note(LogLevel::debug, "CALINT0213", "it changed while it was refreshed");
      return job.leave();
    case Fault::reconnect: return job.expire(reason_word(error), error.what);
    case Fault::operator_fault: return job.pause(error, 0);
    case Fault::corrupt:
    case Fault::bug: return job.pause(error, due.attempts);
    default: return job.retry(error);
  }
}

void give_back(Runtime& runtime, const Call& call, const store::DueRefresh& due, const std::string& owner,
               std::chrono::seconds in) {
  Job{.runtime = runtime, .call = call, .due = due, .owner = owner}.again({.in = in, .attempts = due.attempts - 1});
}

}  // namespace calint::integration
