#include "provider/shared/event_times.h"

#include <fmt/format.h>

#include "calendar/values.h"
#include "support/check.h"

using namespace calint;

namespace {

std::string shown(calendar::LocalTime time) {
  std::string text = calendar::to_text(calendar::SysTime(time.time_since_epoch()));
  text.pop_back();  // the Z
  return text;
}

std::string read(std::string_view text) {
  const auto time = provider::parse_date_time(text);
  if (!time) return "-";
  return shown(time->local) + (time->offset ? fmt::format("{:+}", time->offset->count()) : "") +
         (time->has_fraction ? "f" : "");
}

}  // namespace

CALINT_TEST(times_are_read_as_google_and_graph_write_them) {
  CHECK_EQUAL(read("2027-03-14T09:00:00+01:00"), "2027-03-14T09:00:00+3600");
  CHECK_EQUAL(read("2027-03-14T09:00:00Z"), "2027-03-14T09:00:00+0");
  CHECK_EQUAL(read("2027-03-14T09:00:00-09:30"), "2027-03-14T09:00:00-34200");
  CHECK_EQUAL(read("2027-03-14T09:00:00.0000000"), "2027-03-14T09:00:00");
  CHECK_EQUAL(read("2027-03-14T09:00:00.5Z"), "2027-03-14T09:00:00+0f");
  CHECK_EQUAL(read("0001-01-01T00:00:00Z"), "0001-01-01T00:00:00+0");
}

CALINT_TEST(times_may_be_written_more_freely) {
  CHECK_EQUAL(read("2027-03-14 09:00"), "2027-03-14T09:00:00");
  CHECK_EQUAL(read("2027-03-14t09:00:00z"), "2027-03-14T09:00:00+0");
  CHECK_EQUAL(read("2027-03-14T09:00:00+0100"), "2027-03-14T09:00:00+3600");
  CHECK_EQUAL(read("2027-03-14T24:00:00"), "2027-03-15T00:00:00");
  CHECK_EQUAL(read("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00+0");
}

CALINT_TEST(what_no_clock_shows_is_no_time) {
  for (const char* text :
       {"", "2027-03-14", "2027-03-14T", "2027-03-14T9:00", "2027-03-14T09", "2027-02-29T09:00", "2027-13-01T09:00",
        "2027-00-10T09:00", "2027-03-14T25:00", "2027-03-14T24:01", "2027-03-14T24:00:00.1", "2027-03-14T09:60",
        "2027-03-14T09:00:61", "2027-03-14T09:00:00.", "2027-03-14T09:00:00+1", "2027-03-14T09:00:00+24:00",
        "2027-03-14T09:00:00+01:60", "2027-03-14T09:00:00Z ", " 2027-03-14T09:00:00Z", "-027-03-14T09:00:00Z",
        "12027-03-14T09:00:00Z", "2027-03-14T09:00:00+-1:00"})
    CHECK_EQUAL(read(text), "-");
}

CALINT_TEST(a_date_is_a_day_that_some_year_has) {
  CHECK_EQUAL(shown(*provider::parse_date("2028-02-29")), "2028-02-29T00:00:00");
  for (const char* text :
       {"", "2027-02-29", "2027-04-31", "20270301", "2027-3-1", "2027-03-01T00:00:00", "2027-03-01 "})
    CHECK(!provider::parse_date(text));
}

CALINT_TEST(nothing_ends_earlier_than_it_says) {
  const auto end = [](std::string_view text) { return shown(provider::end_of(*provider::parse_date_time(text))); };
  CHECK_EQUAL(end("2027-03-14T23:59:59.9999999"), "2027-03-15T00:00:00");
  CHECK_EQUAL(end("2027-03-14T23:59:59.0000000"), "2027-03-14T23:59:59");
  CHECK_EQUAL(end("2027-03-14T23:59:59.5+01:00"), "2027-03-14T23:00:00");
}

CALINT_TEST(no_clock_leaves_the_years_1_to_9999) {
  const auto start = [](std::string_view text) { return shown(provider::start_of(*provider::parse_date_time(text))); };
  CHECK_EQUAL(start("0001-01-01T00:00:00+14:00"), "0001-01-02T00:00:00");
  CHECK_EQUAL(start("9999-12-31T23:59:59-14:00"), "9999-12-31T00:00:00");
  CHECK_EQUAL(start("2027-03-14T09:00:00+14:00"), "2027-03-13T19:00:00");
  CHECK(!provider::parse_date("0000-01-01"));
}
