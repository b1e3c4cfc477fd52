#include "site/store_grant.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "base/reaction.h"
#include "base/utf8.h"
#include "crypto/random.h"
#include "integration/pace.h"
#include "integration/validation.h"
#include "site/answers.h"
#include "store/audit.h"
#include "store/connections.h"
#include "store/integrations.h"
#include "store/revocations.h"
#include "vault/vault.h"

namespace calint::site {
namespace {

using store::Integration;

// Longer than what is left of any callback's deadline.
constexpr std::chrono::seconds kRevocationsWait{15};

struct Ended {
  store::FlowOutcome outcome;
  bool is_noted;  // for reloads: what stores writes the outcome in its own transaction
};
Ended noted(Notice notice) { return {.outcome = notice, .is_noted = true}; }
Ended not_noted(const store::FlowOutcome& outcome) { return {.outcome = outcome, .is_noted = false}; }

std::string join(const std::set<std::string>& scopes) {
  std::string joined;
  for (const std::string& scope : scopes) joined += (joined.empty() ? "" : " ") + scope;
  return joined;
}

Result<store::NewConnection> new_connection(const Flow& flow, const Grant& grant, const std::string& account_key,
                                            int64_t generation) {
  auto sealed = vault::seal_tokens(
      flow.runtime.keyset(),
      {flow.visitor.user.organization_id, flow.visitor.user.id, flow.provider.id, generation}, grant.tokens);
  if (!sealed) return std::move(sealed).error();
  std::optional<Instant> due_at;
  if (grant.tokens.expires_at)
    due_at = integration::refresh_due_at(*grant.tokens.expires_at, flow.runtime.now(),
                                         flow.runtime.settings().refresh_lead, crypto::random_unit());
  return store::NewConnection{
      .organization_id = flow.visitor.user.organization_id,
      .user_id = flow.visitor.user.id,
      .provider = flow.provider.id,
      .account = clean_utf8(grant.subject.account, 320),
      .account_key = account_key,
      .client = flow.client,
      .scopes = join(grant.tokens.scopes),
      .memory = grant.list ? grant.list->memory : std::string(),
      .refresh_due_at = due_at,
      .tokens = std::move(*sealed),
      .flow = flow.key,
      .actor = flow.actor(),
  };
}

// What the new account shows before it replaces another.
Result<CalendarList> try_account(const Flow& flow, const Grant& grant) {
  if (grant.list) return *grant.list;
  auto list = flow.provider.calendars->list(
      {.token = grant.tokens.access_token, .account = grant.subject.account, .memory = {}}, flow.runtime.now(),
      flow.visit.provider_deadline());
  if (!list)
    log_failure(flow.visit.log, list.error(),
                fmt::format("{}: the new account can't be read, the old connection stays",
                            to_string(flow.provider.id)),
                "CALINT0208");
  return list;
}

Result<Ended> switch_account(Flow& flow, const Grant& grant, const Integration& current,
                             const std::string& account_key) {
  // An earlier answer to the question may have left a revocation of this account: it would end the new grant
  // between its trial and its storing.
  auto delayed = store::delay_revocations(flow.runtime.pool(), account_key, kRevocationsWait, flow.visit.deadline);
  if (!delayed) return std::move(delayed).error();
  auto list = try_account(flow, grant);
  if (!list) {
    give_up_grant(flow, grant);
    return not_noted(Notice::provider_unavailable);
  }
  auto connection = new_connection(flow, grant, account_key, 1);
  if (!connection) return std::move(connection).error();
  integration::tell_if_cut(flow.visit.log, *list, flow.visitor.user.id, flow.provider.id);
  connection->is_cut = list->is_cut;
  connection->destination = integration::destination_of(list->calendars);
  auto revocation = integration::revocation_of(flow.runtime.keyset(), current, flow.visit.log);
  if (!revocation) return std::move(revocation).error();
  auto id = store::store_switch(flow.runtime.pool(), current, *revocation, *connection, list->calendars,
                                flow.visit.deadline);
  if (!id) return std::move(id).error();
  flow.visit.log.write(LogLevel::info, "CALINT0206",
                       fmt::format("user {} switched from {} to {}", flow.visitor.user.id, to_string(current.provider),
                                   to_string(flow.provider.id)));
  return noted(Notice::switched);
}

// First connection or the same account again: stored with status `error`, then validated.
Result<Ended> store_then_validate(Flow& flow, const Grant& grant, const std::optional<Integration>& current,
                                  const std::string& account_key) {
  const int64_t generation = current ? current->generation + 1 : 1;
  auto connection = new_connection(flow, grant, account_key, generation);
  if (!connection) return std::move(connection).error();
  postgres::Pool& pool = flow.runtime.pool();
  std::optional<store::Revocation> former;
  if (current && current->account_key != account_key) {
    // Through another client: what the account granted to the one before is released, as in a switch.
    auto revocation = integration::revocation_of(flow.runtime.keyset(), *current, flow.visit.log);
    if (!revocation) return std::move(revocation).error();
    former = std::move(*revocation);
  }
  auto id = current ? store::store_reconnection(pool, *current, former, *connection, flow.visit.deadline)
                    : store::store_first_connection(pool, *connection, flow.visit.deadline);
  if (!id) return std::move(id).error();

  const Integration stored{.id = *id,
                           .organization_id = connection->organization_id,
                           .user_id = connection->user_id,
                           .provider = connection->provider,
                           .seal_id = connection->tokens.seal_id,
                           .generation = generation};
  auto notice = integration::validate_fresh(flow.runtime, flow.visit,
                                            {.provider = flow.provider,
                                             .flow = flow.key,
                                             .actor = flow.actor(),
                                             .stored = stored,
                                             .grant = grant,
                                             .notice = current ? Notice::reconnected : Notice::connected});
  if (!notice) return std::move(notice).error();
  return noted(*notice);
}

std::string account_key_of(const Flow& flow, const Grant& grant) {
  return vault::account_key(flow.runtime.keyset(), flow.provider.id, flow.client.client_id, grant.subject.key);
}

// An account key names the OAuth client as well, and the present one may be another than that of the connection. The
// account is the same all the same, which shows when the key is made as it was made then. (Google's sub and Microsoft's
// tid and oid don't depend on the client.)
bool is_same_account(const Flow& flow, const Grant& grant, const std::optional<Integration>& current) {
  return current && current->provider == flow.provider.id &&
         current->account_key == vault::account_key(flow.runtime.keyset(), current->provider, current->client.client_id,
                                                    grant.subject.key);
}

Result<Ended> store_once(Flow& flow, const Grant& grant, const std::optional<Integration>& current,
                         const std::string& account_key) {
  switch (plan_grant(flow.aim, current, is_same_account(flow, grant, current))) {
    case GrantPlan::first: return store_then_validate(flow, grant, std::nullopt, account_key);
    case GrantPlan::reconnect: return store_then_validate(flow, grant, current, account_key);
    case GrantPlan::switch_account: return switch_account(flow, grant, *current, account_key);
    case GrantPlan::ask: break;
  }
  flow.visit.log.write(LogLevel::info, "CALINT0206",
                       fmt::format("user {} is asked first: {} gave another account, or their connection changed",
                                   flow.visitor.user.id, to_string(flow.provider.id)));
  give_up_grant(flow, grant);
  return not_noted(store::AskToSwitch());
}

// Nobody else knows of the grant, so a database that comes back within the deadline still hears of it. Twice queued
// is harmless: the second call finds it revoked.
Status queue_patiently(Flow& flow, const store::Revocation& revocation) {
  constexpr std::chrono::milliseconds kPause{200};
  const store::User& user = flow.visitor.user;
  for (;;) {
    Status queued = store::queue_lost_grant(flow.runtime.pool(), user.organization_id, user.id, revocation,
                                            flow.visit.deadline);
    if (queued || (queued.error().fault != Fault::unavailable && queued.error().fault != Fault::in_doubt))
      return queued;
    if (flow.visit.deadline.leaving(kPause).passed()) return queued;
    std::this_thread::sleep_for(kPause);
  }
}

// Nothing can be done from here: the audit log says that the provider was left with a grant.
void audit_kept_grant(const Flow& flow) {
  auto audited = store::store_audit(flow.runtime.pool(),
                                    {.organization_id = flow.visitor.user.organization_id,
                                     .action = "revocation_abandoned",
                                     .integration_id = "0",
                                     .provider = flow.provider.id,
                                     .details = {.grant_stays = "unsupported"}},
                                    flow.actor(), flow.visit.deadline);
  if (!audited)
    log_failure(flow.visit.log, audited.error(), "a grant that was not stored could not be audited");
}

// An error: nothing is known to be stored, and the grant is given up.
Result<Ended> store_grant(Flow& flow, const Grant& grant) {
  const std::string account_key = account_key_of(flow, grant);
  std::optional<Integration> current = flow.visitor.integration;
  // A conflict means that another flow of this user came first, or that the account is being revoked right now:
  // plan again over what is there then.
  constexpr std::chrono::milliseconds kPause{50};
  const Deadline patience = flow.visit.provider_deadline();
  Result<Ended> stored = store_once(flow, grant, current, account_key);
  while (!stored && stored.error().fault == Fault::conflict && !patience.passed()) {
    std::this_thread::sleep_for(kPause);
    auto now = store::find_active(flow.runtime.pool(), flow.visitor.user.organization_id, flow.visitor.user.id,
                                  flow.visit.deadline);
    if (!now) {
      stored = std::move(now).error();
      break;
    }
    current = std::move(*now);
    stored = store_once(flow, grant, current, account_key);
  }
  if (stored) return stored;
  if (stored.error().fault == Fault::in_doubt) {
    // The commit's answer was lost; the outcome that it writes tells whether it happened. Where that can't be read
    // either, the grant is given up as well: its revocation begins with asking who holds it.
    auto outcome = store::flow_outcome(flow.runtime.pool(), flow.key, flow.visitor.user.id, flow.visit.deadline);
    if (outcome && *outcome) {
      flow.visit.log.write(LogLevel::info, "CALINT0206",
                           fmt::format("user {}: the outcome of a lost commit is {}", flow.visitor.user.id,
                                       store::to_string(**outcome)));
      return Ended{.outcome = **outcome, .is_noted = true};
    }
  }
  give_up_grant(flow, grant);
  if (stored.error().fault == Fault::conflict) {
    log_failure(flow.visit.log, stored.error(), "a grant could not be stored, the connection keeps changing");
    return not_noted(Notice::provider_unavailable);
  }
  return stored;
}

}  // namespace

void give_up_grant(Flow& flow, const Grant& grant) {
  // A password is the user's own, and was never stored.
  if (!facts(flow.provider.id).has_oauth) return;
  if (!has_revocation(flow.provider.id)) return audit_kept_grant(flow);
  if (grant.subject.key.empty()) {
    // Nobody can tell who else holds this account's grant, so it must not be revoked.
    flow.visit.log.write(
        LogLevel::error, "CALINT0209",
        fmt::format("{} granted access without naming the account: it was not stored and can't be revoked",
                    to_string(flow.provider.id)));
    return;
  }
  const Secret& token = grant.tokens.refresh_token ? *grant.tokens.refresh_token : grant.tokens.access_token;
  const store::User& user = flow.visitor.user;
  auto revocation = vault::seal_revocation(flow.runtime.keyset(), {user.organization_id, user.id, flow.provider.id, 0},
                                           {flow.client.organization_id, account_key_of(flow, grant)}, token);
  Status queued = revocation ? queue_patiently(flow, *revocation) : Status(revocation.error());
  if (!queued)
    flow.visit.log.write(LogLevel::error, "CALINT0209",
                        fmt::format("a grant of {} by user {} was not stored and could not be queued for revocation "
                                    "either: {}",
                                    to_string(flow.provider.id), user.id, queued.error().what));
}

Response store_and_end(Flow& flow, const Grant& grant) {
  auto ended = store_grant(flow, grant);
  if (!ended) return failure(flow.runtime, flow.visit, ended.error());
  return ended->is_noted ? outcome(flow, ended->outcome) : end_with(flow, ended->outcome);
}

}  // namespace calint::site
