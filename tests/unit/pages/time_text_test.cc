#include "pages/time_text.h"

#include "support/check.h"

using namespace calint;
using namespace calint::pages;
using namespace std::chrono_literals;

namespace {

// 24 November 2026, 13:05:09.75 UTC.
constexpr Instant kNow{1795525509s + 750ms};

}  // namespace

CALINT_TEST(less_than_a_minute_is_just_now) {
  for (auto apart : {0us, 1us, 59'999'999us}) {
    CHECK_EQUAL(relative_time(kNow - apart, kNow), "just now");
    CHECK_EQUAL(relative_time(kNow + apart, kNow), "just now");
  }
}

CALINT_TEST(the_past_is_told_in_the_largest_unit) {
  CHECK_EQUAL(relative_time(kNow - 60s, kNow), "1 minute ago");
  CHECK_EQUAL(relative_time(kNow - 5min, kNow), "5 minutes ago");
  CHECK_EQUAL(relative_time(kNow - 60min + 1us, kNow), "59 minutes ago");
  CHECK_EQUAL(relative_time(kNow - 1h, kNow), "1 hour ago");
  CHECK_EQUAL(relative_time(kNow - 24h + 1us, kNow), "23 hours ago");
  CHECK_EQUAL(relative_time(kNow - 24h, kNow), "1 day ago");
  CHECK_EQUAL(relative_time(kNow - 24h * 3, kNow), "3 days ago");
  CHECK_EQUAL(relative_time(kNow - 24h * 30, kNow), "1 month ago");
  CHECK_EQUAL(relative_time(kNow - 24h * 364, kNow), "12 months ago");
  CHECK_EQUAL(relative_time(kNow - 24h * 365, kNow), "1 year ago");
  CHECK_EQUAL(relative_time(kNow - 24h * 900, kNow), "2 years ago");
}

CALINT_TEST(the_future_is_told_with_in) {
  CHECK_EQUAL(relative_time(kNow + 1min, kNow), "in 1 minute");
  CHECK_EQUAL(relative_time(kNow + 5min, kNow), "in 5 minutes");
  CHECK_EQUAL(relative_time(kNow + 24h * 2, kNow), "in 2 days");
}

CALINT_TEST(a_time_is_shown_in_its_zone_summer_and_winter) {
  CHECK_EQUAL(date_time_text(kNow, "Europe/Berlin"), "24 November 2026, 14:05 (Europe/Berlin)");
  CHECK_EQUAL(date_time_text(kNow - 24h * 150, "Europe/Berlin"), "27 June 2026, 15:05 (Europe/Berlin)");
  CHECK_EQUAL(date_time_text(kNow, "Asia/Kolkata"), "24 November 2026, 18:35 (Asia/Kolkata)");
  CHECK_EQUAL(date_time_text(kNow, "Pacific/Auckland"), "25 November 2026, 02:05 (Pacific/Auckland)");
  CHECK_EQUAL(date_time_text(kNow, "UTC"), "24 November 2026, 13:05 (UTC)");
}

CALINT_TEST(an_unknown_zone_is_utc) {
  for (const char* zone : {"", "Mars/Olympus", "../../../etc/passwd", "europe/berlin", "CET-1CEST", "/etc/localtime"})
    CHECK_EQUAL(date_time_text(kNow, zone), "24 November 2026, 13:05 (UTC)");
}

CALINT_TEST(iso_text_is_rfc_3339_in_whole_seconds) {
  CHECK_EQUAL(iso_text(kNow), "2026-11-24T13:05:09Z");
  CHECK_EQUAL(iso_text(Instant{}), "1970-01-01T00:00:00Z");
  CHECK_EQUAL(iso_text(Instant{-1us}), "1969-12-31T23:59:59Z");
}
