#include "calendar/zones.h"

#include "calendar/posix_rule.h"
#include "calendar/values.h"
#include "support/check.h"

using namespace calint::calendar;

namespace {

std::string name(std::string_view text) { return iana_name(text).value_or("none"); }

// The instant of a clock's time.
std::string at(std::string_view local, std::string_view zone) {
  const auto instant = to_instant(parse_time(local)->local, zone);
  return instant ? to_text(*instant) : "none";
}

std::string clock(std::string_view instant, std::string_view zone) {
  return to_text({.local = to_local(SysTime(parse_time(instant)->local.time_since_epoch()), zone).value()});
}

}  // namespace

CALINT_TEST(iana_names_are_known_in_any_case_old_ones_too) {
  CHECK_EQUAL(name("Europe/Berlin"), "Europe/Berlin");
  CHECK_EQUAL(name("europe/BERLIN"), "Europe/Berlin");
  CHECK_EQUAL(name("US/Eastern"), "US/Eastern");
  CHECK_EQUAL(name("Asia/Calcutta"), "Asia/Calcutta");
  CHECK_EQUAL(name(" America/Argentina/Buenos_Aires "), "America/Argentina/Buenos_Aires");
  CHECK_EQUAL(name("America/New York"), "America/New_York");
  CHECK_EQUAL(name("Europe\\/Berlin"), "Europe/Berlin");
  CHECK_EQUAL(name("/Europe/Berlin"), "Europe/Berlin");
  for (const char* utc : {"UTC", "utc", "Z", "GMT", "Etc/UTC", "tzone://Microsoft/Utc"}) CHECK_EQUAL(name(utc), "UTC");
}

CALINT_TEST(a_prefix_before_an_iana_name_is_passed_over) {
  CHECK_EQUAL(name("/freeassociation.sourceforge.net/Europe/Berlin"), "Europe/Berlin");
  CHECK_EQUAL(name("/freeassociation.sourceforge.net/Tzfile/America/Argentina/Buenos_Aires"),
              "America/Argentina/Buenos_Aires");
  CHECK_EQUAL(name("/mozilla.org/20070129_1/America/New_York"), "America/New_York");
  CHECK_EQUAL(name("/citadel.org/20210210_1/Europe/Berlin"), "Europe/Berlin");
  CHECK_EQUAL(name("/example.org/Etc/UTC"), "UTC");
}

CALINT_TEST(windows_names_are_known_in_every_spelling) {
  CHECK_EQUAL(name("W. Europe Standard Time"), "Europe/Berlin");
  CHECK_EQUAL(name("w. europe standard time"), "Europe/Berlin");
  CHECK_EQUAL(name("W. Europe Daylight Time"), "Europe/Berlin");
  CHECK_EQUAL(name("Eastern Standard Time"), "America/New_York");
  CHECK_EQUAL(name("India Standard Time"), "Asia/Kolkata");
  CHECK_EQUAL(name("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"), "Europe/Berlin");
  CHECK_EQUAL(name("(GMT+01:00) Amsterdam / Berlin / Bern / Rome / Stockholm / Vienna"), "Europe/Berlin");
  CHECK_EQUAL(name("(UTC-05:00) Eastern Time (US & Canada)"), "America/New_York");
  CHECK_EQUAL(name("(UTC+03:00) Moscow, St. Petersburg, Volgograd (RTZ 2)"), "Europe/Moscow");
  CHECK_EQUAL(name("(UTC) Coordinated Universal Time"), "UTC");
  CHECK_EQUAL(name("UTC-11"), "Etc/GMT+11");
}

CALINT_TEST(an_offset_is_a_zone) {
  CHECK_EQUAL(at("20260701T120000", "UTC+05:30"), "2026-07-01T06:30:00Z");
  CHECK_EQUAL(at("20260701T120000", "GMT-8"), "2026-07-01T20:00:00Z");
  CHECK_EQUAL(at("20260701T120000", "GMT+0100"), "2026-07-01T11:00:00Z");
  CHECK_EQUAL(at("20260701T120000", "(UTC+02:00) Atlantis"), "2026-07-01T10:00:00Z");
  CHECK_EQUAL(at("20260701T120000", "Etc/GMT+8"), "2026-07-01T20:00:00Z");
}

CALINT_TEST(names_that_nobody_knows_are_none) {
  for (const char* text : {"", "Customized Time Zone", "Mars/Olympus", "localtime", "Factory/../Europe/Berlin",
                           "../../etc/passwd", "/etc/passwd", "Europe", "tzone://Microsoft/Custom", "UTC+99:00"}) {
    ck_assert_msg(!iana_name(text), "%s", text);
    ck_assert_msg(find_zone(text) == nullptr, "%s", text);
  }
}

CALINT_TEST(a_time_that_a_clock_skips_takes_the_offset_before) {
  CHECK_EQUAL(at("20270328T013000", "Europe/Berlin"), "2027-03-28T00:30:00Z");
  CHECK_EQUAL(at("20270328T023000", "Europe/Berlin"), "2027-03-28T01:30:00Z");
  CHECK_EQUAL(at("20270328T033000", "Europe/Berlin"), "2027-03-28T01:30:00Z");
  CHECK_EQUAL(at("20270314T023000", "America/New_York"), "2027-03-14T07:30:00Z");
  // Half an hour, on Lord Howe Island; and midnight itself, in Beirut.
  CHECK_EQUAL(at("20261004T021500", "Australia/Lord_Howe"), "2026-10-03T15:45:00Z");
  CHECK_EQUAL(at("20261004T023000", "Australia/Lord_Howe"), "2026-10-03T15:30:00Z");
  CHECK_EQUAL(at("20270328T000000", "Asia/Beirut"), "2027-03-27T22:00:00Z");
}

CALINT_TEST(of_a_time_that_a_clock_shows_twice_the_first_is_meant) {
  CHECK_EQUAL(at("20261025T023000", "Europe/Berlin"), "2026-10-25T00:30:00Z");
  CHECK_EQUAL(at("20261025T030000", "Europe/Berlin"), "2026-10-25T02:00:00Z");
  CHECK_EQUAL(at("20261101T013000", "America/New_York"), "2026-11-01T05:30:00Z");
  CHECK_EQUAL(at("20270404T014500", "Australia/Lord_Howe"), "2027-04-03T14:45:00Z");
  CHECK_EQUAL(at("20270404T020000", "Australia/Lord_Howe"), "2027-04-03T15:30:00Z");
}

CALINT_TEST(clocks_of_the_past_and_of_whole_days_that_were_skipped) {
  CHECK_EQUAL(at("18900101T000000", "Europe/Berlin"), "1889-12-31T23:06:32Z");
  CHECK_EQUAL(at("20111230T120000", "Pacific/Apia"), "2011-12-30T22:00:00Z");  // there was no 30 December 2011
  CHECK_EQUAL(at("20111231T000000", "Pacific/Apia"), "2011-12-30T10:00:00Z");
  CHECK_EQUAL(clock("20111230T100000Z", "Pacific/Apia"), "20111231T000000");
}

CALINT_TEST(clocks_change_after_2037_too) {
  CHECK_EQUAL(at("20500701T120000", "Europe/Berlin"), "2050-07-01T10:00:00Z");
  CHECK_EQUAL(at("20500101T120000", "Europe/Berlin"), "2050-01-01T11:00:00Z");
  CHECK_EQUAL(at("21260701T120000", "America/New_York"), "2126-07-01T16:00:00Z");
  CHECK_EQUAL(at("21260101T120000", "Australia/Sydney"), "2126-01-01T01:00:00Z");
  CHECK_EQUAL(at("20600701T120000", "Europe/Dublin"), "2060-07-01T11:00:00Z");
  CHECK_EQUAL(at("90000701T120000", "Europe/Berlin"), "9000-07-01T10:00:00Z");
  CHECK_EQUAL(at("90000101T120000", "Europe/Berlin"), "9000-01-01T11:00:00Z");
  CHECK_EQUAL(clock("90000701T100000Z", "Europe/Berlin"), "90000701T120000");
  CHECK_EQUAL(at("20600701T120000", "Asia/Tokyo"), "2060-07-01T03:00:00Z");
}

CALINT_TEST(the_last_line_of_a_zones_file_is_understood) {
  const auto berlin = posix_transitions("CET-1CEST,M3.5.0,M10.5.0/3", 2040, 2040);
  CHECK_EQUAL(berlin.size(), 2);
  CHECK_EQUAL(to_text(berlin[0].at), "2040-03-25T01:00:00Z");
  CHECK_EQUAL(berlin[0].offset, std::chrono::hours(2));
  CHECK_EQUAL(to_text(berlin[1].at), "2040-10-28T01:00:00Z");
  const auto nuuk = posix_transitions("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2040, 2040);
  CHECK_EQUAL(to_text(nuuk[0].at), "2040-03-25T01:00:00Z");
  const auto jerusalem = posix_transitions("IST-2IDT,M3.4.4/26,M10.5.0", 2040, 2040);
  CHECK_EQUAL(to_text(jerusalem[0].at), "2040-03-23T00:00:00Z");
  const auto sydney = posix_transitions("AEST-10AEDT,M10.1.0,M4.1.0/3", 2040, 2041);
  CHECK_EQUAL(sydney.size(), 4);
  CHECK_EQUAL(sydney[0].offset, std::chrono::hours(10));
  CHECK_EQUAL(to_text(sydney[0].at), "2040-03-31T16:00:00Z");
  for (const char* text : {"", "CET-1", "<+01>-1", "CET-1CEST,J60,J300", "CET-1CEST,M13.5.0,M10.5.0",
                           "CET-1CEST,M3.5.0", "nonsense", "<"})
    ck_assert_msg(posix_transitions(text, 2040, 2041).empty(), "%s", text);
}
