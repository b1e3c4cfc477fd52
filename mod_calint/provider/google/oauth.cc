#include "oauth/authorize_url.h"
#include "oauth/id_token.h"
#include "oauth/token_client.h"
#include "provider/google/errors.h"
#include "provider/google/google.h"
#include "provider/google/requests.h"
#include "provider/google/scopes.h"
#include "provider/shared/replies.h"

namespace calint::google {
namespace {

constexpr std::string_view kHttps = "https://";

// Google writes its issuer with and without the scheme (OpenID Connect Core 1.0, 15.6.2, foot note).
std::vector<std::string> issuers(std::string issuer) {
  if (issuer.empty()) issuer = Options().issuer;
  std::vector<std::string> accepted = {issuer};
  if (issuer.starts_with(kHttps)) accepted.push_back(issuer.substr(kHttps.size()));
  return accepted;
}

class GoogleOAuth final : public OAuth {
 public:
  GoogleOAuth(Options options, Transport& transport) : options_(std::move(options)), transport_(transport) {}

  std::string issuer() const override { return options_.issuer; }

  std::string authorize_url(const AuthorizeParameters& parameters) const override {
    return oauth::authorize_url(options_.authorize_url, authorize_parameters(parameters));
  }

  Refusal refusal(std::string_view error, std::string_view) const override {
    return error == "access_denied" ? Refusal::denied : Refusal::failed;
  }

  Result<Grant> exchange(const OAuthClient& client, const CodeExchange& exchange, Instant now,
                        Deadline deadline) override {
    auto tokens = oauth::ask_for_tokens(
        transport_, {options_.token_url, exchange_form(client, exchange)}, now, deadline);
    if (!tokens) return provider::code_refused(std::move(tokens).error());
    auto subject = oauth::parse_id_token(
        tokens->id_token,
        {.issuers = issuers(options_.issuer), .client_id = client.client_id, .nonce = exchange.nonce}, now);
    std::vector<std::string> missing = missing_scopes(tokens->scopes);
    tokens->scopes = normalised_scopes(tokens->scopes);
    std::string claimed = oauth::claimed(tokens->id_token, "sub");
    Grant grant = provider::make_grant(std::move(*tokens), std::move(subject), std::move(claimed));
    grant.missing_scopes = std::move(missing);
    return grant;
  }

  Result<oauth::Tokens> refresh(const OAuthClient& client, const Secret& refresh_token, Instant now,
                                Deadline deadline) override {
    auto tokens = oauth::ask_for_tokens(
        transport_, {options_.token_url, refresh_form(client, refresh_token)}, now, deadline);
    if (tokens) tokens->scopes = normalised_scopes(tokens->scopes);
    return tokens;
  }

  Status revoke(const Secret& token, Instant now, Deadline deadline) override {
    auto response = transport_.send(revoke_request(options_.revoke_url, token), deadline);
    if (!response) return std::move(response).error();
    return parse_revocation(*response, now);
  }

 private:
  const Options options_;
  Transport& transport_;
};

}  // namespace

std::unique_ptr<OAuth> make_oauth(Options options, Transport& transport) {
  return std::make_unique<GoogleOAuth>(std::move(options), transport);
}

}  // namespace calint::google
