#include "provider/outlook/replies.h"

#include <strings.h>

#include "base/json.h"
#include "base/url.h"
#include "provider/outlook/errors.h"

namespace calint::outlook {
namespace {

std::string_view text(const json_t* entry, const char* name) { return string_member(entry, name).value_or(""); }

std::string owner_of(const json_t* entry) {
  const json_t* owner = json_object_get(entry, "owner");
  for (const char* member : {"address", "name"})
    if (std::string name = provider::calendar_name(text(owner, member)); !name.empty()) return name;
  return "";
}

bool is_same_owner(const std::string& a, const std::string& b) { return strcasecmp(a.c_str(), b.c_str()) == 0; }

Calendar calendar_from(const json_t* entry) {
  Calendar calendar{.id = std::string(text(entry, "id")),
                    .name = provider::calendar_name(text(entry, "name")),
                    .time_zone = {},  // the mailbox has one, its calendars don't
                    .color = provider::calendar_color(text(entry, "hexColor")),
                    .owner = owner_of(entry),
                    .is_primary = true_member(entry, "isDefaultCalendar"),
                    .can_write = true_member(entry, "canEdit")};
  if (calendar.can_write)
    calendar.access_role = true_member(entry, "canShare") ? "owner" : "writer";
  else if (const json_t* may = json_object_get(entry, "canEdit"); may != nullptr && !json_is_null(may))
    calendar.access_role = "reader";
  return calendar;
}

}  // namespace

bool is_at_origin_of(std::string_view link, std::string_view api_url) {
  auto url = parse_url(link), api = parse_url(api_url);
  return url && api && url->origin() == api->origin();
}

Result<provider::CalendarPage> parse_calendar_page(const HttpResponse& response, std::string_view api_url,
                                                   Instant now) {
  if (response.status != 200) return api_error(response, now);
  if (response.media_type() != "application/json")
    return Error{.fault = Fault::unavailable, .what = "Graph answered something that isn't JSON"};
  auto page =
      provider::read_page(response.body.reveal(), {.entries = "value", .next = "@odata.nextLink"}, calendar_from);
  if (page && !page->next_page.empty() && !is_at_origin_of(page->next_page, api_url))
    return provider::unusable_list("leads away from CalIntApiURL");
  return page;
}

std::vector<Calendar> with_shared_marked(std::vector<Calendar> calendars) {
  std::string own;
  for (const Calendar& calendar : calendars)
    if (calendar.is_primary) own = calendar.owner;
  for (Calendar& calendar : calendars) {
    calendar.is_shared = !own.empty() && !calendar.owner.empty() && !is_same_owner(calendar.owner, own);
    if (!calendar.is_shared) calendar.owner.clear();
    if (!calendar.access_role.empty()) continue;
    calendar.access_role = calendar.is_shared ? "reader" : "owner";
    calendar.can_write = !calendar.is_shared;
  }
  return calendars;
}

}  // namespace calint::outlook
