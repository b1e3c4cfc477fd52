#include "provider/outlook/requests.h"

#include "oauth/secret_form.h"
#include "provider/outlook/scopes.h"
#include "provider/shared/requests.h"

namespace calint::outlook {
namespace {

// 250 calendars of some 700 bytes each.
constexpr size_t kLongestPage = 2 << 20;
constexpr std::string_view kCalendars = "/me/calendars?$top=250";

using Fields = std::vector<std::pair<std::string_view, std::string_view>>;

Secret token_form(const OAuthClient& client, const Secret& assertion, Fields fields) {
  const std::string scope = requested_scope();
  fields.insert(fields.end(), {{"client_id", client.client_id}, {"scope", scope}});
  if (assertion.empty()) {
    fields.emplace_back("client_secret", client.client_secret.reveal());
  } else {
    fields.emplace_back("client_assertion_type", oauth::kJwtBearer);
    fields.emplace_back("client_assertion", assertion.reveal());
  }
  return oauth::secret_form(fields);
}

}  // namespace

std::vector<FormField> authorize_parameters(const AuthorizeParameters& parameters) {
  return provider::authorize_parameters(parameters, requested_scope(),
                                        {{"response_mode", "query"}, {"prompt", "select_account"}});
}

Secret exchange_form(const OAuthClient& client, const Secret& assertion, const CodeExchange& exchange) {
  return token_form(client, assertion,
                    {{"grant_type", "authorization_code"},
                     {"code", exchange.code.reveal()},
                     {"redirect_uri", exchange.redirect_uri},
                     {"code_verifier", exchange.code_verifier.reveal()}});
}

Secret refresh_form(const OAuthClient& client, const Secret& assertion, const Secret& refresh_token) {
  return token_form(client, assertion, {{"grant_type", "refresh_token"}, {"refresh_token", refresh_token.reveal()}});
}

HttpRequest calendars_request(std::string_view api_url, const Secret& access_token, std::string_view next_link) {
  if (api_url.ends_with('/')) api_url.remove_suffix(1);
  return {.method = "GET",
          .url = next_link.empty() ? std::string(api_url).append(kCalendars) : std::string(next_link),
          .headers = {{"Accept", "application/json"}, {"Prefer", "IdType=\"ImmutableId\""}},
          .bearer = access_token,
          .body = {},
          .max_answer_bytes = kLongestPage};
}

}  // namespace calint::outlook
