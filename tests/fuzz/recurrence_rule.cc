// calendar/rule and calendar/recurrence: a line "DTSTART RULE", expanded from the start and far behind it.
#include "calendar/recurrence.h"

#include <algorithm>

#include "calendar/values.h"
#include "fuzz.h"

using namespace calint;
using namespace calint::calendar;

namespace {

constexpr int64_t kSteps = 3'000;

struct Found {
  std::vector<LocalTime> times;
  std::optional<LocalTime> missing;
};

Found expand_in(const Rule& rule, LocalTime start, LocalTime from, LocalTime to) {
  Found found;
  Budget budget(kSteps);
  found.missing = expand(rule, {.start = start, .from = from, .to = to}, budget, found.times);
  MUST(found.missing.has_value() == budget.spent());
  // In order, once, in the range, and none behind what is known.
  MUST(std::is_sorted(found.times.begin(), found.times.end(), std::less_equal<>()) || found.times.size() < 2);
  for (LocalTime time : found.times) MUST(time >= from && time >= start && time <= to);
  if (found.missing) MUST(found.times.empty() || found.times.back() < *found.missing);
  if (rule.count) MUST(static_cast<int64_t>(found.times.size()) <= *rule.count);
  MUST(static_cast<int64_t>(found.times.size()) <= kSteps);
  return found;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  const size_t blank = std::min(input.find(' '), input.size());
  const auto start = parse_time(input.substr(0, blank));
  const auto reading = parse_rule(input.substr(std::min(blank + 1, input.size())));
  if (!reading) MUST(reading.error().fault == Fault::bad_input && fuzz::fit_to_log(reading.error()));
  if (!reading || !start) return 0;
  const Rule& rule = reading->rule;
  MUST(rule.interval > 0 && rule.count.value_or(1) > 0 && rule.week_start < 7);

  const LocalTime year = start->local + std::chrono::days(366);
  const Found first = expand_in(rule, start->local, start->local, year);
  // What a window in the middle shows is what all of it shows there.
  const LocalTime from = start->local + std::chrono::days(100), to = start->local + std::chrono::days(200);
  const Found middle = expand_in(rule, start->local, from, to);
  if (!first.missing && !middle.missing) {
    std::vector<LocalTime> expected;
    std::copy_if(first.times.begin(), first.times.end(), std::back_inserter(expected),
                 [&](LocalTime time) { return time >= from && time <= to; });
    MUST(expected == middle.times);
  }
  expand_in(rule, start->local, start->local + std::chrono::days(36'525), start->local + std::chrono::days(36'625));
  return 0;
}
