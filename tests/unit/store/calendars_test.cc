// A user's choices among the calendars of a connection, against what lists of the account bring meanwhile.
#include "store/calendars.h"
#include "store/connections.h"

#include <fmt/format.h>

#include <thread>

#include "store/integrations.h"
#include "store/pauses.h"
#include "store/users.h"
#include "store/validations.h"
#include "support/check.h"
#include "support/installation.h"
#include "support/pg_proxy.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::store;
using calint::test::soon;

namespace {

const Actor kIvy{.user_id = "7", .ip_address = "127.0.0.1", .user_agent = "test"};
const std::string kOwn = "own";

Calendar calendar(const std::string& id, bool can_write = true) {
  return {.id = id, .name = "Name of " + id, .color = "#112233", .access_role = can_write ? "owner" : "reader",
          .is_primary = id == kOwn, .can_write = can_write};
}

// One interviewer is connected, with no calendar listed yet.
constexpr const char* kConnected =
    "INSERT INTO users (id, email, name, is_interviewer) VALUES (7, 'ivy', 'Ivy', true);"
    "INSERT INTO calendar_integrations (organization_id, user_id, provider, account_key, seal_id, status,"
    " access_token_encrypted) VALUES ('1', '7', 'google', 'key', 's', 'error', 'sealed')";

Integration active(postgres::Pool& pool) {
  auto found = find_active(pool, "1", "7", soon());
  CHECK_OK(found);
  CHECK(found->has_value());
  return **found;
}

Status list(postgres::Pool& pool, const std::vector<Calendar>& calendars) {
  const Integration integration = active(pool);
  return store_validated(pool,
                         {.integration_id = integration.id,
                          .organization_id = "1",
                          .generation = integration.generation,
                          .calendars = calendars,
                          .calendar_id = kOwn},
                         kIvy, soon());
}

// The ids in order, a ticked one with "+", one that is gone with "-".
std::string shown(postgres::Pool& pool) {
  auto rows = list_calendars(pool, active(pool), soon());
  CHECK_OK(rows);
  std::string text;
  for (const CalendarRow& row : rows->calendars)
    text += fmt::format("{}{}{}{}", text.empty() ? "" : " ", row.calendar_id, row.sync ? "+" : "", row.gone ? "-" : "");
  return text;
}

// What the audit log says of choices, the newest last.
std::string audited(postgres::Pool& pool) {
  auto rows = pool.query({"SELECT coalesce(string_agg(metadata::text, ' ' ORDER BY id), '') AS said FROM audit_logs"
                          " WHERE action = 'calendar_integration.calendars_changed'",
                          {}},
                         soon());
  CHECK_OK(rows);
  return std::string(rows->text(0, "said"));
}

int64_t told(test::Installation& installation) {
  return installation.number(
      "SELECT count(*) AS n FROM calendar_changes WHERE change = 'calendars_changed' AND user_id = '7'");
}

// Lets the least pause pass.
void wait(postgres::Pool& pool) {
  CHECK_OK(
      pool.query({"UPDATE calendar_password_tries SET expires_at = now() WHERE subject LIKE 'pause/%'", {}}, soon()));
}

}  // namespace

CALINT_TEST(a_choice_replaces_the_one_before_and_is_audited_in_numbers) {
  test::Installation installation(kConnected);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(list(pool, {calendar(kOwn), calendar("team"), calendar("trips")}));
  CHECK_EQUAL(shown(pool), "own+ team trips");
  CHECK_OK(choose_calendars(pool, active(pool), {"team", "trips", "team"}, kIvy, soon()));
  CHECK_EQUAL(shown(pool), "own team+ trips+");
  CHECK_EQUAL(audited(pool), R"({"added": 2, "removed": 1, "provider": "google"})");
  CHECK_EQUAL(told(installation), 1);
  auto too_soon = choose_calendars(pool, active(pool), {}, kIvy, soon());
  CHECK_OK(too_soon);
  CHECK(*too_soon > std::chrono::seconds(5) && *too_soon <= kLeastPause);
  CHECK_EQUAL(shown(pool), "own team+ trips+");
  CHECK_EQUAL(told(installation), 1);
  wait(pool);
  CHECK(!*choose_calendars(pool, active(pool), {}, kIvy, soon()));
  CHECK_EQUAL(shown(pool), "own team trips");
}

CALINT_TEST(a_choice_that_changes_nothing_leaves_no_trace) {
  test::Installation installation(kConnected);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(list(pool, {calendar(kOwn), calendar("team")}));
  CHECK_OK(choose_calendars(pool, active(pool), {kOwn}, kIvy, soon()));
  CHECK_OK(choose_destination(pool, active(pool), kOwn, kIvy, soon()));
  CHECK_EQUAL(audited(pool), "");
  CHECK_EQUAL(told(installation), 0);
}

CALINT_TEST(a_choice_is_one_round_trip) {
  const test::Installation installation(kConnected);
  test::PgProxy proxy(test::cluster().folder());
  postgres::Pool pool({.conninfo = proxy.conninfo(installation.database)});
  CHECK_OK(list(pool, {calendar(kOwn), calendar("team")}));
  const Integration integration = active(pool);
  const int before = proxy.round_trips();
  CHECK_OK(choose_calendars(pool, integration, {"team"}, kIvy, soon()));
  CHECK_OK(choose_destination(pool, integration, "team", kIvy, soon()));
  CHECK_EQUAL(proxy.round_trips(), before + 2);
}

CALINT_TEST(a_choice_with_one_calendar_that_is_not_in_the_account_stores_nothing) {
  test::Installation installation(kConnected);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(list(pool, {calendar(kOwn), calendar("team"), calendar("left")}));
  CHECK_OK(list(pool, {calendar(kOwn), calendar("team")}));
  for (const char* id : {"unknown", "left", "", "Own"})
    CHECK_FAULT(choose_calendars(pool, active(pool), {"team", id}, kIvy, soon()), Fault::bad_input);
  CHECK_EQUAL(shown(pool), "own+ team left-");
  CHECK_EQUAL(audited(pool), "");
  CHECK_EQUAL(told(installation), 1);  // of the second list
}

CALINT_TEST(a_gone_calendar_keeps_its_tick_until_it_is_taken_away) {
  test::Installation installation(kConnected);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(list(pool, {calendar(kOwn), calendar("team")}));
  CHECK_OK(choose_calendars(pool, active(pool), {kOwn, "team"}, kIvy, soon()));
  CHECK_OK(list(pool, {calendar(kOwn)}));
  CHECK_EQUAL(shown(pool), "own+ team+-");
  wait(pool);
  CHECK_OK(choose_calendars(pool, active(pool), {"team"}, kIvy, soon()));
  CHECK_OK(list(pool, {calendar(kOwn), calendar("team")}));
  CHECK_EQUAL(shown(pool), "own team+");
  CHECK_OK(list(pool, {calendar(kOwn)}));
  wait(pool);
  CHECK_OK(choose_calendars(pool, active(pool), {}, kIvy, soon()));
  CHECK_FAULT(choose_calendars(pool, active(pool), {"team"}, kIvy, soon()), Fault::bad_input);
}

CALINT_TEST(a_ticked_calendar_that_lists_have_lacked_for_a_week_is_unticked_and_its_busy_time_goes) {
  test::Installation installation(kConnected);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(list(pool, {calendar(kOwn), calendar("team")}));
  CHECK_OK(choose_calendars(pool, active(pool), {kOwn, "team"}, kIvy, soon()));
  installation.run(
      "INSERT INTO calendar_busy_intervals (organization_id, sync_id, series_key, kind, starts_at, ends_at)"
      " SELECT organization_id, id, calendar_id, 'busy', now(), now() + interval '1 hour' FROM calendar_syncs");
  const std::string before = audited(pool);
  const auto gone_for = [&](const char* days) {
    installation.run(fmt::format("UPDATE calendar_integration_calendars SET gone_since = now() - interval '{}'"
                                 " WHERE calendar_id = 'team'", days));
  };
  CHECK_OK(list(pool, {calendar(kOwn)}));
  gone_for("6 days 23 hours");
  CHECK_OK(list(pool, {calendar(kOwn)}));
  CHECK_EQUAL(shown(pool), "own+ team+-");
  CHECK_EQUAL(audited(pool), before);
  gone_for("7 days");
  const Integration integration = active(pool);
  CHECK_OK(store_validated(pool, {.integration_id = integration.id, .organization_id = "1",
                                  .generation = integration.generation, .calendars = {calendar(kOwn)}, .is_cut = true},
                           {}, soon()));
  CHECK_EQUAL(shown(pool), "own+ team+-");
  const int64_t changes = told(installation);
  CHECK_OK(list(pool, {calendar(kOwn)}));
  CHECK_EQUAL(shown(pool), "own+ team-");
  CHECK_EQUAL(audited(pool).substr(before.size()),
              R"( {"reason": "gone", "removed": 1, "provider": "google", "subject_user_id": "7"})");
  CHECK_EQUAL(told(installation), changes + 1);
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM calendar_busy_intervals WHERE series_key = 'own'"), 1);
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM calendar_busy_intervals"), 1);
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE kind = 'sync'"), 1);
  CHECK_OK(list(pool, {calendar(kOwn)}));
  CHECK_EQUAL(told(installation), changes + 1);
}

CALINT_TEST(lists_of_yesterday_are_queued_within_the_hour_but_only_of_connections_that_work) {
  test::Installation installation(kConnected);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(list(pool, {calendar(kOwn)}));
  const auto queue = [&] {
    auto queued =
        queue_old_lists(pool, {.age = std::chrono::hours(23), .spread = std::chrono::hours(1), .most = 10}, soon());
    CHECK_OK(queued);
    return *queued;
  };
  const auto listed = [&](const char* ago) {
    installation.run(fmt::format("UPDATE calendar_integration_calendars SET listed_at = now() - interval '{}'", ago));
  };
  listed("22 hours");
  CHECK_EQUAL(queue(), 0);
  listed("23 hours");
  installation.run("UPDATE calendar_integrations SET status = 'error'");
  CHECK_EQUAL(queue(), 0);
  installation.run("UPDATE calendar_integrations SET status = 'connected'");
  CHECK_EQUAL(queue(), 1);
  CHECK_EQUAL(queue(), 0);
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE kind = 'validate'"
                                  " AND due_at BETWEEN now() AND now() + interval '1 hour'"), 1);
}

CALINT_TEST(only_the_first_list_that_has_any_calendar_ticks_the_primary_one) {
  test::Installation installation(kConnected);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(list(pool, {}));
  CHECK_OK(list(pool, {calendar(kOwn), calendar("team")}));
  CHECK_EQUAL(shown(pool), "own+ team");
  CHECK_OK(choose_calendars(pool, active(pool), {}, kIvy, soon()));
  Calendar another = calendar("another");
  another.is_primary = true;
  CHECK_OK(list(pool, {calendar(kOwn), calendar("team"), another, calendar("zoo")}));
  CHECK_EQUAL(shown(pool), "another own team zoo");
}

CALINT_TEST(the_list_was_read_when_it_last_came_also_for_calendars_that_are_gone) {
  test::Installation installation(kConnected);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(list(pool, {calendar(kOwn)}));
  CHECK_OK(pool.query({"UPDATE calendar_integration_calendars SET listed_at = '2020-01-01', gone_since = NULL", {}},
                      soon()));
  CHECK_OK(list(pool, {}));
  auto rows = list_calendars(pool, active(pool), soon());
  CHECK_OK(rows);
  CHECK(rows->calendars.front().gone && rows->calendars.front().listed_at > Instant(std::chrono::seconds(1700000000)));
  CHECK_OK(pool.query({"UPDATE calendar_integration_calendars SET gone_since = '2020-01-01'", {}}, soon()));
  CHECK_OK(list(pool, {}));
  CHECK_EQUAL(
      installation.number("SELECT count(*) AS n FROM calendar_integration_calendars WHERE gone_since = '2020-01-01'"),
      1);
}

CALINT_TEST(a_list_is_queued_once_to_be_read_anew_and_only_of_the_connection_as_it_was_seen) {
  test::Installation installation(kConnected);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(list(pool, {calendar(kOwn)}));
  const Integration seen = active(pool);
  auto reading = [&] { return list_calendars(pool, seen, soon())->reading; };
  CHECK_EQUAL(reading(), ListReading::none);
  Integration earlier = seen;
  --earlier.generation;
  CHECK_OK(queue_validation(pool, earlier, soon()));
  CHECK_EQUAL(reading(), ListReading::none);
  for (int i = 0; i < 2; ++i) CHECK_OK(queue_validation(pool, seen, soon()));
  CHECK_EQUAL(reading(), ListReading::now);
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE kind = 'validate'"), 1);
  // It comes by itself in the course of the day, unless somebody wants it at once.
  CHECK_OK(pool.query({"UPDATE calendar_jobs SET due_at = now() + interval '1 hour'", {}}, soon()));
  CHECK_EQUAL(reading(), ListReading::none);
  CHECK_OK(queue_validation(pool, seen, soon()));
  CHECK_EQUAL(reading(), ListReading::now);
  CHECK_OK(pool.query({"UPDATE calendar_jobs SET due_at = now() + interval '1 hour', attempts = 1", {}}, soon()));
  CHECK_OK(queue_validation(pool, seen, soon()));
  CHECK_EQUAL(reading(), ListReading::later);
  CHECK_OK(list(pool, {calendar(kOwn)}));
  CHECK_EQUAL(reading(), ListReading::none);
  CHECK_OK(store_failure(pool, seen, {}, kIvy, soon()));
  CHECK_OK(pool.query({"DELETE FROM calendar_jobs", {}}, soon()));
  CHECK_OK(queue_validation(pool, seen, soon()));
  CHECK_EQUAL(reading(), ListReading::none);
}

CALINT_TEST(a_list_is_news_where_it_differs_from_the_one_before) {
  test::Installation installation(kConnected);
  postgres::Pool& pool = installation.pool;
  auto validated = [&] {
    return installation.number("SELECT count(*) AS n FROM calendar_changes WHERE change = 'validated'");
  };
  CHECK_OK(list(pool, {calendar(kOwn), calendar("team")}));
  CHECK_EQUAL(validated(), 1);
  CHECK_EQUAL(told(installation), 0);
  Calendar renamed = calendar("team");
  renamed.name = "Another name";
  const std::vector<std::vector<Calendar>> lists = {
      {calendar(kOwn), calendar("team"), calendar("new")},
      {calendar(kOwn), renamed, calendar("new")},
      {calendar(kOwn), renamed, calendar("new", false)},
      {calendar(kOwn), renamed},
      {},
      {calendar(kOwn)},
  };
  for (size_t i = 0; i < lists.size(); ++i) {
    for (int again = 0; again < 2; ++again) CHECK_OK(list(pool, lists[i]));
    ck_assert_int_eq(told(installation), static_cast<int>(i) + 1);
  }
  CHECK_EQUAL(validated(), 1);
}

CALINT_TEST(interviews_go_to_a_calendar_that_is_there_and_can_be_written_to) {
  test::Installation installation(kConnected);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(list(pool, {calendar(kOwn), calendar("team"), calendar("holidays", false), calendar("left")}));
  CHECK_OK(list(pool, {calendar(kOwn), calendar("team"), calendar("holidays", false)}));
  const int64_t before = told(installation);
  CHECK_OK(choose_destination(pool, active(pool), "team", kIvy, soon()));
  CHECK_EQUAL(active(pool).calendar_id, "team");
  CHECK_EQUAL(audited(pool), R"({"provider": "google", "destination": true})");
  CHECK_EQUAL(told(installation), before + 1);
  for (const char* id : {"holidays", "left", "unknown", ""})
    CHECK_FAULT(choose_destination(pool, active(pool), id, kIvy, soon()), Fault::bad_input);
  CHECK_EQUAL(active(pool).calendar_id, "team");
  CHECK_EQUAL(told(installation), before + 1);
  CHECK_OK(list(pool, {calendar(kOwn)}));
  CHECK_EQUAL(active(pool).calendar_id, "team");
}

CALINT_TEST(a_choice_over_an_older_generation_or_an_ended_connection_is_a_conflict) {
  test::Installation installation(kConnected);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(list(pool, {calendar(kOwn), calendar("team")}));
  Integration seen = active(pool);
  --seen.generation;
  CHECK_FAULT(choose_calendars(pool, seen, {"team"}, kIvy, soon()), Fault::conflict);
  CHECK_FAULT(choose_destination(pool, seen, "team", kIvy, soon()), Fault::conflict);
  CHECK_EQUAL(shown(pool), "own+ team");
  seen = active(pool);
  CHECK_OK(store_disconnect(pool, seen, std::nullopt, kIvy, soon()));
  CHECK_FAULT(choose_calendars(pool, seen, {}, kIvy, soon()), Fault::conflict);
  CHECK_FAULT(choose_destination(pool, seen, "team", kIvy, soon()), Fault::conflict);
  CHECK_EQUAL(audited(pool), "");
}

CALINT_TEST(somebody_elses_calendars_are_not_touched) {
  test::Installation installation(kConnected);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(list(pool, {calendar(kOwn), calendar("team")}));
  CHECK_OK(
      pool.query({"WITH i AS (INSERT INTO calendar_integrations (organization_id, user_id, provider, account_key,"
                  " seal_id, status, access_token_encrypted) VALUES ('1', '8', 'google', 'k8', 's', 'connected', 'x')"
                  " RETURNING id) INSERT INTO calendar_integration_calendars (organization_id, integration_id,"
                  " calendar_id, name, access_role, can_write, sync) SELECT '1', id, c, c, 'owner', true, true"
                  " FROM i, unnest('{theirs,own}'::text[]) AS c",
                  {}},
                 soon()));
  CHECK_FAULT(choose_calendars(pool, active(pool), {"theirs"}, kIvy, soon()), Fault::bad_input);
  CHECK_FAULT(choose_destination(pool, active(pool), "theirs", kIvy, soon()), Fault::bad_input);
  CHECK_OK(choose_calendars(pool, active(pool), {}, kIvy, soon()));
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM calendar_integration_calendars WHERE sync"), 2);
}

CALINT_TEST(a_choice_waits_for_a_list_that_is_being_stored_and_judges_by_it) {
  test::Installation installation(kConnected);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(list(pool, {calendar(kOwn), calendar("team")}));
  const Integration integration = active(pool);
  auto storing = installation.open();
  CHECK_OK(storing->script("BEGIN; UPDATE calendar_integrations SET updated_at = now();"
                           "UPDATE calendar_integration_calendars SET gone_since = now() WHERE calendar_id = 'team'",
                           soon()));
  Result<Wait> choice = Wait();
  std::thread choosing([&] { choice = choose_calendars(pool, integration, {"team"}, kIvy, soon()); });
  while (installation.number("SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  CHECK_OK(storing->script("COMMIT", soon()));
  choosing.join();
  CHECK_FAULT(choice, Fault::bad_input);
  CHECK_EQUAL(shown(pool), "own+ team-");
}

CALINT_TEST(a_thousand_calendars_are_chosen_at_once) {
  test::Installation installation(kConnected);
  postgres::Pool& pool = installation.pool;
  std::vector<Calendar> calendars = {calendar(kOwn)};
  std::vector<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    ids.push_back(fmt::format("{:0>200}", i));
    calendars.push_back(calendar(ids.back()));
  }
  CHECK_OK(list(pool, calendars));
  CHECK_OK(choose_calendars(pool, active(pool), ids, kIvy, soon()));
  CHECK_EQUAL(audited(pool), R"({"added": 1000, "removed": 1, "provider": "google"})");
}

CALINT_TEST(of_calendars_that_are_gone_and_not_ticked_the_last_two_hundred_are_kept) {
  test::Installation installation(kConnected);
  postgres::Pool& pool = installation.pool;
  const auto numbered = [](int from) {
    std::vector<Calendar> calendars = {calendar(kOwn), calendar("team")};
    for (int i = from; i < from + 150; ++i) calendars.push_back(calendar(fmt::format("c{}", i)));
    return calendars;
  };
  CHECK_OK(list(pool, numbered(0)));
  CHECK_OK(choose_calendars(pool, active(pool), {kOwn, "team", "c0"}, kIvy, soon()));
  CHECK_OK(choose_destination(pool, active(pool), "c1", kIvy, soon()));
  for (int read = 1; read < 6; ++read) CHECK_OK(list(pool, numbered(1000 * read)));
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM calendar_integration_calendars WHERE gone_since IS NULL"),
              152);
  // What became gone with the last read is looked at by the next one.
  CHECK_EQUAL(
      installation.number("SELECT count(*) AS n FROM calendar_integration_calendars WHERE gone_since IS NOT NULL"),
      200 + 150 + 2);
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM calendar_integration_calendars"
                                  " WHERE calendar_id IN ('c0', 'c1') AND gone_since IS NOT NULL"), 2);
}

CALINT_TEST(a_list_that_was_cut_is_the_reason_of_a_connection_that_works) {
  test::Installation installation(kConnected);
  postgres::Pool& pool = installation.pool;
  const auto store = [&](bool is_cut) {
    const Integration integration = active(pool);
    CHECK_OK(store_validated(pool,
                             {.integration_id = integration.id, .organization_id = "1",
                              .generation = integration.generation, .calendars = {calendar(kOwn)}, .is_cut = is_cut},
                             kIvy, soon()));
  };
  store(true);
  CHECK_EQUAL(active(pool).status, ConnectionStatus::connected);
  CHECK_EQUAL(active(pool).last_error, Reason::list_cut);
  store(false);
  CHECK(!active(pool).last_error);
}

CALINT_TEST(what_is_in_use_is_not_gone_because_a_list_was_cut) {
  test::Installation installation(kConnected);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(list(pool, {calendar(kOwn), calendar("ticked"), calendar("written"), calendar("other")}));
  CHECK_OK(choose_calendars(pool, active(pool), {kOwn, "ticked"}, kIvy, soon()));
  CHECK_OK(choose_destination(pool, active(pool), "written", kIvy, soon()));
  const Integration integration = active(pool);
  store::Validated cut{.integration_id = integration.id, .organization_id = "1", .generation = integration.generation,
                       .calendars = {calendar(kOwn)}, .is_cut = true};
  CHECK_OK(store_validated(pool, cut, kIvy, soon()));
  CHECK_EQUAL(shown(pool), "own+ ticked+ written other-");
  cut.is_cut = false;
  CHECK_OK(store_validated(pool, cut, kIvy, soon()));
  CHECK_EQUAL(shown(pool), "own+ other- ticked+- written-");
}
