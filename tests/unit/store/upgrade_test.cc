// The module is installed before the schema is brought up: on the schema before its own, what people wait for works,
// and nothing of it is lost to background work afterwards.
#include <fmt/format.h>

#include <set>

#include "schema/ats_audit.h"
#include "schema/ats_users.h"
#include "schema/migrate.h"
#include "schema/migration.h"
#include "store/breakers.h"
#include "store/connections.h"
#include "store/due.h"
#include "store/flows.h"
#include "store/holds.h"
#include "store/integrations.h"
#include "store/jobs.h"
#include "store/nodes.h"
#include "store/overview.h"
#include "store/refreshes.h"
#include "store/revocations.h"
#include "store/users.h"
#include "support/check.h"
#include "support/installation.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::store;
using calint::test::soon;
using namespace std::chrono_literals;

namespace {

// Of the oldest schema that this build serves pages with, or one that is named.
struct Installation : test::Installation {
  explicit Installation(int version = schema::kSchemaOldest)
      : test::Installation(Existing{test::cluster().create_database()}) {
    run("CREATE TABLE users (id bigint, email text, name text);"
        "INSERT INTO users VALUES (7, 'ivy', 'Ivy'), (8, 'ian', 'Ian'), (9, 'ada', 'Ada');"
        "CREATE TABLE audit_logs (id bigserial, user_id bigint, action text, auditable_type text, auditable_id "
        "bigint)");
    auto session = open();
    CHECK_OK(schema::make_migrations_table(*session, soon()));
    for (const schema::Migration& migration : schema::migrations())
      if (migration.version <= version) CHECK_OK(schema::apply(*session, migration, soon()));
    schema::MigrateReport report;
    CHECK_OK(schema::make_users_view(*session, report, soon()));
    CHECK_OK(schema::make_audit_function(*session, report, soon()));
  }

  void connect(const std::string& user) {
    const FlowKey flow{"", "flow-" + user, "claim"};
    CHECK_OK(take_flow(pool, flow, user, SystemClock().now() + 1h, soon()));
    const Instant now = SystemClock().now();
    CHECK_OK(store_first_connection(pool, connection(user, flow), soon()));
    CHECK(active(user).token_expires_at > now);
  }

  NewConnection connection(const std::string& user, const FlowKey& flow) const {
    const Instant now = SystemClock().now();
    return {.organization_id = "",
            .user_id = user,
            .provider = ProviderId::google,
            .account = "a",
            .account_key = "key-" + user,
            .client = {.client_id = "client"},
            .scopes = "openid",
            .refresh_due_at = now - 1s,
            .tokens = {.access_token = "access",
                       .refresh_token = "refresh",
                       .seal_id = "seal-" + user,
                       .expires_at = now + 1h},
            .flow = flow,
            .actor = {.user_id = user, .ip_address = "127.0.0.1", .user_agent = "test"}};
  }

  Integration active(const std::string& user) {
    auto found = find_active(pool, "", user, soon());
    CHECK_OK(found);
    CHECK(found->has_value());
    return **found;
  }
};

}  // namespace

CALINT_TEST(what_people_wait_for_works_on_the_schema_before) {
  Installation installation;
  postgres::Pool& pool = installation.pool;
  installation.connect("7");
  const Integration stored = installation.active("7");
  CHECK_OK(store_validated(pool, {.integration_id = stored.id, .organization_id = "", .generation = stored.generation,
                                  .calendars = {{.id = "c", .name = "C", .access_role = "owner"}}},
                           {.user_id = "7"}, soon()));
  CHECK_EQUAL(installation.active("7").status, ConnectionStatus::connected);

  // A token that a page needs.
  CHECK(*lease_refresh(pool, stored, "page", soon()));
  CHECK(!*lease_refresh(pool, stored, "another", soon()));
  CHECK_OK(release_refresh(pool, stored, "page", soon()));
  CHECK(*lease_refresh(pool, stored, "another", soon()));
  CHECK_OK(
      store_refreshed(pool, stored, {.access_token = "new", .seal_id = "newer"}, SystemClock().now() + 1h, soon()));
  CHECK(*lease_refresh(pool, stored, "a third", soon()));

  const Integration seen = installation.active("7");
  CHECK_OK(store_failure(pool, seen, {.status = ConnectionStatus::error, .reason = Reason::provider_unavailable},
                         {.user_id = "7"}, soon()));
  CHECK_OK(store_failure(pool, seen, {.status = ConnectionStatus::error, .reason = Reason::rate_limited},
                         {.user_id = "7"}, soon()));
  const FlowKey again{"", "again", "claim"};
  CHECK_OK(take_flow(pool, again, "7", SystemClock().now() + 1h, soon()));
  CHECK_OK(store_reconnection(pool, seen, std::nullopt, installation.connection("7", again), soon()));
  CHECK_OK(store_failure(pool, installation.active("7"),
                         {.status = ConnectionStatus::expired, .reason = Reason::access_withdrawn}, {}, soon()));
  const FlowKey another{"", "another", "claim"};
  CHECK_OK(take_flow(pool, another, "7", SystemClock().now() + 1h, soon()));
  NewConnection switched = installation.connection("7", another);
  switched.account_key = "another";
  const Revocation revocation{.provider = "google", .token_encrypted = "s", .seal_id = "s", .account_key = "key-7"};
  CHECK_OK(store_switch(pool, installation.active("7"), revocation, switched, {}, soon()));
  CHECK(find_left_behind(pool, "", "7", soon())->revocation.has_value());
  CHECK_EQUAL(*count_upcoming_interviews(pool, installation.active("7"), soon()), 0);
  CHECK_OK(store_disconnect(pool, installation.active("7"), std::nullopt, {.user_id = "7"}, soon()));
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE kind <> 'revoke'"), 0);
}

CALINT_TEST(a_node_tells_of_itself_on_the_schema_before_and_after) {
  Installation installation;
  const auto announce = [&] {
    auto session = installation.open();
    auto version = check_schema(*session, soon());
    CHECK_OK(version);
    CHECK_OK(announce_node(*session, {.id = "node", .key_ids = {"k"}, .connections = 17}, *version, soon()));
  };
  announce();
  CHECK_OK(overview(installation.pool, soon()));
  CHECK_OK(schema::migrate(*installation.open(), {}, soon()));
  announce();
  CHECK_EQUAL(installation.number("SELECT database_connections AS n FROM calendar_nodes"), 17);
}

CALINT_TEST(every_connection_of_before_is_refreshed_after) {
  Installation installation;
  for (const char* user : {"7", "8", "9"}) installation.connect(user);
  // As the build before stored them: due times in the wide row, the lease of a node that died, and none at all.
  installation.run(
      "DELETE FROM calendar_jobs WHERE kind = 'refresh' AND user_id <> '7';"
      "UPDATE calendar_integrations SET refresh_due_at = now() - interval '1 minute', refresh_attempts = 3 WHERE "
      "user_id = '8';"
      "UPDATE calendar_integrations SET refresh_due_at = now() - interval '1 minute' WHERE user_id = '9';"
      "INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, due_at, lease_owner, "
      "lease_until)"
      " SELECT organization_id, 'refresh', id, user_id, provider, now() + interval '1 hour', 'dead',"
      " now() - interval '1 second' FROM calendar_integrations WHERE user_id = '9'");
  auto report = schema::migrate(*installation.open(), {}, soon());
  CHECK_OK(report);
  CHECK(report->missing.empty());
  const std::string lane = fmt::format("google/{}", installation.number("SELECT id AS n FROM calendar_oauth_clients"));
  std::set<std::string> users;
  for (const char* kind : {"refresh", "validate"}) {
    installation.run("UPDATE calendar_jobs SET due_at = now() WHERE kind = 'validate'");
    RoundRobin round;
    auto claimed = claim_jobs(installation.pool, {.kind = kind, .lane = lane, .backoff = {.first = 30s, .most = 900s},
                                                  .lease = 45s, .owner = "node", .most = 8}, round, soon());
    CHECK_OK(claimed);
    for (const IntegrationJob& one : claimed->jobs)
      users.insert(fmt::format("{} {} {}", kind, one.integration->user_id, one.job.attempts));
  }
  CHECK((users == std::set<std::string>{"refresh 7 1", "refresh 8 4", "refresh 9 1", "validate 7 1", "validate 8 1",
                                        "validate 9 1"}));
}

CALINT_TEST(background_work_goes_on_where_there_are_no_breakers_yet) {
  Installation installation(11);
  installation.connect("7");
  const std::string lane = fmt::format("google/{}", installation.number("SELECT id AS n FROM calendar_oauth_clients"));
  auto due = what_is_due(installation.pool, {"refresh"}, {lane}, {}, soon());
  CHECK_OK(due);
  CHECK(due->has("refresh", lane) && due->breakers.empty());
  const Status held = hold_job(installation.pool, {.organization_id = "", .id = 1, .owner = "node"}, "refresh",
                               {.organization_id = "", .subject = "client/1", .provider = ProviderId::google,
                                .kinds = {"refresh"}, .lane = lane, .name = "google", .mark = ""},
                               "operator", soon());
  CHECK(!held);
  CHECK_EQUAL(held.error().detail, Detail::no_such_table);
  CHECK_OK(overview(installation.pool, soon()));
}

CALINT_TEST(holds_of_before_end_when_they_did) {
  Installation installation(18);
  installation.run(
      "INSERT INTO calendar_holds (organization_id, id, ref, user_ids, starts_at, ends_at, expires_at, released_at)"
      " SELECT '', id, '', '{7,8}', now(), now() + interval '1 hour', now() + interval '1 hour', released_at"
      " FROM (VALUES ('live', NULL), ('released', now() - interval '1 second'), ('late', now() + interval '1 day'))"
      " AS holds (id, released_at);"
      "INSERT INTO calendar_hold_people (organization_id, user_id, hold_id, starts_at, ends_at)"
      " SELECT '', unnest(user_ids), id, starts_at, ends_at FROM calendar_holds");
  CHECK_OK(schema::migrate(*installation.open(), {}, soon()));
  CHECK(!*find_hold(installation.pool, "", "released", soon()));
  for (const char* id : {"live", "late"}) CHECK(*find_hold(installation.pool, "", id, soon()));
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM calendar_hold_people p JOIN calendar_holds h"
                                  " ON h.id = p.hold_id AND h.expires_at = p.expires_at"), 6);
}
