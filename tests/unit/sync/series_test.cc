// What is stored of a series: its intervals, and itself where it is needed again.
#include "sync/series.h"

#include <fmt/format.h>

#include "calendar/series_text.h"
#include "calendar/values.h"
#include "support/check.h"

using namespace calint;
using namespace calint::sync;
using namespace std::chrono_literals;
using calendar::Event;
using calendar::Series;
using calendar::Standing;
using calendar::WrittenTime;

namespace {

constexpr calendar::LocalTime local(int month, int day, int hour) {
  return std::chrono::local_days(std::chrono::year(2027) / month / day) + std::chrono::hours(hour);
}
const calendar::Window kMarch{.from = std::chrono::sys_days(std::chrono::year(2027) / 3 / 1),
                              .to = std::chrono::sys_days(std::chrono::year(2027) / 4 / 1)};

Event event(int month, int day, int from = 9, int to = 10) {
  return {.id = "a",
          .start = {.local = local(month, day, from), .zone = "UTC"},
          .end = WrittenTime{.local = local(month, day, to), .zone = "UTC"}};
}

store::ReadSeries stored(Event one) {
  return stored_series({.key = "a", .events = {std::move(one)}}, "Europe/Berlin", kMarch);
}

std::string shown(const store::ReadSeries& series) {
  std::string text;
  for (const store::ReadInterval& one : series.intervals)
    text += fmt::format("{} {} - {};", one.kind, calendar::to_text(one.start), calendar::to_text(one.end));
  return text + (series.body ? "kept" : "");
}

}  // namespace

CALINT_TEST(of_a_single_event_inside_the_window_the_intervals_say_all) {
  CHECK_EQUAL(shown(stored(event(3, 10))), "busy 2027-03-10T09:00:00Z - 2027-03-10T10:00:00Z;");
  CHECK_EQUAL(shown(stored(event(2, 10))), "");
  Event free = event(3, 10);
  free.standing = Standing::transparent;
  CHECK_EQUAL(shown(stored(free)), "");
}

CALINT_TEST(what_lies_behind_the_window_or_reaches_past_it_is_kept) {
  CHECK_EQUAL(shown(stored(event(8, 10))), "kept");
  CHECK_EQUAL(shown(stored(event(3, 31, 20, 23))), "busy 2027-03-31T20:00:00Z - 2027-03-31T23:00:00Z;kept");
  Event longer = event(3, 10);
  longer.end.reset();
  longer.duration = calendar::WrittenDuration{.days = 40};
  CHECK_EQUAL(shown(stored(longer)), "busy 2027-03-10T09:00:00Z - 2027-04-01T00:00:00Z;kept");
  longer.duration = calendar::WrittenDuration{.days = INT64_MAX, .seconds = INT64_MAX};
  CHECK(stored(longer).body.has_value());
  Event free = event(8, 10);
  free.standing = Standing::declined;
  CHECK_EQUAL(shown(stored(free)), "");
}

CALINT_TEST(what_recurs_or_remembers_or_has_several_events_is_kept_with_the_keys_of_its_events) {
  Event weekly = event(3, 20);
  weekly.recurrence = {"RRULE:FREQ=WEEKLY"};
  Event moved = event(3, 28);
  moved.id = "a_27";
  moved.recurrence_id = WrittenTime{.local = local(3, 27, 9), .zone = "UTC"};
  const store::ReadSeries both = stored_series({.key = "a", .events = {weekly, moved}}, "UTC", kMarch);
  CHECK_EQUAL(shown(both), "busy 2027-03-20T09:00:00Z - 2027-03-20T10:00:00Z;"
                           "busy 2027-03-28T09:00:00Z - 2027-03-28T10:00:00Z;kept");
  CHECK_EQUAL(both.event_keys, std::vector<std::string>{"a_27"});
  auto again = calendar::parse_series(*both.body);
  CHECK_OK(again);
  CHECK_EQUAL(again->events, (std::vector<Event>{weekly, moved}));

  CHECK(stored_series({.key = "b", .events = {moved}}, "UTC", kMarch).body.has_value());
  CHECK(stored_series({.key = "a", .events = {event(3, 10)}, .memory = "m"}, "UTC", kMarch).body.has_value());
}

CALINT_TEST(days_without_a_zone_are_the_calendars) {
  Event day = event(3, 10, 0, 0);
  day.start = {.local = local(3, 10, 0), .is_date = true};
  day.end.reset();
  CHECK_EQUAL(shown(stored(day)), "busy 2027-03-09T23:00:00Z - 2027-03-10T23:00:00Z;");
}

CALINT_TEST(a_series_that_meets_a_bound_says_from_when_on_it_isnt_known) {
  Event each_second = event(3, 10);
  each_second.recurrence = {"RRULE:FREQ=SECONDLY;INTERVAL=7"};
  each_second.end = WrittenTime{.local = local(3, 10, 9) + 1s, .zone = "UTC"};
  const store::ReadSeries series = stored(each_second);
  CHECK(series.unknown_from && *series.unknown_from < kMarch.to && !series.intervals.empty());
}
