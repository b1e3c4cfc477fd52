// What is new in a calendar over CalDAV, as servers tell it and get it wrong.
#include "provider/caldav/changes.h"

#include "caldav.h"
#include "calendar/series_text.h"
#include "calendar/values.h"
#include "provider/provider.h"
#include "support/check.h"
#include "support/scripted_transport.h"

using namespace calint;
using namespace calint::test;
using namespace std::chrono_literals;
using provider::ChangesPage;
using provider::NamedSeries;

namespace {

const Instant kNow{std::chrono::seconds(1795597200)};
constexpr char kHome[] = "https://p42.icloud.com/1/calendars/ ivy@work.test /1/principal/";

std::string response(std::string_view href, std::string_view inside) {
  return "<d:response><d:href>" + std::string(href) + "</d:href>" + std::string(inside) + "</d:response>";
}
std::string status(int code) { return "<d:status>HTTP/1.1 " + std::to_string(code) + " So</d:status>"; }
std::string properties(std::string_view inside, int code = 200) {
  return "<d:propstat><d:prop>" + std::string(inside) + "</d:prop>" + status(code) + "</d:propstat>";
}
std::string etag(std::string_view text) { return "<d:getetag>" + std::string(text) + "</d:getetag>"; }
std::string object(std::string_view name, std::string_view tag) {
  return response("/1/calendars/team/" + std::string(name), properties(etag(tag)));
}
std::string data(std::string_view name, std::string_view tag, std::string_view text) {
  return response("/1/calendars/team/" + std::string(name),
                  properties(etag(tag) + "<c:calendar-data>" + std::string(text) + "</c:calendar-data>"));
}
std::string token(std::string_view text) { return "<d:sync-token>" + std::string(text) + "</d:sync-token>"; }

HttpResponse state(bool has_sync, std::string_view ctag = "") {
  std::string inside;
  if (has_sync)
    inside = "<d:supported-report-set><d:supported-report><d:report><d:sync-collection/></d:report>"
             "</d:supported-report></d:supported-report-set>";
  if (!ctag.empty()) inside += "<s:getctag>" + std::string(ctag) + "</s:getctag>";
  return multistatus(response("/1/calendars/team/", properties(inside)));
}

std::string event(std::string_view uid, std::string_view lines = "") {
  return "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:" + std::string(uid) +
         "\nDTSTART:20270111T100000Z\nDTEND:20270111T110000Z\n" + std::string(lines) + "END:VEVENT\nEND:VCALENDAR\n";
}

struct Server {
  ScriptedTransport transport;
  caldav::CalendarChanges changes{
      {.entry = parse_url("https://caldav.icloud.com/").value(), .hosts = {"*.icloud.com"}}, transport};
  std::string memory = kHome;

  Result<ChangesPage> read(const std::string& cursor = "", const std::string& page = "") {
    const std::string id = "/1/calendars/team/";
    const calendar::Accounts accounts;
    return changes.read(access(), {.calendar = id, .cursor = cursor, .page = page, .window = {}, .accounts = accounts},
                        kNow, Deadline::in(5s));
  }
  Result<provider::Fetched> fetch(const std::vector<NamedSeries>& named) {
    const std::string id = "/1/calendars/team/", none;
    const calendar::Accounts accounts = {"ivy@home.test"};
    return changes.fetch(access(), {.calendar = id, .cursor = none, .page = none, .window = {}, .accounts = accounts},
                         named, kNow, Deadline::in(5s));
  }
  // What the request at that place had in its body.
  bool asked(size_t place, std::string_view text) const {
    CHECK(place < transport.requests().size());
    return transport.requests()[place].body.reveal().find(text) != std::string_view::npos;
  }

 private:
  Access access() const {
    return {.token = Secret(std::string_view("abcd")), .account = "ivy@icloud.example", .memory = memory};
  }
};

// "series text version;" of each.
std::string shown(const std::vector<NamedSeries>& named) {
  std::string all;
  for (const NamedSeries& one : named) all += one.series + " " + one.text + " " + one.version + ";";
  return all;
}

NamedSeries named(std::string_view name, std::string_view version = "1") {
  return {.series = std::string(name),
          .text = "/1/calendars/team/" + std::string(name),
          .version = std::string(version)};
}

calendar::Series series_of(const provider::ChangedItem& item) {
  auto series = calendar::parse_series(item.text);
  CHECK_OK(series);
  return *series;
}

// The only series that an item says can't be understood.
std::string unread_of(const Server& work, const provider::ChangedItem& item) {
  auto changes = work.changes.merge({}, {item.text});
  CHECK_OK(changes);
  CHECK(changes->changed.empty() && changes->gone.empty());
  CHECK_EQUAL(changes->unread.size(), 1U);
  return changes->unread.front();
}

}  // namespace

CALINT_TEST(a_first_read_names_everything_by_sync_collection) {
  Server work;
  work.transport.then(state(true, "c"));
  work.transport.then(multistatus(response("/1/calendars/team", properties("<d:getetag/>", 404)) +
                                  object("a.ics", "\"1\"") + object("b%20c.ics", "W/2") + token("t 1")));
  auto page = work.read();
  CHECK_OK(page);
  CHECK_EQUAL(shown(page->named), "a.ics /1/calendars/team/a.ics \"1\";b c.ics /1/calendars/team/b%20c.ics W/2;");
  CHECK(page->items.empty() && page->next_page.empty() && !page->cursor.empty());
  CHECK(work.asked(1, "<sync-token></sync-token>") && work.asked(1, "<nresults>"));
  CHECK_EQUAL(work.transport.requests()[1].url, "https://p42.icloud.com/1/calendars/team/");
  CHECK_EQUAL(work.transport.requests()[1].method, "REPORT");

  work.transport.then(multistatus(object("a.ics", "\"3\"") + response("/1/calendars/team/b%20c.ics", status(404)) +
                                  token("t&amp;2")));
  auto later = work.read(page->cursor);
  CHECK_OK(later);
  CHECK_EQUAL(shown(later->named), "a.ics /1/calendars/team/a.ics \"3\";");
  CHECK(later->items.size() == 1 && later->items[0].series == "b c.ics");
  CHECK(work.asked(2, "<sync-token>t 1</sync-token>"));
  work.transport.then(multistatus(token("t&amp;2")));
  auto nothing = work.read(later->cursor);
  CHECK_OK(nothing);
  CHECK(nothing->named.empty() && nothing->items.empty() && nothing->cursor == later->cursor);
  CHECK(work.asked(3, "<sync-token>t&amp;2</sync-token>"));
}

CALINT_TEST(a_listing_that_is_cut_goes_on_with_its_token) {
  Server work;
  work.transport.then(state(true));
  work.transport.then(multistatus(object("a.ics", "1") + response("/1/calendars/team/", status(507)) + token("half")));
  auto page = work.read();
  CHECK_OK(page);
  CHECK(page->cursor.empty() && !page->next_page.empty());
  work.transport.then(multistatus(object("b.ics", "1") + token("whole")));
  auto second = work.read("", page->next_page);
  CHECK_OK(second);
  CHECK(second->next_page.empty() && second->cursor != page->next_page && work.asked(2, "half"));
  // Cut where it began: it would never end.
  work.transport.then(multistatus(response("/1/calendars/team/", status(507)) + token("half")));
  CHECK_FAULT(work.read("", page->next_page), Fault::unavailable);
}

CALINT_TEST(a_listing_is_cut_whatever_the_507_names) {
  for (const char* href : {"/1/calendars/team/", "/dav/team/", "https://p42.icloud.com/1/", "/1/calendars/team/a.ics", ""}) {
    Server work;
    work.transport.then(state(true));
    work.transport.then(multistatus(object("b.ics", "1") + response(href, status(507)) + token("half")));
    auto page = work.read();
    CHECK_OK(page);
    CHECK(page->cursor.empty() && !page->next_page.empty());
    CHECK_EQUAL(shown(page->named), "b.ics /1/calendars/team/b.ics 1;");
    Server whole;
    whole.transport.then(state(false, "c"));
    whole.transport.then(multistatus(response("/1/calendars/team/", properties("")) + response(href, status(507))));
    CHECK_FAULT(whole.read(), Fault::unavailable);
  }
}

CALINT_TEST(a_calendar_that_is_led_elsewhere_is_known_by_where_it_is) {
  const std::string moved = "/2/team/";
  const auto at_moved = [&](std::string_view name) { return response(moved + std::string(name), properties(etag("1"))); };
  Server work;
  work.transport.then(redirect_to("https://p43.icloud.com/2/team/"));
  work.transport.then(multistatus(response(moved, properties("<d:supported-report-set><d:supported-report><d:report>"
                                                             "<d:sync-collection/></d:report></d:supported-report>"
                                                             "</d:supported-report-set>"))));
  work.transport.then(multistatus(at_moved("a.ics") + response(moved, status(507)) + token("half")));
  auto page = work.read();
  CHECK_OK(page);
  CHECK_EQUAL(shown(page->named), "a.ics /2/team/a.ics 1;");
  CHECK(!page->next_page.empty());
  CHECK_EQUAL(work.transport.requests()[2].url, "https://p43.icloud.com/2/team/");

  // By the request for what has changed alone; and by one for a listing.
  work.transport.then(redirect_to("/2/team/"));
  work.transport.then(multistatus(at_moved("b.ics") + response(moved, status(404)) + token("t")));
  CHECK_FAULT(work.read("token t"), Fault::gone);
  work.transport.then(state(false, "c"));
  work.transport.then(redirect_to("/2/team/"));
  work.transport.then(multistatus(response(moved, properties("")) + at_moved("b.ics")));
  page = work.read();
  CHECK_OK(page);
  CHECK_EQUAL(shown(page->named), "b.ics /2/team/b.ics 1;");

  work.transport.then(redirect_to("/2/team/"));
  work.transport.then(multistatus(response(moved + "a.ics", properties(etag("1") + "<c:calendar-data>" + event("A") +
                                                                       "</c:calendar-data>"))));
  auto fetched = work.fetch({named("a.ics")});
  CHECK_OK(fetched);
  CHECK(fetched->items.size() == 1 && fetched->owed.empty());
}

CALINT_TEST(a_refused_limit_is_left_away_once_and_from_then_on) {
  for (const int code : {507, 500}) {
    Server work;
    work.transport.then(state(true));
    work.transport.then(HttpResponse{.status = code});
    work.transport.then(multistatus(object("a.ics", "1") + token("t")));
    auto page = work.read();
    CHECK_OK(page);
    CHECK(work.asked(1, "<limit>") && !work.asked(2, "<limit>"));
    work.transport.then(multistatus(token("t")));
    CHECK_OK(work.read(page->cursor));
    CHECK(!work.asked(3, "<limit>"));
  }
}

CALINT_TEST(an_answer_that_ends_at_the_limit_without_saying_so_is_asked_for_without_one) {
  const auto read = [](int objects, bool is_cut) {
    Server work;
    std::string all;
    for (int i = 0; i < objects; ++i) all += object(std::to_string(i) + ".ics", "1");
    if (is_cut) all += response("/1/calendars/team/", status(507));
    work.transport.then(multistatus(all + token("u")));
    work.transport.then(multistatus(object("a.ics", "1") + object("b.ics", "1") + token("v")));
    auto page = work.read("token t");
    CHECK_OK(page);
    CHECK(work.asked(0, "<nresults>2000</nresults>"));
    if (work.transport.requests().size() > 1) CHECK(work.asked(1, "<sync-token>t<") && !work.asked(1, "<limit>"));
    return page->next_page + page->cursor;
  };
  CHECK_EQUAL(read(1999, false), "token u");
  CHECK_EQUAL(read(2000, true), "token u");
  CHECK_EQUAL(read(2001, false), "token u");
  CHECK_EQUAL(read(2000, false), "token-without-limit v");
}

CALINT_TEST(a_refused_token_asks_for_a_read_of_everything_and_nothing_else_does) {
  const auto fault = [](HttpResponse answer, int times = 1) {
    Server work;
    for (int i = 0; i < times; ++i) work.transport.then(answer);
    auto page = work.read("token t");
    CHECK(!page);
    return page.error().fault;
  };
  for (const int code : {400, 409, 410, 412, 418}) CHECK_EQUAL(fault({.status = code}), Fault::resync);
  for (const int code : {500, 507}) CHECK_EQUAL(fault({.status = code}, 2), Fault::resync);
  CHECK_EQUAL(fault({.status = 403, .body = Secret(std::string_view("<error><valid-sync-token/></error>"))}),
              Fault::resync);
  const HttpResponse inside =
      multistatus(response("http%3A//elsewhere/team/", status(412) + "<d:error><d:valid-sync-token/></d:error>"));
  CHECK_EQUAL(fault(inside), Fault::resync);
  CHECK_EQUAL(fault({.status = 403}), Fault::forbidden);
  CHECK_EQUAL(fault({.status = 401}), Fault::reconnect);
  CHECK_EQUAL(fault({.status = 404}), Fault::gone);
  CHECK_EQUAL(fault({.status = 429}), Fault::rate_limited);
  for (const int code : {502, 503, 504}) CHECK_EQUAL(fault({.status = code}), Fault::unavailable);
  CHECK_EQUAL(fault({.status = 200}), Fault::unavailable);
  Server work;
  CHECK_FAULT(work.read("nonsense"), Fault::resync);
  work.transport.then(state(true));
  work.transport.then(HttpResponse{.status = 410});
  CHECK_FAULT(work.read(), Fault::gone);
  work.transport.then(state(true));
  for (int i = 0; i < 2; ++i) work.transport.then(HttpResponse{.status = 500});
  CHECK_FAULT(work.read(), Fault::unavailable);
  work.transport.then(state(true));
  work.transport.then(inside);
  CHECK_FAULT(work.read(), Fault::unavailable);
}

CALINT_TEST(without_sync_collection_all_is_listed_when_the_ctag_is_another_one) {
  Server work;
  work.transport.then(state(false, "c1"));
  work.transport.then(multistatus(response("/1/calendars/team/", properties("<d:resourcetype><d:collection/>"
                                                                            "</d:resourcetype>")) +
                                  object("a.ics", "1") + object("b.ics", "2")));
  auto page = work.read();
  CHECK_OK(page);
  CHECK_EQUAL(shown(page->named), "a.ics /1/calendars/team/a.ics 1;b.ics /1/calendars/team/b.ics 2;");
  CHECK(page->next_page.empty());
  work.transport.then(state(false, "c1"));
  auto same = work.read(page->cursor);
  CHECK_OK(same);
  CHECK(same->named.empty() && same->cursor == page->cursor);
  work.transport.then(state(false, "c2"));
  CHECK_FAULT(work.read(page->cursor), Fault::resync);
}

CALINT_TEST(a_server_that_announces_sync_collection_and_refuses_it_is_listed) {
  for (const int code : {403, 405, 501}) {
    Server work;
    work.transport.then(state(true, "c1"));
    work.transport.then(
        HttpResponse{.status = code, .body = Secret(std::string_view("<error><supported-report/></error>"))});
    work.transport.then(multistatus(response("/1/calendars/team/", properties("")) + object("a.ics", "1")));
    auto page = work.read();
    CHECK_OK(page);
    CHECK_EQUAL(page->named.size(), 1U);
  }
}

CALINT_TEST(a_listing_that_is_not_whole_is_none) {
  const std::string calendar = response("/1/calendars/team/", properties(""));
  const std::string whole(multistatus(calendar + object("a.ics", "1")).body.reveal());
  for (const std::string& body : {whole.substr(0, whole.size() - 5), whole.substr(0, whole.size() / 2), std::string(),
                                  std::string("<html>Sorry</html>"),
                                  std::string(multistatus(object("a.ics", "1")).body.reveal())}) {
    Server work;
    work.transport.then(state(false, "c1"));
    work.transport.then(dav_answer(body));
    CHECK_FAULT(work.read(), Fault::unavailable);
  }
  Server work;
  work.transport.then(multistatus(object("a.ics", "1")));
  CHECK_FAULT(work.read("token t"), Fault::unavailable);
}

// Inside of an answer that is one otherwise: nothing says that the calendar is empty.
CALINT_TEST(a_calendar_that_fails_inside_of_an_answer_is_what_fails) {
  const std::string objects = object("a.ics", "1") + token("t");
  const std::pair<int, Fault> kFaults[] = {{401, Fault::reconnect},   {403, Fault::forbidden},   {404, Fault::gone},
                                           {410, Fault::gone},        {423, Fault::unavailable}, {429, Fault::rate_limited},
                                           {500, Fault::unavailable}, {503, Fault::unavailable}, {302, Fault::unavailable}};
  for (const auto& [code, fault] : kFaults) {
    const std::string itself = response("/1/calendars/team", status(code));
    for (const std::string& rest : {token("t"), objects}) {
      Server later;
      later.transport.then(multistatus(itself + rest));
      CHECK_FAULT(later.read("token t"), fault);
      for (const bool has_sync : {true, false}) {
        Server first;
        first.transport.then(state(has_sync, "c"));
        first.transport.then(multistatus(itself + rest));
        CHECK_FAULT(first.read(), fault);
      }
    }
    for (const char* cursor : {"", "ctag c", "none"}) {
      Server unknown;
      unknown.transport.then(multistatus(itself));
      CHECK_FAULT(unknown.read(cursor), fault);
      CHECK_EQUAL(unknown.transport.requests().size(), 1U);
    }
  }
  const std::string itself = response("/1/calendars/team/", properties("<d:getetag/>", 503));
  Server work;
  work.transport.then(multistatus(itself + token("t")));
  CHECK_FAULT(work.read("token t"), Fault::unavailable);
  work.transport.then(multistatus(response("/1/calendars/team/", properties("<s:getctag/>", 500))));
  CHECK_FAULT(work.read("ctag c"), Fault::unavailable);
}

CALINT_TEST(redirects_are_followed_to_where_the_password_may_go) {
  Server work;
  work.transport.then(redirect_to("https://p43.icloud.com/1/calendars/team/"));
  work.transport.then(multistatus(token("t")));
  CHECK_OK(work.read("token t"));
  CHECK_EQUAL(work.transport.requests()[1].url, "https://p43.icloud.com/1/calendars/team/");
  CHECK(work.transport.requests()[1].basic && work.asked(1, "sync-collection"));
  for (const char* elsewhere : {"https://evil.example/", "http://p43.icloud.com/1/"}) {
    Server other;
    other.transport.then(redirect_to(elsewhere));
    CHECK(!other.read("token t"));
    CHECK_EQUAL(other.transport.requests().size(), 1U);
  }
}

CALINT_TEST(objects_become_series_and_what_is_missing_is_owed) {
  Server work;
  work.transport.then(multistatus(
      data("a.ics", "\"2\"", event("A")) + response("/1/calendars/team/gone.ics", status(404)) +
      response("/1/calendars/team/broken.ics", status(503)) + data("other.ics", "9", event("X")) +
      data("bad.ics", "1", "nonsense") +
      response("/1/calendars/team/none.ics", properties(etag("1")) + properties("<c:calendar-data/>", 404))));
  auto fetched = work.fetch({named("a.ics"), named("gone.ics"), named("broken.ics"), named("left.ics"),
                             named("bad.ics"), named("none.ics")});
  CHECK_OK(fetched);
  CHECK_EQUAL(shown(fetched->owed), "broken.ics /1/calendars/team/broken.ics 1;left.ics /1/calendars/team/left.ics 1;");
  CHECK_EQUAL(fetched->items.size(), 4U);
  CHECK_EQUAL(fetched->items[0].version, "\"2\"");
  const calendar::Series a = series_of(fetched->items[0]);
  CHECK(a.key == "a.ics" && a.events.size() == 1 && a.events[0].id == "a.ics");
  auto gone = work.changes.merge({}, {fetched->items[1].text});
  CHECK_OK(gone);
  CHECK(gone->changed.empty() && gone->gone == std::vector<std::string>{"gone.ics"});
  CHECK_EQUAL(unread_of(work, fetched->items[2]), "bad.ics");
  CHECK(fetched->left_out.size() == 1 && fetched->left_out[0].id == "bad.ics");
  auto changed = work.changes.merge({}, {fetched->items[1].text, fetched->items[0].text});
  CHECK_OK(changed);
  CHECK(changed->gone.empty() && changed->changed.size() == 1);
}

CALINT_TEST(an_object_that_cannot_be_understood_is_unread_in_its_version) {
  Server work;
  const std::string illegible = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:A\nDTSTART:tomorrow\nEND:VEVENT\nEND:VCALENDAR\n";
  work.transport.then(multistatus(data("text.ics", "\"7\"", "nonsense") + data("when.ics", "\"8\"", illegible) +
                                  response("/1/calendars/team/hidden.ics", status(403)) +
                                  response("/1/calendars/team/text-hidden.ics",
                                           properties(etag("\"9\"")) + properties("<c:calendar-data/>", 403))));
  auto fetched = work.fetch({named("text.ics"), named("when.ics"), named("hidden.ics", "3"), named("text-hidden.ics")});
  CHECK_OK(fetched);
  CHECK(fetched->owed.empty() && fetched->left_out.size() == 4);
  CHECK_EQUAL(fetched->items.size(), 4U);
  std::string all;
  for (const provider::ChangedItem& item : fetched->items) all += unread_of(work, item) + " " + item.version + ";";
  CHECK_EQUAL(all, "text.ics \"7\";when.ics \"8\";hidden.ics 3;text-hidden.ics \"9\";");
}

CALINT_TEST(an_object_is_one_series_whatever_is_in_it) {
  Server work;
  const std::string override = "BEGIN:VEVENT\nUID:A\nRECURRENCE-ID:20270112T100000Z\nDTSTART:20270112T150000Z\n"
                               "DTEND:20270112T160000Z\nEND:VEVENT\n";
  std::string text = event("A", "RRULE:FREQ=DAILY;COUNT=3\n");
  text.insert(text.find("END:VCALENDAR"), override);
  work.transport.then(multistatus(data("a.ics", "1", text) + data("two.ics", "1", event("A") + event("B")) +
                                  data("todo.ics", "1",
                                       "BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:T\nEND:VTODO\nEND:VCALENDAR")));
  auto fetched = work.fetch({named("a.ics"), named("two.ics"), named("todo.ics")});
  CHECK_OK(fetched);
  CHECK_EQUAL(fetched->items.size(), 3U);
  CHECK_EQUAL(series_of(fetched->items[0]).events.size(), 2U);
  const calendar::Series two = series_of(fetched->items[1]);
  CHECK(two.events.size() == 2 && two.events[0].id == "A" && two.events[1].id == "B");
  CHECK(series_of(fetched->items[2]).events.empty() && fetched->left_out.empty());
}

CALINT_TEST(the_accounts_addresses_say_whose_answer_counts) {
  for (const char* address : {"mailto:ivy@home.test", "mailto:IVY@work.test", "/1/principal/"}) {
    Server work;
    work.transport.then(multistatus(
        data("a.ics", "1", event("A", "ATTENDEE;PARTSTAT=DECLINED:" + std::string(address) + "\n"))));
    auto fetched = work.fetch({named("a.ics")});
    CHECK_OK(fetched);
    CHECK(series_of(fetched->items[0]).events[0].standing == calendar::Standing::declined);
  }
}

CALINT_TEST(one_object_that_makes_a_server_fail_is_owed_alone) {
  Server work;
  const HttpResponse failed{.status = 500};
  work.transport.then(failed);                                                       // all three
  work.transport.then(multistatus(data("a.ics", "1", event("A"))));                  // a
  work.transport.then(failed);                                                       // b and c
  work.transport.then(failed);                                                       // b
  work.transport.then(multistatus(data("c.ics", "1", event("C"))));                  // c
  auto fetched = work.fetch({named("a.ics"), named("b.ics"), named("c.ics")});
  CHECK_OK(fetched);
  CHECK(fetched->items.size() == 2 && shown(fetched->owed) == "b.ics /1/calendars/team/b.ics 1;");
  Server busy;
  busy.transport.then(HttpResponse{.status = 503, .headers = {{"retry-after", "60"}}});
  auto later = busy.fetch({named("a.ics"), named("b.ics")});
  CHECK(!later && later.error().fault == Fault::unavailable && later.error().retry_after == 60s);
}

CALINT_TEST(objects_that_cannot_be_got_are_owed_however_many_they_are) {
  Server work;
  work.transport.then(multistatus(response("/1/calendars/team/a.ics", status(503)) +
                                  response("/1/calendars/team/b.ics", status(500))));
  auto fetched = work.fetch({named("a.ics"), named("b.ics")});
  CHECK_OK(fetched);
  CHECK(fetched->items.empty() && fetched->owed.size() == 2);

  // Each makes the server fail: so many are looked for that what is asked has a bound, and the rest is owed.
  std::vector<NamedSeries> many;
  for (int i = 0; i < 100; ++i) many.push_back(named(std::to_string(1000 + i)));
  Server failing;
  for (int i = 0; i < 100; ++i) failing.transport.then(HttpResponse{.status = 500});
  fetched = failing.fetch(many);
  CHECK_OK(fetched);
  CHECK(fetched->items.empty() && fetched->owed.size() == 100);
  CHECK(failing.transport.requests().size() <= 40);
}

CALINT_TEST(an_object_of_more_than_a_mebibyte_is_left_out_alone) {
  Server work;
  const std::string long_text = event("A", "DESCRIPTION:" + std::string((1 << 20) + 10, 'x') + "\n");
  work.transport.then(multistatus(data("long.ics", "1", long_text) + data("b.ics", "1", event("B"))));
  auto fetched = work.fetch({named("long.ics"), named("b.ics")});
  CHECK_OK(fetched);
  CHECK(fetched->items.size() == 2 && fetched->owed.empty() && fetched->left_out.size() == 1);
  CHECK_EQUAL(unread_of(work, fetched->items[0]), "long.ics");
  CHECK_EQUAL(series_of(fetched->items[1]).events.size(), 1U);
}
