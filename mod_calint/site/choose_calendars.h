// What the settings page does with the calendars of a connection: which ones are synced, which one interviews are
// written to, and reading their list again.
#pragma once

#include <vector>

#include "site/visitor.h"

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

// What a page should show: the list as stored, read anew before where it is older than a day, the connection is
// healthy, and a provider place is free. What comes of it is in `visitor` and the list: a list that can't be read makes
// the connection's status `error`, so the next page doesn't try again. Errors: the database's.
Result<std::vector<store::CalendarRow>> calendars_to_show(Runtime& runtime, const Visit& visit, Visitor& visitor);

}  // namespace calint::site
