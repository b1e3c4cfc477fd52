#include "provider/google_replies.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/json.h"
#include "provider/google_requests.h"

namespace calint::google {
namespace {

constexpr size_t kLongestId = 1024;
constexpr size_t kLongestName = 200;
constexpr size_t kLongestPageToken = 4096;

struct ReasonFault {
  std::string_view reason;
  Fault fault;
};

// providers.md, 2.13.
constexpr ReasonFault kReasons[] = {
    {"userRateLimitExceeded", Fault::rate_limited},  {"rateLimitExceeded", Fault::rate_limited},
    {"quotaExceeded", Fault::rate_limited},          {"dailyLimitExceeded", Fault::operator_fault},
    {"accessNotConfigured", Fault::operator_fault},  {"insufficientPermissions", Fault::reconnect},
    {"forbiddenForNonOrganizer", Fault::forbidden},  {"forbidden", Fault::forbidden},
    {"requiredAccessLevel", Fault::forbidden},       {"notFound", Fault::gone},
    {"duplicate", Fault::conflict},                  {"conflict", Fault::unavailable},
    {"fullSyncRequired", Fault::resync},             {"updatedMinTooLongAgo", Fault::resync},
    {"deleted", Fault::gone},                        {"conditionNotMet", Fault::conflict},
    {"backendError", Fault::unavailable},
};

Fault fault_of_status(int status) {
  switch (status) {
    case 401: return Fault::reconnect;
    case 403: return Fault::forbidden;
    case 404: return Fault::gone;
    case 409:
    case 412: return Fault::conflict;
    case 410: return Fault::resync;
    case 429: return Fault::rate_limited;
    default: return status >= 500 ? Fault::unavailable : Fault::bug;
  }
}

// errors[0].reason, or details[].reason of newer backends.
std::string_view reason_in(const json_t* body) {
  const json_t* error = json_object_get(body, "error");
  const auto reason = string_member(json_array_get(json_object_get(error, "errors"), 0), "reason");
  if (reason) return *reason;
  const json_t* details = json_object_get(error, "details");
  for (size_t i = 0; i < json_array_size(details); ++i)
    if (string_member(json_array_get(details, i), "reason") == "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
      return "insufficientPermissions";
  return "";
}

bool is_color(std::string_view text) {
  return text.size() == 7 && text[0] == '#' &&
         text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
}

std::string color_of(const json_t* entry) {
  std::string color(string_member(entry, "backgroundColor").value_or(""));
  if (!is_color(color)) return {};
  for (char& c : color)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  return color;
}

// A role that isn't known counts as the least.
std::string role_of(const json_t* entry) {
  const std::string_view role = string_member(entry, "accessRole").value_or("");
  if (role == "owner" || role == "writer" || role == "reader") return std::string(role);
  if (role == "writerWithoutPrivateAccess") return "writer";
  return "freeBusyReader";
}

Calendar calendar_from(const json_t* entry) {
  const std::string_view name =
      string_member(entry, "summaryOverride").value_or(string_member(entry, "summary").value_or(""));
  Calendar calendar{.id = std::string(string_member(entry, "id").value_or("")),
                    .name = clean_utf8(name, kLongestName),
                    .time_zone = clean_utf8(string_member(entry, "timeZone").value_or(""), 64),
                    .color = color_of(entry),
                    .access_role = role_of(entry),
                    .is_primary = true_member(entry, "primary")};
  if (calendar.name.empty()) calendar.name = clean_utf8(calendar.id, kLongestName);
  calendar.can_write = calendar.access_role == "owner" || calendar.access_role == "writer";
  return calendar;
}

bool is_usable_id(const std::string& id) { return !id.empty() && id.size() <= kLongestId && clean_utf8(id, kLongestId) == id; }

}  // namespace

Error api_error(const HttpResponse& response, Instant now) {
  const Json body = parse_json_object(response.body.reveal());
  const std::string_view reason = reason_in(body.get());
  Error error{.fault = fault_of_status(response.status),
              .what = fmt::format("Google's calendar service answered {}", response.status),
              .code = std::to_string(response.status),
              .retry_after = response.retry_after(now)};
  for (const ReasonFault& known : kReasons) {
    if (known.reason != reason) continue;
    error.fault = known.fault;
    error.code = std::string(reason);
  }
  return error;
}

Result<CalendarPage> parse_calendar_page(const HttpResponse& response, Instant now) {
  if (response.status != 200) return api_error(response, now);
  if (response.media_type() != "application/json")
    return Error{.fault = Fault::unavailable, .what = "the calendar list isn't JSON", .code = "calendar_list"};
  const Json body = parse_json_object(response.body.reveal());
  const json_t* items = json_object_get(body.get(), "items");
  if (!body || (items != nullptr && !json_is_array(items)))
    return Error{.fault = Fault::unavailable, .what = "the calendar list can't be read", .code = "calendar_list"};
  CalendarPage page;
  for (size_t i = 0; i < json_array_size(items); ++i) {
    const json_t* entry = json_array_get(items, i);
    Calendar calendar = calendar_from(entry);
    if (is_usable_id(calendar.id) && !true_member(entry, "deleted")) page.calendars.push_back(std::move(calendar));
  }
  const auto next = string_member(body.get(), "nextPageToken");
  if (next && next->size() <= kLongestPageToken) page.next_page_token = std::string(*next);
  return page;
}

Status parse_revocation(const HttpResponse& response, Instant now) {
  if (response.status == 200) return {};
  const Json body = parse_json_object(response.body.reveal());
  const std::string_view error = string_member(body.get(), "error").value_or("");
  if (response.status == 400 && error == "invalid_token") return {};
  return Error{.fault = response.status == 429 ? Fault::rate_limited : Fault::unavailable,
               .what = fmt::format("Google's revocation endpoint answered {}", response.status),
               .code = std::to_string(response.status),
               .retry_after = response.retry_after(now)};
}

std::vector<std::string> missing_scopes(const oauth::Tokens& tokens) {
  std::vector<std::string> missing;
  for (const std::string& scope : scopes())
    if (!tokens.scopes.contains(scope)) missing.push_back(scope);
  return missing;
}

}  // namespace calint::google
