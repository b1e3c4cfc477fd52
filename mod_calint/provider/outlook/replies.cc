#include "provider/outlook/replies.h"

#include <strings.h>

#include "base/json.h"
#include "base/url.h"
#include "provider/outlook/errors.h"

namespace calint::outlook {
namespace {

constexpr size_t kLongestLink = 8192;
constexpr char kNextLink[] = "@odata.nextLink";

std::string_view text(const json_t* entry, const char* name) { return string_member(entry, name).value_or(""); }

bool is_at_origin_of(std::string_view link, std::string_view api_url) {
  auto url = parse_url(link), api = parse_url(api_url);
  return url && api && url->origin() == api->origin();
}

Error list_refused(Error error) {
  if (error.fault == Fault::forbidden && error.detail != Detail::no_mailbox) error.fault = Fault::reconnect;
  return error;
}

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
                    .access_role = "reader",
                    .owner = owner_of(entry),
                    .is_primary = true_member(entry, "isDefaultCalendar"),
                    .can_write = true_member(entry, "canEdit")};
  if (calendar.name.empty()) calendar.name = "Calendar";
  if (calendar.can_write) calendar.access_role = true_member(entry, "canShare") ? "owner" : "writer";
  return calendar;
}

}  // namespace

Result<provider::CalendarPage> parse_calendar_page(const HttpResponse& response, std::string_view api_url,
                                                   Instant now) {
  if (response.status != 200) return list_refused(api_error(response, now));
  if (response.media_type() != "application/json")
    return Error{.fault = Fault::unavailable, .what = "Graph answered something that isn't JSON"};
  const Json body = parse_json_object(response.body.reveal());
  if (!body) return provider::unusable_list("isn't a JSON object");

  provider::CalendarPage page;
  if (json_object_get(body.get(), kNextLink) != nullptr) {
    page.next_page = text(body.get(), kNextLink);
    if (page.next_page.empty() || page.next_page.size() > kLongestLink)
      return provider::unusable_list("has no usable link to its next page");
    if (!is_at_origin_of(page.next_page, api_url)) return provider::unusable_list("leads away from CalIntApiURL");
  }
  const json_t* entries = json_object_get(body.get(), "value");
  if (!json_is_array(entries)) return provider::unusable_list("has no usable value");
  for (size_t i = 0; i < json_array_size(entries); ++i) {
    const json_t* entry = json_array_get(entries, i);
    if (!provider::is_calendar_id(text(entry, "id"))) return provider::unusable_list("has an entry without usable id");
    page.calendars.push_back(calendar_from(entry));
  }
  return page;
}

std::vector<Calendar> with_shared_marked(std::vector<Calendar> calendars) {
  std::string own;
  for (const Calendar& calendar : calendars)
    if (calendar.is_primary) own = calendar.owner;
  for (Calendar& calendar : calendars) {
    calendar.is_shared = !own.empty() && !calendar.owner.empty() && !is_same_owner(calendar.owner, own);
    if (!calendar.is_shared) calendar.owner.clear();
  }
  return calendars;
}

}  // namespace calint::outlook
