// Interviews in Google's calendars: what is asked, and what comes of each answer.
#include <fmt/format.h>

#include "interview.h"
#include "provider/google/google.h"
#include "support/check.h"
#include "support/scripted_transport.h"

using namespace calint;
using namespace std::chrono_literals;
using provider::Cancelled;
using provider::EventParts;
using provider::Room;
using test::json_answer;
using test::ScriptedTransport;

namespace {

const std::string kKey = "0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f";
const std::string kEvents = "https://www.googleapis.com/calendar/v3/calendars/a%20b%2Fc%40example.com/events";
constexpr EventParts kTitle{.title = true};
constexpr EventParts kGuests{.guests = true};

std::string event(const std::string& key = kKey, const std::string& more = "") {
  return fmt::format(R"({{"id":"{}","etag":"\"1\"","status":"confirmed","iCalUID":"u","start":{{)"
                     R"("dateTime":"2027-01-21T09:00:00Z"}},"end":{{"dateTime":"2027-01-21T10:00:00Z"}},)"
                     R"("extendedProperties":{{"private":{{"calintInterview":"{}"}}}}{}}})",
                     kKey, key, more);
}

const std::string kCancelled = R"({"id":")" + kKey + R"(","status":"cancelled"})";

HttpResponse refusal(int status, const std::string& reason, const std::string& message = "UNTOLD") {
  return json_answer(status, fmt::format(R"({{"error":{{"code":{},"message":"{}","errors":[{{"reason":"{}"}}]}}}})",
                                         status, message, reason));
}

Error lost() { return {.fault = Fault::unavailable, .what = "timed out"}; }

struct Api {
  ScriptedTransport transport;
  std::unique_ptr<Events> events = google::make_events({}, transport);
  const Access access{.token = Secret(std::string_view("t")), .account = {}, .memory = {}};
  const provider::EventPlace place{.calendar = "a b/c@example.com", .key = kKey, .id = kKey};
  const Instant now{1795597200s};

  explicit Api(std::vector<Result<HttpResponse>> answers) {
    for (auto& answer : answers) transport.then(std::move(answer));
  }
  Result<provider::CreatedEvent> create(const provider::EventContent& content = test::interview()) {
    return events->create(access, {place.calendar, kKey}, content, now, Deadline::in(5s));
  }
  Result<provider::WrittenEvent> change(EventParts parts, const provider::EventContent& content = test::interview()) {
    return events->change(access, place, content, parts, now, Deadline::in(5s));
  }
  Result<Cancelled> cancel(bool notifies = true) {
    provider::EventContent content = test::interview();
    content.notifies = notifies;
    return events->cancel(access, place, content, now, Deadline::in(5s));
  }
  Result<std::optional<provider::WrittenEvent>> find() { return events->find(access, place, now, Deadline::in(5s)); }

  // "POST PATCH": what was asked, in order.
  std::string asked() const {
    std::string all;
    for (const HttpRequest& one : transport.requests()) all += (all.empty() ? "" : " ") + one.method;
    return all;
  }
  std::string url(size_t at) const { return transport.requests()[at].url; }
  std::string body(size_t at) const { return std::string(transport.requests()[at].body.reveal()); }
  std::string header(size_t at, const std::string& name) const {
    for (const auto& [key, value] : transport.requests()[at].headers)
      if (key == name) return value;
    return "";
  }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

CALINT_TEST(an_interview_is_created_in_its_calendar) {
  Api api({json_answer(200, event())});
  auto made = api.create();
  CHECK_OK(made);
  CHECK(!made->was_there);
  CHECK_EQUAL(made->event.place.id, kKey);
  CHECK_EQUAL(made->event.place.key, kKey);
  CHECK_EQUAL(made->event.place.calendar, "a b/c@example.com");
  CHECK(api.url(0).starts_with(kEvents + "?sendUpdates=all&"));
  CHECK(has(api.url(0), "&conferenceDataVersion=1"));
  CHECK_EQUAL(api.transport.requests()[0].bearer->reveal(), "t");
  CHECK_EQUAL(api.header(0, "Content-Type"), "application/json");
}

CALINT_TEST(every_write_says_whether_guests_are_told) {
  provider::EventContent silent = test::interview();
  silent.notifies = silent.wants_room = false;
  Api api({json_answer(200, event()), json_answer(200, event()), json_answer(200, event()), json_answer(204, "")});
  CHECK_OK(api.create(silent));
  CHECK_OK(api.change(kTitle, silent));
  CHECK_OK(api.cancel(false));
  for (const size_t write : {0U, 2U, 3U}) CHECK(has(api.url(write), "?sendUpdates=none"));
  Api loud({json_answer(200, event()), json_answer(200, event()), json_answer(204, "")});
  CHECK_OK(loud.change(kTitle));
  CHECK_OK(loud.cancel());
  for (const size_t write : {1U, 2U}) CHECK(has(loud.url(write), "?sendUpdates=all"));
  // Without a version, nothing touches the room.
  CHECK(!has(api.url(0), "conferenceDataVersion") && !has(loud.url(1), "conferenceDataVersion"));
}

CALINT_TEST(a_creation_whose_answer_was_lost_is_found_again) {
  Api api({lost(), refusal(409, "duplicate"), json_answer(200, event())});
  CHECK_FAULT(api.create(), Fault::unavailable);
  auto made = api.create();
  CHECK_OK(made);
  CHECK(made->was_there);
  CHECK_EQUAL(api.asked(), "POST POST GET");
  CHECK(api.url(2).starts_with(kEvents + "/" + kKey + "?"));
}

CALINT_TEST(an_id_that_is_taken_is_ours_only_where_a_look_says_so) {
  for (const HttpResponse& look : {json_answer(200, kCancelled), refusal(404, "notFound")}) {
    auto taken = Api({refusal(409, "duplicate"), look}).create();
    CHECK_FAULT(taken, Fault::gone);
    CHECK(taken.error().detail == Detail::deleted);
  }
  CHECK_FAULT(Api({refusal(409, "duplicate"), json_answer(200, event("another"))}).create(), Fault::corrupt);
  CHECK_FAULT(Api({refusal(409, "duplicate"), refusal(503, "backendError")}).create(), Fault::unavailable);
  for (const char* reason : {"conflict", "aNewReason"})
    CHECK_FAULT(Api({refusal(409, reason)}).create(), Fault::unavailable);
}

CALINT_TEST(too_much_isnt_forbidden) {
  for (const char* reason : {"quotaExceeded", "rateLimitExceeded", "userRateLimitExceeded"})
    CHECK_FAULT(Api({refusal(403, reason)}).create(), Fault::rate_limited);
  CHECK_FAULT(Api({refusal(429, "rateLimitExceeded")}).create(), Fault::rate_limited);
  for (const char* reason : {"insufficientPermissions", "requiredAccessLevel", "forbidden", "forbiddenForNonOrganizer"})
    CHECK_FAULT(Api({refusal(403, reason)}).create(), Fault::forbidden);
  auto refused = Api({refusal(401, "authError")}).create();
  CHECK_FAULT(refused, Fault::reconnect);
  CHECK(refused.error().detail == Detail::refused);
  CHECK_FAULT(Api({refusal(404, "notFound")}).create(), Fault::gone);
  CHECK_FAULT(Api({refusal(400, "parseError")}).create(), Fault::bug);
}

CALINT_TEST(an_address_that_google_wont_take_is_refused_for_good) {
  provider::EventContent content = test::interview();
  content.zone = "UTC";
  Api api({refusal(400, "invalid", "Invalid attendee email.")});
  auto made = api.create(content);
  CHECK_FAULT(made, Fault::bad_input);
  CHECK(made.error().detail == Detail::none);
  CHECK(!has(made.error().what, "attendee"));
  CHECK_FAULT(Api({json_answer(200, event()), refusal(400, "invalid")}).change(kGuests), Fault::bad_input);
}

CALINT_TEST(a_calendar_without_rooms_says_so) {
  Api api({refusal(400, "invalid", "Invalid conference type value.")});
  auto made = api.create();
  CHECK_FAULT(made, Fault::bad_input);
  CHECK(made.error().detail == Detail::no_room);
  CHECK_EQUAL(api.asked(), "POST");
}

CALINT_TEST(a_zone_that_google_doesnt_know_becomes_utc) {
  Api api({refusal(400, "invalid", "Invalid time zone definition."), json_answer(200, event()),
           json_answer(200, event()), refusal(400, "invalid"), json_answer(200, event()), json_answer(200, event())});
  CHECK_OK(api.create());
  CHECK(has(api.body(0), R"("timeZone":"Europe/Berlin")"));
  CHECK(has(api.body(1), R"("dateTime":"2027-01-21T09:00:00+00:00","timeZone":"UTC")"));
  CHECK_OK(api.change({.time = true}));
  CHECK(has(api.body(5), R"("timeZone":"UTC")"));
}

CALINT_TEST(a_room_is_told_as_google_speaks_of_it) {
  CHECK(Api({json_answer(200, event())}).create()->event.room == Room::none);
  const std::string pending = event(kKey, R"(,"conferenceData":{"createRequest":{"status":{"statusCode":"pending"}}})");
  CHECK(Api({json_answer(200, pending)}).create()->event.room == Room::pending);
}

CALINT_TEST(a_change_keeps_what_others_did_meanwhile) {
  const std::string accepted =
      event(kKey, R"(,"attendees":[{"email":"JDoe@example.net","responseStatus":"accepted"}])");
  Api api({json_answer(200, event()), refusal(412, "conditionNotMet"), json_answer(200, accepted),
           json_answer(200, accepted)});
  auto changed = api.change(kGuests);
  CHECK_OK(changed);
  CHECK_EQUAL(changed->answers.size(), 1U);
  CHECK_EQUAL(api.asked(), "GET PATCH GET PATCH");
  CHECK_EQUAL(api.header(1, "If-Match"), "\"1\"");
  CHECK(!has(api.body(1), "accepted"));
  CHECK(has(api.body(3), R"({"email":"JDoe@example.net","displayName":"J. Doe","optional":false,)"
                         R"("responseStatus":"accepted"})"));
  CHECK(has(api.body(3), R"({"email":"sam@example.com","optional":true})"));
}

CALINT_TEST(an_event_that_others_change_all_the_time_is_left_for_later) {
  Api api({json_answer(200, event()), refusal(412, "conditionNotMet"), json_answer(200, event()),
           refusal(412, "conditionNotMet"), json_answer(200, event()), refusal(412, "conditionNotMet")});
  CHECK_FAULT(api.change(kTitle), Fault::unavailable);
  CHECK_EQUAL(api.asked(), "GET PATCH GET PATCH GET PATCH");
}

CALINT_TEST(a_deleted_event_isnt_brought_back) {
  Api api({json_answer(200, kCancelled)});
  CHECK_FAULT(api.change(kTitle), Fault::gone);
  CHECK_EQUAL(api.asked(), "GET");
  CHECK_FAULT(Api({refusal(404, "notFound")}).change(kTitle), Fault::gone);
  // Deleted while we wrote: Google calls that forbidden.
  CHECK_FAULT(Api({json_answer(200, event()), refusal(403, "forbidden"), json_answer(200, kCancelled)}).change(kTitle),
              Fault::gone);
  CHECK_FAULT(Api({json_answer(200, event()), refusal(403, "forbidden"), json_answer(200, event())}).change(kTitle),
              Fault::forbidden);
}

CALINT_TEST(a_cancellation_says_whether_the_event_was_there) {
  const auto cancelled = [](HttpResponse answer) { return *Api({std::move(answer)}).cancel(); };
  CHECK(cancelled(json_answer(204, "")) == Cancelled::yes);
  CHECK(cancelled(refusal(410, "deleted")) == Cancelled::not_there);
  CHECK(cancelled(refusal(404, "notFound")) == Cancelled::not_there);
  CHECK_FAULT(Api({refusal(403, "quotaExceeded")}).cancel(), Fault::rate_limited);
  CHECK_FAULT(Api({refusal(403, "requiredAccessLevel")}).cancel(), Fault::forbidden);
  CHECK_FAULT(Api({lost()}).cancel(), Fault::unavailable);
}

CALINT_TEST(an_event_is_found_as_long_as_it_stands) {
  auto found = Api({json_answer(200, event())}).find();
  CHECK_OK(found);
  CHECK_EQUAL((*found)->uid, "u");
  CHECK(!Api({json_answer(200, kCancelled)}).find()->has_value());
  CHECK(!Api({refusal(404, "notFound")}).find()->has_value());
  CHECK_FAULT(Api({refusal(500, "backendError")}).find(), Fault::unavailable);
  CHECK_FAULT(Api({refusal(401, "authError")}).find(), Fault::reconnect);
}

CALINT_TEST(a_guests_copy_isnt_the_event) {
  CHECK(!Api({json_answer(200, event(""))}).find()->has_value());
  CHECK(!Api({json_answer(200, event("", R"(,"organizer":{"email":"x@example.com"})"))}).find()->has_value());
  // A program that wrote the event anew may have dropped the key.
  CHECK(Api({json_answer(200, event("", R"(,"organizer":{"self":true})"))}).find()->has_value());
}

CALINT_TEST(an_event_whose_creation_was_never_answered_goes_by_its_key) {
  Api api({json_answer(200, event()), json_answer(204, "")});
  const provider::EventPlace place{.calendar = "a b/c@example.com", .key = kKey};
  CHECK_OK(api.events->find(api.access, place, api.now, Deadline::in(5s)));
  CHECK_OK(api.events->cancel(api.access, place, test::interview(), api.now, Deadline::in(5s)));
  for (const size_t at : {0U, 1U}) CHECK(api.url(at).starts_with(kEvents + "/" + kKey + "?"));
}

CALINT_TEST(no_text_of_an_event_is_asked_for) {
  Api api({json_answer(200, event())});
  CHECK_OK(api.find());
  for (const char* member : {"summary", "description", "location"}) CHECK(!has(api.url(0), member));
}
