// What Google answers to calendarList.list (providers.md, 2.7), parsed. Pure.
#pragma once

#include "net/transport.h"
#include "provider/shared/calendar_list.h"

namespace calint::google {

// Errors of api_error; unavailable for what isn't JSON; those of provider::read_page.
// Deleted calendars are left out; names are cleaned; colours, zones and roles that aren't well formed or known are left
// out or read as the least.
Result<provider::CalendarPage> parse_calendar_page(const HttpResponse& response, Instant now);

}  // namespace calint::google
