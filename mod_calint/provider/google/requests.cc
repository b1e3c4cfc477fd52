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
    "timeZone,nextPageToken,nextSyncToken,items(id,iCalUID,status,transparency,eventType,start,end,endTimeUnspecified,"
    "recurrence,recurringEventId,originalStartTime,attendees(self,email,organizer,responseStatus))";

// Of one event; "fields" isn't a parameter of the method but of every call.
constexpr std::string_view kEvent =
    "id,etag,status,htmlLink,iCalUID,start,end,hangoutLink,organizer(self),extendedProperties(private),"
    "attendees(email,displayName,optional,resource,self,organizer,responseStatus,comment,additionalGuests),"
    "conferenceData(createRequest(status),entryPoints(entryPointType,uri))";

std::string events_url(std::string_view api_url, std::string_view calendar) {
  if (api_url.ends_with('/')) api_url.remove_suffix(1);
  return std::string(api_url) + "/calendars/" + percent_encode(calendar) + "/events";
}

// Ours is its key, whatever came of its creation.
std::string event_url(std::string_view api_url, const provider::EventPlace& place) {
  return events_url(api_url, place.calendar) + "/" + percent_encode(place.id.empty() ? place.key : place.id);
}

FormField send_updates(bool notifies) { return {"sendUpdates", notifies ? "all" : "none"}; }

HttpRequest event_call(const char* method, std::string url, const Secret& access_token, std::string body) {
  HttpRequest request{.method = method,
                      .url = std::move(url),
                      .headers = {{"Accept", "application/json"}},
                      .bearer = access_token,
                      .body = Secret(body)};
  if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  return request;
}

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
  std::vector<FormField> fields = {
      {"singleEvents", "false"}, {"maxResults", "1000"}, {"maxAttendees", "1"}, {"fields", std::string(kEvents)}};
  if (query.cursor.empty())
    fields.emplace_back("timeMin", rfc3339_text(query.window.from));
  else
    fields.emplace_back("syncToken", query.cursor);
  if (!query.page.empty()) fields.emplace_back("pageToken", query.page);
  return {.method = "GET",
          .url = events_url(api_url, query.calendar) + "?" + form_encode(fields),
          .headers = {{"Accept", "application/json"}},
          .bearer = access_token,
          .body = {},
          .max_answer_bytes = kLongestEventPage};
}

HttpRequest insert_request(std::string_view api_url, const Secret& access_token, std::string_view calendar,
                           const provider::EventContent& content, std::string body) {
  std::vector<FormField> query = {send_updates(content.notifies), {"fields", std::string(kEvent)}};
  if (content.wants_room) query.emplace_back("conferenceDataVersion", "1");
  return event_call("POST", events_url(api_url, calendar) + "?" + form_encode(query), access_token, std::move(body));
}

HttpRequest event_request(std::string_view api_url, const Secret& access_token, const provider::EventPlace& place) {
  const std::string query = form_encode({{"fields", std::string(kEvent)}});
  return event_call("GET", event_url(api_url, place) + "?" + query, access_token, "");
}

HttpRequest patch_request(std::string_view api_url, const Secret& access_token, const provider::EventPlace& place,
                          bool notifies, std::string_view etag, std::string body) {
  const std::string query = form_encode({send_updates(notifies), {"fields", std::string(kEvent)}});
  HttpRequest request =
      event_call("PATCH", event_url(api_url, place) + "?" + query, access_token, std::move(body));
  request.headers.emplace_back("If-Match", etag);
  return request;
}

HttpRequest delete_request(std::string_view api_url, const Secret& access_token, const provider::EventPlace& place,
                           bool notifies) {
  return event_call("DELETE", event_url(api_url, place) + "?" + form_encode({send_updates(notifies)}), access_token,
                    "");
}

HttpRequest revoke_request(std::string_view revoke_url, const Secret& token) {
  return {.method = "POST",
          .url = std::string(revoke_url),
          .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}},
          .bearer = std::nullopt,
          .body = oauth::secret_form({{"token", token.reveal()}})};
}

}  // namespace calint::google
