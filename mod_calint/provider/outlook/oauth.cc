#include "oauth/authorize_url.h"
#include "oauth/id_token.h"
#include "oauth/token_client.h"
#include "provider/outlook/errors.h"
#include "provider/outlook/outlook.h"
#include "provider/outlook/requests.h"
#include "provider/outlook/scopes.h"
#include "provider/outlook/tenant.h"
#include "provider/shared/replies.h"

namespace calint::outlook {
namespace {

// Empty where the client has a secret instead.
Secret assertion(const OAuthClient& client, const std::string& token_url, Instant now) {
  return client.certificate ? oauth::client_assertion(*client.certificate, client.client_id, token_url, now) : Secret();
}

class OutlookOAuth final : public OAuth {
 public:
  OutlookOAuth(Options options, Transport& transport) : options_(std::move(options)), transport_(transport) {}

  std::string issuer() const override { return options_.issuer; }

  std::string authorize_url(const AuthorizeParameters& parameters) const override {
    const std::string& tenant = parameters.tenant.empty() ? options_.tenant : parameters.tenant;
    return oauth::authorize_url(at_tenant(options_.authorize_url, tenant),
                                authorize_parameters(parameters));
  }

  Refusal refusal(std::string_view error, std::string_view description) const override {
    if (asks_for_admin_consent(error, description)) return Refusal::admin_consent;
    return error == "access_denied" ? Refusal::denied : Refusal::failed;
  }

  Result<Grant> exchange(const OAuthClient& client, const CodeExchange& exchange, Instant now,
                        Deadline deadline) override {
    const std::string token_url = at_tenant(options_.token_url, tenant_of(client));
    auto tokens = oauth::ask_for_tokens(
        transport_,
        {token_url, exchange_form(client, assertion(client, token_url, now), exchange), refine_refusal},
        now, deadline);
    if (!tokens) return provider::code_refused(std::move(tokens).error());
    const Identity claimed = claimed_identity(tokens->id_token);
    std::vector<std::string> issuers = {options_.issuer};
    if (options_.issuer.empty()) issuers = {issuer_of(token_url, tenant_of(client), claimed.tenant_id)};
    auto subject = oauth::parse_id_token(
        tokens->id_token, {.issuers = std::move(issuers), .client_id = client.client_id, .nonce = exchange.nonce}, now);
    if (subject) subject = subject_of(claimed, std::move(*subject));
    std::vector<std::string> missing = missing_scopes(tokens->scopes);
    tokens->scopes = normalised_scopes(tokens->scopes);
    Grant grant = provider::make_grant(std::move(*tokens), std::move(subject), account_of(claimed));
    grant.missing_scopes = std::move(missing);
    return grant;
  }

  Result<oauth::Tokens> refresh(const OAuthClient& client, const Secret& refresh_token, Instant now,
                                Deadline deadline) override {
    const std::string token_url = at_tenant(options_.token_url, tenant_of(client));
    auto tokens = oauth::ask_for_tokens(
        transport_,
        {token_url, refresh_form(client, assertion(client, token_url, now), refresh_token),
         refine_refusal},
        now, deadline);
    if (tokens) tokens->scopes = normalised_scopes(tokens->scopes);
    return tokens;
  }

  Status revoke(const Secret&, Instant, Deadline) override {
    return Error{.fault = Fault::bug, .what = "Microsoft has no revocation"};
  }

 private:
  const std::string& tenant_of(const OAuthClient& client) const {
    return client.tenant.empty() ? options_.tenant : client.tenant;
  }

  const Options options_;
  Transport& transport_;
};

}  // namespace

std::unique_ptr<OAuth> make_oauth(Options options, Transport& transport) {
  return std::make_unique<OutlookOAuth>(std::move(options), transport);
}

}  // namespace calint::outlook
