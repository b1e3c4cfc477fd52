// Events that Graph answers with.
#include "provider/outlook/event_reply.h"

#include <fmt/format.h>

#include "support/check.h"
#include "support/samples.h"
#include "support/scripted_transport.h"

using namespace calint;
using namespace calint::outlook;
using namespace std::chrono_literals;
using provider::Attendance;
using provider::Room;
using test::json_answer;

namespace {

std::string with(const std::string& members) {
  return R"({"id":"e","@odata.etag":"1","start":{"dateTime":"2027-01-21T09:00:00.0000000","timeZone":"UTC"},)"
         R"("end":{"dateTime":"2027-01-21T10:00:00.0000000","timeZone":"UTC"})" +
         (members.empty() ? "" : "," + members) + "}";
}

EventReply event(const std::string& members) {
  auto reply = parse_event(json_answer(200, with(members)), "c");
  CHECK_OK(reply);
  return *reply;
}

std::string guest(const char* address, const char* type, const char* response,
                  const char* time = "0001-01-01T00:00:00Z") {
  return fmt::format(
      R"({{"type":"{}","status":{{"response":"{}","time":"{}"}},"emailAddress":{{"name":"n","address":"{}"}}}})", type,
      response, time, address);
}

bool was_there(const char* created, const char* date, std::chrono::milliseconds elapsed) {
  HttpResponse response = json_answer(201, with(fmt::format(R"("createdDateTime":"{}")", created)));
  if (*date != '\0') response.headers.emplace_back("date", date);
  return was_there_before(*parse_event(response, "c"), response, elapsed);
}

}  // namespace

CALINT_TEST(an_event_is_told_as_it_stands) {
  auto reply = parse_event(test::sample_response(CALINT_TEST_DATA "/microsoft/event-create-response.json"), "c");
  CHECK_OK(reply);
  CHECK_EQUAL(reply->event.place.calendar, "c");
  CHECK_EQUAL(reply->event.place.id, "evtint1");
  CHECK_EQUAL(reply->event.uid, "040000008200E00074C5B7101A82E008EVTINT1");
  CHECK_EQUAL(reply->event.start, Instant{1800522000s});
  CHECK_EQUAL(reply->event.end, Instant{1800525600s});
  CHECK_EQUAL(reply->event.html_link, "https://outlook.office365.com/owa/?itemid=EXAMPLE");
  CHECK(reply->event.room == Room::ready);
  CHECK_EQUAL(reply->event.room_url, "https://teams.microsoft.com/l/meetup-join/EXAMPLE");
  CHECK_EQUAL(reply->etag, "W/\"EXAMPLEETAGevtint1==\"");
  CHECK_EQUAL(reply->created.value(), Instant{1796119200s});
  CHECK(reply->is_organiser && !reply->is_cancelled && !reply->event.organiser_declined);
  const std::vector<provider::GuestAnswer> expected = {{.email = "jdoe@example.net"}, {.email = "sam@contoso.example"}};
  CHECK(reply->event.answers == expected);
}

CALINT_TEST(a_room_without_an_address_is_pending) {
  CHECK(event(R"("isOnlineMeeting":true,"onlineMeeting":null)").event.room == Room::pending);
  CHECK(event(R"("isOnlineMeeting":true,"onlineMeeting":{"joinUrl":""})").event.room == Room::pending);
  CHECK(event(R"("isOnlineMeeting":false,"onlineMeeting":null)").event.room == Room::none);
  CHECK(event(R"("isOnlineMeeting":true)").known.is_online);
}

CALINT_TEST(everybodys_answer_is_told_but_the_organisers_and_those_of_rooms) {
  const EventReply reply = event(
      R"("organizer":{"emailAddress":{"address":"Avery@contoso.example"}},"responseStatus":{"response":"declined"},)"
      R"("attendees":[)" + guest("avery@contoso.example", "required", "none") + "," +
      guest("room4@contoso.example", "resource", "accepted") + "," +
      guest("boss@b.test", "required", "organizer") + "," +
      guest("a@b.test", "required", "accepted", "2026-11-30T08:40:00Z") + "," +
      guest("b@b.test", "optional", "declined") + "," + guest("c@b.test", "required", "tentativelyAccepted") + "," +
      guest("d@b.test", "required", "notResponded") +
      R"(,{"type":"required"},7])");
  CHECK(reply.event.organiser_declined);
  const std::vector<provider::GuestAnswer> expected = {
      {.email = "a@b.test", .attendance = Attendance::accepted, .at = Instant{1796028000s}},
      {.email = "b@b.test", .attendance = Attendance::declined},
      {.email = "c@b.test", .attendance = Attendance::tentative},
      {.email = "d@b.test"}};
  CHECK(reply.event.answers == expected);
  std::vector<bool> organisers;
  for (const GuestEntry& one : reply.known.guests) organisers.push_back(one.is_organiser);
  CHECK((organisers == std::vector<bool>{true, false, true, false, false, false, false}));
}

CALINT_TEST(times_in_another_zone_are_taken_too) {
  auto reply = parse_event(
      json_answer(200, R"({"id":"e","@odata.etag":"1",)"
                       R"("start":{"dateTime":"2027-01-21T10:00:00","timeZone":"W. Europe Standard Time"},)"
                       R"("end":{"dateTime":"2027-01-21T11:00:00","timeZone":"Europe/Berlin"}})"), "c");
  CHECK_OK(reply);
  CHECK_EQUAL(reply->event.start, Instant{1800522000s});
  CHECK_EQUAL(reply->event.end, Instant{1800525600s});
}

CALINT_TEST(what_is_no_event_is_no_answer) {
  for (const char* body : {"{}", "[]", "", R"({"id":"e"})", R"({"id":"","start":{},"end":{}})",
                           R"({"id":"e","start":{"dateTime":"2027-01-21T10:00:00","timeZone":"Mars"},"end":{}})"})
    CHECK_FAULT(parse_event(json_answer(200, body), "c"), Fault::unavailable);
  CHECK_FAULT(parse_found(json_answer(200, "{}"), "c"), Fault::unavailable);
  CHECK_FAULT(parse_found(json_answer(200, R"({"value":[{}]})"), "c"), Fault::unavailable);
  CHECK_FAULT(parse_makes_rooms(json_answer(200, "")), Fault::unavailable);
}

CALINT_TEST(the_first_that_stands_is_found) {
  const auto found = [](const std::string& list) {
    auto reply = parse_found(json_answer(200, R"({"value":[)" + list + "]}"), "c");
    CHECK_OK(reply);
    return reply->has_value();
  };
  CHECK(!found(""));
  CHECK(!found(with(R"("isCancelled":true)")));
  CHECK(found(with(R"("isCancelled":true)") + "," + with("")));
}

CALINT_TEST(a_calendar_says_whether_it_makes_rooms) {
  const auto makes = [](const char* body) { return *parse_makes_rooms(json_answer(200, body)); };
  CHECK(makes(R"({"allowedOnlineMeetingProviders":["skypeForBusiness","teamsForBusiness"]})"));
  for (const char* body : {"{}", R"({"allowedOnlineMeetingProviders":[]})", R"({"allowedOnlineMeetingProviders":null})",
                           R"({"allowedOnlineMeetingProviders":["unknown"]})"})
    CHECK(!makes(body));
}

CALINT_TEST(an_event_that_is_older_than_the_request_was_there) {
  constexpr const char* kDate = "Tue, 01 Dec 2026 10:00:10 GMT";
  CHECK(!was_there("2026-12-01T10:00:10.0000000Z", kDate, 100ms));
  CHECK(!was_there("2026-12-01T10:00:06.0000000Z", kDate, 4s));
  CHECK(!was_there("2026-12-01T10:00:09.5000000Z", kDate, 100ms));
  CHECK(was_there("2026-12-01T10:00:08.0000000Z", kDate, 100ms));
  CHECK(was_there("2026-11-30T10:00:00.0000000Z", kDate, 4s));
  CHECK(!was_there("2026-11-30T10:00:00.0000000Z", "", 4s));
  CHECK(!was_there("0001-01-01T00:00:00Z", kDate, 4s));
}
