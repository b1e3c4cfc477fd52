// Interviews in Outlook's calendars: what is asked, and what comes of each answer.
#include <fmt/format.h>

#include "interview.h"
#include "provider/outlook/event_body.h"
#include "provider/outlook/outlook.h"
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
const std::string kMe = "https://graph.microsoft.com/v1.0/me";
const std::string kCalendar = kMe + "/calendars/AAM%2Fk%3D";
const std::string kEvent = kCalendar + "/events/ev%2F1%3D";
constexpr EventParts kTitle{.title = true};
constexpr EventParts kGuests{.guests = true};

std::string event(const std::string& more = "") {
  return R"({"id":"ev/1=","@odata.etag":"W/\"1\"","iCalUId":"u","isOrganizer":true,)"
         R"("start":{"dateTime":"2027-01-21T09:00:00.0000000","timeZone":"UTC"},)"
         R"("end":{"dateTime":"2027-01-21T10:00:00.0000000","timeZone":"UTC"})" +
         (more.empty() ? "" : "," + more) + "}";
}

const std::string kReady = event(R"("isOnlineMeeting":true,"onlineMeeting":{"joinUrl":"https://teams.test/j"})");
const std::string kMeeting = event(R"("attendees":[{"type":"required","status":{"response":"accepted"},)"
                                   R"("emailAddress":{"address":"JDoe@example.net"}}])");
const std::string kNone = R"({"value":[]})";

HttpResponse teams() { return json_answer(200, R"({"allowedOnlineMeetingProviders":["teamsForBusiness"]})"); }
HttpResponse made(const std::string& body = event()) { return json_answer(201, body); }
HttpResponse refusal(int status, const std::string& code) {
  return json_answer(status, fmt::format(R"({{"error":{{"code":"{}","message":"UNTOLD"}}}})", code));
}
HttpResponse missing() { return refusal(404, "ErrorItemNotFound"); }
HttpResponse changed_meanwhile() { return refusal(412, "ErrorIrresolvableConflict"); }
HttpResponse duplicate() { return refusal(409, "ErrorDuplicateTransactionId"); }
HttpResponse unknown_zone() { return refusal(400, "TimeZoneNotSupportedException"); }

Error lost() { return {.fault = Fault::unavailable, .what = "timed out"}; }

provider::EventContent without_room() {
  provider::EventContent content = test::interview();
  content.wants_room = false;
  return content;
}

struct Api {
  ScriptedTransport transport;
  std::unique_ptr<Events> events = outlook::make_events({}, transport);
  const Access access{.token = Secret(std::string_view("t")), .account = {}, .memory = {}};
  provider::EventPlace place{.calendar = "AAM/k=", .key = kKey, .id = "ev/1="};
  const Instant now{1795597200s};

  explicit Api(std::vector<Result<HttpResponse>> answers) {
    for (auto& answer : answers) transport.then(std::move(answer));
  }
  Result<provider::CreatedEvent> create(const provider::EventContent& content = without_room(),
                                        bool is_repeated = false) {
    return events->create(access, {place.calendar, kKey, is_repeated}, content, now, Deadline::in(5s));
  }
  Result<provider::WrittenEvent> change(EventParts parts, const provider::EventContent& content = without_room()) {
    return events->change(access, place, content, parts, now, Deadline::in(5s));
  }
  Result<Cancelled> cancel() { return events->cancel(access, place, without_room(), now, Deadline::in(5s)); }
  Result<std::optional<provider::WrittenEvent>> find() { return events->find(access, place, now, Deadline::in(5s)); }

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
  Api api({made()});
  auto created = api.create();
  CHECK_OK(created);
  CHECK(!created->was_there);
  CHECK_EQUAL(created->event.place.id, "ev/1=");
  CHECK_EQUAL(created->event.place.key, kKey);
  CHECK_EQUAL(created->event.place.calendar, "AAM/k=");
  CHECK_EQUAL(api.asked(), "POST");
  CHECK_EQUAL(api.url(0), kCalendar + "/events");
  CHECK_EQUAL(api.header(0, "Content-Type"), "application/json");
  CHECK_EQUAL(api.transport.requests()[0].bearer->reveal(), "t");
}

CALINT_TEST(every_call_asks_for_the_ids_that_the_sync_knows) {
  Api api({teams(), made(kReady), json_answer(200, kMeeting), json_answer(200, kMeeting), json_answer(200, kMeeting),
           json_answer(202, ""), json_answer(200, event())});
  CHECK_OK(api.create(test::interview()));
  CHECK_OK(api.change(kTitle));
  CHECK_OK(api.cancel());
  CHECK_OK(api.find());
  CHECK_EQUAL(api.asked(), "GET POST GET PATCH GET POST GET");
  for (size_t at = 0; at < 7; ++at) CHECK(has(api.header(at, "Prefer"), "IdType=\"ImmutableId\""));
  for (size_t at = 1; at < 7; ++at) CHECK(has(api.header(at, "Prefer"), "outlook.timezone=\"UTC\""));
}

CALINT_TEST(a_room_is_asked_for_only_where_the_calendar_makes_them) {
  Api api({json_answer(200, R"({"allowedOnlineMeetingProviders":[]})")});
  auto created = api.create(test::interview());
  CHECK_FAULT(created, Fault::bad_input);
  CHECK(created.error().detail == Detail::no_room);
  CHECK_EQUAL(api.asked(), "GET");
  CHECK(api.url(0).starts_with(kCalendar + "?"));
  CHECK_FAULT(Api({refusal(404, "ErrorFolderNotFound")}).create(test::interview()), Fault::gone);
}

CALINT_TEST(a_room_is_ready_pending_or_failed) {
  CHECK(Api({teams(), made(kReady)}).create(test::interview())->event.room == Room::ready);
  CHECK(Api({teams(), made(event(R"("isOnlineMeeting":true,"onlineMeeting":null)"))})
            .create(test::interview())->event.room == Room::pending);
  CHECK(Api({teams(), made()}).create(test::interview())->event.room == Room::none);
  CHECK(Api({made()}).create()->event.room == Room::none);
}

CALINT_TEST(a_creation_that_is_repeated_finds_the_event) {
  Api api({lost(), duplicate(), json_answer(200, R"({"value":[)" + event() + "]}")});
  CHECK_FAULT(api.create(), Fault::unavailable);
  auto created = api.create();
  CHECK_OK(created);
  CHECK(created->was_there);
  CHECK_EQUAL(created->event.place.id, "ev/1=");
  CHECK_EQUAL(api.asked(), "POST POST GET");
  CHECK_EQUAL(api.body(0), api.body(1));
  CHECK(api.url(2).starts_with(kCalendar + "/events?%24filter=singleValueExtendedProperties%2FAny"));
  CHECK(has(api.url(2), kKey));
}

CALINT_TEST(a_late_repetition_looks_for_the_event_before_it_makes_one) {
  Api found({json_answer(200, R"({"value":[)" + kReady + "]}")});
  auto created = found.create(test::interview(), true);
  CHECK_OK(created);
  CHECK(created->was_there && created->event.room == Room::ready);
  CHECK_EQUAL(created->event.place.key, kKey);
  CHECK_EQUAL(found.asked(), "GET");
  Api none({json_answer(200, kNone), teams(), made(kReady)});
  CHECK(!none.create(test::interview(), true)->was_there);
  CHECK_EQUAL(none.asked(), "GET GET POST");
  // What can't be known isn't made.
  CHECK_FAULT(Api({refusal(503, "ErrorServerBusy")}).create(without_room(), true), Fault::unavailable);
  auto without_calendar = Api({refusal(404, "ErrorFolderNotFound")}).create(without_room(), true);
  CHECK_FAULT(without_calendar, Fault::gone);
  CHECK(without_calendar.error().detail == Detail::none);
}

CALINT_TEST(an_event_that_graph_gives_again_was_there) {
  HttpResponse answer = made(event(R"("createdDateTime":"2026-12-01T10:00:00.0000000Z")"));
  answer.headers.emplace_back("date", "Tue, 01 Dec 2026 10:05:00 GMT");
  CHECK(Api({answer}).create()->was_there);
}

CALINT_TEST(an_event_of_the_key_that_was_deleted_is_gone) {
  auto used = Api({duplicate(), json_answer(200, kNone)}).create();
  CHECK_FAULT(used, Fault::gone);
  CHECK(used.error().detail == Detail::deleted);
  CHECK_FAULT(Api({duplicate(), refusal(503, "ErrorServerBusy")}).create(), Fault::unavailable);
  // Any other conflict says nothing of the key.
  CHECK_FAULT(Api({refusal(409, "ErrorSomething"), json_answer(200, kNone)}).create(), Fault::unavailable);
}

CALINT_TEST(a_zone_that_graph_doesnt_know_becomes_utc) {
  provider::EventContent content = without_room();
  content.zone = "Europe/Kyiv";
  Api api({unknown_zone(), made(), json_answer(200, event()), unknown_zone(), json_answer(200, event()),
           json_answer(200, event())});
  CHECK_OK(api.create(content));
  CHECK(has(api.body(0), R"("dateTime":"2027-01-21T11:00:00","timeZone":"Europe/Kyiv")"));
  CHECK(has(api.body(1), R"("dateTime":"2027-01-21T09:00:00","timeZone":"UTC")"));
  CHECK_OK(api.change({.time = true}, content));
  CHECK(has(api.body(5), R"("dateTime":"2027-01-21T09:00:00","timeZone":"UTC")"));
}

CALINT_TEST(every_refusal_asks_for_its_reaction) {
  CHECK_FAULT(Api({refusal(403, "ErrorAccessDenied")}).create(), Fault::forbidden);
  CHECK_FAULT(Api({refusal(404, "ErrorFolderNotFound")}).create(), Fault::gone);
  CHECK_FAULT(Api({refusal(429, "ApplicationThrottled")}).create(), Fault::rate_limited);
  CHECK_FAULT(Api({refusal(403, "ErrorSubmissionQuotaExceeded")}).create(), Fault::rate_limited);
  CHECK_EQUAL(Api({refusal(403, "ErrorExceededMessageLimit")}).create().error().retry_after, 1h);
  CHECK_FAULT(Api({refusal(503, "ErrorServerBusy")}).create(), Fault::unavailable);
  CHECK_FAULT(Api({refusal(507, "ErrorQuotaExceeded")}).create(), Fault::unavailable);
  CHECK_FAULT(Api({refusal(400, "ErrorInvalidRequest")}).create(), Fault::bug);
  for (const char* code : {"ErrorInvalidRecipients", "ErrorPropertyValidationFailure"}) {
    auto refused = Api({refusal(400, code)}).create();
    CHECK_FAULT(refused, Fault::bad_input);
    CHECK(!has(refused.error().what, "UNTOLD"));
  }
  auto refused = Api({refusal(401, "InvalidAuthenticationToken")}).create();
  CHECK_FAULT(refused, Fault::reconnect);
  CHECK(refused.error().detail == Detail::refused);
  CHECK(Api({refusal(404, "MailboxNotEnabledForRESTAPI")}).create().error().detail == Detail::no_mailbox);
}

CALINT_TEST(a_change_keeps_what_others_did_meanwhile) {
  Api api({json_answer(200, event()), changed_meanwhile(), json_answer(200, kMeeting), json_answer(200, kMeeting)});
  auto changed = api.change(kGuests);
  CHECK_OK(changed);
  CHECK_EQUAL(changed->answers.size(), 1U);
  CHECK_EQUAL(api.asked(), "GET PATCH GET PATCH");
  CHECK(api.url(0).starts_with(kEvent + "?"));
  CHECK_EQUAL(api.url(1), kEvent);
  CHECK_EQUAL(api.header(1, "If-Match"), "W/\"1\"");
  CHECK(!has(api.body(1), "accepted"));
  CHECK(has(api.body(3), R"({"emailAddress":{"address":"JDoe@example.net","name":"J. Doe"},"type":"required",)"
                         R"("status":{"response":"accepted"}})"));
  CHECK(!has(api.body(3), "\"body\""));
  Api restless({json_answer(200, event()), changed_meanwhile(), json_answer(200, event()), changed_meanwhile(),
                json_answer(200, event()), changed_meanwhile()});
  CHECK_FAULT(restless.change(kTitle), Fault::unavailable);
}

CALINT_TEST(a_new_text_leaves_the_way_into_the_meeting) {
  const std::string block = std::string(80, '_') + R"(</div><a href=\"https://teams.test/j\">Join</a>)";
  const std::string before = event(R"("isOnlineMeeting":true,"onlineMeeting":{"joinUrl":"https://teams.test/j"},)"
                                   R"("body":{"contentType":"html","content":"<div>old</div><div>)" + block + "\"}");
  Api api({json_answer(200, before), json_answer(200, before)});
  CHECK_OK(api.change({.description = true}));
  CHECK_EQUAL(api.body(1),
              R"({"body":{"contentType":"html","content":"<div>Panel interview</div><div>)" + block + "\"}}");
}

CALINT_TEST(a_deleted_event_isnt_brought_back) {
  CHECK_FAULT(Api({missing(), missing()}).change(kTitle), Fault::gone);
  CHECK_FAULT(Api({json_answer(200, event(R"("isCancelled":true)"))}).change(kTitle), Fault::gone);
  CHECK_FAULT(Api({json_answer(200, event()), missing()}).change(kTitle), Fault::gone);
  CHECK_FAULT(Api({json_answer(200, event()), refusal(403, "ErrorAccessDenied")}).change(kTitle), Fault::forbidden);
}

CALINT_TEST(a_meeting_is_called_off_and_what_has_no_guests_is_taken_away) {
  Api meeting({json_answer(200, kMeeting), json_answer(202, "")});
  CHECK_OK(meeting.cancel());
  CHECK_EQUAL(meeting.asked(), "GET POST");
  CHECK_EQUAL(meeting.url(1), kEvent + "/cancel");
  CHECK_EQUAL(meeting.body(1), "{}");
  Api alone({json_answer(200, event()), json_answer(204, "")});
  CHECK_OK(alone.cancel());
  CHECK_EQUAL(alone.asked(), "GET DELETE");
  CHECK_EQUAL(alone.url(1), kEvent);
  std::string guests_own = kMeeting;
  guests_own.replace(guests_own.find("\"isOrganizer\":true"), 18, "\"isOrganizer\":false");
  Api elsewhere({json_answer(200, guests_own), json_answer(204, "")});
  CHECK_OK(elsewhere.cancel());
  CHECK_EQUAL(elsewhere.asked(), "GET DELETE");
}

CALINT_TEST(a_cancellation_says_whether_the_event_was_there) {
  const auto cancelled = [](const Result<HttpResponse>& first, const Result<HttpResponse>& second) {
    return *Api({first, second}).cancel();
  };
  CHECK(cancelled(json_answer(200, event()), json_answer(204, "")) == Cancelled::yes);
  CHECK(cancelled(json_answer(200, kMeeting), json_answer(202, "")) == Cancelled::yes);
  CHECK(cancelled(missing(), missing()) == Cancelled::not_there);
  CHECK(cancelled(json_answer(200, event()), missing()) == Cancelled::not_there);
  CHECK_FAULT(Api({json_answer(200, event()), lost()}).cancel(), Fault::unavailable);
  CHECK_FAULT(Api({json_answer(200, event()), refusal(403, "ErrorAccessDenied")}).cancel(), Fault::forbidden);
  // Its last guest was taken out a moment ago.
  Api no_meeting({json_answer(200, kMeeting), refusal(400, "ErrorInvalidRequest"), json_answer(204, "")});
  CHECK_OK(no_meeting.cancel());
  CHECK_EQUAL(no_meeting.asked(), "GET POST DELETE");
}

CALINT_TEST(an_event_is_found_as_long_as_it_stands) {
  auto found = Api({json_answer(200, event())}).find();
  CHECK_OK(found);
  CHECK_EQUAL((*found)->uid, "u");
  CHECK_EQUAL((*found)->place.key, kKey);
  CHECK(!Api({missing(), missing()}).find()->has_value());
  CHECK(!Api({json_answer(200, event(R"("isCancelled":true)"))}).find()->has_value());
  CHECK_FAULT(Api({refusal(503, "ErrorServerBusy")}).find(), Fault::unavailable);
}

CALINT_TEST(an_event_that_was_moved_is_looked_for_in_the_mailbox) {
  Api api({missing(), json_answer(200, event()), json_answer(200, event()), refusal(404, "ErrorFolderNotFound"),
           json_answer(200, event()), json_answer(204, ""), refusal(403, "ErrorAccessDenied")});
  CHECK_OK(api.change(kTitle));
  CHECK(api.url(0).starts_with(kEvent + "?"));
  CHECK(api.url(1).starts_with(kMe + "/events/ev%2F1%3D?"));
  CHECK_EQUAL(api.url(2), kMe + "/events/ev%2F1%3D");
  CHECK_OK(api.cancel());
  CHECK_EQUAL(api.url(5), kMe + "/events/ev%2F1%3D");
  // What may not be seen isn't elsewhere.
  CHECK_FAULT(api.find(), Fault::forbidden);
}

CALINT_TEST(an_event_whose_creation_was_never_answered_is_found_by_its_key) {
  const std::string list = R"({"value":[)" + event() + "]}";
  Api api({json_answer(200, list), json_answer(200, list), json_answer(200, event()), json_answer(200, list),
           json_answer(204, ""), json_answer(200, kNone), json_answer(200, kNone)});
  api.place.id.clear();
  CHECK_EQUAL((*api.find())->place.id, "ev/1=");
  CHECK_OK(api.change(kTitle));
  CHECK_EQUAL(api.url(2), kEvent);
  CHECK_OK(api.cancel());
  CHECK_EQUAL(api.url(4), kEvent);
  CHECK_OK(api.cancel());
  CHECK(!api.find()->has_value());
  CHECK_EQUAL(api.asked(), "GET GET PATCH GET DELETE GET GET");
}
