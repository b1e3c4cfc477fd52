#include "provider/caldav/replies.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <optional>

#include "base/text.h"
#include "provider/caldav/account.h"
#include "provider/caldav/errors.h"
#include "provider/caldav/multistatus.h"
#include "provider/shared/calendar_list.h"

namespace calint::caldav {
namespace {

constexpr char kCalendar[] = "{urn:ietf:params:xml:ns:caldav}calendar";
constexpr char kComponents[] = "{urn:ietf:params:xml:ns:caldav}supported-calendar-component-set";
constexpr char kTimeZone[] = "{urn:ietf:params:xml:ns:caldav}calendar-timezone";
constexpr char kHomeSet[] = "{urn:ietf:params:xml:ns:caldav}calendar-home-set";
constexpr char kAddressSet[] = "{urn:ietf:params:xml:ns:caldav}calendar-user-address-set";
constexpr char kPrivileges[] = "{DAV:}current-user-privilege-set";
constexpr char kDefaultCalendar[] = "{urn:ietf:params:xml:ns:caldav}schedule-default-calendar-URL";

Result<std::vector<dav::Response>> responses_in(const HttpResponse& response, Instant now) {
  if (response.status != 207) return caldav_error(response, now);
  return dav::parse_multistatus(response);
}

bool succeeded(const dav::Response& response) { return response.status / 100 == 2; }

// The href inside of the first property of that name.
std::string_view href_of(const std::vector<dav::Response>& responses, std::string_view property) {
  for (const dav::Response& response : responses)
    if (const std::string_view href = dav::href_in(response.property(property)); succeeded(response) && !href.empty())
      return href;
  return {};
}

std::string_view text_of(const dav::Response& response, std::string_view property) {
  const xml::Element* found = response.property(property);
  return found == nullptr ? std::string_view() : std::string_view(found->text);
}

bool is_a(const dav::Response& response, std::string_view type) {
  const xml::Element* types = response.property("{DAV:}resourcetype");
  return types != nullptr && types->child(type) != nullptr;
}

// Of the resource, or of its kind where only that fails.
int status_of(const dav::Response& response) {
  const bool shown = response.property_failure == 0 || response.property("{DAV:}resourcetype") != nullptr;
  return succeeded(response) && !shown ? response.property_failure : response.status;
}

bool holds_events(const dav::Response& response) {
  if (!is_a(response, kCalendar)) return false;
  const xml::Element* components = response.property(kComponents);
  if (components == nullptr) return true;
  return std::any_of(components->children.begin(), components->children.end(),
                     [](const xml::Element& one) { return one.attribute("name") == "VEVENT"; });
}

bool says_privileges(const dav::Response& response) { return response.property(kPrivileges) != nullptr; }

// Whether the account has one of these (RFC 3744, 3).
bool may(const dav::Response& response, std::initializer_list<std::string_view> privileges) {
  const xml::Element* set = response.property(kPrivileges);
  if (set == nullptr) return false;
  return std::any_of(set->children.begin(), set->children.end(), [&](const xml::Element& one) {
    return std::any_of(privileges.begin(), privileges.end(), [&](auto name) { return one.child(name) != nullptr; });
  });
}

// Where nothing is said the account's own may be written to (RFC 3744, 5.4: a server needn't say).
bool may_write(const dav::Response& response, bool is_shared) {
  if (!says_privileges(response)) return !is_shared;
  return may(response, {"{DAV:}all", "{DAV:}write"}) ||
         (may(response, {"{DAV:}write-content"}) && may(response, {"{DAV:}bind"}));
}

bool may_read(const dav::Response& response) {
  return !says_privileges(response) || may(response, {"{DAV:}all", "{DAV:}read"});
}

bool is_others(const dav::Response& response, const Home& home) {
  if (is_a(response, "{http://calendarserver.org/ns/}shared")) return true;
  std::string principal = dav::href_key(dav::href_in(response.property("{DAV:}current-user-principal")));
  if (principal.empty()) principal = home.principal;
  const std::string owner = dav::href_key(dav::href_in(response.property("{DAV:}owner")));
  return !owner.empty() && !principal.empty() && owner != principal;
}

// People know each other by an address, not by a principal's path.
std::string owner_of(const dav::Response& response) {
  constexpr std::string_view kMailto = "mailto:";
  const std::string_view owner = dav::href_in(response.property("{DAV:}owner"));
  return owner.starts_with(kMailto) ? provider::calendar_name(owner.substr(kMailto.size())) : "";
}

std::string name_of(const dav::Response& response) {
  std::string name = provider::calendar_name(text_of(response, "{DAV:}displayname"));
  if (!name.empty()) return name;
  const std::string path = dav::href_key(response.href);
  return provider::calendar_name(std::string_view(path).substr(path.rfind('/') + 1));
}

// "#RRGGBB", or "#RRGGBBAA" as Apple writes it.
std::string color_of(const dav::Response& response) {
  const std::string_view color = trimmed(text_of(response, "{http://apple.com/ns/ical/}calendar-color"));
  return provider::calendar_color(color.size() == 9 ? color.substr(0, 7) : color);
}

// The value of a line "NAME:value" of iCalendar (RFC 5545, 3.1).
std::string_view line_of(std::string_view calendar, std::string_view name) {
  for (size_t at = calendar.find(name); at != std::string_view::npos; at = calendar.find(name, at + 1)) {
    const size_t value = at + name.size();
    const bool begins_line = at == 0 || calendar[at - 1] == '\n' || calendar[at - 1] == '\r';
    if (!begins_line || value >= calendar.size() || calendar[value] != ':') continue;
    const std::string_view rest = calendar.substr(value + 1);
    return rest.substr(0, rest.find_first_of("\r\n"));
  }
  return {};
}

std::string zone_of(const dav::Response& response) {
  const std::string_view calendar = text_of(response, kTimeZone);
  std::string zone = provider::calendar_zone(line_of(calendar, "TZID"));
  return zone.empty() ? provider::calendar_zone(line_of(calendar, "X-WR-TIMEZONE")) : zone;
}

// nullopt where the password may not go there, and where the href leads nowhere.
std::optional<std::string> id_of(const dav::Response& response, const Home& home) {
  auto url = resolve_url(home.url, response.href);
  if (!url) return std::nullopt;
  const bool is_path = response.href.starts_with('/') && !response.href.starts_with("//");
  std::string id = is_path ? response.href : url->text();
  if (url->origin() != home.url.origin() && !home.may_be_asked(*url)) return std::nullopt;
  if (url->origin() != home.origin)
    id = url->text();
  else if (!is_path)
    id.erase(0, home.origin.size());
  return provider::is_calendar_id(id) ? std::optional(std::move(id)) : std::nullopt;
}

Calendar calendar_from(const dav::Response& response, const Home& home) {
  Calendar calendar{.id = {},
                    .name = name_of(response),
                    .time_zone = zone_of(response),
                    .color = color_of(response),
                    .access_role = may_read(response) ? "reader" : "freeBusyReader",
                    .is_shared = is_others(response, home)};
  calendar.can_write = may_write(response, calendar.is_shared);
  if (calendar.is_shared) calendar.owner = owner_of(response);
  if (calendar.can_write) calendar.access_role = calendar.is_shared ? "writer" : "owner";
  return calendar;
}

bool mark_default(HomeCalendars& home) {
  const std::string wanted = dav::href_key(home.default_href);
  const auto found = std::find_if(home.calendars.begin(), home.calendars.end(),
                                  [&](const Calendar& one) { return dav::href_key(one.id) == wanted; });
  if (wanted.empty() || found == home.calendars.end()) return false;
  return found->is_primary = true;
}

}  // namespace

Result<std::string> parse_principal(const HttpResponse& response, Instant now) {
  auto responses = responses_in(response, now);
  if (!responses) return std::move(responses).error();
  return std::string(href_of(*responses, "{DAV:}current-user-principal"));
}

Result<std::vector<std::string>> parse_homes(const HttpResponse& response, Instant now) {
  auto responses = responses_in(response, now);
  if (!responses) return std::move(responses).error();
  std::vector<std::string> homes;
  for (const dav::Response& one : *responses) {
    if (!succeeded(one)) continue;
    for (const xml::Element& set : one.properties)
      for (const xml::Element& href : set.children)
        if (set.name == kHomeSet && href.name == "{DAV:}href") homes.emplace_back(trimmed(href.text));
  }
  return homes;
}

std::vector<std::string> parse_addresses(const HttpResponse& response) {
  constexpr size_t kMost = 20;
  std::vector<std::string> addresses;
  auto responses = dav::parse_multistatus(response);
  if (!responses) return addresses;
  for (const dav::Response& one : *responses) {
    const xml::Element* set = one.property(kAddressSet);
    if (set == nullptr) continue;
    for (const xml::Element& href : set->children)
      if (std::string address = address_of(href.text); !address.empty() && addresses.size() < kMost)
        addresses.push_back(std::move(address));
  }
  return addresses;
}

Result<HomeCalendars> parse_calendars(const HttpResponse& response, const Home& home, Instant now) {
  if (response.status != 207) return caldav_error(response, now);
  auto list = dav::parse_long_multistatus(response);
  if (!list) return std::move(list).error();
  const std::string home_key = dav::href_key(home.url.path);
  HomeCalendars found{.is_cut = list->is_cut, .default_href = std::string(href_of(list->responses, kDefaultCalendar))};
  for (const dav::Response& one : list->responses) {
    if (const int status = status_of(one); status / 100 != 2) {
      // A calendar that fails for the moment isn't gone: the whole list is read again.
      if (dav::href_key(one.href) == home_key || status >= 500) return caldav_error(status);
      continue;
    }
    if (!holds_events(one)) continue;
    auto id = id_of(one, home);
    if (!id) continue;
    found.is_cut = found.is_cut || found.calendars.size() == provider::kMostCalendars;
    if (found.calendars.size() == provider::kMostCalendars) break;
    found.calendars.push_back(calendar_from(one, home));
    found.calendars.back().id = std::move(*id);
  }
  return found;
}

CalendarList in_one_list(std::vector<HomeCalendars> homes) {
  const bool is_marked = std::any_of(homes.begin(), homes.end(), mark_default);
  CalendarList list;
  std::vector<Calendar>& all = list.calendars;
  for (HomeCalendars& home : homes) {
    std::move(home.calendars.begin(), home.calendars.end(), std::back_inserter(all));
    list.is_cut = list.is_cut || home.is_cut;
  }
  const auto is_own = [](const Calendar& one) { return one.can_write && !one.is_shared; };
  const auto own = std::find_if(all.begin(), all.end(), is_own);
  if (!is_marked && own != all.end()) own->is_primary = true;
  all = provider::in_order(std::move(all));
  if (all.size() > provider::kMostCalendars) {
    all.resize(provider::kMostCalendars);
    list.is_cut = true;
  }
  return list;
}

}  // namespace calint::caldav
