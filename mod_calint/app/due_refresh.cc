#include "app/due_refresh.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/access_token.h"
#include "app/pace.h"
#include "app/validation.h"
#include "crypto/random.h"
#include "store/integrations.h"

namespace calint::app {
namespace {

using store::Integration;

// Longer than the refresh's own pauses, beyond what the provider asks for: while that fails, a validation can't succeed
// and would only ask the provider once more; the refresh's success hastens it.
constexpr std::chrono::hours kValidationWaits{1};

// Since when the tokens are of no use, as far as it was seen.
Instant useless_since(const Integration& integration) {
  const Instant expired = integration.token_expires_at.value_or(Instant());
  return integration.status == "error" ? std::max(expired, integration.error_since.value_or(expired)) : expired;
}

void note(const Call& call, const Integration& integration, LogLevel level, std::string_view tag,
          const std::string& text) {
  call.log.write(level, tag,
                 fmt::format("{}, integration {}: {}", to_string(integration.provider), integration.id, text));
}

// Stored or not, the claim has put the next attempt off.
void check(const Call& call, const Integration& integration, const Status& stored) {
  if (stored || stored.error().fault == Fault::conflict) return;
  note(call, integration, LogLevel::warning, "CALINT0205",
       "what came of a refresh could not be stored: " + stored.error().what);
}

void expire(Runtime& runtime, const Call& call, const Integration& integration, const std::string& reason,
            const std::string& why) {
  note(call, integration, LogLevel::notice, "CALINT0214", "its user has to reconnect: " + why);
  check(call, integration,
        store::store_failure(runtime.pool(), integration, {.status = "expired", .reason = reason}, {}, call.deadline));
}

void refreshed(Runtime& runtime, const Call& call, const Integration& integration) {
  if (integration.status != "error") return;
  check(call, integration, store::hasten_validation(runtime.pool(), integration, call.deadline));
}

// `attempts` is 0 where they say nothing about the integration.
void pause(Runtime& runtime, const Call& call, const Integration& integration, const Error& error, int attempts) {
  const bool alarm = error.fault == Fault::operator_fault;
  note(call, integration, LogLevel::error, alarm ? "CALINT0204" : "CALINT0216",
       fmt::format("{}the refresh failed: {} ({})", alarm ? "ALARM: " : "", error.what, error.code));
  check(call, integration,
        store::postpone_refresh(runtime.pool(), integration,
                                {.in = operator_pause(crypto::random_unit()), .attempts = attempts}, call.deadline));
}

void retry(Runtime& runtime, const Call& call, const store::DueRefresh& due, const Integration& integration,
           const Error& error) {
  const Instant now = runtime.now();
  const bool is_expired = integration.token_expires_at && *integration.token_expires_at <= now;
  if (is_expired && integration.status == "error" &&
      is_over(useless_since(integration), runtime.settings().expiry_grace, now))
    return expire(runtime, call, integration, reason_word(error),
                  "refreshing failed for CalIntExpiryGrace: " + error.what);
  note(call, integration, LogLevel::warning, "CALINT0220",
       fmt::format("the refresh failed and is tried again, attempt {}: {} ({})", due.attempts, error.what, error.code));
  if (error.retry_after.count() > 0)
    check(call, integration,
          store::postpone_refresh(runtime.pool(), integration,
                                  {.in = error.retry_after, .at_earliest = true, .attempts = due.attempts},
                                  call.deadline));
  if (is_expired && error.fault != Fault::too_many)
    check(call, integration,
          store::store_failure(runtime.pool(), integration,
                               {.status = "error",
                                .reason = reason_word(error),
                                .retry_in = kValidationWaits + error.retry_after},
                               {}, call.deadline));
}

}  // namespace

void refresh(Runtime& runtime, const Call& call, const store::DueRefresh& due) {
  if (is_poison(due.attempts, useless_since(due.integration), runtime.settings().expiry_grace, runtime.now()))
    return expire(runtime, call, due.integration, "provider_unavailable",
                  fmt::format("{} refreshes were begun and never ended", due.attempts - 1));
  Integration integration = due.integration;
  auto token = access_token(runtime, call, integration, true);
  if (token) return refreshed(runtime, call, integration);
  const Error& error = token.error();
  switch (error.fault) {
    case Fault::gone:
    case Fault::conflict:
      return note(call, integration, LogLevel::debug, "CALINT0213", "it changed while it was refreshed");
    case Fault::reconnect: return expire(runtime, call, integration, reason_word(error), error.what);
    case Fault::operator_fault: return pause(runtime, call, integration, error, 0);
    case Fault::corrupt:
    case Fault::bug: return pause(runtime, call, integration, error, due.attempts);
    default: return retry(runtime, call, due, integration, error);
  }
}

void give_back(Runtime& runtime, const Call& call, const store::DueRefresh& due, std::chrono::seconds in) {
  check(call, due.integration,
        store::postpone_refresh(runtime.pool(), due.integration, {.in = in, .attempts = due.attempts - 1},
                                call.deadline));
}

}  // namespace calint::app
