#include "calendar/evaluate.h"

#include "calendar/values.h"
#include "support/check.h"

using namespace calint::calendar;

namespace {

SysTime instant(std::string_view text) { return SysTime(parse_time(text)->local.time_since_epoch()); }

const Window kDecember{instant("20261201T000000Z"), instant("20270101T000000Z")};

Event event(std::string_view start, std::string_view duration, std::vector<std::string> recurrence = {},
            std::string_view zone = "Europe/Berlin") {
  return {.id = "e",
          .start = *parse_time(start, zone),
          .duration = parse_duration(duration),
          .recurrence = std::move(recurrence)};
}

Event instead(std::string_view recurrence_id, std::string_view start, std::string_view duration,
              Standing standing = Standing::busy) {
  Event one = event(start, duration);
  one.recurrence_id = *parse_time(recurrence_id, "Europe/Berlin");
  one.standing = standing;
  return one;
}

Evaluation answer(std::vector<Event> events, const Window& window = kDecember, const Limits& limits = {}) {
  return evaluate({.key = "s", .events = std::move(events)}, "Europe/Berlin", window, limits);
}

// "01T08:00-09:00" in December, with the kind where it isn't busy.
std::string told(const Evaluation& evaluation) {
  std::string text;
  for (const Interval& one : evaluation.intervals) {
    text += (text.empty() ? "" : " ") + to_text(one.start).substr(8, 8) + "-" + to_text(one.end).substr(8, 8);
    if (one.kind != Kind::busy) text += " " + std::string(to_string(one.kind));
  }
  return text;
}

std::string busy(std::vector<Event> events) { return told(answer(std::move(events))); }

}  // namespace

CALINT_TEST(an_event_is_busy_from_its_start_to_its_end) {
  CHECK_EQUAL(busy({event("20261201T090000", "PT1H")}), "01T08:00-01T09:00");
  CHECK_EQUAL(busy({event("20261201T090000Z", "PT90M")}), "01T09:00-01T10:30");
  CHECK_EQUAL(busy({event("20261201T090000", "PT1H", {}, "")}), "01T08:00-01T09:00");
  CHECK_EQUAL(busy({event("20261202", "P2D")}), "01T23:00-03T23:00");
  CHECK_EQUAL(busy({event("20261201T090000", "PT1H", {}, "W. Europe Standard Time")}), "01T08:00-01T09:00");
}

CALINT_TEST(an_end_that_isnt_said_follows_from_the_start) {
  Event day{.start = *parse_time("20261202")};
  CHECK_EQUAL(busy({day}), "01T23:00-02T23:00");
  day.end = day.start;  // a day that ends where it begins is meant to be that day
  CHECK_EQUAL(busy({day}), "01T23:00-02T23:00");
  const Evaluation moment = answer({{.start = *parse_time("20261202T090000Z")}});
  CHECK(moment.intervals.empty() && moment.left_out.empty());
  CHECK_EQUAL(moment.events[0].note, "it has no length");
}

CALINT_TEST(a_day_lasts_at_least_that_day) {
  Event day{.id = "e", .start = *parse_time("20261202"), .end = parse_time("20261130")};
  const Evaluation evaluation = answer({day});
  CHECK_EQUAL(told(evaluation), "01T23:00-02T23:00");
  CHECK_EQUAL(evaluation.left_out.size(), 1);
  CHECK_EQUAL(busy({event("20261202", "PT0S")}), "01T23:00-02T23:00");
}

CALINT_TEST(a_start_that_the_clock_skips_doesnt_lose_its_length) {
  const Window march{instant("20270301T000000Z"), instant("20270401T000000Z")};
  for (const char* end : {"20270328T033000", "20270328T030000"}) {
    Event night{.start = *parse_time("20270328T023000", "Europe/Berlin"), .end = parse_time(end, "Europe/Berlin")};
    CHECK(told(answer({night}, march)).starts_with("28T01:30-28T02:"));
  }
}

CALINT_TEST(an_event_that_ends_before_it_begins_is_told) {
  Event event{.id = "e", .start = *parse_time("20261202T090000Z"), .end = parse_time("20261202T080000Z")};
  const Evaluation evaluation = answer({event});
  CHECK(evaluation.intervals.empty());
  CHECK_EQUAL(evaluation.left_out.size(), 1);
  CHECK_EQUAL(evaluation.left_out[0].id, "e");
}

CALINT_TEST(days_of_a_length_are_of_the_clock_and_hours_are_not) {
  const Window march{instant("20270301T000000Z"), instant("20270401T000000Z")};
  CHECK_EQUAL(told(answer({event("20270327T120000", "P1D")}, march)), "27T11:00-28T10:00");
  CHECK_EQUAL(told(answer({event("20270327T120000", "PT24H")}, march)), "27T11:00-28T11:00");
  CHECK_EQUAL(told(answer({event("20270328", "P1D")}, march)), "27T23:00-28T22:00");
  CHECK_EQUAL(told(answer({event("20270327T120000", "P1DT1H")}, march)), "27T11:00-28T11:00");
}

CALINT_TEST(intervals_are_clipped_and_merged_for_each_kind) {
  Event tentative = event("20261201T093000", "PT2H");
  tentative.standing = Standing::tentative;
  CHECK_EQUAL(busy({event("20261201T090000", "PT1H"), event("20261201T100000", "PT1H"), tentative,
                    event("20261201T093000", "PT5M")}),
              "01T08:00-01T10:00 01T08:30-01T10:30 tentative");
  CHECK_EQUAL(busy({event("20261130T230000", "PT4H")}), "01T00:00-01T02:00");
  CHECK_EQUAL(busy({event("20261130T230000", "PT2H")}), "");
  CHECK_EQUAL(busy({event("20270101T010000", "PT1H")}), "");
}

CALINT_TEST(what_is_free_takes_no_time_but_is_explained) {
  for (Standing standing : {Standing::transparent, Standing::declined, Standing::cancelled, Standing::elsewhere}) {
    Event one = event("20261201T090000", "PT1H");
    one.standing = standing;
    const Evaluation evaluation = answer({one});
    CHECK(evaluation.intervals.empty());
    CHECK_EQUAL(evaluation.events[0].instances, 1);
    CHECK(evaluation.events[0].first.empty());
  }
}

CALINT_TEST(until_is_inclusive_in_every_spelling) {
  const auto with = [](const std::string& start, const std::string& until) {
    return busy({event(start, "PT1H", {"RRULE:FREQ=DAILY;UNTIL=" + until})});
  };
  const std::string two = "01T08:00-01T09:00 02T08:00-02T09:00";
  CHECK_EQUAL(with("20261201T090000", "20261202T080000Z"), two);
  CHECK_EQUAL(with("20261201T090000", "20261202T075959Z"), "01T08:00-01T09:00");
  CHECK_EQUAL(with("20261201T090000", "20261202T090000"), two);
  CHECK_EQUAL(with("20261201T090000", "20261202"), two);
  CHECK_EQUAL(with("20261201T080000Z", "20261202"), two);
  const std::string days = "30T23:00-02T23:00";
  for (const char* until : {"20261202", "20261202T000000Z", "20261202T225959Z", "20261202T120000"}) {
    const Window whole{instant("20261101T000000Z"), instant("20270101T000000Z")};
    const std::string rule = std::string("RRULE:FREQ=DAILY;UNTIL=") + until;
    CHECK_EQUAL(told(answer({event("20261201", "P1D", {rule})}, whole)), days);
  }
}

CALINT_TEST(a_date_is_excluded_in_every_spelling) {
  const auto without = [](const std::string& line) {
    return busy({event("20261201T090000", "PT1H", {"RRULE:FREQ=DAILY;COUNT=3", line})});
  };
  const std::string rest = "01T08:00-01T09:00 03T08:00-03T09:00";
  for (const char* line :
       {"EXDATE;TZID=Europe/Berlin:20261202T090000", "EXDATE:20261202T080000Z", "EXDATE:20261202T090000",
        "EXDATE;VALUE=DATE:20261202", "EXDATE;TZID=America/New_York:20261202T030000",
        "EXDATE:20261111T080000Z,20261202T080000Z", "EXRULE:FREQ=WEEKLY;BYDAY=WE"}) {
    ck_assert_msg(without(line) == rest, "%s: %s", line, without(line).c_str());
  }
  CHECK_EQUAL(without("EXDATE:20261202T090000Z"), "01T08:00-01T09:00 02T08:00-02T09:00 03T08:00-03T09:00");
  CHECK_EQUAL(without("EXDATE:20261201T080000Z"), "02T08:00-02T09:00 03T08:00-03T09:00");
}

CALINT_TEST(a_day_is_excluded_by_its_midnight_too) {
  for (const char* line : {"EXDATE;VALUE=DATE:20261203", "EXDATE:20261203T000000", "EXDATE:20261202T230000Z",
                           "EXDATE:20261203T000000Z"}) {
    CHECK_EQUAL(busy({event("20261202", "P1D", {"RRULE:FREQ=DAILY;COUNT=3", line})}),
                "01T23:00-02T23:00 03T23:00-04T23:00");
  }
}

CALINT_TEST(dates_are_added_with_or_without_an_end_of_their_own) {
  const auto with = [](const std::string& line) { return busy({event("20261201T090000", "PT1H", {line})}); };
  CHECK_EQUAL(with("RDATE;TZID=Europe/Berlin:20261203T100000,20261204T100000"),
              "01T08:00-01T09:00 03T09:00-03T10:00 04T09:00-04T10:00");
  CHECK_EQUAL(with("RDATE;VALUE=PERIOD:20261203T090000Z/20261203T113000Z,20261204T090000Z/PT15M"),
              "01T08:00-01T09:00 03T09:00-03T11:30 04T09:00-04T09:15");
  CHECK_EQUAL(with("RDATE;VALUE=PERIOD;TZID=Europe/Berlin:20261203T090000/20261203T100000"),
              "01T08:00-01T09:00 03T08:00-03T09:00");
  CHECK_EQUAL(with("RDATE:20261201T080000Z"), "01T08:00-01T09:00");
  // Of a day that is added to an event with a time, nobody knows the time.
  CHECK_EQUAL(with("RDATE;VALUE=DATE:20261203"), "01T08:00-01T09:00 02T23:00-03T23:00");
}

CALINT_TEST(an_override_takes_the_place_of_its_instance) {
  const Event daily = event("20261201T090000", "PT1H", {"RRULE:FREQ=DAILY;COUNT=3"});
  const std::string first = "01T08:00-01T09:00 ", last = " 03T08:00-03T09:00";
  const std::string moved = first + "02T13:00-02T15:00" + last;
  CHECK_EQUAL(busy({daily, instead("20261202T090000", "20261202T140000", "PT2H")}), moved);
  CHECK_EQUAL(busy({instead("20261202T080000Z", "20261202T140000", "PT2H"), daily}), moved);
  CHECK_EQUAL(busy({daily, instead("20261202", "20261202T140000", "PT2H")}), moved);
  CHECK_EQUAL(busy({daily, instead("20261202T090000", "20261202T090000", "PT1H", Standing::cancelled)}),
              "01T08:00-01T09:00 03T08:00-03T09:00");
  CHECK_EQUAL(busy({daily, instead("20261202T090000", "20261202T090000", "PT1H", Standing::tentative)}),
              first + "02T08:00-02T09:00 tentative" + last);
  CHECK_EQUAL(busy({daily, instead("20261202T090000", "20261210", "P1D")}),
              "01T08:00-01T09:00 03T08:00-03T09:00 09T23:00-10T23:00");
}

CALINT_TEST(an_override_stands_without_a_master_or_an_instance) {
  CHECK_EQUAL(busy({instead("20261202T090000", "20261202T140000", "PT2H")}), "02T13:00-02T15:00");
  CHECK_EQUAL(busy({event("20261201T090000", "PT1H", {"RRULE:FREQ=DAILY;COUNT=1"}),
                    instead("20261205T170000", "20261205T170000", "PT1H")}),
              "01T08:00-01T09:00 05T16:00-05T17:00");
}

CALINT_TEST(an_override_of_a_free_series_can_be_busy) {
  Event daily = event("20261201T090000", "PT1H", {"RRULE:FREQ=DAILY;COUNT=3"});
  daily.standing = Standing::transparent;
  CHECK_EQUAL(busy({daily, instead("20261202T090000", "20261202T090000", "PT1H")}), "02T08:00-02T09:00");
}

CALINT_TEST(an_override_can_change_all_later_instances) {
  const Event daily = event("20261201T090000", "PT1H", {"RRULE:FREQ=DAILY;COUNT=5"});
  Event later = instead("20261203T090000", "20261203T110000", "PT30M");
  later.and_future = true;
  CHECK_EQUAL(busy({daily, later}),
              "01T08:00-01T09:00 02T08:00-02T09:00 03T10:00-03T10:30 04T10:00-04T10:30 05T10:00-05T10:30");
  // Instances keep their names: the fourth is still that of nine o'clock.
  CHECK_EQUAL(busy({daily, later, instead("20261204T090000", "20261204T150000", "PT1H")}),
              "01T08:00-01T09:00 02T08:00-02T09:00 03T10:00-03T10:30 04T14:00-04T15:00 05T10:00-05T10:30");
  Event ended = later;
  ended.standing = Standing::cancelled;
  CHECK_EQUAL(busy({daily, ended}), "01T08:00-01T09:00 02T08:00-02T09:00");
  Event again = instead("20261205T090000", "20261206T090000", "PT1H");
  again.and_future = true;
  CHECK_EQUAL(busy({daily, again, later}),
              "01T08:00-01T09:00 02T08:00-02T09:00 03T10:00-03T10:30 04T10:00-04T10:30 06T08:00-06T09:00");
}

CALINT_TEST(later_instances_can_move_far) {
  const Event daily = event("20261001T090000", "PT1H", {"RRULE:FREQ=WEEKLY;COUNT=3"});
  Event later = instead("20261008T090000", "20261210T090000", "PT1H");
  later.and_future = true;
  CHECK_EQUAL(busy({daily, later}), "10T08:00-10T09:00 17T08:00-17T09:00");
}

CALINT_TEST(a_start_counts_though_its_rule_doesnt_name_it) {
  CHECK_EQUAL(busy({event("20261201T090000", "PT1H", {"RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=2"})}),
              "01T08:00-01T09:00 02T08:00-02T09:00 09T08:00-09T09:00");
}

CALINT_TEST(what_cant_be_read_of_a_recurrence_loses_that_alone) {
  const std::vector<std::string> lines = {"RRULE:FREQ=NEVER", "RDATE:20261203T080000Z,soon", "EXDATE:x", "what"};
  const Evaluation evaluation = answer({event("20261201T090000", "PT1H", lines)});
  CHECK_EQUAL(told(evaluation), "01T08:00-01T09:00 03T08:00-03T09:00");
  CHECK_EQUAL(evaluation.left_out.size(), 3);
  CHECK_EQUAL(evaluation.left_out[0].id, "e");
}

CALINT_TEST(a_zone_that_nobody_knows_is_read_as_the_calendars_and_told) {
  const Evaluation evaluation = answer({event("20261201T090000", "PT1H", {}, "Mars/Olympus")});
  CHECK_EQUAL(told(evaluation), "01T08:00-01T09:00");
  CHECK_EQUAL(evaluation.left_out.size(), 1);
}

CALINT_TEST(a_calendars_own_zone_counts_unless_tzdata_has_its_name) {
  auto zone = std::make_shared<ZoneDefinition>();
  const std::chrono::hours five(5);
  zone->observances = {{.start = parse_time("20200101")->local, .from = five, .to = five}};
  const auto with_name = [&](const std::string& name) {
    zone->name = name;
    Series series{.key = "s", .events = {event("20261201T090000", "PT1H", {}, name)}, .zones = {zone}};
    return told(evaluate(series, "Europe/Berlin", kDecember));
  };
  CHECK_EQUAL(with_name("Home"), "01T04:00-01T05:00");
  CHECK_EQUAL(with_name("W. Europe Standard Time"), "01T04:00-01T05:00");
  CHECK_EQUAL(with_name("Europe/Berlin"), "01T08:00-01T09:00");
  CHECK_EQUAL(with_name("/example.org/Europe/Berlin"), "01T08:00-01T09:00");
}

CALINT_TEST(bounds_are_met_and_said) {
  const Window year{instant("20270101T000000Z"), instant("20280101T000000Z")};
  const Event seconds = event("20270101T000000Z", "PT1S", {"RRULE:FREQ=SECONDLY;INTERVAL=2"});
  const Evaluation many = answer({seconds}, year);
  CHECK_EQUAL(many.intervals.size(), 10'000);
  CHECK_EQUAL(to_text(many.unknown_from.value()), "2027-01-01T05:33:20Z");
  const Evaluation few = answer({seconds}, year, {.intervals = 10'000, .steps = 1'000});
  CHECK(few.unknown_from && few.intervals.size() < 1'000 && few.steps >= 1'000);
  CHECK_EQUAL(*few.unknown_from, few.intervals.back().start + std::chrono::seconds(2));
  const Evaluation none = answer({event("20270101T000000Z", "PT1S", {"RRULE:FREQ=DAILY"})}, year);
  CHECK(!none.unknown_from);
  CHECK_EQUAL(none.intervals.size(), 365);
  CHECK(none.steps < 5'000);
}

CALINT_TEST(changes_of_all_later_instances_cost_no_more_than_the_bounds) {
  // Each change is a part with rules and dates of its own.
  const auto times = [](int i) { return to_text(instant("20261201T000000Z") + std::chrono::seconds(7 * i)); };
  std::vector<std::string> dates(200, "RDATE:" + times(0));
  for (int i = 0; i < 20'000; ++i) dates[static_cast<size_t>(i) % dates.size()] += "," + times(i);
  std::vector<std::string> rules;
  for (int i = 0; i < 10'000; ++i) rules.push_back("RRULE:FREQ=YEARLY;INTERVAL=" + std::to_string(1000 + i));
  for (const auto& lines : {dates, rules}) {
    std::vector<Event> events{event("20261201T000000Z", "PT1S", lines)};
    for (int i = 1; i < 20'000; ++i) {
      events.push_back(event(times(i), "PT1S"));
      events.back().recurrence_id = *parse_time(times(i));
      events.back().and_future = true;
    }
    const Evaluation evaluation = answer(events, kDecember, {.steps = 100'000});
    CHECK_EQUAL(evaluation.unknown_from, kDecember.from);
    CHECK(evaluation.steps < 150'000);
    CHECK_EQUAL(evaluation.intervals.size(), 10'000);  // the changes themselves are known
  }
}

CALINT_TEST(masters_on_many_clocks_cost_no_more_than_the_bounds) {
  std::vector<Event> events;
  for (int i = 0; i < 10'000; ++i) {
    events.push_back(event("20261201T000000", "PT1S", {"RRULE:FREQ=DAILY;COUNT=2"}, "Zone/" + std::to_string(i)));
    events.push_back(instead("20261202T000000", "20261203T000000", "PT1S"));
  }
  const Evaluation evaluation = answer(events, kDecember, {.steps = 100'000});
  CHECK_EQUAL(evaluation.unknown_from, kDecember.from);
  CHECK(evaluation.steps < 150'000);
  // One master alone may have as many overrides as it likes.
  events.resize(2);
  for (int i = 0; i < 200'000; ++i) events.push_back(events[1]);
  CHECK(!answer(events, kDecember, {.steps = 100'000}).unknown_from);
}

CALINT_TEST(a_window_a_hundred_years_ahead_is_no_more_work) {
  const Window far{instant("21260701T000000Z"), instant("21260703T000000Z")};
  const Evaluation evaluation = answer({event("20261201T090000", "PT1H", {"RRULE:FREQ=DAILY"})}, far, {.steps = 200});
  CHECK_EQUAL(told(evaluation), "01T07:00-01T08:00 02T07:00-02T08:00");
  CHECK(!evaluation.unknown_from);
}

CALINT_TEST(of_several_masters_each_has_the_overrides_of_its_own_name) {
  Event a = event("20261201T090000", "PT1H", {"RRULE:FREQ=DAILY;COUNT=2"});
  Event b = a;
  a.id = "a";
  b.id = "b";
  Event cancelled = event("20261202T090000", "PT1H");
  cancelled.recurrence_id = cancelled.start;
  cancelled.standing = Standing::cancelled;
  cancelled.id = "a";
  CHECK_EQUAL(told(answer({a, b, cancelled})), "01T08:00-01T09:00 02T08:00-02T09:00");
  // A name that no master has is anybody's.
  cancelled.id = "c";
  CHECK_EQUAL(told(answer({a, b, cancelled})), "01T08:00-01T09:00");
  CHECK_EQUAL(told(answer({a, cancelled})), "01T08:00-01T09:00");
}
