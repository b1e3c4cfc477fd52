#include "provider/google/requests.h"

#include "base/encoding.h"
#include "base/rfc3339.h"
#include "oauth/secret_form.h"
#include "provider/google/scopes.h"
#include "provider/shared/requests.h"

namespace calint::google {
namespace {

// 250 calendars, each with a description of many pages.
constexpr size_t kLongestPage = 4 << 20;

// An event takes some 400 bytes of what is asked for; a series with many dates some thousands.
constexpr size_t kLongestEventPage = 16 << 20;
constexpr std::string_view kEvents =
    "timeZone,nextPageToken,nextSyncToken,items(id,status,transparency,eventType,start,end,endTimeUnspecified,"
    "recurrence,recurringEventId,originalStartTime,attendees(self,email,organizer,responseStatus))";

}  // namespace

std::vector<FormField> authorize_parameters(const AuthorizeParameters& parameters) {
  return provider::authorize_parameters(parameters, requested_scope(),
                                        {{"access_type", "offline"}, {"prompt", "consent"}});
}

Secret exchange_form(const OAuthClient& client, const CodeExchange& exchange) {
  return oauth::secret_form({
      {"grant_type", "authorization_code"},
      {"code", exchange.code.reveal()},
      {"client_id", client.client_id},
      {"client_secret", client.client_secret.reveal()},
      {"redirect_uri", exchange.redirect_uri},
      {"code_verifier", exchange.code_verifier.reveal()},
  });
}

Secret refresh_form(const OAuthClient& client, const Secret& refresh_token) {
  return oauth::secret_form({
      {"grant_type", "refresh_token"},
      {"refresh_token", refresh_token.reveal()},
      {"client_id", client.client_id},
      {"client_secret", client.client_secret.reveal()},
  });
}

HttpRequest calendar_list_request(std::string_view api_url, const Secret& access_token, std::string_view page_token) {
  if (api_url.ends_with('/')) api_url.remove_suffix(1);
  std::vector<FormField> query = {{"maxResults", "250"}, {"showHidden", "true"}};
  if (!page_token.empty()) query.emplace_back("pageToken", page_token);
  return {.method = "GET",
          .url = std::string(api_url) + "/users/me/calendarList?" + form_encode(query),
          .headers = {{"Accept", "application/json"}},
          .bearer = access_token,
          .body = {},
          .max_answer_bytes = kLongestPage};
}

HttpRequest events_request(std::string_view api_url, const Secret& access_token, const provider::ChangesQuery& query) {
  if (api_url.ends_with('/')) api_url.remove_suffix(1);
  std::vector<FormField> fields = {
      {"singleEvents", "false"}, {"maxResults", "1000"}, {"maxAttendees", "1"}, {"fields", std::string(kEvents)}};
  if (query.cursor.empty())
    fields.emplace_back("timeMin", rfc3339_text(query.window.from));
  else
    fields.emplace_back("syncToken", query.cursor);
  if (!query.page.empty()) fields.emplace_back("pageToken", query.page);
  return {.method = "GET",
          .url = std::string(api_url) + "/calendars/" + percent_encode(query.calendar) + "/events?" +
                 form_encode(fields),
          .headers = {{"Accept", "application/json"}},
          .bearer = access_token,
          .body = {},
          .max_answer_bytes = kLongestEventPage};
}

HttpRequest revoke_request(std::string_view revoke_url, const Secret& token) {
  return {.method = "POST",
          .url = std::string(revoke_url),
          .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}},
          .bearer = std::nullopt,
          .body = oauth::secret_form({{"token", token.reveal()}})};
}

}  // namespace calint::google
