#include "availability/wall_clock.h"

#include <fmt/format.h>

#include "availability/grid.h"
#include "base/rfc3339.h"
#include "support/check.h"

using namespace calint;
using namespace calint::availability;
using namespace std::chrono_literals;

namespace {

using std::chrono::local_days;

SysTime instant(std::string_view text) { return *parse_rfc3339(text); }

WallClock clock_of(std::string_view zone, std::string_view from, std::string_view to) {
  return WallClock::of(zone, {instant(from), instant(to)}).value();
}

const WallClock& berlin_spring() {
  static const auto* clock = new WallClock(clock_of("Europe/Berlin", "2027-03-25T00:00:00Z", "2027-03-31T00:00:00Z"));
  return *clock;
}
const WallClock& berlin_autumn() {
  static const auto* clock = new WallClock(clock_of("Europe/Berlin", "2027-10-28T00:00:00Z", "2027-11-03T00:00:00Z"));
  return *clock;
}

std::string grid(const WallClock& clock, minutes step, std::string_view from, std::string_view to) {
  std::string text;
  for (const GridStart& start : grid_starts(clock, step, {instant(from), instant(to)})) {
    const std::string at = rfc3339_text(start.at, clock.offset(start.at));
    text += at.substr(11, 5) + at.substr(19) + " ";
    CHECK_EQUAL(clock.local(start.at), start.day + start.minute);
  }
  return text;
}

}  // namespace

CALINT_TEST(a_zone_that_nobody_knows_has_no_clock) {
  const Span day{instant("2026-12-07T00:00:00Z"), instant("2026-12-08T00:00:00Z")};
  CHECK(WallClock::of("Asia/Kolkata", day).has_value());
  for (const char* name : {"", "Mars/Olympus", "posix/Europe/Berlin", "../../etc/passwd"})
    CHECK(!WallClock::of(name, day));
}

CALINT_TEST(a_time_that_is_skipped_is_the_instant_of_the_change) {
  const auto sunday = local_days(std::chrono::year(2027) / 3 / 28);
  const SysTime change = instant("2027-03-28T01:00:00Z");
  for (const LocalTime face : {LocalTime(sunday + 2h), LocalTime(sunday + 2h + 59min)}) {
    CHECK_EQUAL(berlin_spring().first(face), change);
    CHECK_EQUAL(berlin_spring().last(face), change);
  }
  CHECK_EQUAL(berlin_spring().first(sunday + 1h + 59min), change - 1min);
  CHECK_EQUAL(berlin_spring().first(sunday + 3h), change);
  CHECK_EQUAL(berlin_spring().last(sunday + 3h), change);
}

CALINT_TEST(a_time_that_comes_twice_has_a_first_and_a_last_instant) {
  const auto sunday = local_days(std::chrono::year(2027) / 10 / 31);
  CHECK_EQUAL(berlin_autumn().first(sunday + 2h), instant("2027-10-31T00:00:00Z"));
  CHECK_EQUAL(berlin_autumn().last(sunday + 2h), instant("2027-10-31T01:00:00Z"));
  CHECK_EQUAL(berlin_autumn().first(sunday + 3h), berlin_autumn().last(sunday + 3h));
  CHECK_EQUAL(berlin_autumn().last(sunday + 1h + 59min), instant("2027-10-30T23:59:00Z"));
}

CALINT_TEST(clocks_go_on_changing_after_the_years_that_tzdata_lists) {
  const WallClock clock = clock_of("Europe/Berlin", "2050-03-20T00:00:00Z", "2050-11-10T00:00:00Z");
  CHECK_EQUAL(clock.stretches().size(), 3);
  CHECK_EQUAL(clock.stretches()[1].span.start, instant("2050-03-27T01:00:00Z"));
  CHECK_EQUAL(clock.stretches()[1].offset, 2h);
  CHECK_EQUAL(clock.stretches()[2].span.start, instant("2050-10-30T01:00:00Z"));
  CHECK_EQUAL(clock.stretches()[2].offset, 1h);
  // A table that repeats, asked over its end.
  const WallClock far = clock_of("Europe/Berlin", "2430-01-01T00:00:00Z", "2450-01-01T00:00:00Z");
  CHECK_EQUAL(far.stretches().size(), 41);
}

CALINT_TEST(days_follow_the_clock_also_where_it_goes_back_over_midnight) {
  // St. John's went from 00:01 on the 7th back to 23:01 on the 6th.
  const WallClock clock = clock_of("America/St_Johns", "2010-11-06T02:30:00Z", "2010-11-08T03:30:00Z");
  std::string text;
  for (const DayPart& part : clock.days())
    text += fmt::format("{} {}min; ", static_cast<unsigned>(std::chrono::year_month_day(part.day).day()),
                        (part.span.end - part.span.start) / 1min);
  CHECK_EQUAL(text, "6 1440min; 7 1min; 6 59min; 7 1440min; ");
}

CALINT_TEST(a_day_that_is_skipped_has_no_part) {
  const WallClock clock = clock_of("Pacific/Apia", "2011-12-29T10:00:00Z", "2012-01-01T10:00:00Z");
  std::string text;
  for (const DayPart& part : clock.days())
    text += fmt::format("{} ", static_cast<unsigned>(std::chrono::year_month_day(part.day).day()));
  CHECK_EQUAL(text, "29 31 1 ");
}

CALINT_TEST(weeks_begin_on_monday) {
  const auto monday = local_days(std::chrono::year(2026) / 12 / 7);
  for (int day = 0; day < 7; ++day) CHECK_EQUAL(week_of(monday + std::chrono::days(day)), week_of(monday));
  CHECK_EQUAL(week_of(monday - std::chrono::days(1)), week_of(monday) - 1);
  const auto old = local_days(std::chrono::year(1960) / 2 / 1);  // a Monday
  CHECK_EQUAL(week_of(old - std::chrono::days(1)) + 1, week_of(old));
  CHECK_EQUAL(week_of(old + std::chrono::days(6)), week_of(old));
}

CALINT_TEST(the_grid_is_what_the_clock_shows) {
  const WallClock kolkata = clock_of("Asia/Kolkata", "2026-12-06T00:00:00Z", "2026-12-08T00:00:00Z");
  CHECK_EQUAL(grid(kolkata, 60min, "2026-12-07T02:00:00Z", "2026-12-07T05:00:00Z"),
              "08:00+05:30 09:00+05:30 10:00+05:30 ");
  CHECK_EQUAL(grid(kolkata, 1440min, "2026-12-06T00:00:00Z", "2026-12-08T00:00:00Z"), "00:00+05:30 00:00+05:30 ");
  // 50 doesn't divide the day: each midnight begins anew.
  CHECK_EQUAL(grid(kolkata, 50min, "2026-12-06T16:50:00Z", "2026-12-06T19:40:00Z"),
              "22:30+05:30 23:20+05:30 00:00+05:30 00:50+05:30 ");
}

CALINT_TEST(the_grid_skips_what_the_clock_skips_and_has_what_comes_twice_twice) {
  CHECK_EQUAL(grid(berlin_spring(), 30min, "2027-03-28T00:00:00Z", "2027-03-28T02:00:00Z"),
              "01:00+01:00 01:30+01:00 03:00+02:00 03:30+02:00 ");
  CHECK_EQUAL(grid(berlin_autumn(), 30min, "2027-10-31T00:00:00Z", "2027-10-31T02:30:00Z"),
              "02:00+02:00 02:30+02:00 02:00+01:00 02:30+01:00 03:00+01:00 ");
}

CALINT_TEST(the_grid_begins_at_or_after_the_range_and_ends_before_it) {
  CHECK_EQUAL(grid(berlin_autumn(), 15min, "2027-10-29T07:00:00Z", "2027-10-29T07:30:00Z"), "09:00+02:00 09:15+02:00 ");
  CHECK_EQUAL(grid(berlin_autumn(), 15min, "2027-10-29T07:00:01Z", "2027-10-29T07:30:01Z"), "09:15+02:00 09:30+02:00 ");
  CHECK_EQUAL(grid(berlin_autumn(), 15min, "2027-10-29T07:01:00Z", "2027-10-29T07:02:00Z"), "");
}

CALINT_TEST(the_grid_has_no_seconds_where_an_offset_has_some) {
  // Amsterdam was 19 minutes and 32 seconds ahead of UTC until 1937.
  const WallClock clock = clock_of("Europe/Amsterdam", "1936-01-01T00:00:00Z", "1936-01-03T00:00:00Z");
  const auto starts = grid_starts(clock, 60min, {instant("1936-01-02T08:00:00Z"), instant("1936-01-02T10:00:00Z")});
  CHECK_EQUAL(starts.size(), 2);
  CHECK_EQUAL((starts[0].at + clock.offset(starts[0].at)).time_since_epoch() % 1h, 0s);
}
