// Why a time isn't offered, without telling anybody's calendar.
#pragma once

#include <vector>

#include "availability/grid.h"
#include "availability/person_time.h"

namespace calint::availability {

// In the order of precedence.
enum class Why {
  busy,
  tentative,
  unanswered,
  out_of_office,
  hold,
  interview,
  buffer,
  outside_working_hours,
  max_per_day,
  max_per_week,
  unknown,
  // Of the request.
  past,
  min_notice,
  periods,
  no_complete_choice,
};
std::string_view to_string(Why why);

struct Part {
  Span span;
  Why why;
};

struct PersonPart {
  size_t person;  // index into SlotAnswer::people
  Part part;
};

struct Explanation {
  std::vector<PersonPart> people;  // person by person
  std::vector<Part> request;
};

// Time of `range` that no slot of this person can cover.
std::vector<Part> explain_person(const PersonTime& time, const PersonRules& rules, const Span& range);

// Starts that aren't offered, as spans from the first of them to the next start. `why` says it for each of `starts`;
// nullopt: nothing is the matter with it.
std::vector<Part> explain_starts(const std::vector<GridStart>& starts, const std::vector<std::optional<Why>>& why,
                                 SysTime end);

}  // namespace calint::availability
