#include "calendar/series_text.h"

#include "calendar/values.h"
#include "support/check.h"

using namespace calint;
using namespace calint::calendar;

namespace {

Series sample() {
  auto zone = std::make_shared<ZoneDefinition>();
  zone->name = "Customized Time Zone";
  zone->observances.push_back({.start = parse_time("16010101T030000")->local,
                               .from = std::chrono::seconds(-9017),
                               .to = std::chrono::hours(1),
                               .recurrence = {"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"}});
  Series series{.key = "a\\b\nc", .zone = "Europe/Berlin", .zones = {zone}, .memory = "{\"etag\":\"1\"}"};
  series.events.push_back({.id = "a\\b\nc",
                           .standing = Standing::oof,
                           .start = *parse_time("20261201T090000", "Customized Time Zone"),
                           .end = *parse_time("20261201T100000Z"),
                           .recurrence = {"RRULE:FREQ=DAILY", "EXDATE;TZID=\"a\":20261202T090000"}});
  series.events.push_back({.id = "",
                           .standing = Standing::declined,
                           .start = *parse_time("20261203"),
                           .duration = WrittenDuration{.days = 2, .seconds = 3661},
                           .recurrence_id = *parse_time("20261203T090000"),
                           .and_future = true});
  return series;
}

bool same(const Series& a, const Series& b) {
  if (a.zones.size() != b.zones.size()) return false;
  for (size_t i = 0; i < a.zones.size(); ++i) {
    if (!(*a.zones[i] == *b.zones[i])) return false;
  }
  return a.key == b.key && a.zone == b.zone && a.memory == b.memory && a.events == b.events;
}

}  // namespace

CALINT_TEST(a_series_is_kept_as_text) {
  const auto again = parse_series(serialize(sample()));
  CHECK_OK(again);
  CHECK(same(*again, sample()));
  CHECK(same(*parse_series(serialize(Series{.key = "k"})), Series{.key = "k"}));
}

CALINT_TEST(the_text_of_version_1_stays_readable) {
  const auto series = parse_series(
      "series 1\nkuid\nZOld\nO16010101T000000 3600 7200\nRRRULE:FREQ=YEARLY\neuid\nwtentative\ns20261201T090000 Old\n"
      "dP0DT3600S\nrRRULE:FREQ=WEEKLY\neuid\ns20261208T100000Z\ni20261208T090000 \n");
  CHECK_OK(series);
  CHECK_EQUAL(series->key, "uid");
  CHECK_EQUAL(series->events.size(), 2);
  CHECK_EQUAL(series->events[0].standing, Standing::tentative);
  CHECK_EQUAL(series->events[0].start.zone, "Old");
  CHECK(series->events[1].recurrence_id->zone.empty() && !series->events[1].and_future);
}

CALINT_TEST(an_ordinary_series_is_short) {
  Series series{.key = "1234@example.org"};
  series.events.push_back({.id = "1234@example.org",
                           .start = *parse_time("20261201T090000", "Europe/Berlin"),
                           .end = *parse_time("20261201T100000", "Europe/Berlin"),
                           .recurrence = {"RRULE:FREQ=WEEKLY"}});
  CHECK(serialize(series).size() < 160);
}

CALINT_TEST(a_text_that_isnt_ours_is_corrupt) {
  const std::string good = serialize(sample());
  for (const char* text : {"", "series 2\nk1\n", "series 1", "k1\n", "series 1\n\n", "series 1\nsX\n",
                           "series 1\nea\nsnever\n", "series 1\nea\nwsomehow\n", "series 1\nea\nd1\n",
                           "series 1\nea\nqx\n", "series 1\nO1\n", "series 1\nRx\n", "series 1\ns20261201\n"}) {
    CHECK_FAULT(parse_series(text), Fault::corrupt);
  }
  CHECK_FAULT(parse_series(std::string_view(good).substr(0, good.size() - 1)), Fault::corrupt);
}
