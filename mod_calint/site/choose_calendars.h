// What the settings page does with the calendars of a connection: which ones are synced, which one interviews are
// written to, and reading their list again.
#pragma once

#include <vector>

#include "base/form.h"
#include "site/visitor.h"
#include "store/calendars.h"

namespace calint::site {

// The forms of POST /settings/calendar. Each is about the visitor's integration, as names_current_integration says.
Response choose_calendars(Runtime& runtime, const Visit& visit, const Visitor& visitor,
                          const std::vector<FormField>& form);
Response choose_destination(Runtime& runtime, const Visit& visit, const Visitor& visitor,
                            const std::vector<FormField>& form);

// Reads the list now; the page then says how it went.
Response read_list_again(Runtime& runtime, const Visit& visit, const Visitor& visitor);

// When the list was last read; nullopt where it never had a calendar.
std::optional<Instant> list_read_at(const std::vector<store::CalendarRow>& calendars);

// What a page shows: the list as stored. One that is older than a day is queued to be read anew in the background,
// where the connection is healthy. Errors: the database's.
Result<store::CalendarsAsStored> calendars_to_show(Runtime& runtime, const Visit& visit, const Visitor& visitor);

}  // namespace calint::site
