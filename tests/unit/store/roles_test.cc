#include <sys/wait.h>

#include <cstdlib>
#include <fstream>

#include "schema/migrate.h"
#include "store/due.h"
#include "store/housekeeping.h"
#include "store/jobs.h"
#include "store/leavers.h"
#include "store/revocations.h"
#include "support/check.h"
#include "support/installation.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::store;
using calint::test::soon;
using namespace std::chrono_literals;

namespace {

// Migrated by a role of its own, for the one that nodes have. Roles belong to the whole cluster; each test has its own
// pair.
struct Installation : test::Installation {
  explicit Installation(const std::string& tag, const char* sql = "")
      : test::Installation(Existing{test::cluster().create_database()}),
        owner("owner_" + tag),
        runtime("runtime_" + tag) {
    run(sql);
    run_roles();
    auto done = schema::migrate(*open(owner), {.with_ats_tables = true}, soon());
    CHECK_OK(done);
    CHECK(done->missing.empty());
    run_roles();
  }

  void run_roles() const {
    const std::string command = "psql -qX -d '" + conninfo + "' -v owner=" + owner +
                                " -v runtime=" + runtime + " -f " CALINT_SOURCE_DIR "/sql/roles.sql";
    const int status = std::system(command.c_str());
    CHECK(WIFEXITED(status));
    CHECK_EQUAL(WEXITSTATUS(status), 0);
  }

  const std::string owner, runtime;
};

}  // namespace

CALINT_TEST(the_runtime_role_can_do_what_the_module_needs) {
  const Installation installation("needs");
  auto node = installation.open(installation.runtime);
  CHECK_OK(node->transaction(
      {{"SELECT pg_advisory_xact_lock(1)", {}},
       {"INSERT INTO calendar_oauth_clients (provider, client_id) VALUES ('google', 'c')", {}},
       {"UPDATE calendar_oauth_clients SET active = false, secret_encrypted = NULL", {}},
       {"INSERT INTO calendar_grants (account_key) VALUES ('k') ON CONFLICT (organization_id, account_key)"
        " DO UPDATE SET generation = calendar_grants.generation + 1", {}},
       {"INSERT INTO calendar_integrations (organization_id, user_id, provider, account_key, seal_id, status)"
        " VALUES ('1', '1', 'google', 'k', 's', 'connected')", {}},
       {"INSERT INTO calendar_integration_calendars (organization_id, integration_id, calendar_id, name, access_role)"
        " VALUES ('1', 1, 'c', 'n', 'owner')", {}},
       {"INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider)"
        " VALUES ('1', 'refresh', 1, '1', 'google')", {}},
       {"SELECT id FROM calendar_jobs WHERE given_up_at IS NULL FOR UPDATE SKIP LOCKED", {}},
       {"INSERT INTO calendar_changes (organization_id, user_id, change) VALUES ('1', '1', 'connected')", {}},
       {"INSERT INTO calendar_used_states (organization_id, flow_id, claim, user_id, expires_at)"
        " VALUES ('1', 'f', 'c', '1', now())", {}},
       {"INSERT INTO calendar_nodes (node_id, key_ids, version) VALUES ('n', '{}', '1')", {}},
       {"INSERT INTO calendar_organization_settings (organization_id) VALUES ('1')", {}},
       {"SELECT calint_audit('1', '1', 'action', 'CalendarIntegration', '1', '{}', '::1', 'x')", {}},
       {"SELECT * FROM calint_users", {}},
       {"UPDATE calendar_jobs SET lease_owner = 'n'", {}},
       {"DELETE FROM calendar_jobs", {}},
       {"DELETE FROM calendar_integrations", {}},
       {"DELETE FROM calendar_changes", {}},
       {"DELETE FROM calendar_used_states", {}}}, soon()));
  auto version = schema::schema_version(*node, soon());
  CHECK_OK(version);
  CHECK_EQUAL(*version, schema::kSchemaNewest);
}

CALINT_TEST(the_runtime_role_can_do_the_background_work) {
  const Installation installation("work");
  CHECK_OK(installation.open(installation.owner)->script(
      "INSERT INTO calendar_changes (organization_id, user_id, change) VALUES ('1', '1', 'connected')", soon()));
  postgres::Pool pool({.conninfo = test::cluster().conninfo(installation.database, installation.runtime), .max = 1});
  CHECK(what_is_due(pool, {"refresh"}, {"google"}, {}, soon())->has("announcement"));
  CHECK_OK(lanes_with_work(pool, {"refresh"}, soon()));
  CHECK_OK(client_lanes(pool, {{ProviderId::google, "c"}}, soon()));
  const Claim claim{
      .kind = "refresh", .lane = "google", .backoff = {.first = 30s, .most = 900s}, .lease = 45s, .owner = "node"};
  RoundRobin round;
  CHECK_OK(claim_jobs(pool, claim, round, soon()));
  CHECK_OK(claim_revocations(pool, claim, round, soon()));
  CHECK(*claim_chore(pool, "retention", 3600s, soon()));
  CHECK_OK(retain(pool, soon()));
  CHECK_OK(count_leavers(pool, 100, soon()));
  CHECK_OK(find_leavers(pool, {"1"}, 0, 100, soon()));
  CHECK_EQUAL(*announce_changes(pool, soon()), 1);
  CHECK_EQUAL(*announce_changes(pool, soon()), 0);
}

CALINT_TEST(the_runtime_role_can_do_nothing_else) {
  const Installation installation("else");
  auto node = installation.open(installation.runtime);
  const auto refused = [&](const postgres::Statement& statement) {
    auto rows = node->query(statement, soon());
    ck_assert_msg(!rows.ok() && rows.error().code == "42501", "%s", statement.sql.c_str());
  };
  refused({"SELECT * FROM audit_logs", {}});
  refused({"UPDATE audit_logs SET action = 'x'", {}});
  refused({"DELETE FROM audit_logs", {}});
  refused({"SELECT * FROM users", {}});
  refused({"INSERT INTO users (email, name) VALUES ('e', 'n')", {}});
  refused({"UPDATE calint_users SET email = 'x'", {}});
  refused({"INSERT INTO calendar_schema_migrations (version, name) VALUES (9, 'x')", {}});
  refused({"UPDATE calendar_changes SET change = 'x'", {}});
  refused({"DELETE FROM calendar_oauth_clients", {}});
  refused({"TRUNCATE calendar_jobs", {}});
  refused({"DROP TABLE calendar_jobs", {}});
  refused({"DROP VIEW calint_users", {}});
  refused({"ALTER TABLE calendar_integrations ADD COLUMN c int", {}});
  refused({"CREATE TABLE mine (id int)", {}});
}

CALINT_TEST(an_ats_table_of_another_owner_with_a_serial_id_is_served) {
  const Installation installation(
      "serial",
      "CREATE TABLE users (id bigint, email text, name text); INSERT INTO users VALUES (1, 'a@x', 'A');"
      "CREATE TABLE audit_logs (id bigserial, user_id bigint, action text, auditable_type text, auditable_id bigint)");
  auto node = installation.open(installation.runtime);
  CHECK_OK(node->query({"SELECT calint_audit('', '1', 'a', 'b', '1', NULL, NULL, NULL)", {}}, soon()));
  auto rows = node->query({"SELECT login FROM calint_users", {}}, soon());
  CHECK_OK(rows);
  CHECK_EQUAL(rows->text(0, "login"), "a@x");
}
