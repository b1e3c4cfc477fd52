// Google's events.list as changes of series.
#include <fmt/format.h>

#include "provider/google/google.h"
#include "series_text.h"
#include "support/check.h"
#include "support/scripted_transport.h"

using namespace calint;
using namespace std::chrono_literals;
using test::json_answer;
using test::ScriptedTransport;
using test::shown;

namespace {

constexpr char kEvent[] =
    R"({"id":"a","start":{"dateTime":"2027-03-02T09:00:00+01:00"},"end":{"dateTime":"2027-03-02T10:00:00+01:00"}})";
constexpr char kMaster[] =
    R"({"id":"w","start":{"dateTime":"2027-03-02T09:00:00+01:00","timeZone":"Europe/Berlin"},)"
    R"("end":{"dateTime":"2027-03-02T10:00:00+01:00","timeZone":"Europe/Berlin"},"recurrence":["RRULE:FREQ=WEEKLY"]})";
constexpr char kException[] =
    R"({"id":"w_9","recurringEventId":"w","originalStartTime":{"dateTime":"2027-03-09T09:00:00+01:00"},)"
    R"("start":{"dateTime":"2027-03-10T09:00:00+01:00"},"end":{"dateTime":"2027-03-10T10:00:00+01:00"}})";

std::string page_of(const std::string& items, const std::string& end = R"("nextSyncToken":"n")") {
  return R"({"timeZone":"Europe/Berlin","items":[)" + items + "]," + end + "}";
}

struct Api {
  ScriptedTransport transport;
  std::unique_ptr<Changes> changes = google::make_changes({}, transport);

  Result<provider::ChangesPage> read(Result<HttpResponse> answer, const std::string& cursor = "",
                                     const std::string& page = "") {
    const calendar::Accounts accounts;
    const std::string calendar = "a b/c@example.com";
    transport.then(std::move(answer));
    const calendar::Window window{std::chrono::sys_days(std::chrono::year(2027) / 1 / 4), {}};
    return changes->read(
        {.token = Secret(std::string_view("t")), .account = {}, .memory = {}},
        {.calendar = calendar, .cursor = cursor, .page = page, .window = window, .accounts = accounts},
        Instant{1795597200s}, Deadline::in(5s));
  }

  Fault fault(int status, const char* reason, const std::string& cursor) {
    const std::string body = fmt::format(R"({{"error":{{"errors":[{{"reason":"{}"}}]}}}})", reason);
    auto page = read(json_answer(status, body), cursor);
    CHECK(!page.ok());
    return page.error().fault;
  }

  std::string merged(const provider::KnownSeries& known, const std::vector<provider::ChangedItem>& items) {
    return test::merged(*changes, known, items);
  }
};

}  // namespace

CALINT_TEST(a_round_begins_with_the_window_or_goes_on_from_a_cursor) {
  Api api;
  CHECK_OK(api.read(json_answer(200, page_of(""))));
  CHECK_OK(api.read(json_answer(200, page_of("")), "s&1", "p"));
  const std::string whole = api.transport.requests()[0].url, later = api.transport.requests()[1].url;
  CHECK(whole.starts_with("https://www.googleapis.com/calendar/v3/calendars/a%20b%2Fc%40example.com/events?"
                          "singleEvents=false&"));
  CHECK(whole.find("&timeMin=2027-01-04T00%3A00%3A00Z") != std::string::npos);
  CHECK_EQUAL(whole.find("Token="), std::string::npos);
  CHECK_EQUAL(whole.find("timeMax"), std::string::npos);
  CHECK(later.find("&syncToken=s%261&pageToken=p") != std::string::npos);
  CHECK_EQUAL(later.find("timeMin"), std::string::npos);
  // Nothing personal is asked for.
  for (const char* member : {"summary", "description", "location", "displayName"})
    CHECK_EQUAL(whole.find(member), std::string::npos);
}

CALINT_TEST(a_page_says_what_changed_and_how_it_goes_on) {
  Api api;
  const std::string items = std::string(kEvent) + "," + kException + R"(,{"id":"x","status":"cancelled"})";
  auto page = api.read(json_answer(200, page_of(items, R"("nextPageToken":"p")")));
  CHECK_OK(page);
  CHECK_EQUAL(page->zone, "Europe/Berlin");
  CHECK_EQUAL(page->next_page, "p");
  CHECK_EQUAL(page->items.size(), 3U);
  CHECK_EQUAL(page->items[1].series + " " + page->items[1].event, "w w_9");
  CHECK(!page->items[0].is_removal && !page->items[1].is_removal && page->items[2].is_removal);
  CHECK_EQUAL(api.read(json_answer(200, page_of("")))->cursor, "n");
}

CALINT_TEST(what_isnt_a_whole_page_is_no_answer) {
  Api api;
  const std::string cut = page_of(kEvent).substr(0, 150);
  for (const std::string& body : {cut, page_of(kEvent, R"("kind":"x")"), std::string("{}"), std::string("[]")})
    CHECK_FAULT(api.read(json_answer(200, body)), Fault::unavailable);
  CHECK_FAULT(api.read(HttpResponse{.status = 200, .headers = {{"content-type", "text/html"}}, .body = {}}),
              Fault::unavailable);
}

CALINT_TEST(a_refused_cursor_asks_for_a_read_of_everything) {
  Api api;
  CHECK_EQUAL(api.fault(410, "fullSyncRequired", "c"), Fault::resync);
  CHECK_EQUAL(api.fault(400, "invalid", "c"), Fault::resync);
  CHECK_EQUAL(api.fault(410, "deleted", "c"), Fault::resync);
  CHECK_EQUAL(api.fault(400, "invalid", ""), Fault::bug);
  CHECK_EQUAL(api.fault(404, "notFound", "c"), Fault::gone);
  CHECK_EQUAL(api.fault(403, "forbidden", "c"), Fault::forbidden);
  CHECK_EQUAL(api.fault(403, "rateLimitExceeded", "c"), Fault::rate_limited);
  CHECK_EQUAL(api.fault(500, "backendError", "c"), Fault::unavailable);
}

CALINT_TEST(kept_items_mean_what_they_meant_as_they_came) {
  Api api;
  auto page = api.read(json_answer(200, page_of(std::string(kMaster) + "," + kException + "," + kEvent)));
  CHECK_OK(page);
  const std::string weekly =
      "w: [w busy 2027-03-02T09:00 Europe/Berlin - 2027-03-02T10:00 Europe/Berlin | RRULE:FREQ=WEEKLY]"
      " [w_9 busy 2027-03-10T08:00 UTC - 2027-03-10T09:00 UTC for 2027-03-09T08:00 UTC]";
  CHECK_EQUAL(api.merged({}, {page->items[0], page->items[1]}), weekly);
  CHECK_EQUAL(api.merged({}, {page->items[2]}), "a: [a busy 2027-03-02T08:00 UTC - 2027-03-02T09:00 UTC]");

  provider::KnownSeries known;
  apply(*api.changes->merge({}, {page->items[0].text, page->items[1].text}), known);
  auto removal = api.read(json_answer(200, page_of(R"({"id":"w_9","status":"cancelled"})")));
  CHECK_OK(removal);
  CHECK_EQUAL(api.merged(known, removal->items),
              "w: [w busy 2027-03-02T09:00 Europe/Berlin - 2027-03-02T10:00 Europe/Berlin | RRULE:FREQ=WEEKLY]"
              " [w_9 cancelled 2027-03-09T08:00 UTC for 2027-03-09T08:00 UTC]");
  CHECK_FAULT(api.changes->merge({}, {"series 1\nkx\n"}), Fault::corrupt);
}
