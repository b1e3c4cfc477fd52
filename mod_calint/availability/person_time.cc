#include "availability/person_time.h"

#include <algorithm>
#include <set>
#include <utility>

namespace calint::availability {
namespace {

using std::chrono::days;
using std::chrono::local_days;

std::set<std::string_view> refs_of(const std::vector<OwnTime>& times) {
  std::set<std::string_view> refs;
  for (const OwnTime& one : times)
    if (!one.ref.empty()) refs.insert(one.ref);
  return refs;
}

Spans spans_of(const std::vector<OwnTime>& times) {
  Spans spans;
  for (const OwnTime& one : times) spans.push_back(one.span);
  return merge(std::move(spans));
}

Spans of_kind(const Person& person, calendar::Kind kind) {
  Spans spans;
  for (const BusyTime& one : person.busy)
    if (one.kind == kind && one.ref.empty()) spans.push_back(one.span);
  return merge(std::move(spans));
}

Spans interviews_of(const Person& person) {
  Spans spans;
  for (const BusyTime& one : person.busy)
    if (!one.ref.empty()) spans.push_back(one.span);
  return merge(std::move(spans), spans_of(person.interviews));
}

int64_t day_number(local_days day) { return day.time_since_epoch().count(); }

// The days, or weeks, in which as many begin already as may.
Spans full(const Person& person, const WallClock& clock, std::optional<int> most, int64_t (*number)(local_days)) {
  if (!most) return {};
  const Counts begin = count_own(
      person, [&](SysTime at) { return number(std::chrono::floor<days>(clock.local(at))); });
  Spans spans;
  for (const DayPart& part : clock.days())
    if (const auto found = begin.find(number(part.day)); found != begin.end() && found->second >= *most)
      spans.push_back(part.span);
  return merge(std::move(spans));
}

}  // namespace

PersonRules rules_for(const std::string& user_id, const SlotRequest& request, const OrganizationRules& organization) {
  const auto found = request.people.find(user_id);
  const OwnRules own = found == request.people.end() ? OwnRules{} : found->second;
  const auto first_of = [](const auto& a, const auto& b) { return a ? a : b; };
  return {.week = first_of(first_of(own.working_hours, request.working_hours), organization.working_hours)
                      .value_or(default_hours()),
          .dates = first_of(own.dates, request.dates).value_or(organization.dates),
          .max_per_day = first_of(own.max_per_day, request.max_per_day),
          .max_per_week = first_of(own.max_per_week, request.max_per_week),
          .duration = request.duration,
          .buffer_before = request.buffer_before.value_or(organization.buffer_before),
          .buffer_after = request.buffer_after.value_or(organization.buffer_after),
          .tentative = request.tentative.value_or(organization.tentative),
          .unanswered = request.unanswered.value_or(organization.unanswered),
          .unknown = request.unknown.value_or(organization.unknown)};
}

Spans PersonTime::appointments() const {
  Spans all = busy;
  for (const Spans* more : {&tentative, &unanswered, &out_of_office, &holds, &interviews})
    all.insert(all.end(), more->begin(), more->end());
  return merge(std::move(all));
}

PersonTime person_time(const Person& person, const PersonRules& rules, const WallClock& clock) {
  const auto unless_free = [](Rule rule, Spans spans) { return rule == Rule::free ? Spans{} : std::move(spans); };
  return {.hours = working_hours(rules.week, rules.dates, clock),
          .busy = of_kind(person, calendar::Kind::busy),
          .tentative = unless_free(rules.tentative, of_kind(person, calendar::Kind::tentative)),
          .unanswered = unless_free(rules.unanswered, of_kind(person, calendar::Kind::unanswered)),
          .out_of_office = of_kind(person, calendar::Kind::oof),
          .holds = spans_of(person.holds),
          .interviews = interviews_of(person),
          .unknown = unless_free(rules.unknown, merge(person.unknown)),
          .full_days = full(person, clock, rules.max_per_day, day_number),
          .full_weeks = full(person, clock, rules.max_per_week, week_of)};
}

Spans free_starts(const PersonTime& time, const PersonRules& rules) {
  constexpr seconds kOne{1};  // a start may be the last instant that the span allows: half-open, in whole seconds
  const Spans taken = merge(time.appointments(), time.unknown);
  Spans hindered = widen(taken, rules.duration + rules.buffer_after - kOne, rules.buffer_before);
  hindered = merge(std::move(hindered), merge(time.full_days, time.full_weeks));
  return subtract(widen(time.hours, seconds(0), kOne - rules.duration), hindered);
}

Spans working_hours(const WeekHours& week, const DateHours& dates, const WallClock& clock) {
  Spans spans;
  for (const DayPart& part : clock.days()) {
    const auto date = dates.find(part.day);
    const size_t weekday = std::chrono::weekday(part.day).iso_encoding() - 1;
    for (const DaySpan& hours : date == dates.end() ? week[weekday] : date->second) {
      const local_days end_day = hours.end > hours.start ? part.day : part.day + days(1);
      const LocalTime start = part.day + hours.start, end = end_day + hours.end;
      spans.push_back({clock.first(start), hours.end == kMidnight ? clock.first(end) : clock.last(end)});
    }
  }
  return merge(std::move(spans));
}

void drop_refs(Person& person, const std::vector<std::string>& refs) {
  if (refs.empty()) return;
  const auto ignored = [&](const auto& one) {
    return !one.ref.empty() && std::find(refs.begin(), refs.end(), one.ref) != refs.end();
  };
  std::erase_if(person.busy, ignored);
  std::erase_if(person.interviews, ignored);
  std::erase_if(person.holds, ignored);
}

Counts count_own(const Person& person, const std::function<int64_t(SysTime)>& key) {
  Counts counts;
  std::set<std::pair<int64_t, std::string_view>> counted;
  const auto count = [&](const Span& span, std::string_view ref) {
    const int64_t number = key(span.start);
    if (ref.empty() || counted.emplace(number, ref).second) ++counts[number];
  };
  for (const OwnTime& one : person.interviews) count(one.span, one.ref);
  for (const OwnTime& one : person.holds) count(one.span, one.ref);
  const std::set<std::string_view> known = refs_of(person.interviews);
  for (const BusyTime& one : person.busy)
    if (!one.ref.empty() && !known.contains(one.ref)) count(one.span, one.ref);
  return counts;
}

}  // namespace calint::availability
