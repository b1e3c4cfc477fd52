// What is kept how long, and how listeners hear of changes.
#include "store/housekeeping.h"

#include <fmt/format.h>

#include <thread>

#include "support/check.h"
#include "support/installation.h"
#include "support/pg_listener.h"

using namespace calint;
using namespace calint::store;
using calint::test::soon;

namespace {

struct Installation : test::Installation {
  int64_t retained() {
    auto rows = retain(pool, soon());
    CHECK_OK(rows);
    return *rows;
  }

  void connect(const std::string& user) {
    run(fmt::format(
        "INSERT INTO calendar_integrations (organization_id, user_id, provider, account, account_key, seal_id,"
        " status) VALUES ('1', '{}', 'apple', 'a', 'k', 's', 'connected')",
        user));
  }
};

}  // namespace

CALINT_TEST(what_is_kept_for_long_enough_goes_and_nothing_else) {
  Installation installation;
  installation.run(
      "INSERT INTO calendar_used_states (organization_id, flow_id, claim, user_id, expires_at) VALUES"
      " ('1', 'old', '', '1', now() - interval '1 second'), ('1', 'new', '', '1', now() + interval '1 hour');"
      "INSERT INTO calendar_password_tries (organization_id, subject, tries, expires_at) VALUES"
      " ('1', 'old', '{}', now() - interval '1 second'), ('1', 'new', '{}', now() + interval '1 hour');"
      "INSERT INTO calendar_changes (organization_id, user_id, change, created_at) VALUES"
      " ('1', 'old', 'connected', now() - interval '7 days 1 second'), ('1', 'new', 'connected', now() - interval '6 "
      "days');"
      "INSERT INTO calendar_jobs (organization_id, kind, user_id, provider, given_up_at) VALUES"
      " ('1', 'validate', 'old', 'google', now() - interval '31 days'),"
      " ('1', 'validate', 'new', 'google', now() - interval '29 days'), ('1', 'validate', 'live', 'google', NULL)");
  ck_assert_int_eq(installation.retained(), 4);
  for (const int64_t left :
       {installation.number("SELECT count(*) AS n FROM calendar_used_states WHERE flow_id = 'new'"),
        installation.number("SELECT count(*) AS n FROM calendar_password_tries WHERE subject = 'new'"),
        installation.number("SELECT count(*) AS n FROM calendar_changes WHERE user_id = 'new'")})
    ck_assert_int_eq(left, 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE user_id IN ('new', 'live')"), 2);
  ck_assert_int_eq(installation.retained(), 0);
}

CALINT_TEST(an_interview_stays_for_400_days_after_its_end) {
  Installation installation;
  for (const auto& [id, days] : {std::pair{"old", 401}, std::pair{"new", 399}})
    installation.run(fmt::format(
        "INSERT INTO calendar_events (organization_id, id, interview_ref, user_id, integration_id, provider, calendar_id,"
        " status, body, digest, guests, starts_at, ends_at, unsent) VALUES ('1', '{0}', '{0}', '1', 1, 'google', 'c',"
        " 'confirmed', '{{}}', '', '[]', now() - interval '{1} days 1 hour', now() - interval '{1} days', '{{}}');"
        "INSERT INTO calendar_event_people VALUES ('1', '1', '{0}', now(), now())",
        id, days));
  ck_assert_int_eq(installation.retained(), 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_event_people WHERE event_id = 'new'"), 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_event_people"), 1);
}

CALINT_TEST(a_disconnected_account_is_forgotten_after_90_days) {
  Installation installation;
  for (const char* user : {"old", "new", "active"}) installation.connect(user);
  installation.run(
      "UPDATE calendar_integrations SET scopes = 's', last_error = 'e', calendar_id = 'a@b', calendar_home = "
      "'https://h';"
      "UPDATE calendar_integrations SET active = false, status = 'inactive',"
      " disconnected_at = now() - CASE user_id WHEN 'old' THEN interval '91 days' ELSE interval '89 days' END"
      " WHERE user_id <> 'active'");
  ck_assert_int_eq(installation.retained(), 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_integrations WHERE user_id = 'old' AND"
                                       " num_nonnulls(account, scopes, last_error, calendar_id, calendar_home) = 0"),
                   1);
  ck_assert_int_eq(
      installation.number("SELECT count(*) AS n FROM calendar_integrations WHERE account = 'a' AND scopes = 's'"), 2);
}

CALINT_TEST(a_revocation_past_its_deadline_loses_its_token_and_is_audited) {
  Installation installation;
  installation.run(
      "INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, token_encrypted, attempts,"
      " deadline_at, lease_until) VALUES"
      " ('1', 'revoke', 5, 'tried', 'google', 's', 3, now() - interval '1 second', NULL),"
      " ('1', 'revoke', 6, 'never tried', 'google', 's', 0, now() - interval '23 hours', NULL),"
      " ('1', 'revoke', 7, 'being tried', 'google', 's', 1, now() - interval '1 second', now() + interval '1 minute'),"
      " ('1', 'revoke', 8, 'in time', 'google', 's', 3, now() + interval '1 day', NULL)");
  ck_assert_int_eq(installation.retained(), 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE user_id <> 'tried'"), 3);
  ck_assert_int_eq(
      installation.number("SELECT count(*) AS n FROM audit_logs WHERE auditable_id = 5 AND user_id IS NULL"
                          " AND action = 'calendar_integration.revocation_abandoned'"
                          " AND metadata @> '{\"reason\": \"past_deadline\", \"subject_user_id\": \"tried\"}'"),
      1);
  // No node has its provider: it will never be tried.
  installation.run("UPDATE calendar_jobs SET deadline_at = now() - interval '25 hours' WHERE user_id = 'never tried'");
  ck_assert_int_eq(installation.retained(), 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE user_id = 'never tried'"), 0);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM audit_logs WHERE auditable_id = 6"
                                       " AND action = 'calendar_integration.revocation_abandoned'"),
                   1);
}

CALINT_TEST(rows_go_a_thousand_at_a_time) {
  Installation installation;
  installation.run("INSERT INTO calendar_changes (organization_id, user_id, change, created_at)"
                   " SELECT '1', '1', 'connected', now() - interval '8 days' FROM generate_series(1, 2500)");
  ck_assert_int_eq(installation.retained(), 1000);
  ck_assert_int_eq(installation.retained(), 1000);
  ck_assert_int_eq(installation.retained(), 500);
}

CALINT_TEST(a_chore_is_one_nodes_and_due_again_after_its_time) {
  Installation installation;
  std::atomic<int> won{0};
  std::vector<std::thread> nodes;
  for (int n = 0; n < 4; ++n)
    nodes.emplace_back([&] {
      auto ours = claim_chore(installation.pool, "retention", std::chrono::hours(1), soon());
      won += ours.ok() && *ours ? 1 : 0;
    });
  for (std::thread& node : nodes) node.join();
  ck_assert_int_eq(won, 1);
  CHECK(*claim_chore(installation.pool, "leavers", std::chrono::hours(1), soon()));
  installation.run("UPDATE calendar_chores SET due_at = due_at - interval '1 hour'");
  CHECK(*claim_chore(installation.pool, "retention", std::chrono::hours(1), soon()));
}

CALINT_TEST(many_changes_make_one_notification_a_second) {
  Installation installation;
  test::PgListener listener(installation.conninfo, "calint");
  CHECK_OK(announce_changes(installation.pool, soon()));
  ck_assert_int_eq(listener.heard(), 0);  // nothing is new
  const std::string change =
      "INSERT INTO calendar_changes (organization_id, user_id, change) SELECT '1', n::text, 'connected'"
      " FROM generate_series(1, 50) n;";
  installation.run(change);
  CHECK_OK(announce_changes(installation.pool, soon()));
  CHECK_OK(announce_changes(installation.pool, soon()));
  ck_assert_int_eq(listener.heard(), 1);
  CHECK_EQUAL(listener.payload(), "");
  // Within the second the chore isn't due again, and what came meanwhile is told then.
  installation.run(change +
                   "UPDATE calendar_chores SET due_at = now() + interval '1 minute' WHERE chore = 'announcement'");
  CHECK_OK(announce_changes(installation.pool, soon()));
  ck_assert_int_eq(listener.heard(), 1);
  installation.run("UPDATE calendar_chores SET due_at = now()");
  CHECK_OK(announce_changes(installation.pool, soon()));
  ck_assert_int_eq(listener.heard(), 2);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_changes WHERE NOT announced"), 0);
}
