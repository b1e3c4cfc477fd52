#include "provider/google.h"

#include <algorithm>
#include <set>

#include "oauth/id_token.h"
#include "oauth/token_client.h"
#include "provider/google_replies.h"

namespace calint {
namespace {

// 250 calendars a page; Google accounts have far fewer than 25,000.
constexpr size_t kMostPages = 100;

// Both spellings that Google's documents name.
std::vector<std::string> id_token_issuers(const std::string& configured) {
  if (!configured.empty() && configured != "https://accounts.google.com") return {configured};
  return {"https://accounts.google.com", "accounts.google.com"};
}

}  // namespace

std::string Google::authorize_url(const AuthorizeParameters& parameters) const {
  return google::authorize_url(options_, parameters);
}

Result<Grant> Google::exchange(const OAuthClient& client, const CodeExchange& exchange, Instant now,
                               Deadline deadline) {
  auto tokens = oauth::ask_for_tokens(transport_, google::exchange_request(options_, client, exchange), now, deadline);
  if (!tokens) return std::move(tokens).error();
  auto subject = oauth::parse_id_token(
      tokens->id_token,
      {.issuers = id_token_issuers(options_.issuer), .client_id = client.client_id, .nonce = exchange.nonce}, now);
  if (!subject) return std::move(subject).error();
  Grant grant{.tokens = std::move(*tokens), .subject = std::move(*subject), .missing_scopes = {}};
  grant.missing_scopes = google::missing_scopes(grant.tokens);
  return grant;
}

Result<oauth::Tokens> Google::refresh(const OAuthClient& client, const Secret& refresh_token, Instant now,
                                      Deadline deadline) {
  return oauth::ask_for_tokens(transport_, google::refresh_request(options_, client, refresh_token), now, deadline);
}

Result<std::vector<Calendar>> Google::list_calendars(const Secret& access_token, Instant now, Deadline deadline) {
  std::vector<Calendar> calendars;
  std::set<std::string> seen;
  std::string page_token;
  do {
    auto response = transport_.send(google::calendar_list_request(options_, access_token, page_token), deadline);
    if (!response) return std::move(response).error();
    auto page = google::parse_calendar_page(*response, now);
    if (!page) return std::move(page).error();
    std::move(page->calendars.begin(), page->calendars.end(), std::back_inserter(calendars));
    page_token = std::move(page->next_page_token);
    if (!page_token.empty() && (!seen.insert(page_token).second || seen.size() > kMostPages))
      return Error{.fault = Fault::unavailable, .what = "the pages of the calendar list don't end", .code = "calendar_list"};
  } while (!page_token.empty());
  // The same calendar on two pages would be one row twice.
  std::sort(calendars.begin(), calendars.end(), [](const Calendar& a, const Calendar& b) { return a.id < b.id; });
  calendars.erase(std::unique(calendars.begin(), calendars.end(),
                              [](const Calendar& a, const Calendar& b) { return a.id == b.id; }),
                  calendars.end());
  std::stable_sort(calendars.begin(), calendars.end(), [](const Calendar& a, const Calendar& b) {
    return std::make_pair(!a.is_primary, a.name) < std::make_pair(!b.is_primary, b.name);
  });
  return calendars;
}

Status Google::revoke(const Secret& token, Instant now, Deadline deadline) {
  auto response = transport_.send(google::revoke_request(options_, token), deadline);
  if (!response) return std::move(response).error();
  return google::parse_revocation(*response, now);
}

}  // namespace calint
