#include "provider/google/replies.h"

#include <optional>

#include "base/json.h"
#include "provider/google/errors.h"

namespace calint::google {
namespace {

std::string_view text(const json_t* entry, const char* name) { return string_member(entry, name).value_or(""); }

// The user's own name for it first.
std::string name_of(const json_t* entry) {
  for (const char* member : {"summaryOverride", "summary", "id"})
    if (std::string name = provider::calendar_name(text(entry, member)); !name.empty()) return name;
  return "";
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

// Of the account's: one of the four that the reference knows. Further kinds of a writer are writers; a word that isn't
// known counts as the least. Where nothing is said, an account's own calendar is its own.
std::string role_of(const json_t* entry, bool is_own) {
  const std::string_view role = text(entry, "accessRole");
  if (role.empty()) return is_own ? "owner" : "reader";
  for (const std::string_view known : {"owner", "writer", "reader"})
    if (role.starts_with(known)) return std::string(known);
  return "freeBusyReader";
}

Calendar calendar_from(const json_t* entry) {
  Calendar calendar{.id = std::string(text(entry, "id")),
                    .name = name_of(entry),
                    .time_zone = provider::calendar_zone(text(entry, "timeZone")),
                    .color = provider::calendar_color(text(entry, "backgroundColor")),
                    .owner = owner_of(entry),
                    .is_primary = true_member(entry, "primary")};
  calendar.access_role = role_of(entry, calendar.is_primary || calendar.owner.empty());
  calendar.can_write = calendar.access_role == "owner" || calendar.access_role == "writer";
  calendar.is_shared = calendar.access_role != "owner" && !calendar.is_primary;
  if (!calendar.is_shared) calendar.owner.clear();
  return calendar;
}

}  // namespace

Result<provider::CalendarPage> parse_calendar_page(const HttpResponse& response, Instant now) {
  if (response.status != 200) return api_error(response, now);
  if (response.media_type() != "application/json")
    return Error{.fault = Fault::unavailable, .what = "the Calendar API answered something that isn't JSON"};
  const auto take = [](const json_t* entry) -> std::optional<Calendar> {
    if (true_member(entry, "deleted")) return std::nullopt;
    return calendar_from(entry);
  };
  return provider::read_page(response.body.reveal(),
                             {.entries = "items", .entries_may_miss = true, .next = "nextPageToken"}, take);
}

}  // namespace calint::google
