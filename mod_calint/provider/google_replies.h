// What Google answers to calendarList.list (providers.md, 2.7), parsed. Pure.
#pragma once

#include <string>
#include <vector>

#include "net/transport.h"
#include "provider/provider.h"

namespace calint::google {

struct CalendarPage {
  std::vector<Calendar> calendars;  // without deleted ones, in Google's order
  std::string next_page_token;      // empty: the last page
};

// Errors of api_error; unavailable for what isn't JSON; corrupt for a list or an entry that can't be used.
// Names are cleaned; colours, zones and roles that aren't well formed or known are left out or read as the least.
Result<CalendarPage> parse_calendar_page(const HttpResponse& response, Instant now);

// Primary first, then by name; a calendar that stood on two pages, because the list changed meanwhile, once.
std::vector<Calendar> in_order(std::vector<Calendar> calendars);

}  // namespace calint::google
