#include "provider/google.h"

#include <iterator>
#include <set>

#include "oauth/authorize_url.h"
#include "oauth/id_token.h"
#include "oauth/token_client.h"
#include "provider/google_errors.h"
#include "provider/google_replies.h"
#include "provider/google_requests.h"
#include "provider/google_scopes.h"

namespace calint {
namespace {

constexpr int kMostPages = 100;
constexpr std::string_view kHttps = "https://";

// Google writes its issuer with and without the scheme (OpenID Connect Core 1.0, 15.6.2, foot note).
std::vector<std::string> issuers(std::string issuer) {
  if (issuer.empty()) issuer = GoogleOptions().issuer;
  std::vector<std::string> accepted = {issuer};
  if (issuer.starts_with(kHttps)) accepted.push_back(issuer.substr(kHttps.size()));
  return accepted;
}

// There is no grant yet that could need a new connection: the code was refused.
Error code_refused(Error error) {
  if (error.fault == Fault::reconnect) error.fault = Fault::bad_input;
  return error;
}

// A list isn't an object that could be gone or changed meanwhile: such an answer says nothing about the connection.
Error list_failed(Error error) {
  if (error.fault == Fault::gone || error.fault == Fault::conflict || error.fault == Fault::resync)
    error.fault = Fault::unavailable;
  return error;
}

Error endless_list() {
  return Error{.fault = Fault::corrupt, .what = "the calendar list doesn't end", .code = "calendar_list"};
}

}  // namespace

Google::Google(GoogleOptions options, Transport& transport) : options_(std::move(options)), transport_(transport) {}

std::string Google::authorize_url(const AuthorizeParameters& parameters) const {
  return oauth::authorize_url(options_.authorize_url, google::authorize_parameters(parameters));
}

Result<Grant> Google::exchange(const OAuthClient& client, const CodeExchange& exchange, Instant now,
                               Deadline deadline) {
  auto tokens = oauth::ask_for_tokens(
      transport_, {options_.token_url, google::exchange_form(client, exchange)}, now, deadline);
  if (!tokens) return code_refused(std::move(tokens).error());
  auto subject = oauth::parse_id_token(
      tokens->id_token,
      {.issuers = issuers(options_.issuer), .client_id = client.client_id, .nonce = exchange.nonce}, now);
  Grant grant{.missing_scopes = google::missing_scopes(tokens->scopes)};
  if (subject) {
    grant.subject = std::move(*subject);
  } else {
    grant.subject.key = oauth::claimed_subject(tokens->id_token);
    grant.identity_error = std::move(subject).error();
  }
  grant.tokens = std::move(*tokens);
  grant.tokens.scopes = google::normalised_scopes(grant.tokens.scopes);
  return grant;
}

Result<oauth::Tokens> Google::refresh(const OAuthClient& client, const Secret& refresh_token, Instant now,
                                      Deadline deadline) {
  auto tokens = oauth::ask_for_tokens(
      transport_, {options_.token_url, google::refresh_form(client, refresh_token)}, now, deadline);
  if (tokens) tokens->scopes = google::normalised_scopes(tokens->scopes);
  return tokens;
}

Result<std::vector<Calendar>> Google::list_calendars(const Secret& access_token, Instant now, Deadline deadline) {
  std::vector<Calendar> calendars;
  std::set<std::string> seen;
  std::string page_token;
  for (int count = 0; count < kMostPages; ++count) {
    auto response = transport_.send(google::calendar_list_request(options_.api_url, access_token, page_token), deadline);
    if (!response) {
      response.error().nothing_sent = response.error().nothing_sent && count == 0;
      return std::move(response).error();
    }
    auto page = google::parse_calendar_page(*response, now);
    if (!page) return list_failed(std::move(page).error());
    calendars.insert(calendars.end(), std::make_move_iterator(page->calendars.begin()),
                     std::make_move_iterator(page->calendars.end()));
    page_token = page->next_page_token;
    if (page_token.empty()) return google::in_order(std::move(calendars));
    if (!seen.insert(page_token).second) return endless_list();
  }
  return endless_list();
}

Status Google::revoke(const Secret& token, Instant now, Deadline deadline) {
  auto response = transport_.send(google::revoke_request(options_.revoke_url, token), deadline);
  if (!response) return std::move(response).error();
  return google::parse_revocation(*response, now);
}

}  // namespace calint
