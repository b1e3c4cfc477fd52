// What the calendar lists of all providers have in common: bounds, paging, order.
#pragma once

#include <jansson.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calendar/calendar.h"
#include "net/transport.h"
#include "provider/provider.h"

namespace calint::provider {

// What is taken of an account's list, over all its pages or homes. The rest is left out: CalendarList::is_cut.
inline constexpr size_t kMostCalendars = 2000;
inline constexpr size_t kMostListBytes = 8 << 20;

struct CalendarPage {
  std::vector<Calendar> calendars;  // in the provider's order, kMostCalendars at most
  bool is_cut = false;              // the page has more
  std::string next_page;            // a token or link, as the provider names the next page; empty: the last one
};

struct CalendarPages {
  std::function<HttpRequest(const std::string& page)> request;  // "" asks for the first
  std::function<Result<CalendarPage>(const HttpResponse& response)> parse;
};

// Every page, in one order for all providers: primary first, then by name; a calendar that stood on two pages,
// because the list changed meanwhile, once. What is past the bounds isn't asked for. corrupt with code "calendar_list"
// for a list that doesn't end: a page that comes again, or more than 100. A list isn't an object that could be gone or
// changed meanwhile: such an answer is unavailable.
Result<CalendarList> read_calendar_list(Transport& transport, const CalendarPages& pages, Deadline deadline);

// What a page of JSON calls its parts.
struct PageMembers {
  std::string_view entries;
  bool entries_may_miss = false;  // in a page that has none
  std::string_view next;          // the token or link of the next page
};

// The calendars of a page, each entry by itself: one that can't be used, or that `calendar_from` doesn't take, loses no
// other. corrupt with code "calendar_list" where the page isn't one whole JSON object with a list, or doesn't say in
// one text of up to 8 kB how it goes on.
Result<CalendarPage> read_page(std::string_view page, const PageMembers& members,
                               const std::function<std::optional<Calendar>(const json_t*)>& calendar_from);

std::vector<Calendar> in_order(std::vector<Calendar> calendars);

// The corrupt error of a list that can't be used; `why` goes on after "the calendar list".
Error unusable_list(const char* why);

// 1 to 1,024 bytes of clean UTF-8.
bool is_calendar_id(std::string_view id);
// Clean UTF-8 of at most 200 bytes, without characters that embed, override or isolate the direction of text; empty
// where nothing of it can be seen.
std::string calendar_name(std::string_view text);
// "#rrggbb" in lower case; empty for anything else.
std::string calendar_color(std::string_view text);
// What looks like a name of the IANA time zone database; empty for anything else.
std::string calendar_zone(std::string_view text);

}  // namespace calint::provider
