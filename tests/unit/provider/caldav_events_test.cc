// Interviews over CalDAV, in two calendars of one account.
#include "provider/caldav/events.h"

#include "base/encoding.h"
#include "caldav.h"
#include "caldav_server.h"
#include "provider/provider.h"
#include "support/check.h"

using namespace calint;
using namespace calint::test;
using namespace std::chrono_literals;
using provider::Cancelled;
using provider::EventContent;
using provider::EventPlace;

namespace {

const Instant kNow{std::chrono::seconds(1795597200)};
const Instant kStart{std::chrono::seconds(1800522000)};
const std::string kKey = "0123456789abcdef0123456789abcdef";
const std::string kTeam = "/1/calendars/team/", kOther = "/1/calendars/other/";
constexpr char kHost[] = "https://p42.icloud.com";

EventContent content() {
  return {.title = "Interview",
          .description = "Welcome",
          .location = "Room 5",
          .start = kStart,
          .end = kStart + 45min,
          .zone = "Europe/Berlin",
          .guests = {{.email = "jane@candidate.test", .name = "Jane"}}};
}

struct Work {
  CalDavServer server;
  caldav::CalendarEvents events{
      {.entry = parse_url("https://caldav.icloud.com/").value(), .hosts = {"*.icloud.com"}}, server};
  Access access{.token = Secret(std::string_view("abcd")),
                .account = "avery@icloud.example",
                .memory = std::string(kHost) + "/1/calendars/ avery@icloud.example /1/principal/"};
  EventPlace place{.calendar = kTeam, .key = kKey, .id = kKey + ".ics"};
  EventContent wanted = content();

  Result<provider::CreatedEvent> create() {
    return events.create(access, {kTeam, kKey}, wanted, kNow, Deadline::in(5s));
  }
  Result<provider::WrittenEvent> change(const provider::EventParts& parts) {
    return events.change(access, place, wanted, parts, kNow, Deadline::in(5s));
  }
  Result<Cancelled> cancel() { return events.cancel(access, place, wanted, kNow, Deadline::in(5s)); }
  Result<std::optional<provider::WrittenEvent>> find() {
    return events.find(access, place, kNow, Deadline::in(5s));
  }

  std::string path() const { return kTeam + kKey + ".ics"; }
  std::string text() { return server.objects.at(path()).text; }
  // Somebody else edits the object.
  void edit(const std::string& from, const std::string& to) {
    CalDavServer::Object& object = server.objects.at(path());
    const size_t at = object.text.find(from);
    CHECK(at != std::string::npos);
    object.text.replace(at, from.size(), to);
    ++object.version;
  }
  std::string asked() {
    std::string all;
    for (const std::string& one : std::exchange(server.asked, {})) all += one.substr(0, one.find(' ')) + " ";
    return all;
  }
};

}  // namespace

CALINT_TEST(an_interview_is_written_once_and_answers_where_it_is) {
  Work work;
  auto made = work.create();
  CHECK_OK(made);
  CHECK(!made->was_there && made->event.start == kStart && made->event.uid == kKey);
  CHECK_EQUAL(made->event.place.id, kKey + ".ics");
  CHECK_EQUAL(made->event.place.calendar, kTeam);
  CHECK_EQUAL(made->event.answers.size(), 1);
  CHECK_EQUAL(work.asked(), "PUT ");
  CHECK_EQUAL(work.server.objects.size(), 1);
  auto again = work.create();
  CHECK_OK(again);
  CHECK(again->was_there);
  CHECK_EQUAL(again->event.place.id, kKey + ".ics");
  CHECK_EQUAL(work.server.objects.size(), 1);
}

CALINT_TEST(an_answer_that_was_lost_is_found_by_the_next_call) {
  Work work;
  work.server.loses_answers = true;
  CHECK_FAULT(work.create(), Fault::unavailable);
  auto again = work.create();
  CHECK_OK(again);
  CHECK(again->was_there);
}

CALINT_TEST(a_uid_that_the_server_keeps_to_itself_was_deleted) {
  Work work;
  work.server.instead["PUT"] = plain(412);
  CHECK_FAULT(work.create(), Fault::gone);

  // A person has moved it: not lost, but not here.
  CHECK_OK(work.create());
  work.server.objects[kOther + "moved.ics"] = work.server.objects.at(work.path());
  work.server.objects.erase(work.path());
  work.server.uid_conflict = {.status = 409, .headers = {}, .body = Secret(std::string_view(
      "<error xmlns='DAV:'><no-uid-conflict xmlns='urn:ietf:params:xml:ns:caldav'/></error>"))};
  CHECK_FAULT(work.create(), Fault::gone);
}

CALINT_TEST(one_that_was_renamed_in_its_calendar_is_found_by_its_uid) {
  for (const bool filters : {true, false}) {
    Work work;
    work.server.filters_uids = filters;
    CHECK_OK(work.create());
    work.server.objects[kTeam + "re%20named.ics"] = work.server.objects.at(work.path());
    work.server.objects.erase(work.path());
    auto again = work.create();
    CHECK_OK(again);
    CHECK(again->was_there);
    CHECK_EQUAL(again->event.place.id, "re named.ics");
    work.place.id.clear();
    work.wanted.title = "Second";
    CHECK_OK(work.change({.title = true}));
    CHECK(work.server.objects.at(kTeam + "re%20named.ics").text.find("SUMMARY:Second\r\n") != std::string::npos);
    CHECK_OK(work.cancel());
    CHECK(work.server.objects.empty());
  }
}

CALINT_TEST(no_other_event_is_taken_for_it) {
  for (const bool filters : {true, false}) {
    Work work;
    work.server.filters_uids = filters;
    CHECK_OK(work.create());
    CalDavServer::Object& ours = work.server.objects.at(work.path());
    for (const char* uid : {"0", "another"}) {
      CalDavServer::Object& other = work.server.objects[kTeam + uid + ".ics"] = ours;
      other.text.replace(other.text.find(kKey), kKey.size(), uid == std::string("0") ? kKey + uid : uid);
    }
    work.server.objects[kTeam + "renamed.ics"] = ours;
    work.server.objects.erase(work.path());
    auto found = work.find();
    CHECK_OK(found);
    CHECK(found->has_value());
    CHECK_EQUAL((*found)->place.id, "renamed.ics");
    work.server.objects.erase(kTeam + "renamed.ics");
    found = work.find();
    CHECK_OK(found);
    CHECK(!found->has_value());
  }
}

CALINT_TEST(what_is_long_past_is_found_by_a_filter_alone) {
  for (const bool filters : {true, false}) {
    Work work;
    work.server.filters_uids = filters;
    work.wanted.start = kNow - 40 * 24h;
    work.wanted.end = work.wanted.start + 1h;
    CHECK_OK(work.create());
    work.server.objects[kTeam + "renamed.ics"] = work.server.objects.at(work.path());
    work.server.objects.erase(work.path());
    auto found = work.find();
    CHECK_OK(found);
    CHECK_EQUAL(found->has_value(), filters);
  }
}

namespace {

std::string failing(const std::string& href, const std::string& inside) {
  return "<d:response><d:href>" + href + "</d:href>" + inside + "</d:response>";
}

std::string status_line(int status) { return "<d:status>HTTP/1.1 " + std::to_string(status) + " No</d:status>"; }

}  // namespace

CALINT_TEST(a_listing_that_isnt_whole_says_what_is_in_it_but_not_what_isnt) {
  const std::string unshown =
      "<d:propstat><d:prop><c:calendar-data/></d:prop>" + status_line(503) + "</d:propstat>";
  for (const std::string& response :
       {failing(kTeam, status_line(507)), failing("https://elsewhere.test/query", status_line(507)),
        failing(kTeam, status_line(500)), failing(kTeam + "other.ics", status_line(500)),
        failing(kTeam + "other.ics", unshown)}) {
    for (const bool filters : {true, false}) {
      Work work;
      work.server.filters_uids = filters;
      work.server.and_in_reports = response;
      CHECK_OK(work.create());
      work.server.objects[kTeam + "renamed.ics"] = work.server.objects.at(work.path());
      work.server.objects.erase(work.path());
      auto found = work.find();
      CHECK_OK(found);
      CHECK_EQUAL((*found)->place.id, "renamed.ics");
      work.server.objects.clear();
      CHECK_FAULT(work.find(), Fault::unavailable);
      work.place.id.clear();
      CHECK_FAULT(work.change({.title = true}), Fault::unavailable);
      work.place.id = kKey + ".ics";
    }
  }
  // What somebody else has, or nobody any more, says nothing of ours.
  for (const int status : {403, 404}) {
    Work work;
    work.server.and_in_reports = failing(kTeam + "other.ics", status_line(status));
    auto found = work.find();
    CHECK_OK(found);
    CHECK(!found->has_value());
  }
}

CALINT_TEST(one_that_was_moved_is_found_in_its_new_calendar) {
  for (const bool filters : {true, false}) {
    Work work;
    work.server.filters_uids = filters;
    CHECK_OK(work.create());
    work.server.objects[kOther + "other-name.ics"] = work.server.objects.at(work.path());
    work.server.objects.erase(work.path());
    auto here = work.find();
    CHECK_OK(here);
    CHECK(!here->has_value());
    work.place.calendar = kOther;
    auto there = work.find();
    CHECK_OK(there);
    CHECK(there->has_value());
    CHECK_EQUAL((*there)->place.id, "other-name.ics");
    CHECK_EQUAL((*there)->place.calendar, kOther);
  }
}

CALINT_TEST(a_change_is_written_over_what_was_read) {
  Work work;
  CHECK_OK(work.create());
  work.asked();
  work.wanted.start += 1h;
  work.wanted.end += 1h;
  auto moved = work.change({.time = true});
  CHECK_OK(moved);
  CHECK(moved->start == kStart + 1h);
  CHECK_EQUAL(work.asked(), "GET PUT ");
  CHECK(work.text().find("DTSTART:20270121T100000Z\r\n") != std::string::npos);
  CHECK_OK(work.change({.time = true}));
  CHECK_EQUAL(work.asked(), "GET ");
}

CALINT_TEST(both_changes_stand_where_two_change_it_at_once) {
  Work work;
  CHECK_OK(work.create());
  work.asked();
  int edits = 0;
  work.server.before = [&](const HttpRequest& request) {
    if (request.method == "PUT" && edits < 2)
      work.edit("STATUS:CONFIRMED\r\n", "STATUS:CONFIRMED\r\nX-THEIRS:" + std::to_string(++edits) + "\r\n");
  };
  work.wanted.title = "Second";
  CHECK_OK(work.change({.title = true}));
  CHECK_EQUAL(work.asked(), "GET PUT GET PUT GET PUT ");
  for (const char* line : {"X-THEIRS:1\r\n", "X-THEIRS:2\r\n", "SUMMARY:Second\r\n"})
    CHECK(work.text().find(line) != std::string::npos);

  work.server.before = [&](const HttpRequest& request) {
    if (request.method == "PUT") work.edit("STATUS:CONFIRMED\r\n", "STATUS:CONFIRMED\r\nX-MORE:1\r\n");
  };
  work.wanted.title = "Third";
  CHECK_FAULT(work.change({.title = true}), Fault::unavailable);
  CHECK_EQUAL(work.asked(), "GET PUT GET PUT GET PUT ");
}

CALINT_TEST(what_was_deleted_never_comes_back) {
  Work work;
  CHECK_OK(work.create());
  work.server.before = [&](const HttpRequest& request) {
    if (request.method == "PUT") work.server.objects.clear();
  };
  work.wanted.title = "Second";
  CHECK_FAULT(work.change({.title = true}), Fault::gone);
  CHECK(work.server.objects.empty());
  work.server.before = [](const HttpRequest&) {};
  CHECK_FAULT(work.change({.title = true}), Fault::gone);
  CHECK_OK(work.cancel());
  auto found = work.find();
  CHECK_OK(found);
  CHECK(!found->has_value());
}

CALINT_TEST(an_event_that_is_marked_as_cancelled_is_none) {
  Work work;
  CHECK_OK(work.create());
  work.edit("STATUS:CONFIRMED", "STATUS:CANCELLED");
  auto found = work.find();
  CHECK_OK(found);
  CHECK(!found->has_value());
  work.wanted.title = "Second";
  CHECK_FAULT(work.change({.title = true}), Fault::gone);
  CHECK_FAULT(work.create(), Fault::gone);
  CHECK_OK(work.cancel());
  CHECK(work.server.objects.empty());
}

CALINT_TEST(a_cancellation_deletes_what_was_read_and_may_come_again) {
  Work work;
  CHECK_OK(work.create());
  bool edited = false;
  work.server.before = [&](const HttpRequest& request) {
    if (request.method == "DELETE" && !std::exchange(edited, true)) work.edit("SUMMARY:", "SUMMARY:More ");
  };
  CHECK(*work.cancel() == Cancelled::yes);
  CHECK(work.server.objects.empty());
  CHECK(*work.cancel() == Cancelled::not_there);
}

CALINT_TEST(a_cancellation_finds_what_was_renamed_in_its_calendar) {
  for (const bool filters : {true, false}) {
    Work work;
    work.server.filters_uids = filters;
    const auto rename = [&](const std::string& to) {
      work.server.objects[to] = work.server.objects.at(work.path());
      work.server.objects.erase(work.path());
    };
    CHECK_OK(work.create());
    rename(kTeam + "re%20named.ics");
    CHECK(*work.cancel() == Cancelled::yes);
    CHECK(work.server.objects.empty());

    // Once it had been read.
    CHECK_OK(work.create());
    work.server.before = [&](const HttpRequest& request) {
      if (request.method == "DELETE" && work.server.objects.contains(work.path())) rename(kTeam + "a.ics");
    };
    CHECK(*work.cancel() == Cancelled::yes);
    CHECK(work.server.objects.empty());
    work.server.before = [](const HttpRequest&) {};

    CHECK_OK(work.create());
    rename(kOther + "moved.ics");
    CHECK(*work.cancel() == Cancelled::not_there);
    CHECK_EQUAL(work.server.objects.size(), 1);
    work.server.and_in_reports = failing(kTeam, status_line(507));
    CHECK_FAULT(work.cancel(), Fault::unavailable);
  }
}

CALINT_TEST(another_event_of_that_name_is_left_alone) {
  Work work;
  CHECK_OK(work.create());
  work.edit("UID:" + kKey, "UID:another");
  CHECK(*work.cancel() == Cancelled::not_there);
  CHECK_EQUAL(work.server.objects.size(), 1);
  CHECK_FAULT(work.change({.title = true}), Fault::gone);
}

CALINT_TEST(a_server_that_names_no_etag_is_asked_by_a_report) {
  Work work;
  CHECK_OK(work.create());
  work.server.names_etags = false;
  work.wanted.title = "Second";
  CHECK_OK(work.change({.title = true}));
  CHECK(work.text().find("SUMMARY:Second\r\n") != std::string::npos);
  CHECK_OK(work.cancel());
  CHECK(work.server.objects.empty());
}

CALINT_TEST(ids_lead_nowhere_but_into_the_calendar) {
  Work work;
  CHECK_OK(work.create());
  for (const char* id : {"../other/x.ics", "/1/principal/", "https://evil.test/", ".", "a//b"}) {
    work.place.id = id;
    work.server.asked.clear();
    CHECK_FAULT(work.change({.title = true}), Fault::gone);
    CHECK(work.server.asked.empty());
    CHECK_OK(work.find());
    for (const std::string& one : work.server.asked) CHECK(one.substr(one.find(' ') + 1).starts_with(kTeam));
  }
}

CALINT_TEST(a_calendar_that_has_moved_is_followed_to_where_it_is) {
  const std::string there = "/2/cal%65ndars/team/";
  for (const std::string moves : {"GET PUT DELETE REPORT", "REPORT", "GET"}) {
    for (const bool names_etags : {true, false}) {
      Work work;
      work.server.names_etags = names_etags;
      CHECK_OK(work.create());
      const CalDavServer::Object kept = work.server.objects.at(work.path());
      const bool keeps_writes = moves.find("PUT") == std::string::npos;
      work.server.objects.clear();
      for (const char* name : {"re%20named.ics", "in/a%20folder.ics"}) {
        work.server.objects = {{there + name, kept}};
        work.server.moved = {kTeam, there};
        work.server.moves_methods = moves;
        work.place.id = kKey + ".ics";
        auto found = work.find();
        CHECK_OK(found);
        ck_assert_msg(found->has_value(), "%s after %s", name, moves.c_str());
        CHECK_EQUAL((*found)->place.id, percent_decode(name).value());
        CHECK_EQUAL((*found)->place.calendar, kTeam);
        if (keeps_writes) continue;
        work.place.id = (*found)->place.id;
        work.wanted.title += " again";
        CHECK_OK(work.change({.title = true}));
        CHECK(work.server.objects.at(there + name).text.find("SUMMARY:" + work.wanted.title) != std::string::npos);
      }
    }
  }
}

CALINT_TEST(what_a_server_forbids_may_be_a_calendar_that_isnt_there) {
  for (const auto& [status, fault] : {std::pair(404, Fault::gone), std::pair(410, Fault::gone),
                                      std::pair(403, Fault::forbidden), std::pair(503, Fault::forbidden)}) {
    Work work;
    work.server.instead["PUT"] = plain(403);
    work.server.instead["PROPFIND"] = plain(status);
    const auto made = work.create();
    CHECK_FAULT(made, fault);
    CHECK(made.error().detail == Detail::none);
    CHECK_EQUAL(work.asked(), "PUT PROPFIND ");
  }
}

CALINT_TEST(redirects_keep_method_and_body_and_lead_to_no_foreign_host) {
  Work work;
  work.server.instead["PUT"] = redirect_to("https://p43.icloud.com" + work.path(), 307);
  CHECK_OK(work.create());
  CHECK_EQUAL(work.asked(), "PUT PUT ");
  CHECK_EQUAL(work.server.objects.size(), 1);
  work.server.instead["DELETE"] = redirect_to("https://evil.test" + work.path());
  CHECK_FAULT(work.cancel(), Fault::unavailable);
  CHECK_EQUAL(work.server.objects.size(), 1);
}

CALINT_TEST(every_call_tells_of_a_refusal_of_every_request) {
  const std::pair<int, Fault> refusals[] = {
      {401, Fault::reconnect}, {403, Fault::forbidden}, {429, Fault::rate_limited}, {503, Fault::unavailable}};
  for (const auto& [status, fault] : refusals) {
    Work work;
    work.server.instead["PUT"] = plain(status);
    CHECK_FAULT(work.create(), fault);
    CHECK_OK(work.create());
    work.wanted.title = "Second";
    for (const char* method : {"GET", "PUT"}) {
      work.server.instead[method] = plain(status);
      CHECK_FAULT(work.change({.title = true}), fault);
    }
    for (const char* method : {"GET", "DELETE"}) {
      work.server.instead[method] = plain(status);
      CHECK_FAULT(work.cancel(), fault);
    }
    work.server.instead["GET"] = plain(status);
    CHECK_FAULT(work.find(), fault);
  }
}
