#include "availability/known.h"

#include <libical/ical.h>

#include "support/check.h"

using namespace calint;
using namespace calint::availability;
using namespace std::chrono_literals;

namespace {

const SysTime kNow = std::chrono::sys_days(std::chrono::year(2026) / 12 / 1) + 10h;
const Ages kAges{.stale_after = 30min, .unknown_after = 24h};
const Span kRange{kNow + 24h, kNow + 48h};

CalendarRead read_at(SysTime at) {
  return {.last_read = at, .known_from = kNow - 24h * 7, .known_until = kNow + 24h * 180};
}

PersonRead person_with(std::vector<CalendarRead> calendars, Connection connection = Connection::works) {
  return {.user_id = "17", .time_zone = "Europe/Berlin", .connection = connection, .calendars = std::move(calendars)};
}

Assessment assessed(const PersonRead& person) { return assess(person, kRange, kAges, kNow); }

void check_whole(const PersonRead& person, Reason reason) {
  const Assessment made = assessed(person);
  CHECK(made.knowledge.status == Status::unknown);
  CHECK_EQUAL(to_string(made.knowledge.reason), to_string(reason));
  CHECK_EQUAL(made.unknown.size(), size_t{1});
  CHECK(made.unknown[0].span == kRange);
}

}  // namespace

CALINT_TEST(time_is_known_to_the_second_in_which_it_becomes_old) {
  CHECK(assessed(person_with({read_at(kNow - 30min)})).knowledge.status == Status::ok);
  const Assessment stale = assessed(person_with({read_at(kNow - 30min - 1s)}));
  CHECK(stale.knowledge.status == Status::stale && stale.unknown.empty());
  CHECK(*stale.knowledge.as_of == kNow - 30min - 1s);
  CHECK(assessed(person_with({read_at(kNow - 24h)})).knowledge.status == Status::stale);
  check_whole(person_with({read_at(kNow - 24h - 1s)}), Reason::too_old);
}

CALINT_TEST(the_oldest_calendar_says_how_old_the_whole_is) {
  CHECK(*assessed(person_with({read_at(kNow), read_at(kNow - 5min)})).knowledge.as_of == kNow - 5min);
  const PersonRead person = person_with({read_at(kNow), {}});
  CHECK(!assessed(person).knowledge.as_of);
  check_whole(person, Reason::never_synced);
}

CALINT_TEST(a_connection_that_is_none_says_so_whatever_was_read) {
  check_whole(person_with({}, Connection::none), Reason::not_connected);
  check_whole(person_with({}, Connection::former), Reason::disconnected);
  check_whole(person_with({read_at(kNow)}, Connection::expired), Reason::expired);
  check_whole(person_with({}), Reason::no_calendar_ticked);
  check_whole(person_with({}, Connection::error), Reason::error);
  check_whole(person_with({{}}, Connection::error), Reason::error);
  CHECK(assessed(person_with({read_at(kNow)}, Connection::error)).knowledge.status == Status::ok);
}

CALINT_TEST(parts_with_several_reasons_are_told_once) {
  CalendarRead narrow = read_at(kNow), cut = read_at(kNow);
  narrow.known_until = kRange.start + 6h;
  cut.unknown_from = kRange.start + 3h;
  const Assessment made = assessed(person_with({narrow, cut}));
  CHECK(made.knowledge.reason == Reason::outside_window);
  CHECK_EQUAL(made.unknown.size(), size_t{2});
  CHECK(made.unknown[0].reason == Reason::calendar_truncated);
  CHECK((made.unknown[0].span == Span{kRange.start + 3h, kRange.start + 6h}));
  CHECK((made.unknown[1].span == Span{kRange.start + 6h, kRange.end}));
}

CALINT_TEST(kinds_count_by_the_organisations_rules) {
  CalendarRead calendar = read_at(kNow);
  calendar.busy = {{{kRange.start, kRange.start + 1h}, calendar::Kind::tentative},
                   {{kRange.start + 2h, kRange.start + 3h}, calendar::Kind::unanswered},
                   {{kRange.start + 4h, kRange.start + 5h}, calendar::Kind::oof}};
  const auto spans = [&](const OrganizationRules& rules) {
    return availability_of(person_with({calendar}), kRange, rules, kAges, kNow).busy.size();
  };
  CHECK_EQUAL(spans({}), size_t{3});
  CHECK_EQUAL(spans({.tentative = Rule::free}), size_t{2});
  CHECK_EQUAL(spans({.tentative = Rule::free, .unanswered = Rule::free}), size_t{1});
}

CALINT_TEST(slots_are_told_of_unknown_time_around_the_range_too) {
  CalendarRead narrow = read_at(kNow);
  narrow.known_until = kRange.end;
  const Person person = person_of(person_with({narrow}), kRange, {kRange.start, kRange.end + 1h}, kAges, kNow);
  CHECK(person.knowledge.status == Status::ok);
  CHECK_EQUAL(person.unknown.size(), size_t{1});
  CHECK((person.unknown[0] == Span{kRange.end, kRange.end + 1h}));
}

CALINT_TEST(libical_reads_the_free_busy_text) {
  CalendarRead calendar = read_at(kNow);
  calendar.busy = {{{kRange.start, kRange.start + 1h}}, {{kRange.start + 2h, kRange.start + 3h}}};
  PersonRead long_id = person_with({}, Connection::none);
  long_id.user_id = std::string(200, 'x') + "\r\nEND:VCALENDAR\xc3\xa9";
  const std::string text =
      to_icalendar({availability_of(person_with({calendar}), kRange, {}, kAges, kNow),
                    availability_of(long_id, kRange, {}, kAges, kNow)}, kRange, kNow);
  icalcomponent* root = icalparser_parse_string(text.c_str());
  CHECK(root != nullptr);
  CHECK_EQUAL(icalcomponent_count_errors(root), 0);
  CHECK_EQUAL(icalcomponent_count_components(root, ICAL_VFREEBUSY_COMPONENT), 2);
  icalcomponent* first = icalcomponent_get_first_component(root, ICAL_VFREEBUSY_COMPONENT);
  CHECK_EQUAL(icalcomponent_count_properties(first, ICAL_FREEBUSY_PROPERTY), 2);
  icalproperty* property = icalcomponent_get_first_property(first, ICAL_FREEBUSY_PROPERTY);
  const icalperiodtype period = icalproperty_get_freebusy(property);
  CHECK_EQUAL(static_cast<int64_t>(icaltime_as_timet(period.start)), kRange.start.time_since_epoch().count());
  CHECK_EQUAL(static_cast<int64_t>(icaltime_as_timet(period.end)), (kRange.start + 1h).time_since_epoch().count());
  icalcomponent* second = icalcomponent_get_next_component(root, ICAL_VFREEBUSY_COMPONENT);
  property = icalcomponent_get_first_property(second, ICAL_FREEBUSY_PROPERTY);
  const icalparameter* type = icalproperty_get_first_parameter(property, ICAL_FBTYPE_PARAMETER);
  CHECK_EQUAL(static_cast<int>(icalparameter_get_fbtype(type)), static_cast<int>(ICAL_FBTYPE_BUSYUNAVAILABLE));
  icalcomponent_free(root);
}
