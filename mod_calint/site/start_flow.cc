#include "site/start_flow.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/form.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "integration/oauth_clients.h"
#include "oauth/pkce.h"
#include "oauth/state.h"
#include "site/answers.h"
#include "site/links.h"

namespace calint::site {
namespace {

constexpr size_t kFlowIdBytes = 16;

bool is_offered(const Visitor& visitor, ProviderId id) {
  for (const std::string& name : visitor.offered)
    if (name == to_string(id)) return true;
  return false;
}

Response not_offered(Runtime& runtime, const Visit& visit, ProviderId id, bool configured) {
  visit.log.write(LogLevel::info, "CALINT0212",
                  fmt::format("{} isn't {} here", to_string(id), configured ? "offered" : "configured"));
  return message(runtime, visit, 404,
                 {.title = visit.say(texts::flow::not_available::title{.provider = visit.name(id)}),
                  .text = configured ? visit.say(texts::flow::not_available::by_organization{})
                                     : visit.say(texts::flow::not_available::by_server{}),
                  .request_id = {},
                  .reload_after = 0,
                  .actions = {link_to_settings(visit)}});
}

oauth::Purpose purpose_of(const Visitor& visitor, bool confirmed_switch) {
  if (!visitor.integration) return oauth::Purpose::connect;
  return confirmed_switch ? oauth::Purpose::switch_account : oauth::Purpose::reconnect;
}

struct Start {
  ProviderId provider;
  oauth::Purpose purpose;
  std::string return_to;
};

Result<std::string> consent_url(Runtime& runtime, const Visitor& visitor, const Start& start) {
  OAuth& provider = *runtime.oauth(start.provider);
  const store::ClientVersion client = integration::present_client(runtime, visitor.own_client, start.provider);
  const std::string redirect_uri = runtime.redirect_uri(start.provider);
  const oauth::FlowState state{
      .flow_id = crypto::random_token(kFlowIdBytes),
      .organization_id = visitor.user.organization_id,
      .user_id = visitor.user.id,
      .provider = start.provider,
      .client_id = client.client_id,
      .client_version = client.version,
      .redirect_uri_hash = base64url_encode(crypto::sha256(redirect_uri)),
      .purpose = start.purpose,
      .integration_id = visitor.integration ? visitor.integration->id : 0,
      .generation = visitor.integration ? visitor.integration->generation : 0,
      .issued_at = runtime.now(),
      .return_to = start.return_to,
  };
  auto sealed = oauth::seal_state(runtime.keyset(), visitor.binding, state);
  if (!sealed) return std::move(sealed).error();
  const auto secrets = oauth::derive_flow_secrets(runtime.keyset().primary().bytes, state.flow_id);
  return provider.authorize_url({
      .client_id = client.client_id,
      .redirect_uri = redirect_uri,
      .state = *sealed,
      .nonce = secrets.nonce,
      .code_challenge = oauth::code_challenge(secrets.code_verifier),
      .login_hint = start.purpose == oauth::Purpose::reconnect ? visitor.integration->account : std::string(),
      .tenant = client.tenant,
  });
}

}  // namespace

std::optional<Response> unless_offered(Runtime& runtime, const Visit& visit, const Visitor& visitor,
                                       ProviderId provider) {
  const bool configured = runtime.provider(provider) != nullptr;
  if (configured && is_offered(visitor, provider)) return std::nullopt;
  return not_offered(runtime, visit, provider, configured);
}

Response start_flow(Runtime& runtime, const Visit& visit, ProviderId provider) {
  auto visitor = visitor_of(runtime, visit, provider);
  if (!visitor) return failure(runtime, visit, visitor.error());
  if (auto refused = unless_offered(runtime, visit, *visitor, provider)) return std::move(*refused);

  const bool confirmed = visit.request.method == "POST";
  auto fields = fields_of_start(runtime, visit, *visitor);
  if (!fields) return failure(runtime, visit, fields.error());
  // Another tab has connected or ended something since the page was made that named what will be replaced.
  if (confirmed && !names_what_is_connected(*visitor, *fields)) return failure(runtime, visit, changed_meanwhile());
  const std::string return_to = accepted_return_to(runtime.settings(), *fields);

  if (!confirmed && visitor->integration && visitor->integration->provider != provider)
    return redirect(303, switch_question(provider, false, return_to));
  const std::string* action = single_field(*fields, "action");
  const bool confirmed_switch = confirmed && action != nullptr && *action == "switch";
  auto url = consent_url(runtime, *visitor, {provider, purpose_of(*visitor, confirmed_switch), return_to});
  if (!url) return failure(runtime, visit, url.error());
  return redirect(confirmed ? 303 : 302, *url);
}

}  // namespace calint::site
