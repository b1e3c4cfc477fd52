#include "integration/validation.h"

#include <fmt/format.h>

#include "base/reaction.h"
#include "integration/access_token.h"
#include "integration/oauth_clients.h"
#include "runtime/failure_log.h"
#include "store/integrations.h"
#include "store/users.h"
#include "vault/vault.h"

namespace calint::integration {
namespace {

store::Validated validated(const store::Integration& integration, CalendarList list) {
  const std::string destination = destination_of(list.calendars);
  return {.integration_id = integration.id,
          .organization_id = integration.organization_id,
          .generation = integration.generation,
          .calendars = std::move(list.calendars),
          .is_cut = list.is_cut,
          .memory = std::move(list.memory),
          .calendar_id = destination,
          .audit = false,
          .flow_id = {},
          .outcome = {}};
}

constexpr std::chrono::seconds kFirstRetry{60};

// Longer than a hiccup of the calendar service.
constexpr std::chrono::minutes kRefusedForGood{3};

bool is_refusal(const Error& error) { return error.fault == Fault::reconnect && error.detail == Detail::refused; }

// Who said that calendars can't be read.
enum class SaidBy { token_endpoint, calendar_service };

// Only the token endpoint knows of the grant. The calendar service refuses for reasons of its own, for a while too:
// what it refuses is tried again for CalIntExpiryGrace. Nobody can be asked about a password, so it counts as withdrawn
// once it is refused again minutes later (providers.md, 4.4).
bool grant_is_gone(const Runtime& runtime, const store::Integration& integration, const Error& error, SaidBy who) {
  if (error.fault != Fault::reconnect) return false;
  if (who == SaidBy::token_endpoint) return true;
  return is_refusal(error) && password_was_refused(integration) && integration.error_since &&
         *integration.error_since + kRefusedForGood <= runtime.now();
}

Counterpart counterpart_of(const store::Integration& integration) {
  return {.provider = integration.provider, .client = describe(integration.client)};
}

// Stores and logs why the calendars can't be read: in a line of its own where somebody waits for it.
Status note_failure(Runtime& runtime, const Call& call, const store::Integration& integration, const Error& error,
                    SaidBy who, const store::Actor& actor) {
  const std::string text = fmt::format("{}: the calendars of integration {} could not be read",
                                       to_string(integration.provider), integration.id);
  const bool somebody_waits = !actor.user_id.empty();
  if (somebody_waits)
    log_failure(call.log, error, text, "CALINT0208");
  else
    tell_failure(runtime, call.log, counterpart_of(integration), error, text, "CALINT0208");
  return store::store_failure(runtime.pool(), integration,
                              {.status = grant_is_gone(runtime, integration, error, who) ? ConnectionStatus::expired
                                                                                         : ConnectionStatus::error,
                               .reason = reason_of(error),
                               .retry_in = std::max(kFirstRetry, error.retry_after),
                               // The first refusal: how long ago that was, the second one asks.
                               .since_now = is_refusal(error) && integration.last_error != Reason::access_withdrawn},
                              actor, call.deadline);
}

// What was stored changed before it was validated: a later flow of this user completed, whose tokens are the ones to
// validate, and it does; or the user disconnected.
Result<Notice> overtaken(Runtime& runtime, const Call& call, const Fresh& fresh) {
  const std::string& user_id = fresh.stored.user_id;
  auto current = store::find_active(runtime.pool(), fresh.stored.organization_id, user_id, call.deadline);
  if (!current) return std::move(current).error();
  const Notice outcome = *current ? fresh.notice : Notice::disconnected;
  auto noted = store::end_flow(runtime.pool(), fresh.flow, outcome, call.deadline);
  call.log.write(LogLevel::info, "CALINT0206",
                 fmt::format("user {} {} before this flow came to its end{}", user_id,
                             *current ? "completed a later one" : "disconnected",
                             noted ? "" : ", and this one's outcome could not be noted"));
  return outcome;
}

// Changed meanwhile, this process ends, or our own making: says nothing about the connection.
bool is_ours(const Error& error) {
  return error.fault == Fault::gone || error.fault == Fault::conflict || error.fault == Fault::stopping ||
         error.fault == Fault::bug || error.detail == Detail::unopened;
}

// A list that can't be read now says nothing new about a connection that works: its calendars are read one by one.
bool is_passing(const Error& error) { return error.fault == Fault::unavailable || error.fault == Fault::rate_limited; }

// Says nothing about the connection either; but whoever waits for it is told.
bool is_operators(const Error& error) { return reaction_to(error.fault).background == Background::alarm; }

}  // namespace

std::string destination_of(const std::vector<Calendar>& calendars) {
  for (const Calendar& calendar : calendars)
    if (calendar.is_primary && calendar.can_write) return calendar.id;
  return {};
}

Reason reason_of(const Error& error) {
  if (error.detail == Detail::sign_in_policy) return Reason::sign_in_policy;
  if (error.detail == Detail::no_mailbox) return Reason::no_mailbox;
  switch (error.fault) {
    case Fault::reconnect: return Reason::access_withdrawn;
    case Fault::operator_fault: return Reason::misconfigured;
    case Fault::rate_limited: return Reason::rate_limited;
    case Fault::forbidden: return Reason::access_refused;
    default: return Reason::provider_unavailable;
  }
}

void tell_if_cut(LogSink& log, const CalendarList& list, const std::string& user_id, ProviderId provider) {
  if (!list.is_cut) return;
  log.write(LogLevel::notice, "CALINT0227",
            fmt::format("{}: the account of user {} has more calendars than are taken: the first {} are listed",
                        to_string(provider), user_id, list.calendars.size()));
}

bool password_was_refused(const store::Integration& integration) {
  return !facts(integration.provider).has_oauth && integration.last_error == Reason::access_withdrawn;
}

Result<Notice> validate_fresh(Runtime& runtime, const Call& call, const Fresh& fresh) {
  const Grant& grant = fresh.grant;
  auto list = grant.list ? Result<CalendarList>(*grant.list)
                         : fresh.provider.calendars->list({.token = grant.tokens.access_token,
                                                          .account = grant.subject.account,
                                                          .memory = {}},
                                                         runtime.now(), call.provider_deadline());
  if (!list) {
    auto noted = note_failure(runtime, call, fresh.stored, list.error(), SaidBy::calendar_service, fresh.actor);
    if (!noted)
      log_failure(call.log, noted.error(), "a failed validation could not be stored, its queued retry stands");
    return Notice::validation_failed;
  }
  tell_if_cut(call.log, *list, fresh.stored.user_id, fresh.stored.provider);
  store::Validated result = validated(fresh.stored, std::move(*list));
  result.flow_id = fresh.flow.flow_id;
  result.outcome = fresh.notice;
  auto kept = store::store_validated(runtime.pool(), result, fresh.actor, call.deadline);
  if (kept) {
    call.log.write(LogLevel::info, "CALINT0206",
                   fmt::format("user {} {} {}", fresh.stored.user_id, to_string(fresh.notice),
                               to_string(fresh.stored.provider)));
    return fresh.notice;
  }
  if (kept.error().fault == Fault::conflict) return overtaken(runtime, call, fresh);
  if (kept.error().fault == Fault::in_doubt) return std::move(kept).error();
  log_failure(call.log, kept.error(), "the validation worked but could not be stored, its queued retry stands",
              "CALINT0208");
  return Notice::validation_failed;
}

Result<std::optional<Error>> validate_again(Runtime& runtime, const Call& call, const store::Integration& integration,
                                            const store::Actor& actor) {
  const Provider* provider = runtime.provider(integration.provider);
  if (provider == nullptr)
    return Error{.fault = Fault::operator_fault, .what = "the provider of an integration isn't configured"};
  store::Integration current = integration;
  SaidBy who = SaidBy::token_endpoint;
  auto read = [&](bool force) -> Result<CalendarList> {
    who = SaidBy::token_endpoint;
    auto token = access_token(runtime, call, current, force);
    if (!token) return std::move(token).error();
    who = SaidBy::calendar_service;
    return provider->calendars->list({.token = std::move(*token),
                                     .account = current.account,
                                     .memory = current.memory},
                                    runtime.now(), call.provider_deadline());
  };
  auto list = read(false);
  // A token thought good is refused: it is refreshed once (providers.md, section 5.4), and the token endpoint says
  // whether the grant is gone. A password can't be.
  const bool renewable = facts(integration.provider).has_oauth;
  if (!list && renewable && who == SaidBy::calendar_service && list.error().fault == Fault::reconnect)
    list = read(true);
  if (!list) {
    const bool nobody_waits = actor.user_id.empty();
    const bool was_well = integration.status == ConnectionStatus::connected;
    const bool says_nothing = is_operators(list.error()) || (was_well && is_passing(list.error()));
    if (is_ours(list.error()) || (nobody_waits && says_nothing)) return std::move(list).error();
    // Where the database is what failed, this fails as well and is the answer.
    auto noted = note_failure(runtime, call, current, list.error(), who, actor);
    if (!noted) return std::move(noted).error();
    return std::optional<Error>(std::move(list).error());
  }
  if (runtime.troubles().any()) tell_success(runtime, call.log, counterpart_of(current));
  tell_if_cut(call.log, *list, current.user_id, current.provider);
  store::Validated result = validated(current, std::move(*list));
  result.audit = integration.status != ConnectionStatus::connected;
  auto stored = store::store_validated(runtime.pool(), result, actor, call.deadline);
  if (!stored) return std::move(stored).error();
  return std::optional<Error>();
}

bool can_revoke(const crypto::Keyset& keyset, const store::Integration& integration) {
  return has_revocation(integration.provider) && vault::open_tokens(keyset, integration).ok();
}

Result<std::optional<store::Revocation>> revocation_of(const crypto::Keyset& keyset,
                                                       const store::Integration& integration, LogSink& log) {
  if (!has_revocation(integration.provider)) return std::optional<store::Revocation>();
  auto plain = vault::open_tokens(keyset, integration);
  if (!plain) {
    log.write(
        LogLevel::error, "CALINT0209",
        fmt::format("the token of integration {} can't be opened: {} ({}); its connection ends, and the grant of {} "
                    "stays until the user withdraws it there",
                    integration.id, plain.error().what, plain.error().code, to_string(integration.provider)));
    return std::optional<store::Revocation>();
  }
  auto revocation = vault::seal_revocation(
      keyset, {integration.organization_id, integration.user_id, integration.provider, 0},
      {integration.client.organization_id, integration.account_key},
      plain->refresh_token ? *plain->refresh_token : plain->access_token);
  if (!revocation) return std::move(revocation).error();
  return std::optional<store::Revocation>(std::move(*revocation));
}

}  // namespace calint::integration
