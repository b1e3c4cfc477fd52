#include "calendar/values.h"

#include "support/check.h"

using namespace calint::calendar;

namespace {

std::string read(std::string_view text, std::string_view zone = "") {
  const auto time = parse_time(text, zone);
  if (!time) return "none";
  return to_text(*time) + (time->zone.empty() || time->zone == kUtc ? "" : " " + time->zone);
}

std::string duration(std::string_view text) {
  const auto parsed = parse_duration(text);
  return parsed ? std::to_string(parsed->days) + " " + std::to_string(parsed->seconds) : "none";
}

std::string offset(std::string_view text) {
  const auto parsed = parse_offset(text);
  return parsed ? std::to_string(parsed->count()) : "none";
}

}  // namespace

CALINT_TEST(dates_and_times_are_told_apart_by_their_form) {
  CHECK_EQUAL(read("20261224"), "20261224");
  CHECK_EQUAL(read("20261224T090000"), "20261224T090000");
  CHECK_EQUAL(read("20261224T090000Z"), "20261224T090000Z");
  CHECK_EQUAL(read("20261224T090000", "Europe/Berlin"), "20261224T090000 Europe/Berlin");
  CHECK_EQUAL(read("20261224", "Europe/Berlin"), "20261224");
  CHECK_EQUAL(read(" 20261224T090000Z\t"), "20261224T090000Z");
}

CALINT_TEST(utc_beats_a_zone_that_is_named_too) {
  CHECK_EQUAL(read("20261224T090000Z", "Europe/Berlin"), "20261224T090000Z");
}

CALINT_TEST(times_are_understood_beyond_the_letter) {
  CHECK_EQUAL(read("2026-12-24T09:00:00Z"), "20261224T090000Z");
  CHECK_EQUAL(read("2026-12-24 09:00:00"), "20261224T090000");
  CHECK_EQUAL(read("20261224T0900"), "20261224T090000");
  CHECK_EQUAL(read("20261224t090000z"), "20261224T090000Z");
  CHECK_EQUAL(read("20261224T090000.250Z"), "20261224T090000Z");
  CHECK_EQUAL(read("2026-12-24T09:00:00+01:00"), "20261224T080000Z");
  CHECK_EQUAL(read("20261224T240000"), "20261225T000000");
  CHECK_EQUAL(read("20161231T235960Z"), "20161231T235959Z");
}

CALINT_TEST(times_that_are_none_are_refused) {
  for (const char* text : {"", "2026", "20261324", "20260230", "20260431T100000Z", "20261224T", "20261224T18300",
                           "20261224T1100000Z", "20261224T250000", "20261224T240001", "20261224T096000", "Next Year",
                           "00001224", "20261224X090000", "20261224T090000Q", "-20261224", "2026122 4"}) {
    ck_assert_msg(!parse_time(text), "%s", text);
  }
}

CALINT_TEST(days_of_a_duration_are_kept_apart_from_its_seconds) {
  CHECK_EQUAL(duration("P15DT5H0M20S"), "15 18020");
  CHECK_EQUAL(duration("P7W"), "49 0");
  CHECK_EQUAL(duration("PT24H"), "0 86400");
  CHECK_EQUAL(duration("-PT15M"), "0 -900");
  CHECK_EQUAL(duration("+P1D"), "1 0");
  CHECK_EQUAL(duration("pt1h"), "0 3600");
  CHECK_EQUAL(duration("P1WT1H"), "7 3600");
  for (const char* text : {"", "P", "PT", "1H", "P1H", "P1", "PT1X", "P99999999999D", "PT9999999999S"})
    CHECK_EQUAL(duration(text), "none");
}

CALINT_TEST(offsets_have_hours_minutes_and_seconds) {
  CHECK_EQUAL(offset("+0100"), "3600");
  CHECK_EQUAL(offset("-0330"), "-12600");
  CHECK_EQUAL(offset("+023017"), "9017");
  CHECK_EQUAL(offset("+01:00"), "3600");
  CHECK_EQUAL(offset("0100"), "3600");
  for (const char* text : {"", "+1", "+9900", "+0160", "+01000", "x"}) CHECK_EQUAL(offset(text), "none");
}

CALINT_TEST(what_is_written_is_read_again) {
  for (const char* text : {"P1DT1H5S", "-P3DT0H1S", "PT0H0S", "PT16666666H2400S", "P400D"}) {
    const auto parsed = parse_duration(text);
    CHECK(parsed.has_value());
    CHECK_EQUAL(parse_duration(to_text(*parsed)), parsed);
  }
  CHECK_EQUAL(to_text(SysTime(std::chrono::seconds(1767225599))), "2025-12-31T23:59:59Z");
}
