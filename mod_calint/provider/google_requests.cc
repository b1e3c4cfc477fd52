#include "provider/google_requests.h"

#include "base/encoding.h"
#include "oauth/authorize_url.h"

namespace calint::google {

const std::vector<std::string>& scopes() {
  // On purpose never destroyed: nothing in a module may run at the process's end.
  static const auto& all = *new std::vector<std::string>{
      "openid",
      "email",
      "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
      "https://www.googleapis.com/auth/calendar.freebusy",
      "https://www.googleapis.com/auth/calendar.events",
  };
  return all;
}

std::string authorize_url(const GoogleOptions& options, const AuthorizeParameters& parameters) {
  std::string scope;
  for (const std::string& one : scopes()) scope += (scope.empty() ? "" : " ") + one;
  std::vector<FormField> fields = {
      {"client_id", parameters.client_id},
      {"redirect_uri", parameters.redirect_uri},
      {"response_type", "code"},
      {"scope", scope},
      {"state", parameters.state},
      {"nonce", parameters.nonce},
      {"code_challenge", parameters.code_challenge},
      {"code_challenge_method", "S256"},
      {"access_type", "offline"},
      {"prompt", "consent"},
  };
  if (!parameters.login_hint.empty()) fields.emplace_back("login_hint", parameters.login_hint);
  return oauth::authorize_url(options.authorize_url, fields);
}

oauth::TokenRequest exchange_request(const GoogleOptions& options, const OAuthClient& client,
                                     const CodeExchange& exchange) {
  return {.url = options.token_url,
          .parameters = {{"grant_type", "authorization_code"},
                         {"code", std::string(exchange.code.reveal())},
                         {"client_id", client.client_id},
                         {"client_secret", std::string(client.client_secret.reveal())},
                         {"redirect_uri", exchange.redirect_uri},
                         {"code_verifier", std::string(exchange.code_verifier.reveal())}}};
}

oauth::TokenRequest refresh_request(const GoogleOptions& options, const OAuthClient& client,
                                    const Secret& refresh_token) {
  return {.url = options.token_url,
          .parameters = {{"grant_type", "refresh_token"},
                         {"refresh_token", std::string(refresh_token.reveal())},
                         {"client_id", client.client_id},
                         {"client_secret", std::string(client.client_secret.reveal())}}};
}

HttpRequest revoke_request(const GoogleOptions& options, const Secret& token) {
  return {.method = "POST",
          .url = options.revoke_url,
          .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
          .bearer = std::nullopt,
          .body = Secret(form_encode({{"token", std::string(token.reveal())}}))};
}

HttpRequest calendar_list_request(const GoogleOptions& options, const Secret& access_token,
                                  const std::string& page_token) {
  std::vector<FormField> query = {{"maxResults", "250"}};
  if (!page_token.empty()) query.emplace_back("pageToken", page_token);
  return {.method = "GET",
          .url = options.api_url + "/users/me/calendarList?" + form_encode(query),
          .headers = {{"Accept", "application/json"}},
          .bearer = access_token,
          .body = {}};
}

}  // namespace calint::google
