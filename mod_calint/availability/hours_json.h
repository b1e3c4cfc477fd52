// Working hours as requests and the organisation's settings write them. Pure.
#pragma once

#include <optional>

#include "availability/slot_request.h"

namespace calint::availability {

// {"mon": [["09:00", "12:30"], ["22:00", "02:00"]], "tue": []}; a weekday that isn't named has none. nullopt where it
// is left out; what is wrong with it is among the problems.
std::optional<WeekHours> parse_week_hours(const JsonPlace& place);
// {"2026-12-24": [["09:00", "12:00"]], "2026-12-25": []}.
std::optional<DateHours> parse_date_hours(const JsonPlace& place);

// What is wrong with a change of an organisation's rules: a JSON object of working_hours, dates, buffer_before,
// buffer_after, tentative, unanswered and unknown, as in POST /slots; null takes one back.
Problems problems_of_organization_change(std::string_view json);

}  // namespace calint::availability
