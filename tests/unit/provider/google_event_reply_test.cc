// Events that Google answers with.
#include "provider/google/event_reply.h"

#include <fmt/format.h>

#include "support/check.h"
#include "support/samples.h"
#include "support/scripted_transport.h"

using namespace calint;
using namespace calint::google;
using namespace std::chrono_literals;
using provider::Attendance;
using provider::Room;
using test::json_answer;

namespace {

EventReply sample(const std::string& name) {
  auto reply = parse_event(test::sample_response(CALINT_TEST_DATA "/google/" + name + ".json"), "a@example.com");
  CHECK_OK(reply);
  return *reply;
}

std::string with(const std::string& members) {
  return R"({"id":"e","etag":"1","status":"confirmed","start":{"dateTime":"2027-01-21T10:00:00+01:00"},)"
         R"("end":{"dateTime":"2027-01-21T11:00:00+01:00"})" +
         (members.empty() ? "" : "," + members) + "}";
}

EventReply event(const std::string& members) {
  auto reply = parse_event(json_answer(200, with(members)), "a@example.com");
  CHECK_OK(reply);
  return *reply;
}

std::string conference(const std::string& members) { return R"("conferenceData":{)" + members + "}"; }

}  // namespace

CALINT_TEST(an_event_is_told_as_it_stands) {
  const EventReply reply = sample("event-get-conference-ready");
  CHECK_EQUAL(reply.event.place.calendar, "a@example.com");
  CHECK_EQUAL(reply.event.place.id, "calint0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f");
  CHECK_EQUAL(reply.event.uid, "calint0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f@google.com");
  CHECK_EQUAL(reply.event.start, Instant{1800522000s});
  CHECK_EQUAL(reply.event.end, Instant{1800525600s});
  CHECK_EQUAL(reply.event.html_link, "https://www.google.com/calendar/event?eid=EXAMPLE");
  CHECK_EQUAL(reply.key, "0c1d2e3f");
  CHECK_EQUAL(reply.etag, "\"343059009177\"");
  CHECK_EQUAL(reply.event.answers.size(), 2U);
  CHECK_EQUAL(reply.event.answers[0].email, "jdoe@example.net");
  CHECK(reply.event.answers[0].attendance == Attendance::needs_action);
  CHECK(!reply.is_cancelled && !reply.event.organiser_declined);
}

CALINT_TEST(a_room_is_pending_until_its_address_is_there_or_it_failed) {
  CHECK(sample("event-insert-response-pending").event.room == Room::pending);
  CHECK_EQUAL(sample("event-insert-response-pending").event.room_url, "");
  CHECK(sample("event-get-conference-ready").event.room == Room::ready);
  CHECK_EQUAL(sample("event-get-conference-ready").event.room_url, "https://meet.google.com/abc-defg-hij");
  CHECK(sample("event-get-conference-failed").event.room == Room::failed);
  CHECK(event("").event.room == Room::none);
  CHECK(event(R"("conferenceData":null)").event.room == Room::none);
  // Success without an address isn't ready.
  CHECK(event(conference(R"("createRequest":{"status":{"statusCode":"success"}})")).event.room == Room::pending);
  CHECK(event(conference(R"("createRequest":{})")).event.room == Room::pending);
  CHECK_EQUAL(event(R"("hangoutLink":"https://meet.google.com/x")").event.room_url, "https://meet.google.com/x");
  const EventReply odd = event(conference(
      R"("entryPoints":[{"entryPointType":"phone","uri":"tel:+1"},{"entryPointType":"video","uri":"javascript:x"}])"));
  CHECK(odd.event.room == Room::none && odd.event.room_url.empty());
}

CALINT_TEST(everybodys_answer_is_told_but_the_organisers_and_those_of_rooms) {
  const EventReply reply = event(
      R"("attendees":[{"email":"a@example.com","self":true,"organizer":true,"responseStatus":"declined"},)"
      R"({"email":"r@example.com","resource":true,"responseStatus":"accepted"},)"
      R"({"email":"b@example.com","responseStatus":"accepted","comment":"x","additionalGuests":2,"optional":true},)"
      R"({"email":"c@example.com","responseStatus":"declined"},{"email":"d@example.com","responseStatus":"tentative"},)"
      R"({"email":"e@example.com","responseStatus":"somethingNew"},{"id":"hidden"},7])");
  CHECK(reply.event.organiser_declined);
  const std::vector<provider::GuestAnswer> expected = {{.email = "b@example.com", .attendance = Attendance::accepted},
                                                       {.email = "c@example.com", .attendance = Attendance::declined},
                                                       {.email = "d@example.com", .attendance = Attendance::tentative},
                                                       {.email = "e@example.com"}};
  CHECK(reply.event.answers == expected);
  CHECK_EQUAL(reply.guests.size(), 6U);
  CHECK(reply.guests[2] == (GuestEntry{.email = "b@example.com",
                                       .is_optional = true,
                                       .status = "accepted",
                                       .comment = "x",
                                       .additional_guests = 2}));
}

CALINT_TEST(a_deleted_event_needs_no_more_than_its_id) {
  auto reply = parse_event(json_answer(200, R"({"id":"e","status":"cancelled"})"), "c");
  CHECK_OK(reply);
  CHECK(reply->is_cancelled);
}

CALINT_TEST(whole_days_begin_at_midnight_in_utc) {
  auto reply = parse_event(
      json_answer(200, R"({"id":"e","etag":"1","start":{"date":"2027-01-21"},"end":{"date":"2027-01-22"}})"), "c");
  CHECK_OK(reply);
  CHECK_EQUAL(reply->event.start, Instant{1800489600s});
  CHECK_EQUAL(reply->event.end, Instant{1800576000s});
}

CALINT_TEST(what_is_no_event_is_no_answer) {
  for (const char* body : {"{}", "[]", "", R"({"id":7})", R"({"id":""})", R"({"id":"e"})",
                           R"({"id":"e","etag":"1","start":{"dateTime":"2027-01-21T10:00:00"},"end":{}})",
                           R"({"id":"e","start":{"date":"2027-01-21"},"end":{"date":"2027-01-22"}})"})
    CHECK_FAULT(parse_event(json_answer(200, body), "c"), Fault::unavailable);
  CHECK_FAULT(parse_event({.status = 200, .headers = {{"content-type", "text/html"}}, .body = {}}, "c"),
              Fault::unavailable);
}

CALINT_TEST(a_link_that_leads_nowhere_is_left_out) {
  CHECK_EQUAL(event(R"("htmlLink":"javascript:x")").event.html_link, "");
  CHECK_EQUAL(event(R"("htmlLink":"https://x.test/)" + std::string(3000, 'a') + "\"").event.html_link, "");
}
