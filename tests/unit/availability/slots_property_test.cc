// find_slots against every minute and every choice tried in turn, over random calendars, zones and rules. 300 of them;
// as many as CALINT_SLOT_ROUNDS says, beginning with number CALINT_SLOT_FIRST (tests/proofs slots).
#include <fmt/format.h>

#include <cstdlib>

#include "availability/slots.h"
#include "minute_by_minute.h"
#include "support/check.h"
#include "support/random_bytes.h"

using namespace calint;
using namespace calint::availability;

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::sys_days;
using std::chrono::year;

// Zones, and a day around which something happens to their clocks: half hours, an hour skipped or repeated, also at
// midnight (Havana, Cairo, Beirut, Santiago, Nuuk, Azores), over it (St. John's until 2011), by half an hour (Lord
// Howe), by two (Troll), a whole day skipped (Apia).
struct Place {
  const char* zone;
  sys_days around;
};
const std::vector<Place> kPlaces = {
    {"Europe/Berlin", year(2027) / 3 / 28},      {"Europe/Berlin", year(2027) / 10 / 31},
    {"America/New_York", year(2027) / 3 / 14},   {"America/New_York", year(2027) / 11 / 7},
    {"Asia/Kolkata", year(2026) / 12 / 9},       {"Asia/Kathmandu", year(2027) / 3 / 27},
    {"Australia/Lord_Howe", year(2027) / 4 / 4}, {"Australia/Lord_Howe", year(2026) / 10 / 4},
    {"America/St_Johns", year(2010) / 11 / 7},   {"America/St_Johns", year(2010) / 3 / 14},
    {"America/Havana", year(2026) / 11 / 1},     {"America/Havana", year(2027) / 3 / 14},
    {"Africa/Cairo", year(2027) / 4 / 30},       {"Africa/Cairo", year(2026) / 10 / 30},
    {"Asia/Beirut", year(2027) / 3 / 28},        {"Asia/Beirut", year(2026) / 10 / 25},
    {"America/Santiago", year(2027) / 4 / 4},    {"America/Santiago", year(2026) / 9 / 6},
    {"America/Nuuk", year(2027) / 3 / 28},       {"America/Nuuk", year(2026) / 10 / 25},
    {"Atlantic/Azores", year(2027) / 3 / 28},    {"Atlantic/Azores", year(2026) / 10 / 25},
    {"Antarctica/Troll", year(2027) / 3 / 28},   {"Antarctica/Troll", year(2026) / 10 / 25},
    {"Pacific/Apia", year(2011) / 12 / 30},      {"Pacific/Chatham", year(2027) / 4 / 4},
    {"Pacific/Kiritimati", year(2026) / 12 / 31}, {"UTC", year(2026) / 12 / 7},
    {"Africa/Casablanca", year(2027) / 2 / 7},   {"Europe/London", year(2027) / 10 / 31},
};

// A request and people that have something to do with each other.
class Situation {
 public:
  explicit Situation(uint64_t seed) : random_(seed) {
    make_request();
    for (size_t n = 0; n < people_count_; ++n) make_person(id(n));
    // Somewhere around the beginning, so that some starts are past.
    now = request.range.start + minutes(whole(-4000, 1500));
  }

  SlotRequest request;
  std::vector<Person> people;
  SysTime now;

 private:
  int whole(int least, int most) {
    return least + static_cast<int>(random_.below(static_cast<size_t>(most - least + 1)));
  }
  bool once_in(size_t times) { return random_.below(times) == 0; }
  template <typename T>
  const T& one_of(const std::vector<T>& all) { return all[random_.below(all.size())]; }
  static std::string id(size_t number) { return "p" + std::to_string(number); }

  // Often on the quarter hour.
  minutes some_minutes(int least, int most) {
    const int value = whole(least, most);
    return minutes(once_in(4) ? value : std::max(least, value / 15 * 15));
  }

  void make_request() {
    const Place& place = one_of(kPlaces);
    request.time_zone = place.zone;
    const SysTime start = SysTime(place.around) + minutes(whole(-3 * 24 * 4, 24 * 4) * 15);
    request.range = {start, start + minutes(whole(20, 4 * 24 * 4) * 15)};
    request.duration = some_minutes(5, once_in(8) ? 600 : 75);
    request.step = minutes(one_of<int>({1, 5, 7, 15, 15, 15, 20, 30, 30, 45, 60, 60, 90, 240, 1440}));
    if (once_in(2)) request.buffer_before = some_minutes(0, 30);
    if (once_in(2)) request.buffer_after = some_minutes(0, 30);
    if (once_in(4)) request.min_notice = some_minutes(0, 2000);
    if (once_in(4)) request.max_per_day = whole(1, 3);
    if (once_in(4)) request.max_per_week = whole(2, 6);
    if (once_in(3)) request.per_day = whole(1, 8);
    if (once_in(4)) request.periods = some_spans(whole(0, 4), 1500);
    if (!once_in(5)) request.working_hours = some_week();
    if (once_in(3)) request.dates = some_dates();
    if (once_in(2)) request.tentative = once_in(2) ? Rule::free : Rule::busy;
    if (once_in(2)) request.unanswered = once_in(2) ? Rule::free : Rule::busy;
    if (once_in(2)) request.unknown = once_in(2) ? Rule::free : Rule::busy;
    if (once_in(3)) request.order = Order::best;
    if (once_in(2)) request.limit = static_cast<size_t>(whole(1, 20));
    if (once_in(3)) request.ignore_refs = {"ref1"};
    request.explain = once_in(2);
    make_groups();
  }

  void make_groups() {
    people_count_ = static_cast<size_t>(whole(2, 7));
    const int count = once_in(2) ? 1 : whole(2, 3);
    for (int g = 0; g < count; ++g) {
      Group group;
      std::vector<std::string>& ids = group.user_ids;
      for (size_t n = 0; n < people_count_; ++n)
        if (once_in(2)) ids.insert(ids.begin() + static_cast<long>(random_.below(ids.size() + 1)), id(n));
      if (ids.empty()) ids.push_back(id(random_.below(people_count_)));
      group.required = once_in(5) ? ids.size() : 1 + random_.below(std::min<size_t>(2, ids.size()));
      group.optional = g > 0 && once_in(3);
      request.groups.push_back(group);
    }
    for (size_t n = 0; n < people_count_; ++n) {
      if (!once_in(4)) continue;
      OwnRules& own = request.people[id(n)];
      if (once_in(2)) own.working_hours = some_week();
      if (once_in(3)) own.dates = some_dates();
      if (once_in(4)) own.max_per_day = whole(1, 3);
      if (once_in(4)) own.max_per_week = whole(1, 4);
    }
  }

  DaySpan some_hours() {
    const minutes start = some_minutes(0, 1439), end = once_in(6) ? kMidnight : some_minutes(0, 1439);
    if (once_in(3)) return {start, end};
    return {std::min(start, minutes(whole(0, 600))), std::max(end, minutes(whole(900, 1440)))};
  }
  DayHours some_day() {
    DayHours day;
    for (int n = once_in(8) ? 0 : whole(1, 2); n > 0; --n) day.push_back(some_hours());
    return day;
  }
  WeekHours some_week() {
    WeekHours week;
    for (DayHours& day : week) day = some_day();
    return week;
  }
  DateHours some_dates() {
    DateHours dates;
    const auto first = std::chrono::local_days(std::chrono::floor<days>(request.range.start).time_since_epoch());
    for (int n = whole(0, 3); n > 0; --n) dates[first + days(whole(-1, 5))] = some_day();
    return dates;
  }

  Span some_span(int longest) {
    const int range = static_cast<int>((request.range.end - request.range.start) / minutes(1));
    const SysTime start = request.range.start + some_minutes(-300, range + 200);
    return {start, start + some_minutes(once_in(10) ? 0 : 5, longest)};
  }
  Spans some_spans(int count, int longest) {
    std::vector<Span> spans;
    for (; count > 0; --count) spans.push_back(some_span(longest));
    return merge(std::move(spans));
  }
  // Over the weeks around the range.
  Span some_own() {
    const SysTime start = request.range.start + some_minutes(-9 * 1440, 12 * 1440);
    return once_in(2) ? some_span(120) : Span{start, start + minutes(60)};
  }
  std::string some_ref() { return once_in(3) ? "" : "ref" + std::to_string(whole(1, 5)); }

  void make_person(const std::string& user_id) {
    Person person{.user_id = user_id};
    if (!once_in(3)) person.time_zone = once_in(2) ? request.time_zone : one_of(kPlaces).zone;
    for (int n = whole(0, 4); n > 0; --n)
      person.busy.push_back({some_span(180), static_cast<calendar::Kind>(whole(0, 3)), once_in(4) ? some_ref() : ""});
    for (int n = whole(-2, 2); n > 0; --n) person.unknown.push_back(some_span(300));
    for (int n = whole(-1, 4); n > 0; --n) person.interviews.push_back({some_own(), "int" + std::to_string(n)});
    if (once_in(3)) person.interviews.push_back({some_own(), "ref" + std::to_string(whole(1, 5))});
    for (int n = whole(-1, 4); n > 0; --n) person.holds.push_back({some_own(), some_ref()});
    people.push_back(std::move(person));
  }

  calint::test::RandomBytes random_;
  size_t people_count_ = 0;
};

// All pages of the answer, one after the other; a later page is asked for later.
std::vector<test::ObviousSlot> all_pages(const Situation& situation, SlotAnswer& first) {
  std::vector<test::ObviousSlot> slots;
  SlotRequest request = situation.request;
  SysTime now = situation.now;
  for (;;) {
    SlotAnswer answer = find_slots(request, {}, situation.people, now);
    for (const Slot& slot : answer.slots) {
      test::ObviousSlot& made = slots.emplace_back(slot.span.start);
      CHECK_EQUAL(slot.span.end, slot.span.start + request.duration);
      for (const auto& group : slot.people) {
        made.user_ids.emplace_back();
        for (const uint8_t number : group) made.user_ids.back().push_back(answer.people[number].user_id);
      }
    }
    CHECK(!request.limit || answer.slots.size() <= *request.limit);
    const bool last = !answer.next.has_value();
    CHECK(last || answer.slots.size() == request.limit.value_or(0));
    if (request.cursor.empty()) first = answer;
    if (last) return slots;
    request.cursor = *answer.next;
    now += hours(5);
  }
}

std::string text(const std::vector<test::ObviousSlot>& slots) {
  std::string all;
  for (const auto& slot : slots) {
    all += fmt::format("{} ", slot.start.time_since_epoch().count());
    for (const auto& group : slot.user_ids) all += fmt::format("[{}]", fmt::join(group, ","));
    all += '\n';
  }
  return all;
}

// What stands in the parts for each minute of the range.
std::vector<std::string> by_minute(const std::vector<Part>& parts, const Span& range) {
  std::vector<std::string> minutes_of(static_cast<size_t>((range.end - range.start) / minutes(1)));
  for (const Part& part : parts)
    for (SysTime at = part.span.start; at < part.span.end; at += minutes(1))
      minutes_of.at(static_cast<size_t>((at - range.start) / minutes(1))) = to_string(part.why);
  return minutes_of;
}

void check_joined(const std::vector<Part>& parts, const Span& range) {
  for (size_t at = 0; at < parts.size(); ++at) {
    CHECK(range.start <= parts[at].span.start && parts[at].span.start < parts[at].span.end);
    CHECK(parts[at].span.end <= range.end);
    if (at == 0) continue;
    CHECK(parts[at - 1].span.end <= parts[at].span.start);
    CHECK(parts[at - 1].span.end < parts[at].span.start || parts[at - 1].why != parts[at].why);
  }
}

void check_explanation(const std::string& what, const SlotRequest& request, const SlotAnswer& answer,
                       const test::ObviousAnswer& obvious) {
  for (size_t number = 0; number < answer.people.size(); ++number) {
    std::vector<Part> parts;
    for (const PersonPart& one : answer.explanation->people)
      if (one.person == number) parts.push_back(one.part);
    check_joined(parts, request.range);
    const auto found = by_minute(parts, request.range);
    const auto& expected = obvious.explained.at(answer.people[number].user_id);
    for (size_t at = 0; at < found.size(); ++at)
      ck_assert_msg(found[at] == expected[at], "%s: minute %zu of person %zu is '%s', expected '%s'", what.c_str(), at,
                    number, found[at].c_str(), expected[at].c_str());
  }
  check_joined(answer.explanation->request, request.range);
  const auto found = by_minute(answer.explanation->request, request.range);
  for (const GridStart& start : grid_starts(answer.clock, request.step, request.range)) {
    const auto at = static_cast<size_t>((start.at - request.range.start) / minutes(1));
    ck_assert_msg(found[at] == obvious.starts[at], "%s: minute %zu is '%s', expected '%s'", what.c_str(), at,
                  found[at].c_str(), obvious.starts[at].c_str());
  }
}

uint64_t number_from(const char* variable, uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace

CALINT_TEST(slots_are_what_trying_every_minute_and_every_choice_finds) {
  const uint64_t first = number_from("CALINT_SLOT_FIRST", 1), rounds = number_from("CALINT_SLOT_ROUNDS", 300);
  size_t slots = 0, empty = 0;
  for (uint64_t seed = first; seed < first + rounds; ++seed) {
    const Situation situation(seed);
    const test::ObviousAnswer obvious = test::find_obviously(situation.request, situation.people, situation.now);
    SlotAnswer answer{.clock = *WallClock::of("UTC", situation.request.range)};
    const std::vector<test::ObviousSlot> found = all_pages(situation, answer);
    const std::string what = fmt::format("CALINT_SLOT_FIRST={}", seed);
    ck_assert_msg(found == obvious.slots, "%s finds\n%s, expected\n%s", what.c_str(), text(found).c_str(),
                  text(obvious.slots).c_str());
    if (situation.request.explain) check_explanation(what, situation.request, answer, obvious);
    slots += found.size();
    empty += found.empty();
  }
  if (rounds > 300) fmt::print("{} situations, {} without a slot; {} slots\n", rounds, empty, slots);
  CHECK(slots > 10 * rounds && empty < rounds * 2 / 3);  // so that it means something
}
