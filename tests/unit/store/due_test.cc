// How background work is claimed: once, fairly, and again where the claimer is never heard of.
#include "store/due.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <thread>

#include "opened.h"
#include "store/migrate.h"
#include "store/refreshes.h"
#include "store/users.h"
#include "support/check.h"
#include "support/pg_proxy.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::store;
using calint::test::soon;

namespace {

constexpr Pace kPace{.first = std::chrono::seconds(30), .most = std::chrono::minutes(15)};

// A migrated database; its name.
struct Installation {
  std::string database = test::migrated_database();
  Pool pool{{.conninfo = test::postgres().conninfo(database), .max = 4}};

  void run(const std::string& sql) { CHECK_OK(test::open(test::postgres().conninfo(database))->script(sql, soon())); }

  // `count` connected users of an organisation, whose refresh has been due for `seconds`.
  void connect(const std::string& organization, int count, int seconds) {
    run(fmt::format("INSERT INTO calendar_integrations (organization_id, user_id, provider, account_key, seal_id, status,"
                    " refresh_due_at) SELECT '{}', n::text, 'google', 'key', 's', 'connected',"
                    " now() - make_interval(secs => {}) FROM generate_series(1, {}) n",
                    organization, seconds, count));
  }

  // A job each for `count` users of an organisation, due now.
  void queue(const std::string& kind, const std::string& organization, int count) {
    run(fmt::format("INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider,"
                    " token_encrypted, grant_organization_id, account_key, grant_generation)"
                    " SELECT '{}', '{}', n, n::text, 'google', 'sealed', '', 'key', 1 FROM generate_series(1, {}) n",
                    organization, kind, count));
  }

  int64_t number(Sql sql) {
    auto rows = pool.query({sql, {}}, soon());
    CHECK_OK(rows);
    return rows->integer(0, "n");
  }
};

std::vector<DueRefresh> refreshes(Pool& pool, int most) {
  auto claimed = claim_refreshes(pool, kPace, most, soon());
  CHECK_OK(claimed);
  return std::move(*claimed);
}

std::vector<DueValidation> validations(Pool& pool, int most, const std::string& owner = "node") {
  auto claimed = claim_validations(pool, kPace, owner, most, soon());
  CHECK_OK(claimed);
  return std::move(*claimed);
}

Due due_of(Pool& pool) {
  auto due = what_is_due(pool, soon());
  CHECK_OK(due);
  return *due;
}

using Ids = std::multiset<std::pair<std::string, int64_t>>;

// Claims until nothing is left, on two threads; everything that was claimed.
template <typename Claim>
Ids claimed_by_two(Claim claim) {
  Ids ids[2];
  std::vector<std::thread> threads;
  for (Ids& mine : ids)
    threads.emplace_back([&mine, claim] {
      // One that found only rows which the other is claiming comes again.
      for (int empty = 0; empty < 20;) {
        const auto some = claim();
        mine.insert(some.begin(), some.end());
        empty = some.empty() ? empty + 1 : 0;
      }
    });
  for (std::thread& thread : threads) thread.join();
  ck_assert(!ids[0].empty() && !ids[1].empty());
  ids[0].insert(ids[1].begin(), ids[1].end());
  return ids[0];
}

void check_each_once(const Ids& ids, size_t expected) {
  ck_assert_uint_eq(ids.size(), expected);
  ck_assert_uint_eq((std::set<Ids::value_type>(ids.begin(), ids.end()).size()), expected);
}

}  // namespace

CALINT_TEST(two_nodes_claim_each_refresh_once) {
  Installation installation;
  for (int n = 0; n < 10; ++n) installation.connect(fmt::format("o{}", n), 100, n);
  check_each_once(claimed_by_two([&] {
                    Ids ids;
                    for (const DueRefresh& one : refreshes(installation.pool, 8))
                      ids.emplace(one.integration.organization_id, one.integration.id);
                    return ids;
                  }),
                  1000);
  CHECK(!due_of(installation.pool).refreshes);
}

CALINT_TEST(two_nodes_claim_each_job_once) {
  Installation installation;
  for (int n = 0; n < 10; ++n) {
    installation.queue("validate", fmt::format("o{}", n), 100);
    installation.queue("revoke", fmt::format("o{}", n), 10);
  }
  check_each_once(claimed_by_two([&] {
                    Ids ids;
                    for (const DueValidation& one : validations(installation.pool, 8)) ids.emplace(one.organization_id, one.id);
                    return ids;
                  }),
                  1000);
  check_each_once(claimed_by_two([&] {
                    Ids ids;
                    auto claimed = claim_due_revocations(installation.pool, kPace, "node", 4, soon());
                    CHECK_OK(claimed);
                    for (const RevocationJob& one : *claimed) ids.emplace(one.organization_id, one.id);
                    return ids;
                  }),
                  100);
}

CALINT_TEST(an_organisation_with_much_to_do_keeps_nobody_waiting) {
  Installation installation;
  installation.connect("many", 10000, 3600);
  installation.connect("one", 1, 0);
  installation.queue("validate", "many", 10000);
  installation.queue("validate", "one", 1);
  bool refreshed = false, validated = false;
  for (const DueRefresh& one : refreshes(installation.pool, 8)) refreshed |= one.integration.organization_id == "one";
  for (const DueValidation& one : validations(installation.pool, 8)) validated |= one.organization_id == "one";
  CHECK(refreshed && validated);
}

CALINT_TEST(a_claim_fills_up_from_whoever_has_more_and_takes_the_longest_due_of_each) {
  Installation installation;
  installation.connect("a", 20, 10);
  installation.connect("b", 1, 10);
  installation.run("UPDATE calendar_integrations SET refresh_due_at = now() - interval '1 day' WHERE user_id = '17'");
  std::map<std::string, int> taken;
  bool oldest = false;
  for (const DueRefresh& one : refreshes(installation.pool, 8)) {
    ++taken[one.integration.organization_id];
    oldest |= one.integration.user_id == "17";
  }
  ck_assert_int_eq(taken["a"], 7);
  ck_assert_int_eq(taken["b"], 1);
  CHECK(oldest);
}

CALINT_TEST(what_expired_or_ended_or_was_given_up_is_not_claimed) {
  Installation installation;
  installation.connect("1", 3, 10);
  installation.queue("validate", "1", 1);
  installation.run("UPDATE calendar_integrations SET status = 'expired' WHERE user_id = '1';"
                   "UPDATE calendar_integrations SET status = 'inactive', active = false WHERE user_id = '2';"
                   "UPDATE calendar_jobs SET given_up_at = now()");
  ck_assert_uint_eq(refreshes(installation.pool, 8).size(), 1);
  ck_assert_uint_eq(validations(installation.pool, 8).size(), 0);
  CHECK(!due_of(installation.pool).validations);
}

CALINT_TEST(a_claim_that_nobody_ends_runs_out_and_each_time_it_takes_longer) {
  Installation installation;
  installation.connect("1", 1, 10);
  installation.queue("validate", "1", 1);
  for (int attempt = 1; attempt <= 12; ++attempt) {
    ck_assert_int_eq(refreshes(installation.pool, 8).at(0).attempts, attempt);
    ck_assert_int_eq(validations(installation.pool, 8).at(0).attempts, attempt);
    CHECK(refreshes(installation.pool, 8).empty() && validations(installation.pool, 8).empty());
    // 30 s doubling to 15 min, give or take a quarter and what this test took.
    const double pause = std::min(900.0, 30.0 * (1 << (attempt - 1)));
    for (const int64_t wait :
         {installation.number("SELECT extract(epoch FROM refresh_due_at - now())::bigint AS n FROM calendar_integrations"),
          installation.number("SELECT extract(epoch FROM due_at - now())::bigint AS n FROM calendar_jobs")}) {
      ck_assert_int_ge(wait, static_cast<int64_t>(pause * 0.75) - 10);
      ck_assert_int_le(wait, static_cast<int64_t>(pause * 1.25) + 1);
    }
    installation.run("UPDATE calendar_integrations SET refresh_due_at = now(); UPDATE calendar_jobs SET due_at = now()");
    CHECK(validations(installation.pool, 8).empty());  // its lease still runs
    installation.run("UPDATE calendar_jobs SET lease_until = now() - interval '1 second'");
  }
}

CALINT_TEST(a_claim_is_one_round_trip) {
  Installation installation;
  installation.connect("1", 5, 10);
  installation.queue("validate", "1", 5);
  test::PgProxy proxy(test::postgres().folder());
  Pool pool({.conninfo = proxy.conninfo(installation.database), .max = 1});
  CHECK(due_of(pool).anything());
  const int before = proxy.round_trips();
  refreshes(pool, 2);
  validations(pool, 2);
  ck_assert_int_eq(proxy.round_trips(), before + 2);
}

CALINT_TEST(what_is_put_off_comes_back_when_it_was_said) {
  Installation installation;
  installation.connect("1", 1, 10);
  const DueRefresh due = refreshes(installation.pool, 1).at(0);
  const auto wait = [&] {
    return installation.number("SELECT round(extract(epoch FROM refresh_due_at - now()) / 100)::bigint AS n"
                               " FROM calendar_integrations");
  };
  CHECK_OK(postpone_refresh(installation.pool, due.integration, {.in = std::chrono::seconds(900), .attempts = 7}, soon()));
  ck_assert_int_eq(wait(), 9);
  CHECK_OK(postpone_refresh(installation.pool, due.integration,
                            {.in = std::chrono::seconds(300), .at_earliest = true, .attempts = 7}, soon()));
  ck_assert_int_eq(wait(), 9);
  CHECK_OK(postpone_refresh(installation.pool, due.integration, {.in = std::chrono::seconds(0), .attempts = 7}, soon()));
  ck_assert_int_eq(refreshes(installation.pool, 1).at(0).attempts, 8);

  Integration outdated = due.integration;
  outdated.seal_id = "older";
  CHECK_OK(postpone_refresh(installation.pool, outdated, {.in = std::chrono::seconds(0)}, soon()));
  CHECK(refreshes(installation.pool, 1).empty());
}

CALINT_TEST(only_the_holder_of_a_job_puts_it_off) {
  Installation installation;
  installation.queue("validate", "1", 1);
  const DueValidation due = validations(installation.pool, 1, "holder").at(0);
  CHECK_OK(postpone_job(installation.pool, "1", due.id, "another", {}, soon()));
  CHECK(validations(installation.pool, 1).empty());
  CHECK_OK(postpone_job(installation.pool, "1", due.id, "holder", {.attempts = due.attempts - 1}, soon()));
  ck_assert_int_eq(validations(installation.pool, 1).at(0).attempts, 1);
}

CALINT_TEST(a_validation_that_is_given_up_stays_and_its_connection_expires) {
  Installation installation;
  installation.connect("1", 1, 10);
  installation.run("UPDATE calendar_integrations SET status = 'error', last_error = 'no_mailbox', error_since = now()");
  installation.run("INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider)"
                   " SELECT '1', 'validate', id, user_id, provider FROM calendar_integrations");
  const DueValidation due = validations(installation.pool, 1).at(0);
  auto integration = find_integration(installation.pool, "1", due.integration_id, soon());
  CHECK_OK(integration);
  CHECK_OK(give_up_validation(installation.pool, due, **integration, soon()));
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE given_up_at IS NOT NULL"), 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_changes WHERE change = 'expired'"), 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM audit_logs WHERE user_id IS NULL AND metadata ="
                                       " '{\"provider\": \"google\", \"reason\": \"no_mailbox\", \"subject_user_id\": \"1\"}'"
                                       " AND action = 'calendar_integration.expired'"),
                   1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_integrations WHERE status = 'expired'"
                                       " AND last_error = 'no_mailbox'"),
                   1);
  CHECK_FAULT(give_up_validation(installation.pool, due, **integration, soon()), Fault::conflict);
}

CALINT_TEST(the_next_work_is_known_without_claiming_it) {
  Installation installation;
  CHECK(due_of(installation.pool).next == std::chrono::hours(1));
  installation.connect("1", 1, -60);
  const Due later = due_of(installation.pool);
  CHECK(!later.refreshes && later.next > std::chrono::seconds(40) && later.next <= std::chrono::seconds(60));
  installation.run("UPDATE calendar_integrations SET refresh_due_at = now()");
  CHECK(due_of(installation.pool).refreshes && due_of(installation.pool).next == std::chrono::milliseconds(0));
}
