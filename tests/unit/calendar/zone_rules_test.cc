#include "calendar/zone_rules.h"

#include "calendar/values.h"
#include "support/check.h"

using namespace calint;
using namespace calint::calendar;

namespace {

using std::chrono::hours;
using std::chrono::seconds;

SysTime instant(std::string_view text) { return SysTime(parse_time(text)->local.time_since_epoch()); }

Observance part(std::string_view start, int from, int to, std::vector<std::string> recurrence = {}) {
  return {.start = parse_time(start)->local, .from = hours(from), .to = hours(to), .recurrence = std::move(recurrence)};
}

const Window kSpan{instant("20200101T000000Z"), instant("20300101T000000Z")};

ZoneDefinition of_exchange() {
  return {.name = "Customized Time Zone",
          .observances = {part("16010101T030000", 2, 1, {"RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10"}),
                          part("16010101T020000", 1, 2, {"RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3"})}};
}

DefinedZone made(const ZoneDefinition& definition, const Window& span = kSpan, int64_t steps = 100'000) {
  Budget budget(steps);
  auto zone = make_zone(definition, span, budget);
  CHECK_OK(zone);
  return std::move(*zone);
}

}  // namespace

CALINT_TEST(a_definition_from_1601_is_good_today) {
  const Zone zone = made(of_exchange()).zone;
  CHECK_EQUAL(zone.offset_at(instant("20260328T120000Z")), hours(1));
  CHECK_EQUAL(zone.offset_at(instant("20260329T005959Z")), hours(1));
  CHECK_EQUAL(zone.offset_at(instant("20260329T010000Z")), hours(2));
  CHECK_EQUAL(zone.offset_at(instant("20261025T010000Z")), hours(1));
  CHECK_EQUAL(to_text(zone.to_instant(parse_time("20270328T023000")->local)), "2027-03-28T01:30:00Z");
}

CALINT_TEST(a_definition_is_cheap_however_old_it_is) {
  Budget budget(200);
  CHECK_OK(make_zone(of_exchange(), {instant("20260101T000000Z"), instant("20270101T000000Z")}, budget));
}

CALINT_TEST(an_observance_that_ended_gives_way_to_the_next) {
  // New York before and after 2007: RFC 5545 3.6.5.
  const ZoneDefinition definition{
      .name = "New York",
      .observances = {
          part("19870405T020000", -5, -4, {"RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20060402T070000Z"}),
          part("19671029T020000", -4, -5, {"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20061029T060000Z"}),
          part("20070311T020000", -5, -4, {"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"}),
          part("20071104T020000", -4, -5, {"RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"})}};
  const Zone zone = made(definition, {instant("20050101T000000Z"), instant("20100101T000000Z")}).zone;
  CHECK_EQUAL(zone.offset_at(instant("20060325T120000Z")), hours(-5));
  CHECK_EQUAL(zone.offset_at(instant("20060402T080000Z")), hours(-4));
  CHECK_EQUAL(zone.offset_at(instant("20070315T120000Z")), hours(-4));
  CHECK_EQUAL(zone.offset_at(instant("20071103T120000Z")), hours(-4));
  // Far behind the end of a rule its last onset still counts.
  const ZoneDefinition ended{.name = "x",
                             .observances = {part("19800101T000000", 0, 3, {"RRULE:FREQ=YEARLY;UNTIL=19900101"})}};
  CHECK_EQUAL(made(ended).zone.offset_at(instant("20260101T000000Z")), hours(3));
}

CALINT_TEST(onsets_may_be_listed) {
  const ZoneDefinition definition{
      .name = "x", .observances = {part("20200101T000000", 0, 1),
                                   part("20210601T000000", 1, 2, {"RDATE:20220601T000000,20230601T000000Z"}),
                                   part("20211201T000000", 2, 1, {"RDATE:20221201T000000"})}};
  const Zone zone = made(definition).zone;
  CHECK_EQUAL(zone.offset_at(instant("20190101T000000Z")), hours(0));
  CHECK_EQUAL(zone.offset_at(instant("20220701T000000Z")), hours(2));
  CHECK_EQUAL(zone.offset_at(instant("20230101T000000Z")), hours(1));
  CHECK_EQUAL(zone.offset_at(instant("20230601T000000Z")), hours(2));
}

CALINT_TEST(what_cant_be_read_of_a_zone_is_said) {
  ZoneDefinition definition = of_exchange();
  definition.observances[0].recurrence = {"RRULE:FREQ=YEARLY;RSCALE=HEBREW;BYMONTH=7"};
  CHECK(!made(definition).doubt.empty());
  definition.observances[0].recurrence = {"RDATE:soon"};
  CHECK(!made(definition).doubt.empty());
  CHECK(made(of_exchange()).doubt.empty());
}

CALINT_TEST(a_zone_with_too_many_onsets_is_refused) {
  Budget budget(100'000);
  const ZoneDefinition endless{.name = "x", .observances = {part("16010101T000000", 0, 1, {"RRULE:FREQ=SECONDLY"})}};
  CHECK_FAULT(make_zone(endless, kSpan, budget), Fault::bad_input);
  Budget plenty(100'000);
  CHECK_FAULT(make_zone({.name = "empty"}, kSpan, plenty), Fault::bad_input);
}
