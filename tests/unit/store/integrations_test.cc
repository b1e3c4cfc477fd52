// The transactions that change an integration: each whole or not at all, fenced by generation and seal id.
#include "store/connections.h"
#include "store/integrations.h"

#include "store/refreshes.h"
#include "store/revocations.h"
#include "store/users.h"
#include "support/check.h"
#include "support/installation.h"
#include "support/pg_proxy.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::store;
using calint::test::soon;

namespace {

// One interviewer.
constexpr const char* kIvy = "INSERT INTO users (id, email, name, is_interviewer) VALUES (7, 'ivy', 'Ivy', true)";

FlowKey flow(const std::string& id) { return {"1", id, "claim-" + id}; }

NewConnection connection_by(const FlowKey& key, const std::string& account_key = "key-a") {
  return {.organization_id = "1",
          .user_id = "7",
          .provider = ProviderId::google,
          .account = "avery@example.com",
          .account_key = account_key,
          .client = {.client_id = "client"},
          .scopes = "openid",
          .refresh_due_at = Instant(std::chrono::seconds(1900000000)),
          .tokens = {.access_token = "sealed-access-" + key.flow_id,
                     .refresh_token = "sealed-refresh",
                     .seal_id = "seal-" + key.flow_id,
                     .expires_at = Instant(std::chrono::seconds(1900000300))},
          .flow = key,
          .actor = {.user_id = "7", .ip_address = "127.0.0.1", .user_agent = "test"}};
}

void take(postgres::Pool& pool, const FlowKey& key) {
  auto taken = take_flow(pool, key, "7", Instant(std::chrono::seconds(1900000000)), soon());
  CHECK_OK(taken);
  CHECK(!taken->has_value());
}

Integration active(postgres::Pool& pool) {
  auto found = find_active(pool, "1", "7", soon());
  CHECK_OK(found);
  CHECK(found->has_value());
  return **found;
}

std::vector<ClaimedRevocation> due_revocations(postgres::Pool& pool) {
  RoundRobin round;
  const Claim claim{.kind = "revoke",
                    .lane = "google",
                    .backoff = {.first = std::chrono::minutes(1), .most = std::chrono::hours(6)},
                    .lease = kRevocationLease,
                    .owner = "owner",
                    .most = 10};
  auto claimed = claim_revocations(pool, claim, round, soon());
  CHECK_OK(claimed);
  return std::move(claimed->jobs);
}

}  // namespace

CALINT_TEST(a_first_connection_is_one_round_trip_and_leaves_everything_that_belongs_to_it) {
  test::Installation installation(kIvy);
  test::PgProxy proxy(test::cluster().folder());
  postgres::Pool pool({.conninfo = proxy.conninfo(installation.database)});
  take(pool, flow("f1"));
  const int before = proxy.round_trips();
  CHECK_OK(store_first_connection(pool, connection_by(flow("f1")), soon()));
  CHECK_EQUAL(proxy.round_trips(), before + 1);
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE kind = 'validate'"), 1);
  CHECK_EQUAL(
      installation.number("SELECT count(*) AS n FROM audit_logs WHERE action = 'calendar_integration.connected'"), 1);
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM calendar_changes"), 0);
  CHECK_EQUAL(to_string(active(pool).status), "error");
}

CALINT_TEST(a_second_first_connection_is_a_conflict_and_changes_nothing) {
  test::Installation installation(kIvy);
  postgres::Pool& pool = installation.pool;
  take(pool, flow("f1"));
  take(pool, flow("f2"));
  CHECK_OK(store_first_connection(pool, connection_by(flow("f1")), soon()));
  CHECK_FAULT(store_first_connection(pool, connection_by(flow("f2")), soon()), Fault::conflict);
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM calendar_integrations"), 1);
  CHECK_EQUAL(installation.number("SELECT generation AS n FROM calendar_grants"), 1);
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM audit_logs"), 1);
  CHECK(!*flow_outcome(pool, flow("f2"), "7", soon()));
}

CALINT_TEST(a_commit_whose_answer_was_lost_is_read_back_by_its_flow) {
  test::Installation installation(kIvy);
  postgres::Pool& direct = installation.pool;
  take(direct, flow("f1"));
  {
    test::PgProxy proxy(test::cluster().folder());
    postgres::Pool lossy({.conninfo = proxy.conninfo(installation.database)});
    CHECK_OK(lossy.query({"SELECT 1", {}}, soon()));
    proxy.lose_answers();
    CHECK_FAULT(store_first_connection(lossy, connection_by(flow("f1")), soon()), Fault::in_doubt);
  }
  auto outcome = flow_outcome(direct, flow("f1"), "7", soon());
  CHECK_OK(outcome);
  CHECK_EQUAL(to_string(**outcome), "validation_failed");
  CHECK_EQUAL(active(direct).seal_id, "seal-f1");
}

CALINT_TEST(a_flow_that_a_crash_lost_is_stored_once) {
  test::Installation installation(kIvy);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(store_first_connection(pool, connection_by(flow("f1")), soon()));
  CHECK_EQUAL(to_string(**flow_outcome(pool, flow("f1"), "7", soon())), "validation_failed");
  auto again = take_flow(pool, {"1", "f1", "another-claim"}, "7", Instant(std::chrono::seconds(1900000000)), soon());
  CHECK_OK(again);
  CHECK(again->has_value());
}

CALINT_TEST(a_flow_that_a_crash_lost_and_another_request_took_is_not_stored) {
  test::Installation installation(kIvy);
  postgres::Pool& pool = installation.pool;
  const FlowKey other{"1", "f1", "another-claim"};
  take(pool, other);
  CHECK_OK(end_flow(pool, other, Notice::exchange_failed, soon()));
  CHECK_FAULT(store_first_connection(pool, connection_by(flow("f1")), soon()), Fault::conflict);
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM calendar_integrations"), 0);
  CHECK(!*flow_outcome(pool, flow("f1"), "7", soon()));

  take(pool, flow("f2"));
  CHECK_OK(store_first_connection(pool, connection_by(flow("f2")), soon()));
  CHECK_FAULT(store_reconnection(pool, active(pool), std::nullopt, connection_by(flow("f1")), soon()), Fault::conflict);
  CHECK_EQUAL(active(pool).seal_id, "seal-f2");
}

CALINT_TEST(a_flow_is_taken_once) {
  test::Installation installation(kIvy);
  postgres::Pool& pool = installation.pool;
  take(pool, flow("f1"));
  auto again = take_flow(pool, {"1", "f1", "another-claim"}, "7", Instant(std::chrono::seconds(1900000000)), soon());
  CHECK_OK(again);
  CHECK(again->has_value());
  CHECK(!(*again)->outcome);
  CHECK_OK(release_flow(pool, flow("f1"), soon()));
  take(pool, {"1", "f1", "a-third-claim"});
}

CALINT_TEST(a_reconnection_over_an_older_generation_changes_nothing) {
  test::Installation installation(kIvy);
  postgres::Pool& pool = installation.pool;
  for (const char* id : {"f1", "f2", "f3"}) take(pool, flow(id));
  CHECK_OK(store_first_connection(pool, connection_by(flow("f1")), soon()));
  const Integration seen = active(pool);
  CHECK_OK(store_reconnection(pool, seen, std::nullopt, connection_by(flow("f2")), soon()));
  CHECK_EQUAL(active(pool).id, seen.id);
  CHECK_EQUAL(active(pool).generation, seen.generation + 1);
  CHECK_FAULT(store_reconnection(pool, seen, std::nullopt, connection_by(flow("f3")), soon()), Fault::conflict);
  CHECK_EQUAL(active(pool).seal_id, "seal-f2");
}

CALINT_TEST(what_was_read_before_a_reconnection_says_nothing_about_it) {
  test::Installation installation(kIvy);
  postgres::Pool& pool = installation.pool;
  for (const char* id : {"f1", "f2"}) take(pool, flow(id));
  CHECK_OK(store_first_connection(pool, connection_by(flow("f1")), soon()));
  const Integration seen = active(pool);
  CHECK_OK(store_reconnection(pool, seen, std::nullopt, connection_by(flow("f2")), soon()));
  const Validated read{.integration_id = seen.id,
                       .organization_id = "1",
                       .generation = seen.generation,
                       .calendars = {{.id = "old", .name = "Old", .access_role = "owner"}},
                       .calendar_id = "old"};
  CHECK_FAULT(store_validated(pool, read, {.user_id = "7"}, soon()), Fault::conflict);
  CHECK_OK(store_failure(pool, seen, {.status = ConnectionStatus::expired, .reason = Reason::access_withdrawn},
                         {.user_id = "7"}, soon()));
  CHECK_EQUAL(to_string(active(pool).status), "error");
  CHECK_EQUAL(to_string(active(pool).last_error.value()), "not_validated");
  CHECK_EQUAL(active(pool).calendar_id, "");
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM calendar_integration_calendars"), 0);
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE kind = 'validate'"), 1);
}

CALINT_TEST(a_disconnect_wins_over_a_refresh_that_began_before_it) {
  test::Installation installation(kIvy);
  postgres::Pool& pool = installation.pool;
  take(pool, flow("f1"));
  CHECK_OK(store_first_connection(pool, connection_by(flow("f1")), soon()));
  const Integration seen = active(pool);
  auto leased = lease_refresh(pool, seen, "owner", soon());
  CHECK_OK(leased);
  CHECK(*leased);
  CHECK_OK(store_disconnect(pool, seen, std::nullopt, {.user_id = "7"}, soon()));
  const SealedTokens tokens{.access_token = "newer", .seal_id = "seal-newer"};
  CHECK_FAULT(store_refreshed(pool, seen, tokens, Instant(), soon()), Fault::conflict);
  CHECK_EQUAL(
      installation.number("SELECT count(*) AS n FROM calendar_integrations WHERE access_token_encrypted IS NOT NULL"),
      0);
  CHECK_FAULT(store_disconnect(pool, seen, std::nullopt, {.user_id = "7"}, soon()), Fault::conflict);
}

CALINT_TEST(one_refresher_holds_the_lease) {
  test::Installation installation(kIvy);
  postgres::Pool& pool = installation.pool;
  take(pool, flow("f1"));
  CHECK_OK(store_first_connection(pool, connection_by(flow("f1")), soon()));
  const Integration seen = active(pool);
  CHECK(*lease_refresh(pool, seen, "first", soon()));
  CHECK(!*lease_refresh(pool, seen, "second", soon()));
  CHECK_OK(release_refresh(pool, seen, "second", soon()));
  CHECK(!*lease_refresh(pool, seen, "second", soon()));
  CHECK_OK(release_refresh(pool, seen, "first", soon()));
  CHECK(*lease_refresh(pool, seen, "second", soon()));
}

CALINT_TEST(a_grant_that_somebody_holds_is_not_revoked_and_one_being_revoked_is_not_stored) {
  test::Installation installation(kIvy);
  postgres::Pool& pool = installation.pool;
  for (const char* id : {"f1", "f2"}) take(pool, flow(id));
  const Revocation revocation{
      .provider = "google", .token_encrypted = "sealed", .seal_id = "s", .account_key = "key-a"};
  CHECK_OK(queue_lost_grant(pool, "1", "7", revocation, soon()));
  auto jobs = due_revocations(pool);
  CHECK_EQUAL(jobs.size(), 1);
  auto may = begin_revocation(pool, jobs.front().revocation, soon());
  CHECK_OK(may);
  CHECK(*may);
  CHECK_FAULT(store_first_connection(pool, connection_by(flow("f1")), soon()), Fault::conflict);
  CHECK_OK(end_revocation(pool, jobs.front(), RevocationEnd::revoked, soon()));
  CHECK_OK(store_first_connection(pool, connection_by(flow("f1")), soon()));

  CHECK_OK(queue_lost_grant(pool, "1", "7", revocation, soon()));
  jobs = due_revocations(pool);
  CHECK(!*begin_revocation(pool, jobs.front().revocation, soon()));
}

CALINT_TEST(a_revocation_through_another_organisations_client_keeps_the_account_too) {
  test::Installation installation(kIvy);
  postgres::Pool& pool = installation.pool;
  take(pool, flow("f1"));
  const Revocation revocation{.provider = "google",
                              .token_encrypted = "sealed",
                              .seal_id = "s",
                              .grant_organization_id = "2",
                              .account_key = "key-a"};
  CHECK_OK(queue_lost_grant(pool, "2", "8", revocation, soon()));
  auto jobs = due_revocations(pool);
  CHECK_EQUAL(jobs.size(), 1);
  CHECK(*begin_revocation(pool, jobs.front().revocation, soon()));
  CHECK_FAULT(store_first_connection(pool, connection_by(flow("f1")), soon()), Fault::conflict);
  CHECK_FAULT(delay_revocations(pool, "key-a", std::chrono::seconds(60), soon()), Fault::conflict);
  CHECK_OK(end_revocation(pool, jobs.front(), RevocationEnd::revoked, soon()));
  CHECK_OK(store_first_connection(pool, connection_by(flow("f1")), soon()));
}

CALINT_TEST(a_revocation_that_waits_is_put_off_and_one_that_is_worked_on_is_a_conflict) {
  test::Installation installation(kIvy);
  postgres::Pool& pool = installation.pool;
  const Revocation revocation{
      .provider = "google", .token_encrypted = "sealed", .seal_id = "s", .account_key = "key-a"};
  CHECK_OK(queue_lost_grant(pool, "1", "7", revocation, soon()));
  CHECK_OK(delay_revocations(pool, "key-b", std::chrono::seconds(60), soon()));
  auto jobs = due_revocations(pool);
  CHECK_EQUAL(jobs.size(), 1);
  CHECK_FAULT(delay_revocations(pool, "key-a", std::chrono::seconds(60), soon()), Fault::conflict);
  CHECK_OK(begin_revocation(pool, jobs.front().revocation, soon()));
  CHECK_FAULT(delay_revocations(pool, "key-a", std::chrono::seconds(60), soon()), Fault::conflict);
  CHECK_OK(end_revocation(pool, jobs.front(), RevocationEnd::revoked, soon()));

  CHECK_OK(queue_lost_grant(pool, "1", "7", revocation, soon()));
  CHECK_OK(delay_revocations(pool, "key-a", std::chrono::seconds(60), soon()));
  jobs = due_revocations(pool);
  CHECK(jobs.empty());
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE kind = 'revoke'"), 1);
}
