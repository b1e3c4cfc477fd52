// Interviews at real CalDAV servers that aren't iCloud, and answer each in its own way: Radicale, which rewrites objects,
// Xandikos, which says of a refusal inside a 207, and Cyrus, which invites guests and has a UID once in an account.
#include "net/curl_transport.h"
#include "provider/apple/apple.h"
#include "support/caldav_programs.h"
#include "support/check.h"

using namespace calint;
using namespace calint::test;
using namespace std::chrono_literals;
using provider::Cancelled;

namespace {

const Instant kNow{std::chrono::seconds(1795597200)};
const Instant kStart{std::chrono::seconds(1800522000)};
const std::string kKey = "0123456789abcdef0123456789abcdef";

// Of the program, as a test that fails leaves its process at once.
Radicale* radicale = nullptr;
Xandikos* xandikos = nullptr;
Cyrus* cyrus = nullptr;
const Environment kRadicale([] { radicale = new Radicale; }, [] { delete radicale; });
const Environment kXandikos([] { xandikos = new Xandikos(CALINT_SOURCE_DIR "/tests/support/xandikos_for_people.py"); },
                            [] { delete xandikos; });
const Environment kCyrus([] { cyrus = new Cyrus(CALINT_SOURCE_DIR "/tests/support/cyrus_for_people.py"); },
                         [] { delete cyrus; });

// A person with two calendars.
struct Work {
  CalDavProgram& server;
  const std::string home;
  const std::string office = home + "office/", other = home + "other/";
  CurlTransport transport{{.proxy = "", .trust = nullptr, .allow_insecure_loopback = true, .stopping = {}}};
  std::unique_ptr<Events> events = apple::make_events({.api_url = server.url(), .api_hosts = {}}, transport);
  Access access;
  provider::EventContent wanted{.title = "Interview \xE2\x80\x9CJane\xE2\x80\x9D; a, b \\ c",
                                .description = "Hi, 2 < 3 & more\n\n  <b>Zoom</b>",
                                .location = "Room 5",
                                .start = kStart,
                                .end = kStart + 45min,
                                .zone = "Europe/Kyiv",
                                .guests = {{.email = "jane@candidate.test", .name = "Jane \"J\"; Doe"}},
                                .conference_url = "https://meet.test/a?b=c,d;e",
                                .reminder = 15};
  provider::EventPlace place{.calendar = office, .key = kKey};

  Work(CalDavProgram& at, const std::string& login) : server(at), home(at.home(login)), access{.account = login} {
    access.token = Secret(std::string_view("abcd"));
    access.memory = server.url() + home + " " + CalDavProgram::address(login);
    CHECK_EQUAL(send("PROPFIND", home).status, 207);
    for (const std::string& path : {office, other}) CHECK_EQUAL(send("MKCALENDAR", path).status, 201);
  }

  HttpResponse send(const std::string& method, const std::string& path, const std::string& body = "",
                    const std::string& etag = "") {
    HttpRequest request{.method = method,
                        .url = server.url() + path,
                        .basic = BasicCredentials{.user = access.account, .password = access.token},
                        .body = Secret(std::string_view(body))};
    if (!body.empty()) request.headers.emplace_back("Content-Type", "text/calendar");
    if (method == "PROPFIND") request.headers.emplace_back("Depth", "0");
    if (!etag.empty()) request.headers.emplace_back("If-Match", etag);
    auto response = transport.send(request, Deadline::in(10s));
    CHECK_OK(response);
    return std::move(*response);
  }
  // Of an object, its lines unfolded.
  std::string text(const std::string& path) {
    std::string all(send("GET", path).body.reveal());
    for (size_t at = 0; (at = all.find("\r\n ", at)) != std::string::npos;) all.erase(at, 3);
    return all;
  }
  void edit(const std::string& path, std::string_view from, std::string_view to) {
    std::string edited = text(path);
    const size_t at = edited.find(from);
    CHECK(at != std::string::npos);
    CHECK_EQUAL(send("PUT", path, edited.replace(at, from.size(), to)).status / 100, 2);
  }

  Result<provider::CreatedEvent> create() {
    return events->create(access, {place.calendar, kKey}, wanted, kNow, Deadline::in(10s));
  }
  Result<provider::WrittenEvent> change(const provider::EventParts& parts) {
    return events->change(access, place, wanted, parts, kNow + 1h, Deadline::in(10s));
  }
  Cancelled cancel() {
    auto cancelled = events->cancel(access, place, wanted, kNow, Deadline::in(10s));
    CHECK_OK(cancelled);
    return *cancelled;
  }
  std::optional<provider::WrittenEvent> found() {
    auto event = events->find(access, place, kNow, Deadline::in(10s));
    CHECK_OK(event);
    return std::move(*event);
  }
};

void keep_to_its_end(CalDavProgram& server) {
  Work work(server, "ivy");
  auto made = work.create();
  CHECK_OK(made);
  CHECK(!made->was_there);
  auto again = work.create();
  CHECK_OK(again);
  CHECK(again->was_there && again->event.start == kStart && again->event.end == kStart + 45min);
  work.place = again->event.place;
  const std::string path = work.office + work.place.id;

  // A person writes into it meanwhile.
  work.edit(path, "TRANSP:OPAQUE", "TRANSP:OPAQUE\r\nX-THEIRS;X-P=\"a;b\":1");
  work.wanted.start += 24h;
  work.wanted.end += 24h;
  work.wanted.guests.push_back({.email = "sam@work.test"});
  auto moved = work.change({.time = true, .guests = true});
  CHECK_OK(moved);
  CHECK(moved->start == kStart + 24h && moved->answers.size() == 2);
  const std::string text = work.text(path);
  for (const char* one : {"X-THEIRS;X-P=\"a;b\":1", "SEQUENCE:1", "DTSTART:20270122T090000Z", "SUMMARY:Interview",
                          "2 < 3 & more\\n\\n  <b>Zoom</b>"})
    ck_assert_msg(text.find(one) != std::string::npos, "%s in %s", one, text.c_str());

  work.edit(path, "PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED");
  const auto seen = work.found();
  CHECK(seen.has_value() && seen->answers.at(0).attendance == provider::Attendance::accepted);
  work.wanted.title = "Second";
  CHECK_OK(work.change({.title = true}));
  CHECK_EQUAL(work.found()->answers.at(0).email, "jane@candidate.test");
  // It is known again which URL was ours.
  work.wanted.conference_url.clear();
  CHECK_OK(work.change({.description = true, .location = true}));
  CHECK_EQUAL(work.text(path).find("meet.test"), std::string::npos);

  CHECK(work.cancel() == Cancelled::yes);
  CHECK_EQUAL(work.send("GET", path).status, 404);
  CHECK(work.cancel() == Cancelled::not_there);
  CHECK_FAULT(work.change({.title = true}), Fault::gone);
  CHECK(!work.found().has_value());
}

void look_for_uid(CalDavProgram& server) {
  Work work(server, "ann");
  CHECK_OK(work.create());
  work.place.id = kKey + ".ics";
  const std::string text = work.text(work.office + work.place.id);
  CHECK_EQUAL(work.send("DELETE", work.office + work.place.id).status / 100, 2);
  CHECK_EQUAL(work.send("PUT", work.other + "an%20other.ics", text).status, 201);
  CHECK(!work.found().has_value());
  work.place.calendar = work.other;
  const auto there = work.found();
  CHECK(there.has_value());
  CHECK_EQUAL(there->place.id, "an other.ics");
  // The server refuses a second object with that UID.
  auto again = work.create();
  CHECK_OK(again);
  CHECK(again->was_there);
  CHECK_EQUAL(again->event.place.id, "an other.ics");
  // Whoever cancels it may not have heard of the name.
  CHECK(work.cancel() == Cancelled::yes);
  CHECK(!work.found().has_value());
}

void ask_for_nothing(CalDavProgram& server) {
  Work work(server, "bob");
  work.place.calendar = work.home + "nowhere/";
  CHECK_FAULT(work.create(), Fault::gone);
  work.place.id = kKey + ".ics";
  CHECK_FAULT(work.change({.title = true}), Fault::gone);
  CHECK(!work.found().has_value());
  CHECK(work.cancel() == Cancelled::not_there);
}

}  // namespace

CALINT_TEST(radicale_keeps_an_interview_from_its_creation_to_its_end) { keep_to_its_end(*radicale); }
CALINT_TEST(xandikos_keeps_an_interview_from_its_creation_to_its_end) { keep_to_its_end(*xandikos); }
CALINT_TEST(cyrus_keeps_an_interview_from_its_creation_to_its_end) { keep_to_its_end(*cyrus); }
CALINT_TEST(radicale_says_where_an_interview_is_by_its_uid) { look_for_uid(*radicale); }
CALINT_TEST(xandikos_says_where_an_interview_is_by_its_uid) { look_for_uid(*xandikos); }
CALINT_TEST(cyrus_says_where_an_interview_is_by_its_uid) { look_for_uid(*cyrus); }
CALINT_TEST(radicale_says_that_a_calendar_isnt_there) { ask_for_nothing(*radicale); }
CALINT_TEST(xandikos_says_that_a_calendar_isnt_there) { ask_for_nothing(*xandikos); }
CALINT_TEST(cyrus_says_that_a_calendar_isnt_there) { ask_for_nothing(*cyrus); }
