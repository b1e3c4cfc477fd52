#include "calendar/rule.h"

#include "support/check.h"

using namespace calint;
using namespace calint::calendar;

CALINT_TEST(a_rule_is_taken_apart) {
  const auto reading = parse_rule(
      "FREQ=YEARLY;INTERVAL=2;BYMONTH=3,1;BYDAY=-1SU,2MO,TU;BYMONTHDAY=-1,5;BYYEARDAY=-366;BYWEEKNO=53,-1;BYHOUR=9;"
      "BYMINUTE=30;BYSECOND=0;BYSETPOS=-1;WKST=SU;UNTIL=20271231T225959Z;SKIP=FORWARD;RSCALE=GREGORIAN");
  CHECK_OK(reading);
  CHECK_EQUAL(reading->doubt, "");
  const Rule& rule = reading->rule;
  CHECK_EQUAL(rule.frequency, Frequency::yearly);
  CHECK_EQUAL(rule.interval, 2);
  CHECK(!rule.count);
  CHECK_EQUAL(rule.by_month, (std::vector<int>{1, 3}));
  CHECK_EQUAL(rule.by_day, (std::vector<ByDay>{{-1, 6}, {0, 1}, {2, 0}}));
  CHECK_EQUAL(rule.by_month_day, (std::vector<int>{-1, 5}));
  CHECK_EQUAL(rule.by_week, (std::vector<int>{-1, 53}));
  CHECK_EQUAL(rule.week_start, 6);
  CHECK_EQUAL(rule.skip, Skip::forward);
  CHECK(rule.until);
  CHECK_EQUAL(rule.until->zone, kUtc);
}

CALINT_TEST(case_blanks_and_doubles_dont_matter) {
  const auto reading = parse_rule(" freq = weekly ; byday = th, TH ,su;; count=3;");
  CHECK_OK(reading);
  CHECK_EQUAL(reading->doubt, "");
  CHECK_EQUAL(reading->rule.by_day.size(), 2);
  CHECK_EQUAL(reading->rule.count, 3);
}

CALINT_TEST(what_isnt_certain_is_read_as_more_instances_and_said) {
  for (const char* text : {"FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=x", "FREQ=DAILY;UNTIL=20261345",
                           "FREQ=DAILY;UNTIL=", "FREQ=DAILY;COUNT=many", "FREQ=DAILY;BYDAY=", "FREQ=DAILY;BYEASTER=0",
                           "FREQ=MONTHLY;BYMONTHDAY=15,32", "FREQ=YEARLY;BYMONTH=5L,6"}) {
    const auto reading = parse_rule(text);
    CHECK_OK(reading);
    ck_assert_msg(!reading->doubt.empty(), "%s", text);
    CHECK(!reading->rule.until && !reading->rule.count);
    CHECK_EQUAL(reading->rule.interval, 1);
  }
  CHECK_EQUAL(parse_rule("FREQ=DAILY;X-NOTE=1")->doubt, "");
}

CALINT_TEST(a_rule_that_cant_be_told_is_refused) {
  for (const char* text : {"", "COUNT=3", "FREQ=FORTNIGHTLY", "FREQ=", "FREQ=DAILY;COUNT=0",
                           "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=WEEKLY;BYDAY=XX", "FREQ=YEARLY;RSCALE=CHINESE",
                           "FREQ=YEARLY;SKIP=SIDEWAYS", "FREQ=DAILY;BYSETPOS=0"}) {
    CHECK_FAULT(parse_rule(text), Fault::bad_input);
  }
}

CALINT_TEST(long_numbers_are_no_short_ones) {
  // libical keeps 16 bits of it, and makes an event of every 7 hours.
  CHECK_EQUAL(parse_rule("FREQ=SECONDLY;INTERVAL=90061")->rule.interval, 90061);
  CHECK_EQUAL(parse_rule("FREQ=DAILY;COUNT=99999999999999999999")->rule.count, 999'999'999);
}

CALINT_TEST(a_leap_second_is_the_one_before) {
  CHECK_EQUAL(parse_rule("FREQ=DAILY;BYSECOND=60,59")->rule.by_second, std::vector<int>{59});
}
