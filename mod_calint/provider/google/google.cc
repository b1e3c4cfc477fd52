#include "provider/google/google.h"

#include "oauth/authorize_url.h"
#include "oauth/id_token.h"
#include "oauth/token_client.h"
#include "provider/google/errors.h"
#include "provider/google/replies.h"
#include "provider/google/requests.h"
#include "provider/google/scopes.h"
#include "provider/shared/calendar_list.h"
#include "provider/shared/replies.h"

namespace calint {
namespace {

constexpr std::string_view kHttps = "https://";

// Google writes its issuer with and without the scheme (OpenID Connect Core 1.0, 15.6.2, foot note).
std::vector<std::string> issuers(std::string issuer) {
  if (issuer.empty()) issuer = GoogleOptions().issuer;
  std::vector<std::string> accepted = {issuer};
  if (issuer.starts_with(kHttps)) accepted.push_back(issuer.substr(kHttps.size()));
  return accepted;
}

}  // namespace

Google::Google(GoogleOptions options, Transport& transport) : options_(std::move(options)), transport_(transport) {}

std::string Google::authorize_url(const AuthorizeParameters& parameters) const {
  return oauth::authorize_url(options_.authorize_url, google::authorize_parameters(parameters));
}

Refusal Google::refusal(std::string_view error, std::string_view) const {
  return error == "access_denied" ? Refusal::denied : Refusal::failed;
}

Result<Grant> Google::exchange(const OAuthClient& client, const CodeExchange& exchange, Instant now,
                               Deadline deadline) {
  auto tokens = oauth::ask_for_tokens(
      transport_, {options_.token_url, google::exchange_form(client, exchange)}, now, deadline);
  if (!tokens) return provider::code_refused(std::move(tokens).error());
  auto subject = oauth::parse_id_token(
      tokens->id_token,
      {.issuers = issuers(options_.issuer), .client_id = client.client_id, .nonce = exchange.nonce}, now);
  std::vector<std::string> missing = google::missing_scopes(tokens->scopes);
  tokens->scopes = google::normalised_scopes(tokens->scopes);
  std::string claimed = oauth::claimed(tokens->id_token, "sub");
  Grant grant = provider::make_grant(std::move(*tokens), std::move(subject), std::move(claimed));
  grant.missing_scopes = std::move(missing);
  return grant;
}

Result<oauth::Tokens> Google::refresh(const OAuthClient& client, const Secret& refresh_token, Instant now,
                                      Deadline deadline) {
  auto tokens = oauth::ask_for_tokens(
      transport_, {options_.token_url, google::refresh_form(client, refresh_token)}, now, deadline);
  if (tokens) tokens->scopes = google::normalised_scopes(tokens->scopes);
  return tokens;
}

Result<CalendarList> Google::list_calendars(const Access& access, Instant now, Deadline deadline) {
  const provider::CalendarPages pages{
      .request =
          [&](const std::string& page) { return google::calendar_list_request(options_.api_url, access.token, page); },
      .parse = [&](const HttpResponse& response) { return google::parse_calendar_page(response, now); }};
  return provider::read_calendar_list(transport_, pages, deadline);
}

Status Google::revoke(const Secret& token, Instant now, Deadline deadline) {
  auto response = transport_.send(google::revoke_request(options_.revoke_url, token), deadline);
  if (!response) return std::move(response).error();
  return google::parse_revocation(*response, now);
}

std::vector<WithdrawPage> Google::withdraw_pages() const {
  return {{"https://myaccount.google.com/connections", "your Google Account's connections"}};
}

}  // namespace calint
