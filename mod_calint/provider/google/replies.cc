#include "provider/google/replies.h"

#include "base/json.h"
#include "provider/google/errors.h"

namespace calint::google {
namespace {

constexpr size_t kLongestPageToken = 4096;

std::string_view text(const json_t* entry, const char* name) { return string_member(entry, name).value_or(""); }

// The user's own name for it first.
std::string name_of(const json_t* entry) {
  for (const char* member : {"summaryOverride", "summary", "id"})
    if (std::string name = provider::calendar_name(text(entry, member)); !name.empty()) return name;
  return "";
}

std::string role_of(const json_t* entry) {
  const std::string_view role = text(entry, "accessRole");
  for (const std::string_view known : {"owner", "writer", "reader"})
    if (role == known) return std::string(known);
  return "freeBusyReader";
}

// The id of somebody's primary calendar is their address; Google's own kinds of calendars have ids of its domain.
std::string owner_of(const json_t* entry) {
  for (const char* member : {"dataOwner", "id"}) {
    const std::string_view address = text(entry, member);
    if (address.find('@') != std::string_view::npos && !address.ends_with(".calendar.google.com"))
      return provider::calendar_name(address);
  }
  return "";
}

Calendar calendar_from(const json_t* entry) {
  Calendar calendar{.id = std::string(text(entry, "id")),
                    .name = name_of(entry),
                    .time_zone = provider::calendar_zone(text(entry, "timeZone")),
                    .color = provider::calendar_color(text(entry, "backgroundColor")),
                    .access_role = role_of(entry),
                    .is_primary = true_member(entry, "primary")};
  calendar.can_write = calendar.access_role == "owner" || calendar.access_role == "writer";
  calendar.is_shared = calendar.access_role != "owner" && !calendar.is_primary;
  if (calendar.is_shared) calendar.owner = owner_of(entry);
  return calendar;
}

}  // namespace

Result<provider::CalendarPage> parse_calendar_page(const HttpResponse& response, Instant now) {
  if (response.status != 200) return api_error(response, now);
  if (response.media_type() != "application/json")
    return Error{.fault = Fault::unavailable, .what = "the Calendar API answered something that isn't JSON"};
  const Json body = parse_json_object(response.body.reveal());
  if (!body) return provider::unusable_list("isn't a JSON object");

  provider::CalendarPage page;
  if (const json_t* token = json_object_get(body.get(), "nextPageToken"); token != nullptr) {
    page.next_page = text(body.get(), "nextPageToken");
    if (page.next_page.empty() || page.next_page.size() > kLongestPageToken)
      return provider::unusable_list("has no usable nextPageToken");
  }
  const json_t* items = json_object_get(body.get(), "items");
  if (items != nullptr && !json_is_array(items)) return provider::unusable_list("has no usable items");
  for (size_t i = 0; i < json_array_size(items); ++i) {
    const json_t* entry = json_array_get(items, i);
    if (!provider::is_calendar_id(text(entry, "id"))) return provider::unusable_list("has an entry without usable id");
    if (!true_member(entry, "deleted")) page.calendars.push_back(calendar_from(entry));
  }
  return page;
}

}  // namespace calint::google
