// What find_slots answers beside the slots themselves, which tests/data/slots and slots_property_test are about.
#include "availability/slots.h"

#include "availability/slots_json.h"
#include "base/rfc3339.h"
#include "support/check.h"

using namespace calint;
using namespace calint::availability;
using namespace std::chrono_literals;

namespace {

SysTime instant(std::string_view text) { return *parse_rfc3339(text); }
const SysTime kNow = instant("2026-11-30T08:00:00Z");

// Monday the 7th of December in Berlin, and more members.
SlotRequest request(std::string_view more = "") {
  std::string text = R"({"groups": [{"user_ids": ["17"]}], "duration": 60, "step": 60,)"
                     R"( "from": "2026-12-07T00:00:00+01:00", "to": "2026-12-08T00:00:00+01:00",)"
                     R"( "time_zone": "Europe/Berlin")";
  if (!more.empty()) text += ", " + std::string(more);
  const ParsedSlotRequest parsed = parse_slot_request(text + "}");
  CHECK(parsed.problems.empty());
  return parsed.request;
}

std::string starts(const SlotAnswer& answer) {
  std::string text;
  for (const Slot& slot : answer.slots) text += rfc3339_text(slot.span.start).substr(11, 5) + " ";
  return text;
}

}  // namespace

CALINT_TEST(the_answer_has_every_member) {
  const Person ada{.user_id = "17",
                   .time_zone = "Asia/Calcutta",
                   .knowledge = {.status = Status::stale, .as_of = instant("2026-11-30T07:00:00Z")},
                   .busy = {{{instant("2026-12-07T09:00:00Z"), instant("2026-12-07T10:00:00Z")}}}};
  const SlotAnswer answer = find_slots(
      request(R"("working_hours": {"mon": [["12:30", "16:30"]]}, "limit": 1, "tentative": "free", "explain": true)"),
      {}, {ada}, kNow);
  CHECK_EQUAL(to_json(answer),
              R"({"slots":[{"start":"2026-12-07T08:00:00+01:00","end":"2026-12-07T09:00:00+01:00",)"
              R"("user_ids":[["17"]]}],)"
              R"("next":")" + answer.next.value() + R"(",)"
              R"("people":[{"user_id":"17","status":"stale","reason":null,"as_of":"2026-11-30T07:00:00Z",)"
              R"("time_zone":"Asia/Calcutta"}],)"
              R"("policy":{"tentative":"free","unanswered":"busy","unknown":"busy","working_hours":"request"},)"
              R"("explain":{"people":[)"
              R"({"user_id":"17","start":"2026-12-07T00:00:00+01:00","end":"2026-12-07T08:00:00+01:00",)"
              R"("why":"outside_working_hours"},)"
              R"({"user_id":"17","start":"2026-12-07T10:00:00+01:00","end":"2026-12-07T11:00:00+01:00","why":"busy"},)"
              R"({"user_id":"17","start":"2026-12-07T12:00:00+01:00","end":"2026-12-08T00:00:00+01:00",)"
              R"("why":"outside_working_hours"}],)"
              R"("request":[)"
              R"({"start":"2026-12-07T00:00:00+01:00","end":"2026-12-07T08:00:00+01:00","why":"no_complete_choice"},)"
              R"({"start":"2026-12-07T10:00:00+01:00","end":"2026-12-07T11:00:00+01:00","why":"no_complete_choice"},)"
              R"({"start":"2026-12-07T12:00:00+01:00","end":"2026-12-08T00:00:00+01:00",)"
              R"("why":"no_complete_choice"}]}})");
}

CALINT_TEST(no_slots_are_an_empty_list) {
  const SlotAnswer answer = find_slots(request(R"("periods": [])"), {}, {{.user_id = "17"}}, kNow);
  CHECK_EQUAL(to_json(answer),
              R"({"slots":[],"next":null,"people":[{"user_id":"17","status":"ok","reason":null,"as_of":null,)"
              R"("time_zone":"Europe/Berlin"}],"policy":{"tentative":"busy","unanswered":"busy","unknown":"busy",)"
              R"("working_hours":"default"},"explain":null})");
}

CALINT_TEST(a_zone_that_nobody_knows_counts_as_none) {
  const Person ada{.user_id = "17", .time_zone = "Middle Earth Time"};
  const SlotAnswer answer = find_slots(request(), {}, {ada}, kNow);
  CHECK_EQUAL(starts(answer), "08:00 09:00 10:00 11:00 12:00 13:00 14:00 15:00 ");
  CHECK_EQUAL(answer.people[0].time_zone, "Europe/Berlin");
  CHECK_EQUAL(answer.people[0].knowledge.reason, Reason::unknown_time_zone);
  CHECK_EQUAL(answer.people[0].knowledge.status, Status::ok);
  // What keeps their calendar from being known is more important.
  const Person bob{.user_id = "17", .time_zone = "Mars", .knowledge = {Status::unknown, Reason::expired}};
  CHECK_EQUAL(find_slots(request(), {}, {bob}, kNow).people[0].knowledge.reason, Reason::expired);
}

CALINT_TEST(the_organisation_says_what_the_request_does_not) {
  OrganizationRules rules{
      .buffer_after = 30min, .tentative = Rule::free, .unanswered = Rule::free, .unknown = Rule::free};
  rules.working_hours.emplace();
  (*rules.working_hours)[0] = {{10h, 13h}};
  rules.dates[std::chrono::local_days(std::chrono::year(2026) / 12 / 8)] = {};
  const auto span = [](int from, int to) {
    return Span{instant("2026-12-07T00:00:00+01:00") + std::chrono::hours(from),
                instant("2026-12-07T00:00:00+01:00") + std::chrono::hours(to)};
  };
  const Person ada{.user_id = "17",
                   .busy = {{span(10, 11), calendar::Kind::tentative}, {span(13, 14), calendar::Kind::busy}},
                   .unknown = {span(11, 12)}};
  const SlotAnswer answer = find_slots(request(), rules, {ada}, kNow);
  CHECK_EQUAL(starts(answer), "09:00 10:00 ");  // 12:00 in Berlin has no half an hour after it
  CHECK_EQUAL(answer.policy.working_hours, HoursFrom::organization);
  CHECK_EQUAL(answer.policy.tentative, Rule::free);
  const SlotAnswer asked = find_slots(
      request(R"("tentative": "busy", "buffer_after": 0, "unknown": "busy",
                 "working_hours": {"mon": [["10:00", "13:00"]]})"),
      rules, {ada}, kNow);
  CHECK_EQUAL(starts(asked), "11:00 ");
  CHECK_EQUAL(asked.policy.working_hours, HoursFrom::request);
}

CALINT_TEST(of_whoever_is_missing_nothing_is_known) {
  const SlotAnswer answer = find_slots(request(), {}, {}, kNow);
  CHECK(answer.slots.empty());
  CHECK_EQUAL(answer.people[0].knowledge.status, Status::unknown);
  CHECK(!find_slots(request(R"("unknown": "free")"), {}, {}, kNow).slots.empty());
}

CALINT_TEST(whose_time_is_unknown_in_the_range_is_unknown) {
  const auto status = [](std::string_view from, std::string_view to) {
    const Person ada{.user_id = "17", .unknown = {{instant(from), instant(to)}}};
    return find_slots(request(), {}, {ada}, kNow).people[0].knowledge.status;
  };
  CHECK_EQUAL(status("2026-12-07T22:00:00Z", "2026-12-08T22:00:00Z"), Status::unknown);
  CHECK_EQUAL(status("2026-12-07T23:00:00Z", "2026-12-08T22:00:00Z"), Status::ok);
}

CALINT_TEST(people_stand_in_the_order_asked_and_once) {
  SlotRequest asked = request();
  asked.groups = {{.user_ids = {"23", "17"}, .required = 1}, {.user_ids = {"44", "23"}, .required = 1}};
  const SlotAnswer answer = find_slots(asked, {}, {{.user_id = "17"}, {.user_id = "23"}, {.user_id = "44"}}, kNow);
  std::string text;
  for (const AskedPerson& person : answer.people) text += person.user_id + " ";
  CHECK_EQUAL(text, "23 17 44 ");
}

CALINT_TEST(a_later_page_goes_on_from_the_first_ones_now) {
  SlotRequest asked = request(R"("limit": 3, "per_day": 4, "min_notice": 60)");
  const SysTime now = instant("2026-12-07T09:00:00+01:00");
  const SlotAnswer first = find_slots(asked, {}, {{.user_id = "17"}}, now);
  CHECK_EQUAL(starts(first), "09:00 10:00 11:00 ");
  asked.cursor = first.next.value();
  // An hour and a half later the day's first four are the same ones.
  const SlotAnswer second = find_slots(asked, {}, {{.user_id = "17"}}, now + 90min);
  CHECK_EQUAL(starts(second), "12:00 ");
  CHECK(!second.next);
}

CALINT_TEST(ids_are_quoted) {
  SlotRequest asked = request(R"("limit": 1)");
  asked.groups = {{.user_ids = {"a\"b\\"}, .required = 1}};
  const std::string json = to_json(find_slots(asked, {}, {{.user_id = "a\"b\\"}}, kNow));
  CHECK(json.find(R"("user_ids":[["a\"b\\"]])") != std::string::npos);
  CHECK(json.find(R"("people":[{"user_id":"a\"b\\",)") != std::string::npos);
}
