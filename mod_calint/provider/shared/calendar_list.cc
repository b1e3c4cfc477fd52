#include "provider/shared/calendar_list.h"

#include <strings.h>

#include <algorithm>
#include <set>

#include "base/json.h"
#include "base/json_text.h"
#include "base/utf8.h"
#include "provider/shared/event_page.h"

namespace calint::provider {
namespace {

constexpr int kMostPages = 100;
constexpr size_t kLongestId = 1024;
constexpr size_t kLongestName = 200;
constexpr size_t kLongestZone = 64;

// U+202A to U+202E and U+2066 to U+2069 (UAX #9, 2): they would turn round what a page writes behind a name.
bool is_direction(std::string_view character) {
  return (character >= "\xe2\x80\xaa" && character <= "\xe2\x80\xae") ||
         (character >= "\xe2\x81\xa6" && character <= "\xe2\x81\xa9");
}

Error list_failed(Error error) {
  if (error.fault == Fault::gone || error.fault == Fault::conflict || error.fault == Fault::resync)
    error.fault = Fault::unavailable;
  return error;
}

}  // namespace

Result<CalendarList> read_calendar_list(Transport& transport, const CalendarPages& pages, Deadline deadline) {
  CalendarList list;
  std::set<std::string> seen, ids;
  std::string next;
  size_t bytes = 0;
  for (int count = 0; count < kMostPages; ++count) {
    auto response = transport.send(pages.request(next), deadline);
    if (!response) {
      response.error().nothing_sent = response.error().nothing_sent && count == 0;
      return std::move(response).error();
    }
    bytes += response->body.reveal().size();
    auto page = bytes > kMostListBytes ? Result<CalendarPage>(CalendarPage{.is_cut = true}) : pages.parse(*response);
    if (!page) return list_failed(std::move(page).error());
    next = page->next_page;
    for (Calendar& calendar : page->calendars)
      if (ids.insert(calendar.id).second) list.calendars.push_back(std::move(calendar));
    list.is_cut = page->is_cut || list.calendars.size() > kMostCalendars ||
                  (list.calendars.size() == kMostCalendars && !next.empty());
    if (next.empty() || list.is_cut) {
      list.calendars.resize(std::min(list.calendars.size(), kMostCalendars));
      list.calendars = in_order(std::move(list.calendars));
      return list;
    }
    if (!seen.insert(next).second) break;
  }
  return unusable_list("doesn't end");
}

Result<CalendarPage> read_page(std::string_view text, const PageMembers& members,
                               const std::function<std::optional<Calendar>(const json_t*)>& calendar_from) {
  const JsonParts lists = member_texts(text, members.entries);
  if (!lists.whole) return unusable_list("isn't a whole JSON object");
  if (lists.parts.empty() && !members.entries_may_miss) return unusable_list("has no list in it");
  CalendarPage page;
  for (const std::string_view list : lists.parts) {
    const JsonParts entries = element_texts(list, kMostEntries);
    if (!entries.whole) return unusable_list("has something else in the place of its list, or too long a one");
    for (const std::string_view one : entries.parts) {
      const Json entry = parse_json_entry(one);
      auto calendar = entry ? calendar_from(entry.get()) : std::nullopt;
      if (!calendar || !is_calendar_id(calendar->id)) continue;
      page.is_cut = page.calendars.size() == kMostCalendars;
      if (page.is_cut) break;
      page.calendars.push_back(std::move(*calendar));
    }
  }
  if (member_texts(text, members.next).parts.empty()) return page;
  page.next_page = page_text(text, members.next);
  if (page.next_page.empty()) return unusable_list("doesn't say how it goes on");
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

Error unusable_list(const char* why) {
  return Error{.fault = Fault::corrupt, .what = std::string("the calendar list ") + why, .code = "calendar_list"};
}

bool is_calendar_id(std::string_view id) {
  constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // the id that was sent is another one
  return !id.empty() && id.size() <= kLongestId && clean_utf8(id, kLongestId) == id && id.find(kReplacement) == id.npos;
}

std::string calendar_name(std::string_view text) {
  std::string name = clean_utf8(text, kLongestName);
  for (size_t at = name.find('\xe2'); at != std::string::npos; at = name.find('\xe2', at)) {
    if (is_direction(std::string_view(name).substr(at, 3)))
      name.erase(at, 3);
    else
      ++at;
  }
  return has_visible(name) ? name : "";
}

std::string calendar_color(std::string_view text) {
  std::string color(text);
  if (color.size() != 7 || color.front() != '#') return "";
  for (char& c : color)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  return color.find_first_not_of("0123456789abcdef", 1) == std::string::npos ? color : "";
}

std::string calendar_zone(std::string_view text) {
  constexpr std::string_view kCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
  const bool is_zone = text.size() <= kLongestZone && !text.starts_with('/') &&
                       text.find_first_not_of(kCharacters) == std::string_view::npos;
  return is_zone ? std::string(text) : "";
}

}  // namespace calint::provider
