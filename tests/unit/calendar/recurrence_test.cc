#include "calendar/recurrence.h"

#include "calendar/values.h"
#include "support/check.h"

using namespace calint::calendar;

namespace {

constexpr int64_t kPlenty = 1'000'000;

std::vector<LocalTime> times(std::string_view start, std::string_view rule, std::string_view from, std::string_view to,
                             std::optional<LocalTime>* missing = nullptr, int64_t steps = kPlenty) {
  const auto parsed = parse_rule(rule);
  CHECK_OK(parsed);
  Budget budget(steps);
  std::vector<LocalTime> found;
  const Expansion expansion{
      .start = parse_time(start)->local, .from = parse_time(from)->local, .to = parse_time(to)->local};
  const auto left = expand(parsed->rule, expansion, budget, found);
  if (missing != nullptr) *missing = left;
  else CHECK(!left.has_value());
  return found;
}

std::string list(const std::vector<LocalTime>& found, size_t most) {
  std::string text;
  for (size_t i = 0; i < found.size() && i < most; ++i) {
    std::string one = to_text({.local = found[i]});
    if (one.ends_with("T000000")) one.resize(8);
    text += (text.empty() ? "" : " ") + one;
  }
  return text;
}

// The first instances from the start on.
std::string first(std::string_view start, std::string_view rule, size_t most = 4) {
  std::optional<LocalTime> missing;  // of a rule without end
  return list(times(start, rule, start, "22000101", &missing), most);
}

}  // namespace

// RFC 5545, the table of 3.3.10 and the examples of 3.8.5.3: each part where it limits and where it expands.

CALINT_TEST(what_a_rule_doesnt_say_comes_from_its_start) {
  CHECK_EQUAL(first("20180305", "FREQ=YEARLY;BYWEEKNO=10", 3), "20180305 20190304 20200302");
  CHECK_EQUAL(first("20260131", "FREQ=MONTHLY"), "20260131 20260331 20260531 20260731");
  CHECK_EQUAL(first("20240229", "FREQ=YEARLY", 3), "20240229 20280229 20320229");
  CHECK_EQUAL(first("20260105T093015", "FREQ=WEEKLY", 2), "20260105T093015 20260112T093015");
  CHECK_EQUAL(first("20260105T093015", "FREQ=HOURLY;INTERVAL=23", 2), "20260105T093015 20260106T083015");
}

CALINT_TEST(days_of_the_month_count_from_either_end) {
  CHECK_EQUAL(first("20260130", "FREQ=DAILY;BYMONTHDAY=-2"), "20260130 20260227 20260330 20260429");
  CHECK_EQUAL(first("20260101", "FREQ=MONTHLY;BYMONTHDAY=1,-1"), "20260101 20260131 20260201 20260228");
  CHECK_EQUAL(first("19980213", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13"), "19980213 19980313 19981113 19990813");
  CHECK_EQUAL(first("20111231T000000", "FREQ=HOURLY;BYMONTHDAY=-1;INTERVAL=12"),
              "20111231 20111231T120000 20120131 20120131T120000");
  CHECK_EQUAL(first("19980101", "FREQ=YEARLY;BYMONTHDAY=1;BYDAY=TH"), "19980101 19981001 19990401 19990701");
}

CALINT_TEST(days_of_the_year_count_from_either_end) {
  CHECK_EQUAL(first("19970101", "FREQ=YEARLY;INTERVAL=3;BYYEARDAY=1,100,200"), "19970101 19970410 19970719 20000101");
  CHECK_EQUAL(first("19971231T000000", "FREQ=HOURLY;BYYEARDAY=-1;INTERVAL=12", 3), "19971231 19971231T120000 19981231");
  CHECK_EQUAL(first("19980410", "FREQ=YEARLY;BYMONTH=4,7;BYYEARDAY=100,200", 3), "19980410 19980719 19990410");
  CHECK_EQUAL(first("20121231", "FREQ=YEARLY;BYYEARDAY=366", 3), "20121231 20161231 20201231");
}

CALINT_TEST(weeks_of_the_year_count_from_either_end) {
  CHECK_EQUAL(first("20150103", "FREQ=YEARLY;BYWEEKNO=-53", 3), "20150103 20200104 20260103");
  CHECK_EQUAL(first("20150103", "FREQ=YEARLY;BYWEEKNO=53", 3), "20160102 20210102 20270102");
  CHECK_EQUAL(first("19971229T090000", "FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", 3),
              "19971229T090000 19990104T090000 20000103T090000");
  CHECK_EQUAL(first("19981228", "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO"), "19981228 20041227 20091228 20151228");
  CHECK_EQUAL(first("20180103", "FREQ=YEARLY;BYWEEKNO=1;BYMONTHDAY=3", 3), "20180103 20190103 20200103");
  CHECK_EQUAL(first("19970512", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", 3), "19970512 19980511 19990517");
}

CALINT_TEST(ordinals_count_in_the_month_or_in_the_year) {
  CHECK_EQUAL(first("19970519", "FREQ=YEARLY;BYDAY=20MO", 3), "19970519 19980518 19990517");
  CHECK_EQUAL(first("19970907", "FREQ=MONTHLY;INTERVAL=2;BYDAY=1SU,-1SU"), "19970907 19970928 19971102 19971130");
  CHECK_EQUAL(first("20150116", "FREQ=MONTHLY;BYDAY=3MO,FR", 4), "20150116 20150119 20150123 20150130");
  CHECK_EQUAL(first("19970313", "FREQ=YEARLY;BYMONTH=3;BYDAY=TH"), "19970313 19970320 19970327 19980305");
  CHECK_EQUAL(first("20121106", "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", 3),
              "20121106 20161108 20201103");
  CHECK_EQUAL(first("20130214", "FREQ=YEARLY;BYMONTH=2,4;BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=2TH", 3),
              "20130214 20130411 20140213");
  CHECK_EQUAL(first("20270105", "FREQ=MONTHLY;BYDAY=5TU", 3), "20270330 20270629 20270831");
}

CALINT_TEST(the_week_begins_where_the_rule_says) {
  CHECK_EQUAL(first("19970805", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO"),
              "19970805 19970810 19970819 19970824");
  CHECK_EQUAL(first("19970805", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU"),
              "19970805 19970817 19970819 19970831");
}

CALINT_TEST(set_positions_count_in_the_whole_period) {
  CHECK_EQUAL(first("19970904", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3"), "19970904 19971007 19971106");
  CHECK_EQUAL(first("19970902T180000", "FREQ=DAILY;BYHOUR=6,18;BYSETPOS=-1", 2), "19970902T180000 19970903T180000");
  CHECK_EQUAL(first("19970915T180000", "FREQ=MONTHLY;BYMONTHDAY=15;BYHOUR=6,18;BYSETPOS=-1", 2),
              "19970915T180000 19971015T180000");
  // The first week counts from its Monday, not from the start.
  CHECK_EQUAL(first("20240102T120000", "FREQ=WEEKLY;BYDAY=MO,TU,TH;BYSETPOS=2", 3),
              "20240102T120000 20240109T120000 20240116T120000");
  CHECK_EQUAL(first("20241023T154000", "FREQ=HOURLY;BYMINUTE=0,10,20,30,40,50;BYSETPOS=-2,3;INTERVAL=2", 3),
              "20241023T154000 20241023T172000 20241023T174000");
  CHECK_EQUAL(first("20260101", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9;COUNT=1"), "");
}

CALINT_TEST(hours_minutes_and_seconds_expand_or_limit) {
  CHECK_EQUAL(first("20250101T030500", "FREQ=HOURLY;INTERVAL=7;BYHOUR=3,6", 3),
              "20250101T030500 20250107T060500 20250108T030500");
  CHECK_EQUAL(first("20250101T050500", "FREQ=MINUTELY;INTERVAL=61;BYMINUTE=5,25", 3),
              "20250101T050500 20250102T012500 20250103T180500");
  CHECK_EQUAL(first("19970902T090000", "FREQ=SECONDLY;INTERVAL=90061", 2), "19970902T090000 19970903T100101");
  CHECK_EQUAL(first("20240229T140104", "FREQ=SECONDLY;BYSECOND=5,4", 3),
              "20240229T140104 20240229T140105 20240229T140204");
  CHECK_EQUAL(first("20240101T090000", "FREQ=DAILY;BYHOUR=18,9;BYMINUTE=30,0", 3),
              "20240101T090000 20240101T093000 20240101T180000");
  CHECK_EQUAL(first("19970902T180000", "FREQ=MINUTELY;COUNT=3;BYHOUR=6,18", 3),
              "19970902T180000 19970902T180100 19970902T180200");
}

CALINT_TEST(instances_come_once_and_count_once) {
  CHECK_EQUAL(first("19970902T180000", "FREQ=HOURLY;BYHOUR=6,18;COUNT=3"),
              "19970902T180000 19970903T060000 19970903T180000");
  CHECK_EQUAL(first("20111120", "FREQ=WEEKLY;BYDAY=SU,TH,TH;COUNT=4"), "20111120 20111124 20111127 20111201");
}

CALINT_TEST(dates_that_dont_exist_are_omitted_or_moved) {
  CHECK_EQUAL(first("20140131", "FREQ=MONTHLY;SKIP=FORWARD;INTERVAL=3"), "20140131 20140501 20140731 20141031");
  CHECK_EQUAL(first("20140131", "FREQ=MONTHLY;SKIP=BACKWARD"), "20140131 20140228 20140331 20140430");
  CHECK_EQUAL(first("20150228", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;SKIP=FORWARD"),
              "20150228 20150301 20160228 20160229");
  CHECK_EQUAL(first("20121231", "FREQ=YEARLY;BYYEARDAY=366;SKIP=BACKWARD", 3), "20121231 20131231 20141231");
  CHECK_EQUAL(first("20121231", "FREQ=YEARLY;BYYEARDAY=366;SKIP=FORWARD", 3), "20121231 20140101 20150101");
  // Two dates fall on one day: it counts once.
  CHECK_EQUAL(first("20150130", "FREQ=MONTHLY;BYMONTHDAY=30,31;SKIP=FORWARD;COUNT=5", 5),
              "20150130 20150131 20150301 20150330 20150331");
}

CALINT_TEST(a_rule_without_count_goes_straight_to_the_window) {
  const auto daily = times("19000101T090000", "FREQ=DAILY", "29990101", "29990103", nullptr, 50);
  CHECK_EQUAL(list(daily, 9), "29990101T090000 29990102T090000");
  const auto weekly = times("19000101", "FREQ=WEEKLY;INTERVAL=3", "29990101", "29990120", nullptr, 50);
  CHECK_EQUAL(list(weekly, 9), "29990114");
  const auto secondly =
      times("19000101T000000", "FREQ=SECONDLY;INTERVAL=7", "29990101T000000", "29990101T000013", nullptr, 50);
  CHECK(secondly.size() == 2);
  for (LocalTime time : secondly) CHECK((time - parse_time("19000101")->local).count() % 7 == 0);
}

CALINT_TEST(count_counts_from_the_start_wherever_the_window_is) {
  CHECK_EQUAL(list(times("20200101", "FREQ=DAILY;COUNT=2558", "20270101", "20280101"), 9), "20270101");
  CHECK(times("20200101", "FREQ=DAILY;COUNT=2557", "20270101", "20280101").empty());
  CHECK_EQUAL(list(times("20200101", "FREQ=MONTHLY;BYDAY=MO,-1FR;COUNT=380", "20250101",
                         "20280101"), 2),
              "20250106 20250113");
}

CALINT_TEST(a_rule_that_never_fits_ends) {
  CHECK(times("20190228", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "20190301", "99991231").empty());
  CHECK(times("20190228", "FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31", "20190301", "99991231").empty());
  CHECK(times("20190228T000000", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "20190301", "22000101").empty());
}

CALINT_TEST(where_the_budget_ends_is_said) {
  std::optional<LocalTime> missing;
  const auto some = times("20270101T000000", "FREQ=SECONDLY", "20270101", "20280101", &missing, 100);
  CHECK(!some.empty() && missing.has_value());
  CHECK(*missing == some.back() + std::chrono::seconds(1));
  times("20270101T000000", "FREQ=MINUTELY;INTERVAL=60;BYMINUTE=30", "20270101", "99990101", &missing, 1000);
  CHECK(missing && *missing > parse_time("20270201")->local);
}

CALINT_TEST(the_calendar_ends_with_the_year_9999) {
  CHECK_EQUAL(list(times("99981231", "FREQ=YEARLY", "99981231", "99991231"), 9), "99981231 99991231");
  CHECK_EQUAL(list(times("99991230", "FREQ=DAILY;INTERVAL=999999999", "99991230", "99991231"), 9), "99991230");
  CHECK_EQUAL(list(times("00010101", "FREQ=YEARLY;INTERVAL=999999999", "00010101", "99991231"), 9), "00010101");
}
