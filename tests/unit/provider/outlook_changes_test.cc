// Graph's calendarView/delta as changes of series.
#include <fmt/format.h>

#include "provider/outlook/outlook.h"
#include "series_text.h"
#include "support/check.h"
#include "support/scripted_transport.h"

using namespace calint;
using namespace std::chrono_literals;
using test::json_answer;
using test::ScriptedTransport;
using test::shown;

namespace {

const std::string kApi = "https://graph.microsoft.com/v1.0";

std::string event(const char* id, const char* members) {
  return fmt::format(R"({{"id":"{}",{},"start":{{"dateTime":"2027-03-02T09:00:00.0000000","timeZone":"UTC"}},)"
                     R"("end":{{"dateTime":"2027-03-02T10:00:00.0000000","timeZone":"UTC"}}}})",
                     id, members);
}

const std::string kSingle = event("a", R"("type":"singleInstance","showAs":"tentative")");
const std::string kStub = event("w_2", R"("type":"occurrence","seriesMasterId":"w")");
const std::string kMaster = event("w", R"("type":"seriesMaster","showAs":"oof")");

const std::string kEnd = R"("@odata.deltaLink":"https://graph.microsoft.com/d")";

std::string page_of(const std::string& items, const std::string& end = kEnd) {
  return R"({"value":[)" + items + "]," + end + "}";
}

struct Api {
  ScriptedTransport transport;
  std::unique_ptr<Changes> changes = outlook::make_changes({}, transport);
  const Access access{.token = Secret(std::string_view("t")), .account = {}, .memory = {}};
  const std::string calendar = "AAM/k=";

  Result<provider::ChangesPage> read(const std::string& cursor = "", const std::string& page = "") {
    const calendar::Accounts accounts;
    const calendar::Window window{std::chrono::sys_days(std::chrono::year(2027) / 1 / 4),
                                  std::chrono::sys_days(std::chrono::year(2027) / 8 / 1)};
    return changes->read(
        access, {.calendar = calendar, .cursor = cursor, .page = page, .window = window, .accounts = accounts},
        Instant{1795597200s}, Deadline::in(5s));
  }

  // Of a further page, for which the mailbox' zone isn't asked.
  Result<provider::ChangesPage> page(const std::string& body, const std::string& cursor = "") {
    transport.then(json_answer(200, body));
    return read(cursor, kApi + "/next");
  }

  Fault fault(int status, const char* code, const std::string& cursor) {
    transport.then(json_answer(status, fmt::format(R"({{"error":{{"code":"{}"}}}})", code)));
    auto refused = read(cursor, cursor.empty() ? kApi + "/next" : "");
    CHECK(!refused.ok());
    return refused.error().fault;
  }

  std::string merged(const provider::KnownSeries& known, const std::vector<provider::ChangedItem>& items) {
    return test::merged(*changes, known, items);
  }
};

}  // namespace

CALINT_TEST(a_round_begins_with_the_mailbox_zone_and_the_window_and_follows_links_as_they_are) {
  Api api;
  api.transport.then(json_answer(200, R"({"value":"W. Europe Standard Time"})"));
  api.transport.then(json_answer(200, page_of("")));
  auto first = api.read();
  CHECK_OK(first);
  CHECK_EQUAL(first->zone, "Europe/Berlin");
  CHECK_EQUAL(first->cursor, "https://graph.microsoft.com/d");
  CHECK_EQUAL(api.transport.requests()[0].url, kApi + "/me/mailboxSettings/timeZone");
  const HttpRequest& round = api.transport.requests()[1];
  CHECK_EQUAL(round.url, kApi + "/me/calendars/AAM%2Fk%3D/calendarView/delta?startDateTime=2027-01-04T00%3A00%3A00Z"
                                "&endDateTime=2027-08-01T00%3A00%3A00Z");
  const auto preferences = round.headers.back();
  CHECK(preferences.second.find("ImmutableId") != std::string::npos);

  api.transport.then(json_answer(200, page_of("")));
  CHECK_OK(api.read("https://graph.microsoft.com/v1.0/x?$deltatoken=a%2Fb"));
  CHECK_EQUAL(api.transport.requests()[2].url, "https://graph.microsoft.com/v1.0/x?$deltatoken=a%2Fb");
  CHECK_EQUAL(api.transport.requests()[2].headers.back(), preferences);
}

CALINT_TEST(a_mailbox_that_may_not_be_asked_has_no_zone_and_its_events_are_read_all_the_same) {
  Api api;
  api.transport.then(json_answer(403, R"({"error":{"code":"ErrorAccessDenied"}})"));
  api.transport.then(json_answer(200, page_of(kSingle)));
  auto page = api.read();
  CHECK_OK(page);
  CHECK(page->zone.empty());
  CHECK_EQUAL(page->items.size(), 1);
  api.transport.then(json_answer(503, "{}"));
  CHECK_FAULT(api.read(), Fault::unavailable);
}

CALINT_TEST(a_link_to_somewhere_else_is_never_followed) {
  Api api;
  for (const char* link : {"https://evil.example/v1.0/me", "http://graph.microsoft.com/v1.0/me",
                           "https://graph.microsoft.com.evil.example/", "https://graph.microsoft.com@evil.example/"}) {
    CHECK_FAULT(api.page(page_of("", fmt::format(R"("@odata.nextLink":"{}")", link))), Fault::unavailable);
    CHECK_FAULT(api.page(page_of("", fmt::format(R"("@odata.deltaLink":"{}")", link))), Fault::unavailable);
    const size_t sent = api.transport.requests().size();
    CHECK_FAULT(api.read(link), Fault::unavailable);
    CHECK_EQUAL(api.transport.requests().size(), sent);
  }
}

CALINT_TEST(what_isnt_a_whole_page_of_graphs_is_no_answer) {
  Api api;
  for (const std::string& body : {page_of(kSingle).substr(0, 80), page_of(kSingle, R"("x":1)"), std::string("{}")})
    CHECK_FAULT(api.page(body), Fault::unavailable);
}

CALINT_TEST(a_refused_delta_link_asks_for_a_new_round) {
  Api api;
  const std::string cursor = kApi + "/d";
  CHECK_EQUAL(api.fault(410, "SyncStateNotFound", cursor), Fault::resync);
  CHECK_EQUAL(api.fault(404, "syncStateInvalid", cursor), Fault::resync);
  CHECK_EQUAL(api.fault(400, "resyncRequired", cursor), Fault::resync);
  CHECK_EQUAL(api.fault(400, "BadRequest", cursor), Fault::resync);
  CHECK_EQUAL(api.fault(400, "BadRequest", ""), Fault::bug);
  CHECK_EQUAL(api.fault(404, "ErrorItemNotFound", cursor), Fault::gone);
  CHECK_EQUAL(api.fault(403, "ErrorAccessDenied", cursor), Fault::forbidden);
  CHECK_EQUAL(api.fault(429, "TooManyRequests", cursor), Fault::rate_limited);
  CHECK_EQUAL(api.fault(503, "ErrorServerBusy", cursor), Fault::unavailable);
}

CALINT_TEST(kept_items_of_graphs_mean_what_they_meant_as_they_came) {
  Api api;
  const std::string removal = R"(,{"id":"x","@removed":{"reason":"deleted"}})";
  auto page = api.page(page_of(kSingle + "," + kStub + "," + kMaster + removal));
  CHECK_OK(page);
  CHECK_EQUAL(page->items.size(), 4U);
  CHECK_EQUAL(page->items[1].series + " " + page->items[1].event, "w w_2");
  CHECK(!page->items[2].is_removal && page->items[3].is_removal);
  CHECK_EQUAL(api.merged({}, {page->items[0]}), "a: [a tentative 2027-03-02T09:00 UTC - 2027-03-02T10:00 UTC]");
  CHECK_EQUAL(api.merged({}, {page->items[1], page->items[2]}),
              "w: [w_2 oof 2027-03-02T09:00 UTC - 2027-03-02T10:00 UTC]");
  CHECK_EQUAL(api.merged({}, {page->items[3]}), "");
  CHECK_FAULT(api.changes->merge({}, {"series 1\nkx\ne1\ns20270302T090000Z\n"}), Fault::corrupt);
}

CALINT_TEST(a_master_that_is_wanted_is_read_and_says_how_its_occurrences_count) {
  Api api;
  auto page = api.page(page_of(kStub));
  CHECK_OK(page);
  CHECK_EQUAL(api.merged({}, page->items), "w: [w_2 busy 2027-03-02T09:00 UTC - 2027-03-02T10:00 UTC] ?w");
  api.transport.then(json_answer(200, kMaster));
  auto master = api.changes->event(api.access, api.calendar, "w", Instant{1795597200s}, Deadline::in(5s));
  CHECK_OK(master);
  CHECK(!master->is_removal);
  CHECK_EQUAL(api.merged({}, {page->items[0], *master}), "w: [w_2 oof 2027-03-02T09:00 UTC - 2027-03-02T10:00 UTC]");
  api.transport.then(json_answer(404, R"({"error":{"code":"ErrorItemNotFound"}})"));
  master = api.changes->event(api.access, api.calendar, "w", Instant{1795597200s}, Deadline::in(5s));
  CHECK_OK(master);
  CHECK(master->is_removal && master->series == "w");
}
