#include "provider/outlook/requests.h"

#include "base/encoding.h"
#include "base/rfc3339.h"
#include "oauth/secret_form.h"
#include "provider/outlook/event_body.h"
#include "provider/outlook/scopes.h"
#include "provider/shared/requests.h"

namespace calint::outlook {
namespace {

// 250 calendars of some 700 bytes each.
constexpr size_t kLongestPage = 2 << 20;
constexpr std::string_view kCalendars = "/me/calendars?$top=250";

// A hundred events, each with its whole text: delta knows no $select.
constexpr size_t kLongestEventPage = 32 << 20;
constexpr const char* kEventPreferences =
    "IdType=\"ImmutableId\", outlook.timezone=\"UTC\", odata.maxpagesize=100";

std::string below(std::string_view api_url, std::string_view path) {
  if (api_url.ends_with('/')) api_url.remove_suffix(1);
  return std::string(api_url).append(path);
}

HttpRequest get(std::string url, const Secret& access_token, size_t longest) {
  return {.method = "GET",
          .url = std::move(url),
          .headers = {{"Accept", "application/json"}, {"Prefer", "IdType=\"ImmutableId\""}},
          .bearer = access_token,
          .body = {},
          .max_answer_bytes = longest};
}

// How one event stands. Its text is asked for because a change of it must keep what Teams has put there.
constexpr std::string_view kStanding =
    "id,iCalUId,createdDateTime,webLink,start,end,isCancelled,isOrganizer,organizer,attendees,responseStatus,"
    "isOnlineMeeting,onlineMeeting,body";
// A text may bring pictures along.
constexpr size_t kLongestEvent = 16 << 20;

HttpRequest event_call(const char* method, std::string url, const Secret& access_token, std::string body = {}) {
  HttpRequest request = get(std::move(url), access_token, kLongestEvent);
  request.method = method;
  request.headers.back().second = "IdType=\"ImmutableId\", outlook.timezone=\"UTC\"";
  if (body.empty()) return request;
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = Secret(std::move(body));
  return request;
}

std::string calendar_url(std::string_view api_url, std::string_view calendar) {
  return below(api_url, "/me/calendars/" + percent_encode(calendar));
}

std::string event_url(std::string_view api_url, const EventAddress& event) {
  const std::string place = event.calendar.empty() ? below(api_url, "/me") : calendar_url(api_url, event.calendar);
  return place + "/events/" + percent_encode(event.id);
}

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
  return get(next_link.empty() ? below(api_url, kCalendars) : std::string(next_link), access_token, kLongestPage);
}

HttpRequest delta_request(std::string_view api_url, const Secret& access_token, const provider::ChangesQuery& query) {
  const std::string& link = query.page.empty() ? query.cursor : query.page;
  HttpRequest request = get(link, access_token, kLongestEventPage);
  request.headers.back().second = kEventPreferences;
  if (link.empty())
    request.url = calendar_url(api_url, query.calendar) + "/calendarView/delta?" +
                  form_encode({{"startDateTime", rfc3339_text(query.window.from)},
                               {"endDateTime", rfc3339_text(query.window.to)}});
  return request;
}

HttpRequest event_request(std::string_view api_url, const Secret& access_token, std::string_view calendar,
                          std::string_view id) {
  const std::string query = form_encode({{"$select", "id,type,showAs,isAllDay,isCancelled,responseStatus,start,end"}});
  const EventAddress event{std::string(calendar), std::string(id)};
  HttpRequest request = get(event_url(api_url, event) + "?" + query, access_token, kLongestPage);
  request.headers.back().second = kEventPreferences;
  return request;
}

HttpRequest calendar_rooms_request(std::string_view api_url, const Secret& access_token, std::string_view calendar) {
  return get(calendar_url(api_url, calendar) + "?" + form_encode({{"$select", "allowedOnlineMeetingProviders"}}),
             access_token, kLongestPage);
}

HttpRequest create_request(std::string_view api_url, const Secret& access_token, std::string_view calendar,
                           std::string body) {
  return event_call("POST", calendar_url(api_url, calendar) + "/events", access_token, std::move(body));
}

HttpRequest find_request(std::string_view api_url, const Secret& access_token, const provider::EventPlace& place) {
  const std::string filter = "singleValueExtendedProperties/Any(ep: ep/id eq '" + std::string(kKeyProperty) +
                             "' and ep/value eq '" + place.key + "')";
  const std::string query = form_encode({{"$filter", filter}, {"$select", std::string(kStanding)}});
  return event_call("GET", calendar_url(api_url, place.calendar) + "/events?" + query, access_token);
}

HttpRequest standing_request(std::string_view api_url, const Secret& access_token, const EventAddress& event) {
  return event_call("GET", event_url(api_url, event) + "?" + form_encode({{"$select", std::string(kStanding)}}),
                    access_token);
}

HttpRequest patch_request(std::string_view api_url, const Secret& access_token, const EventAddress& event,
                          std::string_view etag, std::string body) {
  HttpRequest request = event_call("PATCH", event_url(api_url, event), access_token, std::move(body));
  request.headers.emplace_back("If-Match", etag);
  return request;
}

HttpRequest cancel_request(std::string_view api_url, const Secret& access_token, const EventAddress& event) {
  return event_call("POST", event_url(api_url, event) + "/cancel", access_token, "{}");
}

HttpRequest delete_request(std::string_view api_url, const Secret& access_token, const EventAddress& event) {
  return event_call("DELETE", event_url(api_url, event), access_token);
}

HttpRequest mailbox_zone_request(std::string_view api_url, const Secret& access_token) {
  return get(below(api_url, "/me/mailboxSettings/timeZone"), access_token, kLongestPage);
}

}  // namespace calint::outlook
