// One person's time, as a request's rules take it: what hinders a slot, kind by kind.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "availability/person.h"
#include "availability/slot_request.h"
#include "availability/wall_clock.h"

namespace calint::availability {

// Everything that decides about one person, resolved from request, organisation and defaults.
struct PersonRules {
  WeekHours week;
  DateHours dates;
  std::optional<int> max_per_day;
  std::optional<int> max_per_week;
  seconds duration;
  seconds buffer_before;
  seconds buffer_after;
  Rule tentative;
  Rule unanswered;
  Rule unknown;
};
PersonRules rules_for(const std::string& user_id, const SlotRequest& request, const OrganizationRules& organization);

struct PersonTime {
  Spans hours;
  // Appointments: only what takes time by the rules. An interview that the calendar shows is an interview.
  Spans busy;
  Spans tentative;
  Spans unanswered;
  Spans out_of_office;
  Spans holds;
  Spans interviews;
  Spans unknown;     // none where it counts as free
  Spans full_days;   // in which no more may begin
  Spans full_weeks;

  Spans appointments() const;
};

// `clock` is the person's. `person` has nothing of what the request ignores.
PersonTime person_time(const Person& person, const PersonRules& rules, const WallClock& clock);

// The instants at which a slot for this person may begin.
Spans free_starts(const PersonTime& time, const PersonRules& rules);

// The hours of all days that `clock` shows, as instants.
Spans working_hours(const WeekHours& week, const DateHours& dates, const WallClock& clock);

// Without what calendar, interviews and holds say of these refs.
void drop_refs(Person& person, const std::vector<std::string>& refs);

// How many interviews and holds begin at instants of which `key` says the same, those of one ref once for each key. An
// interview that only the calendar shows is counted too.
using Counts = std::map<int64_t, int>;
Counts count_own(const Person& person, const std::function<int64_t(SysTime)>& key);

}  // namespace calint::availability
