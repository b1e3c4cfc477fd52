#include "provider/google_replies.h"

#include <strings.h>

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "base/json.h"
#include "provider/google_errors.h"

namespace calint::google {
namespace {

constexpr size_t kLongestId = 1024;
constexpr size_t kLongestName = 200;
constexpr size_t kLongestZone = 64;
constexpr size_t kLongestPageToken = 4096;

Error unusable(const char* why) {
  return Error{.fault = Fault::corrupt, .what = std::string("the calendar list ") + why, .code = "calendar_list"};
}

std::string_view text(const json_t* entry, const char* name) { return string_member(entry, name).value_or(""); }

bool is_id(std::string_view id) { return !id.empty() && id.size() <= kLongestId && clean_utf8(id, kLongestId) == id; }

// The user's own name for it first.
std::string name_of(const json_t* entry) {
  for (const char* member : {"summaryOverride", "summary", "id"})
    if (std::string name = clean_utf8(text(entry, member), kLongestName); !name.empty()) return name;
  return "";
}

std::string color_of(const json_t* entry) {
  std::string color(text(entry, "backgroundColor"));
  if (color.size() != 7 || color.front() != '#') return "";
  for (char& c : color)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  return color.find_first_not_of("0123456789abcdef", 1) == std::string::npos ? color : "";
}

std::string zone_of(const json_t* entry) {
  constexpr std::string_view kZoneCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
  const std::string_view zone = text(entry, "timeZone");
  const bool is_zone = zone.size() <= kLongestZone && zone.find_first_not_of(kZoneCharacters) == std::string_view::npos;
  return is_zone ? std::string(zone) : "";
}

std::string role_of(const json_t* entry) {
  const std::string_view role = text(entry, "accessRole");
  for (const std::string_view known : {"owner", "writer", "reader"})
    if (role == known) return std::string(known);
  return "freeBusyReader";
}

Calendar calendar_from(const json_t* entry) {
  Calendar calendar{.id = std::string(text(entry, "id")),
                    .name = name_of(entry),
                    .time_zone = zone_of(entry),
                    .color = color_of(entry),
                    .access_role = role_of(entry),
                    .is_primary = true_member(entry, "primary")};
  calendar.can_write = calendar.access_role == "owner" || calendar.access_role == "writer";
  return calendar;
}

}  // namespace

Result<CalendarPage> parse_calendar_page(const HttpResponse& response, Instant now) {
  if (response.status != 200) return api_error(response, now);
  if (response.media_type() != "application/json")
    return Error{.fault = Fault::unavailable, .what = "the Calendar API answered something that isn't JSON"};
  const Json body = parse_json_object(response.body.reveal());
  if (!body) return unusable("isn't a JSON object");

  CalendarPage page;
  if (const json_t* token = json_object_get(body.get(), "nextPageToken"); token != nullptr) {
    page.next_page_token = text(body.get(), "nextPageToken");
    if (page.next_page_token.empty() || page.next_page_token.size() > kLongestPageToken)
      return unusable("has no usable nextPageToken");
  }
  const json_t* items = json_object_get(body.get(), "items");
  if (items != nullptr && !json_is_array(items)) return unusable("has no usable items");
  for (size_t i = 0; i < json_array_size(items); ++i) {
    const json_t* entry = json_array_get(items, i);
    if (!is_id(text(entry, "id"))) return unusable("has an entry without usable id");
    if (!true_member(entry, "deleted")) page.calendars.push_back(calendar_from(entry));
  }
  return page;
}

std::vector<Calendar> in_order(std::vector<Calendar> calendars) {
  std::set<std::string> seen;
  std::erase_if(calendars, [&](const Calendar& calendar) { return !seen.insert(calendar.id).second; });
  std::stable_sort(calendars.begin(), calendars.end(), [](const Calendar& a, const Calendar& b) {
    if (a.is_primary != b.is_primary) return a.is_primary;
    return strcasecmp(a.name.c_str(), b.name.c_str()) < 0;
  });
  return calendars;
}

}  // namespace calint::google
