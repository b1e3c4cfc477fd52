// Google's replies (providers.md, section 2). Pure.
#pragma once

#include <string>
#include <vector>

#include "net/transport.h"
#include "provider/provider.h"

namespace calint::google {

// An answer of the Calendar API that isn't a success, by the table of 2.13: errors[0].reason decides, then the
// status. Error::code is the reason, or the status ("401").
Error api_error(const HttpResponse& response, Instant now);

struct CalendarPage {
  std::vector<Calendar> calendars;  // without deleted ones
  std::string next_page_token;      // empty: the last page
};

// corrupt for an answer of another shape; entries without an id are left out.
Result<CalendarPage> parse_calendar_page(const HttpResponse& response, Instant now);

// A token that is dead already counts as revoked (2.6).
Status parse_revocation(const HttpResponse& response, Instant now);

// Of scopes(), those that weren't granted.
std::vector<std::string> missing_scopes(const oauth::Tokens& tokens);

}  // namespace calint::google
