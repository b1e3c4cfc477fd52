// Events as Google is sent them.
#include "provider/google/event_body.h"

#include "base/json.h"
#include "interview.h"
#include "support/check.h"
#include "support/samples.h"

using namespace calint;
using namespace calint::google;
using namespace std::chrono_literals;
using test::member_text;

namespace {

const std::string kKey = "0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f";
constexpr provider::EventParts kGuests{.guests = true};

Json parsed(const std::string& body) {
  Json value = parse_json_object(body);
  CHECK(value != nullptr);
  return value;
}

std::string described(const std::string& text, const std::string& link = "") {
  return description_text({.description = text, .conference_url = link});
}

}  // namespace

CALINT_TEST(an_interview_is_sent_as_the_reference_has_it) {
  const Json sample = test::read_sample(CALINT_TEST_DATA "/google/event-insert-request.json");
  const json_t* wanted = json_object_get(json_object_get(sample.get(), "request"), "json");
  const Json body = parsed(insert_body(kKey, test::interview()));
  for (const char* member : {"summary", "description", "location", "start", "end", "guestsCanSeeOtherGuests"})
    CHECK_EQUAL(member_text(body.get(), member), member_text(wanted, member));
  CHECK_EQUAL(member_text(body.get(), "id"), "\"" + kKey + "\"");
  CHECK_EQUAL(member_text(body.get(), "extendedProperties"), R"({"private":{"calintInterview":")" + kKey + "\"}}");
  CHECK_EQUAL(member_text(body.get(), "conferenceData"),
              R"({"createRequest":{"conferenceSolutionKey":{"type":"hangoutsMeet"},"requestId":")" + kKey + "\"}}");
  CHECK_EQUAL(member_text(body.get(), "attendees"),
              R"([{"displayName":"J. Doe","email":"jdoe@example.net","optional":false},)"
              R"({"email":"sam@example.com","optional":true}])");
  CHECK_EQUAL(member_text(body.get(), "reminders"),
              R"({"overrides":[{"method":"popup","minutes":15}],"useDefault":false})");
  // It goes by its id: both are refused together.
  CHECK_EQUAL(member_text(body.get(), "iCalUID"), "");
}

CALINT_TEST(what_isnt_asked_for_isnt_there) {
  provider::EventContent content = test::interview();
  content.wants_room = false;
  content.reminder = {};
  const Json body = parsed(insert_body(kKey, content));
  CHECK_EQUAL(member_text(body.get(), "conferenceData"), "");
  // Not the calendar's own reminders either.
  CHECK_EQUAL(member_text(body.get(), "reminders"), R"({"overrides":[],"useDefault":false})");
}

CALINT_TEST(a_change_has_what_it_changes_and_nothing_else) {
  const provider::EventContent content = test::interview();
  CHECK_EQUAL(patch_body(content, {.title = true}, {}), R"({"summary":"Interview: J. Doe - Backend Engineer"})");
  CHECK_EQUAL(patch_body(content, {.location = true}, {}), R"({"location":"Room 4"})");
  CHECK_EQUAL(patch_body(content, {.time = true}, {}),
              R"({"start":{"dateTime":"2027-01-21T10:00:00+01:00","timeZone":"Europe/Berlin"},)"
              R"("end":{"dateTime":"2027-01-21T11:00:00+01:00","timeZone":"Europe/Berlin"}})");
  CHECK_EQUAL(patch_body(content, {.reminder = true}, {}),
              R"({"reminders":{"useDefault":false,"overrides":[{"method":"popup","minutes":15}]}})");
  provider::EventContent cleared = content;
  cleared.description = cleared.location = "";
  CHECK_EQUAL(patch_body(cleared, {.description = true, .location = true}, {}),
              R"({"description":"","location":""})");
}

CALINT_TEST(a_zone_that_nobody_knows_becomes_utc) {
  provider::EventContent content = test::interview();
  for (const char* zone : {"Mars/Olympus", "", "W. Europe Standard Time"}) {
    content.zone = zone;
    CHECK_EQUAL(patch_body(content, {.time = true}, {}),
                R"({"start":{"dateTime":"2027-01-21T09:00:00+00:00","timeZone":"UTC"},)"
                R"("end":{"dateTime":"2027-01-21T10:00:00+00:00","timeZone":"UTC"}})");
  }
}

CALINT_TEST(a_text_is_shown_as_it_was_typed) {
  CHECK_EQUAL(described("Hi, 2 < 3 & more\n<a href=\"https://evil.test\">Zoom</a>"),
              "Hi, 2 &lt; 3 &amp; more<br>&lt;a href=\"https://evil.test\"&gt;Zoom&lt;/a&gt;");
  // Without markup it is no HTML, so that mails and other calendars show no tags.
  CHECK_EQUAL(described("Bring:\n- a CV"), "Bring:\n- a CV");
  CHECK_EQUAL(described("&amp;"), "&amp;amp;");
}

CALINT_TEST(the_ats_s_own_link_stands_in_description_and_location) {
  const std::string link = "https://zoom.test/j/1?a=1&b=2";
  CHECK_EQUAL(described("Hi", link), "Hi<br><br>https://zoom.test/j/1?a=1&amp;b=2");
  CHECK_EQUAL(described("", link), "https://zoom.test/j/1?a=1&amp;b=2");
  CHECK_EQUAL(described("At " + link, link), "At https://zoom.test/j/1?a=1&amp;b=2");
  provider::EventContent content{.location = "Room 4", .conference_url = link};
  CHECK_EQUAL(patch_body(content, {.location = true}, {}), R"({"location":"Room 4, )" + link + "\"}");
  content.location = "";
  CHECK_EQUAL(patch_body(content, {.location = true}, {}), R"({"location":")" + link + "\"}");
}

CALINT_TEST(one_guest_more_leaves_the_others_answers) {
  const std::vector<GuestEntry> known = {
      {.email = "avery@example.com", .is_organiser = true, .status = "accepted"},
      {.email = "room4@resource.calendar.google.com", .is_resource = true, .status = "accepted"},
      {.email = "Jane@Candidate.test", .name = "J", .status = "accepted", .comment = "fine", .additional_guests = 1},
      {.email = "gone@example.com", .status = "declined"}};
  const std::vector<provider::Guest> wanted = {{.email = "jane@candidate.test", .name = "Jane"},
                                               {.email = "new@example.com", .is_optional = true}};
  CHECK_EQUAL(patch_body({.guests = wanted}, kGuests, known),
              R"({"attendees":[{"email":"avery@example.com","optional":false,"responseStatus":"accepted"},)"
              R"({"email":"room4@resource.calendar.google.com","optional":false,"responseStatus":"accepted",)"
              R"("resource":true},)"
              R"({"email":"Jane@Candidate.test","displayName":"Jane","optional":false,"responseStatus":"accepted",)"
              R"("comment":"fine","additionalGuests":1},)"
              R"({"email":"new@example.com","optional":true}],"guestsCanSeeOtherGuests":true})");
  CHECK_EQUAL(patch_body({.guests = {{.email = "AVERY@example.com"}}, .hides_guests = true}, kGuests, {known[0]}),
              R"({"attendees":[{"email":"avery@example.com","optional":false,"responseStatus":"accepted"}],)"
              R"("guestsCanSeeOtherGuests":false})");
}
