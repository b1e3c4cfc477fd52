#include "site/end_flow.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/form.h"
#include "base/reaction.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "integration/oauth_clients.h"
#include "oauth/pkce.h"
#include "oauth/state.h"
#include "site/answers.h"
#include "site/flow.h"
#include "site/links.h"
#include "site/store_grant.h"
#include "store/audit.h"

namespace calint::site {
namespace {

using Fields = std::vector<FormField>;

// Google's codes have at most 256 bytes (providers.md, section 2.4); Microsoft's are longer, without a documented
// limit.
constexpr size_t kLongestCode = 4096;
// A callback ends within its deadline; one that has no outcome after this died.
constexpr std::chrono::seconds kStillRunning{10};

// The provider's error code as it may be logged (RFC 6749, section 4.1.2.1 knows lower case and '_').
std::string oauth_error_word(const std::string& error) {
  const bool plain = error.size() <= 64 && error.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
  return plain ? error : "(malformed)";
}

std::string field(const Fields& fields, std::string_view name) {
  const std::string* value = single_field(fields, name);
  return value == nullptr ? std::string() : *value;
}

Response fresh_start(Runtime& runtime, const Visit& visit, ProviderId provider) {
  return message(runtime, visit, 400,
                 {.title = visit.say(texts::flow::unusable::title{}),
                  .text = visit.say(texts::flow::unusable::text{}),
                  .request_id = {},
                  .reload_after = 0,
                  .actions = {{start_path(provider),
                               visit.say(texts::flow::connect_again{.provider = visit.name(provider)})},
                              link_to_settings(visit)}});
}

// EF-2: a warning, an audit row (not more than one a minute and user), and a page that offers a fresh start.
Response state_mismatch(Runtime& runtime, const Visit& visit, const Visitor& visitor, ProviderId provider,
                        const std::string& why) {
  visit.log.write(LogLevel::warning, "CALINT0202",
                 fmt::format("state mismatch at the callback of {} (possible cross-site request forgery), user {}: {}",
                             to_string(provider), visitor.user.id, why));
  if (runtime.allow_mismatch_audit(visitor.user.organization_id, visitor.user.id)) {
    auto audited = store::store_audit(
        runtime.pool(),
        {.organization_id = visitor.user.organization_id,
         .action = "state_mismatch",
         .integration_id = visitor.integration ? std::to_string(visitor.integration->id) : "0",
         .provider = provider},
        visitor.actor(visit.request), visit.deadline);
    if (!audited) log_failure(visit.log, audited.error(), "the state mismatch could not be audited");
  }
  return fresh_start(runtime, visit, provider);
}

struct AcceptedState {
  oauth::FlowState state;
  uint32_t key_id = 0;
  store::ClientVersion client;
};

// Step 1: the parameters are each there once, and the state is this session's, user's, client's and not too old.
Result<AcceptedState> accepted_state(Runtime& runtime, const Visit& visit, const Visitor& visitor, ProviderId provider,
                                     const Fields& fields) {
  for (const FormField& known : fields)
    if (count_field(fields, known.first) > 1) return Error{.fault = Fault::bad_input, .what = "a parameter is doubled"};
  const std::string* state = single_field(fields, "state");
  if (state == nullptr) return Error{.fault = Fault::bad_input, .what = "state is missing"};
  const std::string code = field(fields, "code");
  if (code.empty() == field(fields, "error").empty())
    return Error{.fault = Fault::bad_input, .what = "there must be either a code or an error"};
  if (code.size() > kLongestCode) return Error{.fault = Fault::bad_input, .what = "the code is too long"};

  auto opened = oauth::open_state(runtime.keyset(), visitor.binding, *state);
  if (!opened) return std::move(opened).error();
  auto client = integration::named_client(runtime, visit, provider, opened->state.client_version,
                                          visitor.user.organization_id, visitor.own_client);
  if (!client) return std::move(client).error();
  const oauth::ExpectedFlow expected{
      .organization_id = visitor.user.organization_id,
      .user_id = visitor.user.id,
      .provider = provider,
      .client_id = client->client_id,
      .redirect_uri_hash = base64url_encode(crypto::sha256(runtime.redirect_uri(provider))),
  };
  auto status =
      oauth::check_state(opened->state, expected, runtime.now(), runtime.settings().state_lifetime, kClockSkew);
  if (!status) return std::move(status).error();
  return AcceptedState{std::move(opened->state), opened->key_id, std::move(*client)};
}

// A reload or the back button: to where that flow ended, without alarm. The state opened in this session, so the
// flow is this user's own.
Response seen_before(const Flow& flow, const store::TakenFlow& taken) {
  flow.visit.log.write(LogLevel::info, "CALINT0206",
                       fmt::format("user {} came back to a flow that {}", flow.visitor.user.id,
                                   taken.outcome ? "has ended" : "was taken before"));
  if (taken.outcome) return outcome(flow, *taken.outcome);
  if (taken.age < kStillRunning) return redirect(303, with_return_to(std::string(kSettingsPath), flow.aim.return_to));
  return outcome(flow, Notice::exchange_failed);
}

// Step 5: what the provider says instead of a code (RFC 6749, section 4.1.2.1).
Response refused(Flow& flow, const OAuth& provider, const std::string& error,
                 const std::string& description) {
  const Refusal refusal = provider.refusal(error, description);
  if (refusal == Refusal::failed) {
    flow.visit.log.write(LogLevel::notice, "CALINT0203",
                        fmt::format("{} ended the authorization with an error: {}", to_string(flow.provider.id),
                                    oauth_error_word(error)));
    return end_with(flow, Notice::provider_error);
  }
  const bool by_policy = refusal == Refusal::admin_consent;
  flow.visit.log.write(LogLevel::info, "CALINT0203",
                       fmt::format("{}: {} (user {})", to_string(flow.provider.id),
                                   by_policy ? "an administrator must allow the access first" : "the access was denied",
                                   flow.visitor.user.id));
  auto audited = store::store_audit(
      flow.runtime.pool(),
      {.organization_id = flow.visitor.user.organization_id,
       .action = "connection_denied",
       .integration_id = flow.visitor.integration ? std::to_string(flow.visitor.integration->id) : "0",
       .provider = flow.provider.id,
       .details = {.reason = by_policy ? std::optional(Reason::admin_consent) : std::nullopt}},
      flow.actor(), flow.visit.deadline);
  if (!audited) return failure(flow.runtime, flow.visit, audited.error());
  return end_with(flow, by_policy ? Notice::admin_consent_required : Notice::denied);
}

// Step 6 failed: nothing is stored.
Response exchange_failed(Flow& flow, const Error& error) {
  const std::string_view provider = to_string(flow.provider.id);
  if (error.nothing_sent) {
    // The code is still good: the same callback may come again.
    auto released = store::release_flow(flow.runtime.pool(), flow.key, flow.visit.deadline);
    if (released) return failure(flow.runtime, flow.visit, error);
    log_failure(flow.visit.log, released.error(), "a flow could not be given back for another try");
    return end_with(flow, Notice::exchange_failed);
  }
  if (error.fault == Fault::operator_fault) {
    log_failure(flow.visit.log, error,
                fmt::format("{} refuses {}, check {}, and the redirect URI {}", provider,
                            integration::describe(flow.client), integration::where_to_mend(flow.client),
                            flow.runtime.redirect_uri(flow.provider.id)));
    return end_with(flow, Notice::misconfigured);
  }
  log_failure(flow.visit.log, error, fmt::format("{}: the code exchange failed", provider), "CALINT0203");
  return end_with(flow,
                  error.detail == Detail::admin_consent ? Notice::admin_consent_required : Notice::exchange_failed);
}

Response exchange_code(Flow& flow, OAuth& provider, const std::string& code, uint32_t key_id) {
  auto client = integration::credentials(flow.runtime, flow.client);
  if (!client) {
    client.error().nothing_sent = true;
    return exchange_failed(flow, client.error());
  }
  const crypto::Key* key = flow.runtime.keyset().find(key_id);
  const auto secrets = oauth::derive_flow_secrets(key->bytes, flow.key.flow_id);
  auto grant = provider.exchange(*client,
                                 {.code = Secret(std::string_view(code)),
                                  .code_verifier = secrets.code_verifier,
                                  .redirect_uri = flow.runtime.redirect_uri(flow.provider.id),
                                  .nonce = secrets.nonce},
                                 flow.runtime.now(), flow.visit.provider_deadline());
  if (!grant) return exchange_failed(flow, grant.error());
  if (grant->identity_error) {
    give_up_grant(flow, *grant);
    return exchange_failed(flow, *grant->identity_error);
  }
  if (!grant->missing_scopes.empty() || !grant->tokens.refresh_token) {
    flow.visit.log.write(LogLevel::notice, "CALINT0203",
                        fmt::format("{}: the grant is too narrow: {}", to_string(flow.provider.id),
                                    grant->tokens.refresh_token ? "a scope was not granted" : "no refresh token"));
    give_up_grant(flow, *grant);
    return end_with(flow, Notice::scope_missing);
  }
  return store_and_end(flow, *grant);
}

}  // namespace

Response end_flow(Runtime& runtime, const Visit& visit, ProviderId provider) {
  auto visitor = visitor_of(runtime, visit, provider);
  if (!visitor) return failure(runtime, visit, visitor.error());
  OAuth* oauth = runtime.oauth(provider);
  if (oauth == nullptr)
    return failure(runtime, visit,
                   {.fault = Fault::not_found, .what = "a callback for a provider that isn't configured"});

  auto fields = form_decode(visit.request.query.reveal());
  if (!fields) return state_mismatch(runtime, visit, *visitor, provider, fields.error().what);
  auto opened = accepted_state(runtime, visit, *visitor, provider, *fields);
  if (!opened) {
    if (opened.error().fault != Fault::bad_input) return failure(runtime, visit, opened.error());
    return state_mismatch(runtime, visit, *visitor, provider, opened.error().what);
  }

  Flow flow{.runtime = runtime,
            .visit = visit,
            .visitor = std::move(*visitor),
            .aim = {.may_switch = opened->state.purpose == oauth::Purpose::switch_account,
                    .integration_id = opened->state.integration_id,
                    .generation = opened->state.generation,
                    .return_to = opened->state.return_to},
            .key = {},
            .provider = *runtime.provider(provider),
            .client = std::move(opened->client)};
  flow.key = {flow.visitor.user.organization_id, opened->state.flow_id, crypto::random_token(16)};
  auto slot = take_provider_slot(runtime, visit);
  if (!slot) return failure(runtime, visit, slot.error());
  const Instant forgettable = opened->state.issued_at + runtime.settings().state_lifetime + std::chrono::minutes(10);
  auto taken = store::take_flow(runtime.pool(), flow.key, flow.visitor.user.id, forgettable, visit.deadline);
  if (!taken) return failure(runtime, visit, taken.error());
  if (*taken) return seen_before(flow, **taken);

  const std::string issuer = oauth->issuer();
  if (!issuer.empty() && field(*fields, "iss") != issuer) {
    visit.log.write(LogLevel::warning, "CALINT0207",
                   fmt::format("the answer of {} names another issuer or none (RFC 9207)", to_string(provider)));
    end_with(flow, Notice::provider_error);
    return fresh_start(runtime, visit, provider);
  }
  if (const std::string error = field(*fields, "error"); !error.empty())
    return refused(flow, *oauth, error, field(*fields, "error_description"));
  return exchange_code(flow, *oauth, field(*fields, "code"), opened->key_id);
}

}  // namespace calint::site
