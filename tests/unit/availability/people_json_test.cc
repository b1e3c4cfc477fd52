#include <fmt/format.h>

#include "availability/people_json.h"
#include "availability/person.h"
#include "base/rfc3339.h"
#include "support/check.h"

using namespace calint;
using namespace calint::availability;

namespace {

std::string wrong(std::string_view text) {
  const ParsedPeople parsed = parse_people(text);
  std::string all;
  for (const Problem& problem : parsed.problems.found())
    all += fmt::format("{}: {}\n", problem.pointer, problem.detail);
  return all;
}

std::string when(const Span& span) { return rfc3339_text(span.start) + "/" + rfc3339_text(span.end); }

}  // namespace

CALINT_TEST(people_have_what_is_known_of_their_time) {
  const ParsedPeople parsed = parse_people(R"([
    {"user_id": "17", "time_zone": "Europe/Berlin",
     "busy": [["2026-12-07T10:00:00+01:00", "2026-12-07T11:00:00+01:00", "oof"],
              ["2026-12-07T12:00:00Z", "2026-12-07T13:00:00Z", "unanswered", "int-5"]],
     "unknown": [["2026-12-08T00:00:00Z", "2026-12-09T00:00:00Z"]],
     "interviews": [["2026-12-07T14:00:00.5Z", "2026-12-07T15:00:00Z", "int-5"]],
     "holds": [["2026-12-07T16:00:00Z", "2026-12-07T17:00:00Z"], ["2026-12-07T17:00:00Z", "2026-12-07T17:00:00Z", "r"],
               ["2026-12-07T18:00:00Z", "2026-12-07T19:00:00Z", null]]},
    {"user_id": "23", "time_zone": null, "busy": null}])");
  CHECK(parsed.problems.empty());
  CHECK_EQUAL(parsed.people.size(), 2);
  const Person& person = parsed.people[0];
  CHECK_EQUAL(person.user_id + " " + person.time_zone, "17 Europe/Berlin");
  CHECK_EQUAL(when(person.busy[0].span), "2026-12-07T09:00:00Z/2026-12-07T10:00:00Z");
  CHECK_EQUAL(person.busy[0].kind, calendar::Kind::oof);
  CHECK(person.busy[0].ref.empty());
  CHECK_EQUAL(person.busy[1].kind, calendar::Kind::unanswered);
  CHECK_EQUAL(person.busy[1].ref, "int-5");
  CHECK_EQUAL(when(person.unknown[0]), "2026-12-08T00:00:00Z/2026-12-09T00:00:00Z");
  CHECK_EQUAL(when(person.interviews[0].span), "2026-12-07T14:00:00Z/2026-12-07T15:00:00Z");
  CHECK_EQUAL(person.interviews[0].ref, "int-5");
  CHECK_EQUAL(person.holds.size(), 3);
  CHECK(person.holds[0].ref.empty());
  CHECK_EQUAL(person.holds[1].ref, "r");
  CHECK(person.holds[2].ref.empty());
  CHECK_EQUAL(parsed.people[1].user_id, "23");
  CHECK(parsed.people[1].time_zone.empty() && parsed.people[1].busy.empty());
}

CALINT_TEST(what_is_wrong_with_people_is_told_with_its_place) {
  CHECK_EQUAL(wrong("[]"), "");
  CHECK_EQUAL(wrong("{}"), ": is not a list\n");
  CHECK_EQUAL(wrong("null"), ": is not a list\n");
  CHECK_EQUAL(wrong("[17, {}]"), "/0: is not an object\n/1/user_id: is needed\n");
  CHECK_EQUAL(wrong(R"([{"user_id": "17"}, {"user_id": "17"}])"), "/1/user_id: stands twice\n");
  CHECK_EQUAL(wrong(R"([{"user_id": "17", "time_zone": ""}, {"user_id": "23", "time_zone": "\u0001"}])"), "");
  CHECK_EQUAL(wrong(R"([{"user_id": "17", "time_zone": 1}])"), "/0/time_zone: is not a text\n");
  CHECK_EQUAL(wrong(R"([{"user_id": "17", "name": "Ada"}])"), "/0/name: there is no such member\n");
  CHECK_EQUAL(wrong(R"([{"user_id": "17", "busy": [["2026-12-07T10:00:00Z", "2026-12-07T11:00:00Z"]]}])"),
              "/0/busy/0: has too few or too many parts\n");
  CHECK_EQUAL(wrong(R"([{"user_id": "17", "busy": [null, "x"]}])"),
              "/0/busy/0: is not a list\n/0/busy/1: is not a list\n");
  CHECK_EQUAL(wrong(R"([{"user_id": "17", "busy": [["2026-12-07T10:00:00Z", "2026-12-07T09:00:00Z", "free"]]}])"),
              "/0/busy/0/1: is before the start\n/0/busy/0/2: is not one of: busy, tentative, unanswered, oof\n");
  CHECK_EQUAL(wrong(R"([{"user_id": "17", "busy": [["2026-12-07T10:00:00Z", "2026-12-07T11:00:00Z", null]]}])"),
              "/0/busy/0/2: is needed\n");
  CHECK_EQUAL(wrong(R"([{"user_id": "17", "interviews": [["2026-12-07T10:00:00Z", null, "r"]]}])"),
              "/0/interviews/0/1: is needed\n");
  CHECK_EQUAL(wrong(R"([{"user_id": "17", "interviews": [["2026-12-07T10:00:00Z", "2026-12-07T11:00:00Z", null]]}])"),
              "/0/interviews/0/2: is needed\n");
  CHECK_EQUAL(wrong(R"([{"user_id": "17", "unknown": [["monday", "2026-12-07T11:00:00Z"]], "holds": {}}])"),
              "/0/unknown/0/0: is not a time with an offset, such as 2026-12-07T09:00:00+01:00\n"
              "/0/holds: is not a list\n");
}
