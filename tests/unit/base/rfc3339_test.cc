#include "base/rfc3339.h"

#include "support/check.h"

using namespace calint;
using namespace std::chrono_literals;

namespace {

std::string read(std::string_view text) {
  const auto at = parse_rfc3339(text);
  return at ? rfc3339_text(*at) : "";
}

}  // namespace

CALINT_TEST(a_time_with_an_offset_is_an_instant) {
  CHECK_EQUAL(read("2026-12-07T09:00:00Z"), "2026-12-07T09:00:00Z");
  CHECK_EQUAL(read("2026-12-07T09:00:00+01:00"), "2026-12-07T08:00:00Z");
  CHECK_EQUAL(read("2026-12-07T00:30:00+05:45"), "2026-12-06T18:45:00Z");
  CHECK_EQUAL(read("2026-12-31T23:30:00-03:30"), "2027-01-01T03:00:00Z");
  CHECK_EQUAL(read("2028-02-29t23:59:59z"), "2028-02-29T23:59:59Z");
  CHECK_EQUAL(read("2026-12-07T09:00:00-00:00"), "2026-12-07T09:00:00Z");
  CHECK_EQUAL(read("0002-01-01T00:00:00Z"), "0002-01-01T00:00:00Z");
}

CALINT_TEST(a_fraction_is_dropped) {
  CHECK_EQUAL(read("2026-12-07T09:00:00.999999999999Z"), "2026-12-07T09:00:00Z");
  CHECK_EQUAL(read("1969-12-31T23:59:59.9Z"), "1969-12-31T23:59:59Z");
}

CALINT_TEST(a_leap_second_is_the_one_after_it) {
  CHECK_EQUAL(read("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00Z");
  CHECK_EQUAL(read("2017-01-01T00:59:60+01:00"), "2017-01-01T00:00:00Z");
  CHECK_EQUAL(read("2016-12-31T22:59:60Z"), "");
}

CALINT_TEST(anything_else_is_no_time) {
  for (const char* text :
       {"", "2026-12-07", "2026-12-07T09:00:00", "2026-12-07T09:00Z", "2026-12-07 09:00:00Z", "2026-12-07T09:00:00.Z",
        "2026-12-07T09:00:00,5Z", "2026-12-07T09:00:00+0100", "2026-12-07T09:00:00+01", "2026-12-07T09:00:00+24:00",
        "2026-12-07T09:00:00+01:60", "2026-12-07T24:00:00Z", "2026-12-07T09:60:00Z", "2026-12-07T09:00:61Z",
        "2026-02-29T09:00:00Z", "2026-13-01T09:00:00Z", "2026-00-01T09:00:00Z", "2026-12-00T09:00:00Z",
        "0000-12-07T09:00:00Z", "0001-12-31T23:59:59Z", "9999-12-07T09:00:00Z", "+2026-12-07T09:00:00Z",
        "26-12-07T09:00:00Z", " 2026-12-07T09:00:00Z", "2026-12-07T09:00:00Z ", "2026-12-07T09:00:00ZZ", "2026-12-0\u0667T09:00:00Z"})
    CHECK_EQUAL(read(text), "");
}

CALINT_TEST(a_time_is_told_on_the_clock_that_was_asked_for) {
  const auto at = *parse_rfc3339("2026-12-07T08:00:00Z");
  CHECK_EQUAL(rfc3339_text(at, 1h), "2026-12-07T09:00:00+01:00");
  CHECK_EQUAL(rfc3339_text(at, 0h), "2026-12-07T08:00:00+00:00");
  CHECK_EQUAL(rfc3339_text(at, 12h + 45min), "2026-12-07T20:45:00+12:45");
  CHECK_EQUAL(rfc3339_text(at, -9h - 30min), "2026-12-06T22:30:00-09:30");
  CHECK_EQUAL(rfc3339_text(at, -30min), "2026-12-07T07:30:00-00:30");
  // Amsterdam's clock until 1937 was 19 minutes and 32 seconds ahead.
  CHECK_EQUAL(rfc3339_text(at, 19min + 32s), "2026-12-07T08:19:00+00:19");
}
