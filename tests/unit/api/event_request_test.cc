// POST and PATCH of interviews: what is wrong is named by its place, and what is right has one form.
#include "api/event_request.h"

#include <fmt/format.h>

#include "base/rfc3339.h"
#include "support/check.h"

using namespace calint;
using namespace calint::api;

namespace {

constexpr std::string_view kNow = "2026-12-01T10:00:00Z";

const char* const kLeast = R"("user_id": "17", "interview_ref": "int-88", "title": "Interview: Jane Doe",
  "start": "2026-12-07T09:00:00+01:00", "end": "2026-12-07T09:45:00+01:00")";

Json read(const std::string& text) {
  Problems problems;
  Json tree = parse_json(text, {}, problems);
  CHECK(tree != nullptr);
  return tree;
}

std::string told(const Problems& problems) {
  std::string all;
  for (const Problem& problem : problems.found()) all += (all.empty() ? "" : " ") + problem.pointer;
  return all;
}

SysTime now() { return *parse_rfc3339(kNow); }

// What POST /events makes of the least there can be, and `more`.
struct Asked {
  explicit Asked(const std::string& more) {
    const Json tree = read(fmt::format("{{{}{}{}}}", kLeast, more.empty() ? "" : ", ", more));
    request = parse_event_request(tree.get(), now(), problems);
  }
  Problems problems;
  EventRequest request;
};

// What POST /events finds wrong where these members stand instead of those.
std::string wrong(const std::string& members) {
  const Json tree = read(fmt::format("{{{}}}", kLeast)), others = read("{" + members + "}");
  json_object_update(tree.get(), others.get());
  Problems problems;
  parse_event_request(tree.get(), now(), problems);
  return told(problems);
}

store::Interview interview() {
  store::Interview before;
  before.user_id = "17";
  before.body = Asked(R"("description": "a", "attendees": [{"email": "jane@candidate.test"}], "reminder": 15,
                         "interviewer_ids": ["17", "23"], "notify": false, "time_zone": "Europe/Berlin")")
                    .request.plan.body;
  before.start = *parse_rfc3339("2026-12-07T08:00:00Z");
  before.end = *parse_rfc3339("2026-12-07T08:45:00Z");
  return before;
}

struct Changed {
  Changed(const store::Interview& before, const std::string& members) {
    const Json tree = read("{" + members + "}");
    named = parse_event_change(tree.get(), now(), problems);
    if (problems.empty()) plan = api::changed(before, named, problems);
  }
  Problems problems;
  EventMembers named;
  EventPlan plan;
};

std::string list(const std::string& one, int count) {
  std::string all = "[";
  for (int i = 0; i < count; ++i) all += (i == 0 ? "" : ", ") + fmt::format(fmt::runtime(one), i);
  return all + "]";
}

}  // namespace

CALINT_TEST(what_is_left_out_has_its_default) {
  const Asked asked("");
  CHECK_EQUAL(told(asked.problems), "");
  const EventRequest& request = asked.request;
  CHECK_EQUAL(request.user_id, "17");
  CHECK_EQUAL(request.interview_ref, "int-88");
  CHECK_EQUAL(request.hold_id, "");
  CHECK(!request.allow_conflict);
  CHECK_EQUAL(request.plan.body.time_zone, "");
  CHECK(request.plan.body.notify && !request.plan.body.hide_guests && !request.plan.body.conference);
  CHECK(!request.plan.body.reminder);
  CHECK(request.plan.body.interviewer_ids == std::vector<std::string>{"17"});
  CHECK(request.plan.start == *parse_rfc3339("2026-12-07T08:00:00Z"));
  CHECK(request.plan.end == *parse_rfc3339("2026-12-07T08:45:00Z"));
}

CALINT_TEST(defaults_order_and_spelling_make_no_other_interview) {
  const Asked least("");
  const Asked nulls(R"("description": null, "location": null, "time_zone": null, "attendees": null,
                       "interviewer_ids": null, "conference": null, "conference_url": null, "notify": null,
                       "hide_guests": null, "hold_id": null, "allow_conflict": null, "reminder": null)");
  const Asked said(R"("reminder": null, "allow_conflict": true, "hold_id": "AAAAAAAAAAAAAAAAAAAAAA", "notify": true,
                      "hide_guests": false, "conference_url": null, "conference": false, "interviewer_ids": ["17"],
                      "attendees": [], "location": "", "description": "")");
  for (const Asked* asked : {&nulls, &said}) {
    CHECK_EQUAL(told(asked->problems), "");
    CHECK(asked->request.plan.body == least.request.plan.body);
  }
  CHECK_EQUAL(said.request.hold_id, "AAAAAAAAAAAAAAAAAAAAAA");
  CHECK(said.request.allow_conflict);
  Problems problems;
  const Json tree = read(R"({"end": "2026-12-07T08:45:00.9Z", "start": "2026-12-07T03:00:00-05:00",
                             "title": "Interview: Jane Doe", "interview_ref": "int-88", "user_id": "17"})");
  const EventRequest other = parse_event_request(tree.get(), now(), problems);
  CHECK(other.plan.body == least.request.plan.body && other.plan.start == least.request.plan.start &&
        other.plan.end == least.request.plan.end);
}

CALINT_TEST(lines_stay_in_the_description_alone) {
  const Asked asked(R"("description": "a\r\nb\rc\nd", "location": "Room\r\n5",
                       "attendees": [{"email": "jane@candidate.test", "name": "Jane\nDoe"}])");
  CHECK_EQUAL(told(asked.problems), "");
  CHECK_EQUAL(asked.request.plan.body.description, "a\nb\nc\nd");
  CHECK_EQUAL(asked.request.plan.body.location, "Room 5");
  CHECK_EQUAL(asked.request.plan.body.attendees[0].name, "Jane Doe");
}

CALINT_TEST(of_one_address_twice_the_first_spelling_stands) {
  const Asked asked(R"("attendees": [{"email": "Jane@Candidate.test", "name": "Jane"}, {"email": "x@y.test"},
                                     {"email": "jane@candidate.test", "optional": true}])");
  CHECK_EQUAL(told(asked.problems), "");
  const std::vector<provider::Guest> guests = {{.email = "Jane@Candidate.test", .name = "Jane"}, {.email = "x@y.test"}};
  CHECK(asked.request.plan.body.attendees == guests);
}

CALINT_TEST(zones_have_the_names_of_iana) {
  CHECK_EQUAL(Asked(R"("time_zone": "W. Europe Standard Time")").request.plan.body.time_zone, "Europe/Berlin");
  CHECK_EQUAL(Asked(R"("time_zone": "Europe/Kyiv")").request.plan.body.time_zone, "Europe/Kyiv");
}

CALINT_TEST(organiser_and_interviewers_are_named_by_their_places) {
  const Asked asked(R"("interviewer_ids": ["23", "17", "31"])");
  std::string places;
  for (const NamedUser& user : asked.request.users) places += user.user_id + user.pointer + " ";
  CHECK_EQUAL(places, "17/user_id 23/interviewer_ids/0 31/interviewer_ids/2 ");
}

CALINT_TEST(bounds_are_of_characters) {
  const auto repeat = [](std::string_view what, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += what;
    return text;
  };
  CHECK_EQUAL(wrong(fmt::format(R"("title": "{}")", repeat("\xe2\x82\xac", 255))), "");
  CHECK_EQUAL(wrong(fmt::format(R"("title": "{}")", repeat("x", 256))), "/title");
  CHECK_EQUAL(wrong(fmt::format(R"("description": "{}")", repeat("\xe2\x82\xac", 8000))), "");
  CHECK_EQUAL(wrong(fmt::format(R"("description": "{}")", repeat("x", 8001))), "/description");
  CHECK_EQUAL(wrong(fmt::format(R"("location": "{}")", repeat("x", 256))), "/location");
  CHECK_EQUAL(wrong(R"("attendees": )" + list(R"({{"email": "a{}@b.test"}})", 100)), "");
  CHECK_EQUAL(wrong(R"("attendees": )" + list(R"({{"email": "a{}@b.test"}})", 101)), "/attendees");
  CHECK_EQUAL(wrong(R"("interviewer_ids": )" + list(R"("{}")", 50)), "");
  CHECK_EQUAL(wrong(R"("interviewer_ids": )" + list(R"("{}")", 51)), "/interviewer_ids");
}

CALINT_TEST(what_cannot_be_is_named_by_its_place) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("user_id": null)", "/user_id"},
      {R"("user_id": 17)", "/user_id"},
      {R"("user_id": "")", "/user_id"},
      {R"("interview_ref": null)", "/interview_ref"},
      {R"("interview_ref": "a\u0000b")", "/interview_ref"},
      {R"("title": null)", "/title"},
      {R"("title": "")", "/title"},
      {R"("title": " \n")", "/title"},
      {R"("title": 1)", "/title"},
      {R"("title": "a\tb")", "/title"},
      {R"("title": "a\u0000b")", "/title"},
      {R"("title": "a\u0085b")", ""},
      {R"("title": "a\u009bb")", "/title"},
      {R"("description": "\u001b[31m")", "/description"},
      {R"("description": ["a"])", "/description"},
      {R"("location": "a\u007f")", "/location"},
      {R"("start": null)", "/start"},
      {R"("start": "2026-12-07T09:00:00")", "/start"},
      {R"("end": "tomorrow")", "/end"},
      {R"("end": "2026-12-07T09:00:00+01:00")", "/end"},
      {R"("end": "2026-12-07T09:00:59+01:00")", "/end"},
      {R"("end": "2026-12-07T09:01:00+01:00")", ""},
      {R"("end": "2026-12-08T09:00:00+01:00")", ""},
      {R"("end": "2026-12-08T09:00:01+01:00")", "/end"},
      {R"("start": "2028-12-01T10:00:00Z", "end": "2028-12-01T11:00:00Z")", ""},
      {R"("start": "2028-12-01T10:00:01Z", "end": "2028-12-01T11:00:00Z")", "/start"},
      {R"("start": "2028-12-01T10:00:01Z", "end": "2028-12-01T09:00:00Z")", "/start /end"},
      {R"("time_zone": "Mars/Olympus")", "/time_zone"},
      {R"("time_zone": "")", "/time_zone"},
      {R"("attendees": {})", "/attendees"},
      {R"("attendees": [null])", "/attendees/0"},
      {R"("attendees": ["jane@candidate.test"])", "/attendees/0"},
      {R"("attendees": [{}])", "/attendees/0/email"},
      {R"("attendees": [{"email": "jane"}])", "/attendees/0/email"},
      {R"("attendees": [{"email": "a@b.test"}, {"email": "a@b@c.test", "name": 1}])",
       "/attendees/1/email /attendees/1/name"},
      {R"("attendees": [{"email": "a@b.test", "optional": "no"}])", "/attendees/0/optional"},
      {R"("attendees": [{"email": "a@b.test", "mail": "x"}])", "/attendees/0/mail"},
      {R"("interviewer_ids": [])", "/interviewer_ids"},
      {R"("interviewer_ids": ["17", "17"])", "/interviewer_ids/1"},
      {R"("interviewer_ids": [17])", "/interviewer_ids/0"},
      {R"("conference": "yes")", "/conference"},
      {R"("conference": true, "conference_url": null)", ""},
      {R"("conference": true, "conference_url": "https://meet.example/1")", "/conference_url"},
      {R"("conference_url": "https://meet.example/1?pwd=a#success")", ""},
      {R"("conference_url": "http://meet.example/1")", "/conference_url"},
      {R"("conference_url": "https://me@meet.example/1")", "/conference_url"},
      {R"("conference_url": "https://meet.example/1 2")", "/conference_url"},
      {R"("conference_url": "https://meet.example/1#a b")", "/conference_url"},
      {R"("conference_url": "javascript:alert")", "/conference_url"},
      {R"("conference_url": "")", "/conference_url"},
      {R"("notify": 1)", "/notify"},
      {R"("hide_guests": "")", "/hide_guests"},
      {R"("hold_id": 5)", "/hold_id"},
      {R"("allow_conflict": 1)", "/allow_conflict"},
      {R"("reminder": -1)", "/reminder"},
      {R"("reminder": 1.5)", "/reminder"},
      {R"("reminder": 0)", ""},
      {R"("reminder": 40320)", ""},
      {R"("reminder": 40321)", "/reminder"},
      {R"("colour": 1, "id": "x")", "/colour /id"},
  };
  for (const auto& [members, places] : cases) CHECK_EQUAL(wrong(members), places);
  Problems problems;
  const Json none = read("[]");
  parse_event_request(none.get(), now(), problems);
  CHECK_EQUAL(told(problems), "");
  CHECK(!problems.empty());
}

CALINT_TEST(a_change_leaves_what_it_does_not_name) {
  const store::Interview before = interview();
  const Changed nothing(before, "");
  CHECK(nothing.problems.empty() && nothing.plan.body == before.body && nothing.plan.start == before.start);
  const Changed title(before, R"("title": "Another", "allow_conflict": true)");
  store::InterviewBody body = before.body;
  body.title = "Another";
  CHECK(title.plan.body == body && title.named.allow_conflict && !title.named.start);
  const Changed moved(before, R"("start": "2026-12-07T08:30:00Z")");
  CHECK(moved.plan.start == *parse_rfc3339("2026-12-07T08:30:00Z") && moved.plan.end == before.end);
}

CALINT_TEST(null_clears_in_a_change) {
  const Changed changed(interview(), R"("description": null, "attendees": null, "interviewer_ids": null,
                                        "notify": null, "reminder": null, "time_zone": null)");
  CHECK_EQUAL(told(changed.problems), "");
  CHECK(changed.plan.body == Asked("").request.plan.body);
}

CALINT_TEST(a_change_that_cannot_be_is_named) {
  store::Interview with_room = interview(), with_link = interview(), stretched = interview();
  with_room.body.conference = true;
  with_link.body.conference_url = "https://meet.example/1";
  stretched.end = stretched.start + std::chrono::hours(30);
  const auto refused = [](const store::Interview& before, const char* members) {
    return told(Changed(before, members).problems);
  };
  CHECK_EQUAL(refused(interview(), R"("user_id": "17", "interview_ref": null)"), "/user_id /interview_ref");
  CHECK_EQUAL(refused(interview(), R"("hold_id": "x", "status": "confirmed")"), "/hold_id /status");
  CHECK_EQUAL(refused(interview(), R"("title": null, "start": null, "end": null)"), "/title /start /end");
  CHECK_EQUAL(refused(interview(), R"("start": "2026-12-07T08:45:00Z")"), "/start");
  CHECK_EQUAL(refused(interview(), R"("end": "2026-12-07T08:00:00Z")"), "/end");
  CHECK_EQUAL(refused(interview(), R"("start": "2026-12-06T08:00:00Z")"), "/start");
  CHECK_EQUAL(refused(interview(), R"("conference": true)"), "/conference");
  CHECK_EQUAL(refused(interview(), R"("conference": false, "conference_url": "https://meet.example/1")"), "");
  CHECK_EQUAL(refused(with_room, R"("conference": null)"), "/conference");
  CHECK_EQUAL(refused(with_room, R"("conference": true, "title": "x")"), "");
  CHECK_EQUAL(refused(with_room, R"("conference_url": "https://meet.example/1")"), "/conference_url");
  CHECK_EQUAL(refused(with_room, R"("conference_url": null)"), "");
  CHECK_EQUAL(refused(with_link, R"("conference": true)"), "/conference");
  CHECK_EQUAL(refused(with_link, R"("conference_url": "https://meet.example/2")"), "");
  CHECK_EQUAL(refused(with_link, R"("conference_url": null)"), "");
  // What somebody did in the calendar isn't the ATS's to answer for.
  CHECK_EQUAL(refused(stretched, R"("title": "x")"), "");
  CHECK_EQUAL(refused(stretched, R"("start": "2026-12-07T08:30:00Z")"), "/start");
}
