#include "provider/google/replies.h"

#include <fmt/format.h>

#include "support/check.h"
#include "support/samples.h"
#include "support/scripted_transport.h"

using namespace calint;
using namespace calint::google;
using calint::test::json_answer;

namespace {

const Instant kNow{std::chrono::seconds(1795597200)};

Result<provider::CalendarPage> page_of(std::string_view body) {
  return parse_calendar_page(json_answer(200, body), kNow);
}

// The calendar of an entry with these members.
Calendar entry(std::string_view members) {
  auto page = page_of(fmt::format(R"({{"items":[{{"id":"c1"{}}}]}})", members));
  CHECK_OK(page);
  CHECK_EQUAL(page->calendars.size(), 1);
  return page->calendars.front();
}

}  // namespace

CALINT_TEST(the_calendar_list_of_the_reference_is_read) {
  auto page = parse_calendar_page(test::sample_response(CALINT_TEST_DATA "/google/calendarlist-response.json"), kNow);
  CHECK_OK(page);
  CHECK_EQUAL(page->next_page, "");
  CHECK_EQUAL(page->calendars.size(), 4);
  const Calendar& own = page->calendars[0];
  CHECK_EQUAL(own.id, "avery@example.com");
  CHECK_EQUAL(own.name, "avery@example.com");
  CHECK_EQUAL(own.time_zone, "Europe/Berlin");
  CHECK_EQUAL(own.color, "#9fe1e7");
  CHECK_EQUAL(own.access_role, "owner");
  CHECK(own.is_primary && own.can_write);
  CHECK(page->calendars[1].can_write && !page->calendars[1].is_primary);
  CHECK_EQUAL(page->calendars[2].name, "Sam");
  CHECK(!page->calendars[2].can_write);
  CHECK(!own.is_shared && page->calendars[1].is_shared && page->calendars[2].is_shared && page->calendars[3].is_shared);
  CHECK_EQUAL(own.owner, "");
  CHECK_EQUAL(page->calendars[1].owner, "");
  CHECK_EQUAL(page->calendars[2].owner, "sam@example.com");
  CHECK_EQUAL(page->calendars[3].owner, "");
  CHECK_EQUAL(page->calendars[3].id, "en.german#holiday@group.v.calendar.google.com");
  CHECK(!page->calendars[3].can_write);
}

CALINT_TEST(deleted_calendars_are_left_out) {
  auto page = page_of(R"({"items":[{"id":"a","deleted":true},{"id":"b","deleted":false}]})");
  CHECK_OK(page);
  CHECK_EQUAL(page->calendars.size(), 1);
  CHECK_EQUAL(page->calendars[0].id, "b");
}

CALINT_TEST(a_calendar_has_the_name_that_its_user_gave) {
  CHECK_EQUAL(entry(R"(,"summary":"theirs","summaryOverride":"mine")").name, "mine");
  CHECK_EQUAL(entry(R"(,"summary":"theirs","summaryOverride":"")").name, "theirs");
  CHECK_EQUAL(entry(R"(,"summary":"\u0007")").name, "c1");
  CHECK_EQUAL(entry("").name, "c1");
  CHECK_EQUAL(entry(R"(,"summary":7)").name, "c1");
}

CALINT_TEST(a_time_zone_looks_like_one_or_is_none) {
  CHECK_EQUAL(entry(R"(,"timeZone":"America/Argentina/Buenos_Aires")").time_zone, "America/Argentina/Buenos_Aires");
  CHECK_EQUAL(entry(R"(,"timeZone":"Etc/GMT+1")").time_zone, "Etc/GMT+1");
  CHECK_EQUAL(entry(R"(,"timeZone":"a b")").time_zone, "");
  CHECK_EQUAL(entry(",\"timeZone\":\"" + std::string(65, 'z') + "\"").time_zone, "");
}

CALINT_TEST(a_role_that_is_not_known_counts_as_the_least) {
  for (const char* role : {"owner", "writer", "reader", "freeBusyReader"})
    CHECK_EQUAL(entry(fmt::format(R"(,"accessRole":"{}")", role)).access_role, role);
  for (const char* role : {R"("emperor")", R"("Owner")"}) {
    const Calendar calendar = entry(std::string(",\"accessRole\":") + role);
    CHECK_EQUAL(calendar.access_role, "freeBusyReader");
    CHECK(!calendar.can_write);
  }
}

CALINT_TEST(a_further_kind_of_writer_writes) {
  CHECK(entry(R"(,"accessRole":"writerWithoutPrivateAccess")").can_write);
  CHECK_EQUAL(entry(R"(,"accessRole":"writerWithoutPrivateAccess")").access_role, "writer");
}

CALINT_TEST(a_role_that_is_not_said_is_not_refused) {
  for (const char* members : {"", R"(,"accessRole":"")", R"(,"accessRole":null)", R"(,"accessRole":1)"}) {
    CHECK_EQUAL(entry(members).access_role, "owner");
    CHECK(entry(members).can_write && !entry(members).is_shared);
  }
  const Calendar theirs = entry(R"(,"dataOwner":"sam@example.com")");
  CHECK_EQUAL(theirs.access_role, "reader");
  CHECK(theirs.is_shared && !theirs.can_write);
}

CALINT_TEST(a_name_that_nobody_can_see_is_none) {
  for (const char* name : {" ", "\\u200b", "\\u00a0\\u2003", "\\ufeff", "\\u3164", "\\u2800", "\\u00ad\\u2060"})
    CHECK_EQUAL(entry(fmt::format(R"(,"summaryOverride":"{}","summary":"Work")", name)).name, "Work");
  CHECK_EQUAL(entry(R"(,"summary":"\u200b")").name, "c1");
}

CALINT_TEST(a_calendar_of_somebody_else_is_shared_and_names_them_where_google_does) {
  auto page = page_of(R"({"items":[{"id":"sam@example.com","accessRole":"writer"},
      {"id":"c_1@group.calendar.google.com","accessRole":"reader","dataOwner":"robin@example.com"},
      {"id":"c_2@resource.calendar.google.com","accessRole":"reader"},
      {"id":"c_3@group.calendar.google.com","accessRole":"owner","dataOwner":"avery@example.com"},
      {"id":"avery@example.com","accessRole":"reader","primary":true},
      {"id":"nobody","accessRole":"emperor","dataOwner":7}]})");
  CHECK_OK(page);
  const char* owners[] = {"sam@example.com", "robin@example.com", "", "", "", ""};
  const bool shared[] = {true, true, true, false, false, true};
  for (size_t i = 0; i < 6; ++i) {
    CHECK_EQUAL(page->calendars[i].owner, owners[i]);
    CHECK_EQUAL(page->calendars[i].is_shared, shared[i]);
  }
}
