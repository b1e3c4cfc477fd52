// calendar/icalendar, calendar/evaluate and calendar/series_text: whole objects, read, evaluated and kept.
#include "calendar/icalendar.h"

#include <algorithm>

#include "calendar/evaluate.h"
#include "calendar/series_text.h"
#include "calendar/values.h"
#include "fuzz.h"

using namespace calint;
using namespace calint::calendar;

namespace {

const Window kWindow{std::chrono::sys_days(std::chrono::year(2026) / 12 / 1),
                     std::chrono::sys_days(std::chrono::year(2027) / 6 / 1)};
const Limits kLimits{.intervals = 200, .steps = 5'000};

void check_intervals(const Evaluation& evaluation) {
  MUST(evaluation.intervals.size() <= kLimits.intervals);
  MUST(std::is_sorted(evaluation.intervals.begin(), evaluation.intervals.end()));
  for (const Interval& one : evaluation.intervals)
    MUST(kWindow.from <= one.start && one.start < one.end && one.end <= kWindow.to);
  MUST(merge(evaluation.intervals) == evaluation.intervals);
  if (evaluation.unknown_from) MUST(kWindow.from <= *evaluation.unknown_from && *evaluation.unknown_from < kWindow.to);
  for (const LeftOut& one : evaluation.left_out) MUST(!one.why.empty() && fuzz::is_clean_text(one.why, 200));
}

void check_series(const Series& series) {
  MUST(!series.key.empty());
  const Evaluation evaluation = evaluate(series, "Europe/Berlin", kWindow, kLimits);
  MUST(evaluation.events.size() == series.events.size());
  check_intervals(evaluation);
  // What is kept is what was read, and evaluates alike.
  const auto again = parse_series(serialize(series));
  MUST(again.ok() && again->key == series.key && again->events == series.events);
  MUST(evaluate(*again, "Europe/Berlin", kWindow, kLimits).intervals == evaluation.intervals);
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(fuzz::text_of(data, size));
  const Reading reading = read_icalendar({{.name = "file", .text = text}}, {"sam.rivera@example.org"});
  // A text without an object isn't taken for an empty calendar.
  if (text.find(':') == text.npos) MUST(reading.series.empty() && !reading.left_out.empty());
  for (const LeftOut& one : reading.left_out)
    MUST(one.file == "file" && !one.why.empty() && fuzz::is_clean_text(one.why, 400));
  for (const Series& series : reading.series) check_series(series);
  return 0;
}
