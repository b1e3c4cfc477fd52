// What is said of Google's and Microsoft's lists of calendars alike.
#include <fmt/format.h>

#include "base/form.h"
#include "base/url.h"
#include "base/utf8.h"
#include "support/check.h"
#include "support/samples.h"
#include "support/scripted_transport.h"
#include "twins.h"

using namespace calint;
using namespace std::chrono_literals;
using calint::test::calendar_page;
using calint::test::json_answer;
using calint::test::kTwinsNow;
using calint::test::read_page;
using calint::test::ScriptedTransport;
using calint::test::Twin;
using calint::test::twins;

namespace {

Result<std::vector<Calendar>> listed(const Twin& twin, ScriptedTransport& transport) {
  auto list = twin.calendars(transport)->list({.token = Secret(std::string_view("at")), .account = {}, .memory = {}},
                                              kTwinsNow, Deadline::in(5s));
  if (!list) return std::move(list).error();
  return std::move(list->calendars);
}

Result<provider::CalendarPage> page_of(const Twin& twin, std::string_view entries) {
  return twin.parse_calendar_page(calendar_page(twin, entries), kTwinsNow);
}

// The calendar of an entry with this member, written as JSON.
Calendar entry(const Twin& twin, const std::string& member, std::string_view value) {
  auto page = page_of(twin, fmt::format(R"({{"id":"c1","{}":{}}})", member, value));
  CHECK_OK(page);
  CHECK_EQUAL(page->calendars.size(), 1);
  return page->calendars.front();
}

void check_error(const Twin& twin, const HttpResponse& response, Fault fault, std::string_view code) {
  const Error error = twin.api_error(response, kTwinsNow);
  ck_assert_msg(error.fault == fault, "%s, %d: %s", twin.name.c_str(), response.status,
                std::string(to_string(error.fault)).c_str());
  CHECK_EQUAL(code_of(error), code);
  CHECK_EQUAL(error.what.find("UNTOLD"), std::string::npos);
}

}  // namespace

CALINT_TEST(a_list_is_read_to_its_last_page) {
  for (const Twin& twin : twins()) {
    ScriptedTransport transport;
    const auto named = [&](const char* id, const char* name, const char* more = "") {
      return fmt::format(R"({{"id":"{}","{}":"{}"{}}})", id, twin.calendar_name, name, more);
    };
    const std::string primary = fmt::format(R"(,"{}":true)", twin.is_primary);
    transport.then(calendar_page(twin, named("b", "b"), twin.next_page(1)));
    transport.then(calendar_page(twin, "", twin.next_page(2)));
    transport.then(calendar_page(twin, named("a", "z", primary.c_str()) + R"(,{"id":"b"})"));
    auto calendars = listed(twin, transport);
    CHECK_OK(calendars);
    CHECK_EQUAL(calendars->size(), 2);
    CHECK_EQUAL((*calendars)[0].id, "a");
    CHECK_EQUAL((*calendars)[1].name, "b");
    CHECK_EQUAL(transport.requests().size(), 3);
    for (const HttpRequest& request : transport.requests()) CHECK_EQUAL(request.bearer->reveal(), "at");
    // Graph's link is the request; Google's token stands in it.
    const std::string& second = transport.requests()[1].url;
    const auto query = form_decode(parse_url(second)->query).value();
    CHECK_EQUAL(count_field(query, "pageToken") == 1 ? *single_field(query, "pageToken") : second, twin.next_page(1));
  }
}

CALINT_TEST(a_next_page_that_comes_again_ends_the_list) {
  for (const Twin& twin : twins()) {
    ScriptedTransport transport;
    for (int i = 0; i < 3; ++i) transport.then(calendar_page(twin, "", twin.next_page(1)));
    CHECK_FAULT(listed(twin, transport), Fault::corrupt);
    CHECK_EQUAL(transport.requests().size(), 2);
  }
}

CALINT_TEST(a_list_has_at_most_100_pages) {
  for (const Twin& twin : twins()) {
    ScriptedTransport transport;
    for (int i = 0; i < 101; ++i) transport.then(calendar_page(twin, "", twin.next_page(i)));
    CHECK_FAULT(listed(twin, transport), Fault::corrupt);
    CHECK_EQUAL(transport.requests().size(), 100);
  }
}

namespace {

// Calendars with these numbers, as a page has them; each with `more` bytes that nobody reads.
std::string numbered(int from, int until, size_t more = 0) {
  std::string entries;
  for (int i = from; i < until; ++i)
    entries +=
        fmt::format("{}{{\"id\":\"c{}\",\"description\":\"{}\"}}", i == from ? "" : ",", i, std::string(more, 'x'));
  return entries;
}

CalendarList whole_list(const Twin& twin, ScriptedTransport& transport) {
  auto list = twin.calendars(transport)->list({.token = Secret(std::string_view("at")), .account = {}, .memory = {}},
                                              kTwinsNow, Deadline::in(5s));
  CHECK_OK(list);
  return std::move(*list);
}

}  // namespace

CALINT_TEST(two_thousand_calendars_are_taken_and_the_rest_is_left_out) {
  for (const Twin& twin : twins()) {
    ScriptedTransport many;
    many.then(calendar_page(twin, numbered(0, 1500), twin.next_page(1)));
    many.then(calendar_page(twin, numbered(1000, 9000), twin.next_page(2)));
    CalendarList list = whole_list(twin, many);
    CHECK_EQUAL(list.calendars.size(), 2000);
    CHECK_OF(twin, list.is_cut);
    CHECK_EQUAL(many.requests().size(), 2);

    ScriptedTransport as_many;
    as_many.then(calendar_page(twin, numbered(0, 2000)));
    list = whole_list(twin, as_many);
    CHECK_EQUAL(list.calendars.size(), 2000);
    CHECK_OF(twin, !list.is_cut);

    ScriptedTransport one_page;
    one_page.then(calendar_page(twin, numbered(0, 2001)));
    CHECK_OF(twin, whole_list(twin, one_page).is_cut);
  }
}

CALINT_TEST(of_the_pages_of_a_list_8_megabytes_are_taken) {
  for (const Twin& twin : twins()) {
    ScriptedTransport transport;
    for (int page = 0; page < 5; ++page)
      transport.then(calendar_page(twin, numbered(2 * page, 2 * page + 2, 1'000'000), twin.next_page(page)));
    const CalendarList list = whole_list(twin, transport);
    CHECK_EQUAL(list.calendars.size(), 8);
    CHECK_OF(twin, list.is_cut);
    CHECK_EQUAL(transport.requests().size(), 5);
  }
}

CALINT_TEST(a_list_that_breaks_off_is_no_list) {
  for (const Twin& twin : twins()) {
    ScriptedTransport transport;
    transport.then(calendar_page(twin, R"({"id":"a"})", twin.next_page(1)));
    transport.then(Error{.fault = Fault::unavailable, .what = "cut off", .nothing_sent = true});
    auto calendars = listed(twin, transport);
    CHECK_FAULT(calendars, Fault::unavailable);
    // The first page's request did leave.
    CHECK_OF(twin, !calendars.error().nothing_sent);
  }
}

CALINT_TEST(a_refused_access_token_is_told_apart) {
  for (const Twin& twin : twins()) {
    ScriptedTransport transport;
    transport.then(test::sample_response(twin.samples + "error-401.json"));
    auto calendars = listed(twin, transport);
    CHECK_FAULT(calendars, Fault::reconnect);
    CHECK_OF(twin, calendars.error().detail == Detail::refused);
  }
}

CALINT_TEST(a_list_that_is_not_found_says_nothing_about_the_connection) {
  for (const Twin& twin : twins())
    for (const int status : {404, 410, 412}) {
      ScriptedTransport transport;
      transport.then(json_answer(status, "{}"));
      CHECK_FAULT(listed(twin, transport), Fault::unavailable);
    }
}

CALINT_TEST(a_page_may_be_empty_and_lead_to_a_next_one) {
  for (const Twin& twin : twins()) {
    auto page = twin.parse_calendar_page(calendar_page(twin, "", twin.next_page(1)), kTwinsNow);
    CHECK_OK(page);
    CHECK_OF(twin, page->calendars.empty());
    CHECK_EQUAL(page->next_page, twin.next_page(1));
  }
}

CALINT_TEST(a_list_that_cannot_be_used_is_corrupt) {
  for (const Twin& twin : twins()) {
    const std::string entries = R"({")" + twin.entries, next = entries + R"(":[],")" + twin.next;
    for (const std::string& body :
         {std::string(), std::string("[]"), std::string("{"), entries + R"(":{}})", entries + R"(":null})",
          entries + R"(":[{"id":"a"})", entries + R"(":[{"id":"a"}])", next + R"(":7})", next + R"(":""})",
          next + R"(":")" + twin.next_page(1) + std::string(8193, 'p') + R"("})"})
      CHECK_FAULT(read_page(twin, body), Fault::corrupt);
  }
}

CALINT_TEST(one_bad_entry_or_value_loses_no_other) {
  for (const Twin& twin : twins()) {
    const std::string named = R"({"id":"c0",")" + twin.calendar_name + R"(":")";
    const std::string good = R"({"id":"c1",")" + twin.calendar_name + R"(":"Work \ud83c\udf89"})";
    for (const std::string& bad : {named + R"(Party \ud83c"})", named + R"(Party \udf89 x"})", named + "Party \xff\"}",
                                   std::string(R"({"id":"c0","id":"c0"})"), named + "a\tb\"}"}) {
      auto page = page_of(twin, bad + "," + good);
      CHECK_OK(page);
      ck_assert_msg(page->calendars.size() == 2, "%s: %s", twin.name.c_str(), bad.c_str());
      CHECK_EQUAL(page->calendars.back().name, "Work \U0001f389");
    }
    CHECK_EQUAL(page_of(twin, named + R"(Party \ud83c"})")->calendars[0].name, "Party \uFFFD");
    for (const std::string& bad :
         {std::string("7"), std::string("null"), std::string("{}"), std::string(R"({"id":""})"),
          std::string(R"({"id":7})"), std::string(R"({"id":"a\u0001"})"), std::string(R"({"id":"\ud83c"})"),
          R"({"id":")" + std::string(1025, 'i') + "\"}"}) {
      auto page = page_of(twin, bad + R"(,{"id":"c1"})");
      CHECK_OK(page);
      ck_assert_msg(page->calendars.size() == 1 && page->calendars[0].id == "c1", "%s: %s", twin.name.c_str(),
                    bad.c_str());
    }
  }
}

CALINT_TEST(a_name_is_clean_utf8_of_200_bytes) {
  std::string long_name;
  for (int i = 0; i < 150; ++i) long_name += "ä";
  for (const Twin& twin : twins()) {
    CHECK_EQUAL(entry(twin, twin.calendar_name, '"' + long_name + '"').name, long_name.substr(0, 200));
    CHECK_EQUAL(entry(twin, twin.calendar_name, R"("a\u0001\nb")").name, clean_utf8("a\x01\nb", 200));
  }
}

CALINT_TEST(a_colour_is_rrggbb_in_lower_case_or_none) {
  for (const Twin& twin : twins()) {
    CHECK_EQUAL(entry(twin, twin.color, R"("#9FE1e7")").color, "#9fe1e7");
    for (const char* color : {R"("")", R"("red")", R"("lightGreen")", R"("#9fe1e")", R"("#9fe1e77")", R"("#9fe1eg")",
                              R"("9fe1e7#")", R"("#;}x{a")", "7", "null"})
      CHECK_EQUAL(entry(twin, twin.color, color).color, "");
  }
}

CALINT_TEST(only_true_makes_a_calendar_primary) {
  for (const Twin& twin : twins()) {
    CHECK_OF(twin, entry(twin, twin.is_primary, "true").is_primary);
    for (const char* value : {"false", "1", R"("true")", "null"})
      CHECK_OF(twin, !entry(twin, twin.is_primary, value).is_primary);
  }
}

CALINT_TEST(what_is_not_json_did_not_come_from_the_api) {
  for (const Twin& twin : twins()) {
    for (const int status : {302, 400, 403, 404, 410, 502})
      check_error(
          twin,
          {.status = status, .headers = {{"content-type", "text/html"}}, .body = Secret(std::string_view("<p>UNTOLD"))},
          Fault::unavailable, "");
    check_error(twin, {.status = 401, .headers = {}, .body = {}}, Fault::reconnect, "401, refused");
    check_error(twin, {.status = 429, .headers = {}, .body = {}}, Fault::rate_limited, "");
    HttpResponse page = calendar_page(twin, "");
    page.headers = {{"content-type", "text/html"}};
    CHECK_FAULT(twin.parse_calendar_page(page, kTwinsNow), Fault::unavailable);
  }
}
