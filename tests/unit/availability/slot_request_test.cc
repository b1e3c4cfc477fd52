#include "availability/slot_request.h"

#include <fmt/format.h>

#include "availability/slot_cursor.h"
#include "base/rfc3339.h"
#include "support/check.h"

using namespace calint;
using namespace calint::availability;
using namespace std::chrono_literals;

namespace {

// The shortest good request, with members put in place of its own or added: {"duration": "60"} as "\"duration\": 60".
std::string request_text(std::string_view more = "") {
  std::string text = R"({"groups": [{"user_ids": ["17", "23"]}], "duration": 60, "from": "2026-12-07T00:00:00+01:00",)"
                     R"( "to": "2026-12-12T00:00:00+01:00", "time_zone": "Europe/Berlin")";
  if (!more.empty()) text += ", " + std::string(more);
  return text + "}";
}

SlotRequest good(std::string_view more) {
  const ParsedSlotRequest parsed = parse_slot_request(request_text(more));
  for (const Problem& problem : parsed.problems.found())
    ck_abort_msg("%s: %s", problem.pointer.c_str(), problem.detail.c_str());
  return parsed.request;
}

std::string hours_text(const DayHours& hours) {
  std::string text;
  for (const DaySpan& span : hours) text += fmt::format("{}-{} ", span.start / 1min, span.end / 1min);
  return text;
}

}  // namespace

CALINT_TEST(the_shortest_request_has_every_default) {
  const SlotRequest request = good("");
  CHECK_EQUAL(request.groups.size(), 1);
  CHECK_EQUAL(request.groups[0].required, 2);
  CHECK(!request.groups[0].optional);
  CHECK_EQUAL(request.groups[0].user_ids[1], "23");
  CHECK_EQUAL(request.duration, 60min);
  CHECK_EQUAL(request.step, 15min);
  CHECK_EQUAL(request.min_notice, 0min);
  CHECK_EQUAL(rfc3339_text(request.range.start), "2026-12-06T23:00:00Z");
  CHECK_EQUAL(rfc3339_text(request.range.end), "2026-12-11T23:00:00Z");
  CHECK_EQUAL(request.time_zone, "Europe/Berlin");
  CHECK(!request.periods && !request.working_hours && !request.dates && request.people.empty());
  CHECK(!request.buffer_before && !request.buffer_after);
  CHECK(!request.max_per_day && !request.max_per_week && !request.per_day && !request.limit);
  CHECK(!request.tentative && !request.unanswered && !request.unknown);
  CHECK(request.ignore_refs.empty());
  CHECK_EQUAL(request.order, Order::time);
  CHECK(request.cursor.empty() && !request.explain);
}

CALINT_TEST(null_is_as_left_out) {
  const SlotRequest request =
      good(R"("periods": null, "step": null, "working_hours": null, "dates": null, "buffer_before": null,
              "min_notice": null, "max_per_day": null, "per_day": null, "people": null, "tentative": null,
              "ignore_ref": null, "order": null, "limit": null, "cursor": null, "explain": null)");
  CHECK(!request.periods);
  CHECK_EQUAL(request.step, 15min);
  CHECK(!request.working_hours && !request.buffer_before);
  CHECK_EQUAL(request.order, Order::time);
  CHECK(request.cursor.empty());
  const SlotRequest nested = good(R"("people": {"17": null, "23": {"max_per_day": null}},
                                     "working_hours": {"mon": null}, "dates": {"2026-12-24": null})");
  CHECK_EQUAL(nested.people.size(), 1);
  CHECK(!nested.people.at("23").max_per_day);
  CHECK(nested.working_hours && nested.dates && nested.dates->empty());
}

CALINT_TEST(no_periods_and_no_hours_are_no_time_at_all) {
  const SlotRequest request = good(R"("periods": [], "working_hours": {}, "dates": {"2026-12-25": []})");
  CHECK(request.periods && request.periods->empty());
  CHECK(request.working_hours);
  for (const DayHours& day : *request.working_hours) CHECK(day.empty());
  CHECK_EQUAL(request.dates->size(), 1);
  CHECK(request.dates->begin()->second.empty());
}

CALINT_TEST(every_member_is_read) {
  const SlotRequest request = good(
      R"("periods": [{"start": "2026-12-07T10:00:00Z", "end": "2026-12-07T11:00:00Z"},
                     {"start": "2026-12-07T09:00:00Z", "end": "2026-12-07T10:00:00Z"}],
         "step": 1440, "working_hours": {"mon": [["09:00", "12:30"], ["22:00", "02:00"]], "sun": [["00:00", "24:00"]]},
         "buffer_before": 0, "buffer_after": 1440, "min_notice": 129600, "max_per_day": 1, "max_per_week": 1000,
         "per_day": 12, "people": {"23": {"working_hours": {"mon": [["14:00", "18:00"]]},
                                          "dates": {"2026-12-08": []}, "max_per_day": 2, "max_per_week": 3}},
         "tentative": "free", "unanswered": "busy", "unknown": "free", "ignore_ref": ["int-88", "int-89"],
         "order": "best", "limit": 1000, "explain": true)");
  CHECK_EQUAL(request.periods->size(), 1);
  CHECK_EQUAL(request.periods->front().end - request.periods->front().start, 2h);
  CHECK_EQUAL(request.step, 1440min);
  CHECK_EQUAL(request.buffer_before, 0min);
  CHECK_EQUAL(request.buffer_after, 1440min);
  CHECK_EQUAL(hours_text((*request.working_hours)[0]), "540-750 1320-120 ");
  CHECK_EQUAL(hours_text((*request.working_hours)[6]), "0-1440 ");
  CHECK_EQUAL(request.min_notice, 129600min);
  CHECK_EQUAL(request.max_per_day, 1);
  CHECK_EQUAL(request.max_per_week, 1000);
  const OwnRules& own = request.people.at("23");
  CHECK_EQUAL(hours_text((*own.working_hours)[0]), "840-1080 ");
  CHECK_EQUAL(own.dates->size(), 1);
  CHECK_EQUAL(own.max_per_day, 2);
  CHECK_EQUAL(own.max_per_week, 3);
  CHECK_EQUAL(request.per_day, 12);
  CHECK_EQUAL(request.limit, 1000u);
  CHECK_EQUAL(request.order, Order::best);
  CHECK(request.explain);
  CHECK_EQUAL(request.tentative, Rule::free);
  CHECK_EQUAL(request.unanswered, Rule::busy);
  CHECK_EQUAL(request.unknown, Rule::free);
  CHECK_EQUAL(request.ignore_refs, std::vector<std::string>({"int-88", "int-89"}));
  CHECK_EQUAL(good(R"("ignore_ref": "int-88")").ignore_refs, std::vector<std::string>({"int-88"}));
}

CALINT_TEST(zones_have_many_names) {
  const auto zone = [](const char* name) {
    const auto parsed = parse_slot_request(
        R"({"groups": [{"user_ids": ["17"]}], "duration": 60, "from": "2026-12-07T00:00:00Z",)"
        R"( "to": "2026-12-08T00:00:00Z", "time_zone": ")" + std::string(name) + "\"}");
    return parsed.problems.empty() ? parsed.request.time_zone : "";
  };
  CHECK_EQUAL(zone("Eastern Time (US & Canada)"), "America/New_York");
  CHECK_EQUAL(zone("Nuku'alofa"), "Pacific/Tongatapu");
  CHECK_EQUAL(zone("W. Europe Standard Time"), "Europe/Berlin");
  CHECK_EQUAL(zone("US/Pacific"), "US/Pacific");
  CHECK_EQUAL(zone("asia/calcutta"), "Asia/Calcutta");
  for (const char* name : {"UTC", "GMT", "Etc/UTC"}) CHECK_EQUAL(zone(name), "UTC");
  for (const char* name : {"Mars/Olympus", "localtime", "posixrules", "posix/Europe/Berlin", "+01:00", "UTC+05:30",
                           "Z", "Europe/Berlin ", "/x/Europe/Berlin", "Europe"})
    CHECK_EQUAL(zone(name), "");
}

CALINT_TEST(a_range_of_ninety_one_days_is_the_longest) {
  const auto problems = [](const char* to) {
    const auto parsed = parse_slot_request(
        R"({"groups": [{"user_ids": ["17"]}], "duration": 60, "from": "2026-12-07T00:00:00Z", "time_zone": "UTC",)"
        R"( "to": ")" + std::string(to) + "\"}");
    return parsed.problems.found().size();
  };
  CHECK_EQUAL(problems("2027-03-08T00:00:00Z"), 0);
  CHECK_EQUAL(problems("2027-03-08T00:00:01Z"), 1);
}

CALINT_TEST(everybody_is_named_with_the_first_place_where_they_stand) {
  const SlotRequest request =
      parse_slot_request(R"({"groups": [{"user_ids": ["17", "23"]}, {"user_ids": ["23", "44"]}], "duration": 60,)"
                         R"( "people": {"23": {}, "5/5": {}}, "from": "2026-12-07T00:00:00Z",)"
                         R"( "to": "2026-12-08T00:00:00Z", "time_zone": "UTC"})")
          .request;
  std::string text;
  for (const NamedPerson& person : named_people(request))
    text += fmt::format("{} {}{}\n", person.user_id, person.pointer, person.asked ? "" : " not asked");
  CHECK_EQUAL(text, "17 /groups/0/user_ids/0\n23 /groups/0/user_ids/1\n44 /groups/1/user_ids/1\n"
                    "5/5 /people/5~15 not asked\n");
}

CALINT_TEST(what_has_to_be_known_reaches_beyond_the_range) {
  SlotRequest request = good(R"("buffer_before": 30, "buffer_after": 90)");
  const NeededTime needed = needed_time(request, {});
  CHECK_EQUAL(needed.busy.start, request.range.start - 30min);
  CHECK_EQUAL(needed.busy.end, request.range.end + 90min);
  CHECK(needed.ours.start <= request.range.start - std::chrono::days(7));
  CHECK(needed.ours.end >= request.range.end + std::chrono::days(7));
  request.explain = true;  // starts up to the range's end are looked at
  CHECK_EQUAL(needed_time(request, {}).busy.end, request.range.end + 150min);
  request.buffer_before.reset();
  CHECK_EQUAL(needed_time(request, {.buffer_before = 45min}).busy.start, request.range.start - 45min);
}

CALINT_TEST(a_cursor_is_what_came_as_next) {
  const SlotCursor cursor{.now = SysTime(1765098000s), .last = {1, 7, SysTime(1765184400s)}};
  for (const Order order : {Order::time, Order::best}) {
    const auto read = SlotCursor::parse(cursor.text(order), order);
    CHECK(read);
    CHECK_EQUAL(read->now, cursor.now);
    CHECK_EQUAL(read->last, cursor.last);
    CHECK(cursor.text(order).size() <= SlotCursor::kLongest);
    CHECK(!SlotCursor::parse(cursor.text(order), order == Order::best ? Order::time : Order::best));
  }
  for (const char* text : {"", "t", "dCAxIDAgMCAx!", "dCAxIDAgMCA", "dCAxIDkgMCAx", "eCAxIDAgMCAx", "dCAxIDAgMCAxIDE",
                           "dCA5OTk5OTk5OTk5OTk5OTk5OTk5OTkgMCAwIDE", "dCAxIDAgLTEgMQ"})
    CHECK(!SlotCursor::parse(text, Order::time));
}
