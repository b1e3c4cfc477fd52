#include "provider/outlook/replies.h"

#include <fmt/format.h>

#include "support/check.h"
#include "support/samples.h"
#include "support/scripted_transport.h"

using namespace calint;
using namespace calint::outlook;
using calint::test::json_answer;

namespace {

const Instant kNow{std::chrono::seconds(1795597200)};
constexpr std::string_view kApi = "https://graph.microsoft.com/v1.0";

Result<provider::CalendarPage> page_of(std::string_view body, std::string_view api = kApi) {
  return parse_calendar_page(json_answer(200, body), api, kNow);
}

Result<provider::CalendarPage> page_leading_to(std::string_view link, std::string_view api = kApi) {
  return page_of(fmt::format(R"({{"value":[],"@odata.nextLink":"{}"}})", link), api);
}

// The calendar of an entry with these members.
Calendar entry(std::string_view members) {
  auto page = page_of(fmt::format(R"({{"value":[{{"id":"c1"{}}}]}})", members));
  CHECK_OK(page);
  CHECK_EQUAL(page->calendars.size(), 1);
  return page->calendars.front();
}

}  // namespace

CALINT_TEST(the_calendars_of_the_reference_are_read) {
  auto page =
      parse_calendar_page(test::sample_response(CALINT_TEST_DATA "/microsoft/calendars-response.json"), kApi, kNow);
  CHECK_OK(page);
  CHECK_EQUAL(page->next_page, "");
  CHECK_EQUAL(page->calendars.size(), 4);
  const Calendar& own = page->calendars[0];
  CHECK_EQUAL(own.id, "AAMkEXAMPLEDEFAULT=");
  CHECK_EQUAL(own.name, "Calendar");
  CHECK_EQUAL(own.color, "");
  CHECK_EQUAL(own.time_zone, "");
  CHECK_EQUAL(own.access_role, "owner");
  CHECK(own.is_primary && own.can_write);
  CHECK_EQUAL(page->calendars[1].color, "#87d28e");
  CHECK(page->calendars[1].can_write && !page->calendars[1].is_primary);
  CHECK_EQUAL(page->calendars[2].name, "Sam Reed");
  CHECK_EQUAL(page->calendars[2].access_role, "reader");
  CHECK(!page->calendars[2].can_write && !page->calendars[3].can_write);

  const std::vector<Calendar> marked = with_shared_marked(page->calendars);
  for (size_t i = 0; i < 4; ++i) {
    CHECK_EQUAL(marked[i].is_shared, (i == 2));
    CHECK_EQUAL(marked[i].owner, i == 2 ? "sam@contoso.example" : "");
  }
}

CALINT_TEST(whose_a_calendar_is_is_told_by_the_owner_of_the_default_one) {
  const Calendar own{.id = "own", .owner = "avery@contoso.example", .is_primary = true};
  const Calendar same{.id = "same", .owner = "AVERY@Contoso.example"};
  const Calendar theirs{.id = "theirs", .owner = "sam@contoso.example", .can_write = true};
  const Calendar nobodys{.id = "nobodys"};
  const std::vector<Calendar> marked = with_shared_marked({theirs, same, own, nobodys});
  CHECK(marked[0].is_shared && !marked[1].is_shared && !marked[2].is_shared && !marked[3].is_shared);
  CHECK_EQUAL(marked[0].owner, "sam@contoso.example");
  for (size_t i = 1; i < 4; ++i) CHECK_EQUAL(marked[i].owner, "");

  for (const Calendar& unclear : with_shared_marked({theirs, same, nobodys})) {
    CHECK(!unclear.is_shared);
    CHECK_EQUAL(unclear.owner, "");
  }
}

CALINT_TEST(an_owner_is_an_address_or_else_a_name) {
  CHECK_EQUAL(entry(R"(,"owner":{"name":"Sam","address":"sam@contoso.example"})").owner, "sam@contoso.example");
  CHECK_EQUAL(entry(R"(,"owner":{"name":"S\u0001am","address":""})").owner, "Sam");
  for (const char* members :
       {"", R"(,"owner":null)", R"(,"owner":"sam")", R"(,"owner":{})", R"(,"owner":{"address":7})"})
    CHECK_EQUAL(entry(members).owner, "");
}

CALINT_TEST(who_may_share_a_calendar_owns_it_and_who_may_edit_it_writes) {
  CHECK_EQUAL(entry(R"(,"canEdit":true,"canShare":true)").access_role, "owner");
  CHECK_EQUAL(entry(R"(,"canEdit":true,"canShare":false)").access_role, "writer");
  CHECK_EQUAL(entry(R"(,"canEdit":true)").access_role, "writer");
  for (const char* members : {R"(,"canEdit":false,"canShare":true)", R"(,"canEdit":"true")", R"(,"canEdit":1)"}) {
    CHECK_EQUAL(entry(members).access_role, "reader");
    CHECK(!entry(members).can_write);
  }
}

CALINT_TEST(who_may_edit_that_is_not_said_is_not_refused) {
  for (const char* members : {"", R"(,"canEdit":null)"}) {
    auto page = page_of(
        fmt::format(R"({{"value":[{{"id":"own","isDefaultCalendar":true,"owner":{{"address":"a@x.example"}}{0}}},
        {{"id":"theirs","owner":{{"address":"b@x.example"}}{0}}}]}})",
                    members));
    CHECK_OK(page);
    const std::vector<Calendar> marked = with_shared_marked(page->calendars);
    CHECK(marked[0].can_write && !marked[1].can_write);
    CHECK_EQUAL(marked[0].access_role, "owner");
    CHECK_EQUAL(marked[1].access_role, "reader");
  }
}

CALINT_TEST(a_calendar_of_outlook_has_a_clean_name_or_none) {
  CHECK_EQUAL(entry(R"(,"name":"a\u0001b")").name, "ab");
  for (const char* members : {"", R"(,"name":"")", R"(,"name":7)", R"(,"name":"\u0007")", R"(,"name":"\u200b ")"})
    CHECK_EQUAL(entry(members).name, "");
}

// The access token goes where the link leads.
CALINT_TEST(a_link_away_from_the_api_is_refused) {
  for (const char* link :
       {"https://evil.example/v1.0/me/calendars", "http://graph.microsoft.com/v1.0/me/calendars",
        "https://graph.microsoft.com:8443/v1.0/me/calendars", "https://graph.microsoft.com.evil.example/v1.0",
        "https://graph.microsoft.com@evil.example/v1.0", "https://evil.example#graph.microsoft.com", "//evil.example/",
        "/v1.0/me/calendars?$skip=250", "me/calendars", "file:///etc/passwd",
        "https://graph.microsoft.us/v1.0/me/calendars"})
    CHECK_FAULT(page_leading_to(link), Fault::corrupt);
  CHECK_OK(page_leading_to("https://GRAPH.microsoft.com:443/v1.0/me/calendars"));
  CHECK_OK(page_leading_to("http://127.0.0.1:8000/v1.0/me/calendars?$skip=1", "http://127.0.0.1:8000/v1.0"));
  CHECK_FAULT(page_leading_to("http://127.0.0.1:8001/v1.0/me/calendars?$skip=1", "http://127.0.0.1:8000/v1.0"),
              Fault::corrupt);
}

CALINT_TEST(a_page_of_outlook_without_calendars_or_with_an_empty_link_is_corrupt) {
  for (const char* body : {"{}", R"({"value":[],"@odata.nextLink":null})"}) CHECK_FAULT(page_of(body), Fault::corrupt);
}

// The calendar service refuses for reasons of its own; that the grant is gone is said by the token endpoint.
CALINT_TEST(an_own_list_that_is_forbidden_ends_no_grant) {
  const std::string samples = CALINT_TEST_DATA "/microsoft/";
  CHECK_FAULT(parse_calendar_page(test::sample_response(samples + "error-403.json"), kApi, kNow), Fault::forbidden);
  auto no_mailbox = parse_calendar_page(test::sample_response(samples + "error-404-mailbox.json"), kApi, kNow);
  CHECK_FAULT(no_mailbox, Fault::forbidden);
  CHECK_EQUAL(no_mailbox.error().detail, Detail::no_mailbox);
}
