// How background work is claimed: once, fairly, and again where the claimer is never heard of.
#include "store/integrations.h"
#include "store/due.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <thread>

#include "schema/migrate.h"
#include "store/refreshes.h"
#include "store/users.h"
#include "support/check.h"
#include "support/database.h"
#include "support/pg_proxy.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::store;
using calint::test::soon;

namespace {

constexpr Backoff kBackoff{.first = std::chrono::seconds(30), .most = std::chrono::minutes(15)};

// A migrated database; its name.
struct Installation {
  std::string database = test::migrated_database();
  postgres::Pool pool{{.conninfo = test::cluster().conninfo(database), .max = 4}};

  void run(const std::string& sql) { CHECK_OK(test::open(test::cluster().conninfo(database))->script(sql, soon())); }

  // `count` connected users of an organisation, whose refresh has been due for `seconds`.
  void connect(const std::string& organization, int count, int seconds, const std::string& provider = "google") {
    run(fmt::format("INSERT INTO calendar_integrations (organization_id, user_id, provider, account_key, seal_id, status,"
                    " refresh_due_at) SELECT '{0}', '{3}' || n, '{3}', 'key', 's', 'connected',"
                    " now() - make_interval(secs => {1}) FROM generate_series(1, {2}) n",
                    organization, seconds, count, provider));
  }

  // A job each for `count` users of an organisation, due now.
  void queue(const std::string& kind, const std::string& organization, int count,
             const std::string& provider = "google") {
    run(fmt::format("INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider,"
                    " token_encrypted, grant_organization_id, account_key, grant_generation)"
                    " SELECT '{0}', '{1}', n, '{3}' || n, '{3}', 'sealed', '', 'key', 1 FROM generate_series(1, {2}) n",
                    organization, kind, count, provider));
  }

  int64_t number(postgres::Sql sql) {
    auto rows = pool.query({sql, {}}, soon());
    CHECK_OK(rows);
    return rows->integer(0, "n");
  }
};

std::vector<DueRefresh> refreshes(postgres::Pool& pool, int most, ProviderId provider = ProviderId::google) {
  auto claimed = claim_refreshes(pool, provider, kBackoff, "node", most, soon());
  CHECK_OK(claimed);
  return std::move(*claimed);
}

std::vector<DueValidation> validations(postgres::Pool& pool, int most, const std::string& owner = "node") {
  auto claimed = claim_validations(pool, ProviderId::google, kBackoff, owner, most, soon());
  CHECK_OK(claimed);
  return std::move(*claimed);
}

const std::vector<std::string> kKinds = {"refresh", "validate", "revoke"};

Due due_of(postgres::Pool& pool) {
  const ProviderId google[] = {ProviderId::google};
  auto due = what_is_due(pool, kKinds, google, soon());
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
  CHECK(!due_of(installation.pool).has("refresh", ProviderId::google));
}

CALINT_TEST(in_a_crowd_of_one_organisation_every_other_one_has_its_turn) {
  constexpr int kOthers = 200;  // more than a claim looks at
  Installation installation;
  installation.connect("a crowd", 2000, 600);
  for (int n = 0; n < kOthers; ++n) installation.connect(fmt::format("other {:03}", n), 1, 1);
  RoundRobin round;
  std::set<std::string> served;
  for (int claim = 0; claim < 60; ++claim) {
    auto some = claim_refreshes(installation.pool, ProviderId::google, kBackoff, "node", 8, soon(), &round);
    CHECK_OK(some);
    ck_assert_uint_eq(some->size(), 8);
    for (const DueRefresh& one : *some) served.insert(one.integration.organization_id);
  }
  ck_assert_uint_eq(served.size(), kOthers + 1);
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
                    auto claimed =
                        claim_due_revocations(installation.pool, ProviderId::google, kBackoff, "node", 4, soon());
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
  installation.run("UPDATE calendar_integrations SET refresh_due_at = now() - interval '1 day'"
                   " WHERE user_id = 'google17'");
  std::map<std::string, int> taken;
  bool oldest = false;
  for (const DueRefresh& one : refreshes(installation.pool, 8)) {
    ++taken[one.integration.organization_id];
    oldest |= one.integration.user_id == "google17";
  }
  ck_assert_int_eq(taken["a"], 7);
  ck_assert_int_eq(taken["b"], 1);
  CHECK(oldest);
}

CALINT_TEST(what_expired_or_ended_or_was_given_up_is_not_claimed) {
  Installation installation;
  installation.connect("1", 3, 10);
  installation.queue("validate", "1", 1);
  installation.run("UPDATE calendar_integrations SET status = 'expired' WHERE user_id = 'google1';"
                   "UPDATE calendar_integrations SET status = 'inactive', active = false WHERE user_id = 'google2';"
                   "UPDATE calendar_jobs SET given_up_at = now()");
  ck_assert_uint_eq(refreshes(installation.pool, 8).size(), 1);
  ck_assert_uint_eq(validations(installation.pool, 8).size(), 0);
  CHECK(!due_of(installation.pool).has("validate", ProviderId::google));
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
          installation.number("SELECT extract(epoch FROM due_at - now())::bigint AS n FROM calendar_jobs"
                              " WHERE kind = 'validate'")}) {
      ck_assert_int_ge(wait, static_cast<int64_t>(pause * 0.75) - 10);
      ck_assert_int_le(wait, static_cast<int64_t>(pause * 1.25) + 1);
    }
    installation.run("UPDATE calendar_integrations SET refresh_due_at = now(); UPDATE calendar_jobs SET due_at = now()");
    // The leases still run.
    CHECK(refreshes(installation.pool, 8).empty() && validations(installation.pool, 8).empty());
    installation.run("UPDATE calendar_integrations SET refresh_due_at = now();"
                     "UPDATE calendar_jobs SET lease_until = now() - interval '1 second'");
  }
}

CALINT_TEST(a_claim_is_one_round_trip) {
  Installation installation;
  installation.connect("1", 5, 10);
  installation.queue("validate", "1", 5);
  test::PgProxy proxy(test::cluster().folder());
  postgres::Pool pool({.conninfo = proxy.conninfo(installation.database), .max = 1});
  CHECK(!due_of(pool).jobs.empty());
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
  CHECK_OK(postpone_refresh(installation.pool, due.integration, "node",
                            {.in = std::chrono::seconds(900), .attempts = 7}, soon()));
  ck_assert_int_eq(wait(), 9);
  CHECK_OK(postpone_refresh(installation.pool, due.integration, "node",
                            {.in = std::chrono::seconds(300), .at_earliest = true, .attempts = 7}, soon()));
  ck_assert_int_eq(wait(), 9);
  CHECK_OK(postpone_refresh(installation.pool, due.integration, "node",
                            {.in = std::chrono::seconds(0), .attempts = 7}, soon()));
  ck_assert_int_eq(refreshes(installation.pool, 1).at(0).attempts, 8);

  Integration outdated = due.integration;
  outdated.seal_id = "older";
  CHECK_OK(postpone_refresh(installation.pool, outdated, "node", {.in = std::chrono::seconds(0)}, soon()));
  CHECK(refreshes(installation.pool, 1).empty());
}

CALINT_TEST(a_claim_takes_the_work_of_one_provider) {
  Installation installation;
  for (const char* provider : {"google", "outlook"}) {
    installation.connect("1", 3, 10, provider);
    installation.run(fmt::format("INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider)"
                                 " SELECT '1', 'validate', id, user_id, provider FROM calendar_integrations"
                                 " WHERE provider = '{}'", provider));
  }
  installation.queue("revoke", "1", 2, "google");
  for (const DueRefresh& one : refreshes(installation.pool, 8, ProviderId::outlook))
    CHECK(one.integration.provider == ProviderId::outlook);
  auto validated = claim_validations(installation.pool, ProviderId::outlook, kBackoff, "node", 8, soon());
  CHECK_OK(validated);
  ck_assert_uint_eq(validated->size(), 3);
  for (const DueValidation& one : *validated) {
    CHECK(one.provider == ProviderId::outlook);
    CHECK_EQUAL(one.account_key, "key");
  }
  CHECK(claim_due_revocations(installation.pool, ProviderId::outlook, kBackoff, "node", 8, soon())->empty());
  ck_assert_uint_eq(refreshes(installation.pool, 8).size(), 3);
  ck_assert_uint_eq(validations(installation.pool, 8).size(), 3);
  ck_assert_uint_eq(claim_due_revocations(installation.pool, ProviderId::google, kBackoff, "node", 8, soon())->size(), 2);
}

CALINT_TEST(only_the_work_of_providers_that_are_asked_for_is_told_of) {
  Installation installation;
  installation.connect("1", 1, 10, "outlook");
  installation.queue("validate", "1", 1, "apple");
  installation.queue("revoke", "1", 1, "google");
  const ProviderId all[] = {ProviderId::google, ProviderId::outlook, ProviderId::apple};
  const Due due = *what_is_due(installation.pool, kKinds, all, soon());
  using Jobs = std::set<std::pair<std::string, ProviderId>>;
  CHECK((due.jobs == Jobs{{"refresh", ProviderId::outlook}, {"validate", ProviderId::apple}, {"revoke", ProviderId::google}}));
  CHECK(due.next == std::chrono::milliseconds(0));
  CHECK((what_is_due(installation.pool, {"revoke"}, all, soon())->jobs == Jobs{{"revoke", ProviderId::google}}));

  installation.run("UPDATE calendar_jobs SET due_at = now() + interval '5 minutes' WHERE provider = 'google';"
                   "UPDATE calendar_chores SET due_at = now() + interval '1 hour'");
  const Due mine = due_of(installation.pool);
  CHECK(mine.jobs.empty() && mine.chores.empty() && mine.next > std::chrono::minutes(4));
  installation.run("UPDATE calendar_chores SET due_at = now() WHERE chore <> 'announcement'");
  const Due nobodys = *what_is_due(installation.pool, kKinds, {}, soon());
  CHECK((nobodys.chores == std::set<std::string>{"leavers", "retention"} && nobodys.next == std::chrono::hours(1)));
}

CALINT_TEST(a_refresh_that_somebody_else_has_is_left_out_until_that_ends) {
  Installation installation;
  installation.connect("1", 3, 10);
  const int64_t first = installation.number("SELECT min(id) AS n FROM calendar_integrations");
  const auto found = find_integration(installation.pool, "1", first, soon());
  CHECK_OK(found);
  CHECK(*lease_refresh(installation.pool, **found, "page", soon()));
  const auto claimed = refreshes(installation.pool, 8);
  ck_assert_uint_eq(claimed.size(), 2);
  for (const DueRefresh& one : claimed) {
    CHECK(one.integration.id != (*found)->id);
    CHECK(!*lease_refresh(installation.pool, one.integration, "page", soon()));
    CHECK(one.lease_ends.remaining() > std::chrono::seconds(20) && one.lease_ends.remaining() <= kRefreshLease);
  }
  CHECK(!due_of(installation.pool).has("refresh", ProviderId::google));
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_integrations i JOIN calendar_jobs j"
                                       " ON integration_id = i.id WHERE lease_owner = 'page' AND refresh_attempts = 0"
                                       " AND refresh_due_at = lease_until"),
                   1);
}

CALINT_TEST(who_has_the_lease_has_the_newest_tokens) {
  Installation installation;
  installation.connect("1", 4, 10);
  std::atomic<int> stored{0}, lost{0};
  const auto store = [&](const Integration& integration, const std::string& owner) {
    const SealedTokens tokens{.access_token = "new", .seal_id = fmt::format("{}/{}", owner, ++stored)};
    auto done = store_refreshed(installation.pool, integration, tokens, SystemClock().now(), owner, soon());
    if (!done) ++lost;
  };
  const auto claims = [&](const std::string& owner) {
    while (stored < 600) {
      auto claimed = claim_refreshes(installation.pool, ProviderId::google, kBackoff, owner, 2, soon());
      CHECK_OK(claimed);
      for (const DueRefresh& one : *claimed) store(one.integration, owner);
      // What was left out is put off for the time of a lease.
      installation.run("UPDATE calendar_integrations SET refresh_due_at = now() WHERE id IN (SELECT id FROM"
                       " calendar_integrations WHERE refresh_due_at > now() FOR UPDATE SKIP LOCKED)");
    }
  };
  const auto page = [&] {
    const int64_t first = installation.number("SELECT min(id) AS n FROM calendar_integrations");
    for (int64_t n = 0; stored < 600; ++n) {
      auto seen = find_integration(installation.pool, "1", first + n % 4, soon());
      if (!*lease_refresh(installation.pool, **seen, "page", soon())) continue;
      store(**find_integration(installation.pool, "1", (*seen)->id, soon()), "page");
    }
  };
  std::thread first([&] { claims("first"); }), second([&] { claims("second"); }), third(page);
  for (std::thread* thread : {&first, &second, &third}) thread->join();
  ck_assert_int_eq(lost, 0);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_integrations WHERE seal_id = 's'"), 0);
}

CALINT_TEST(putting_a_refresh_off_ends_its_lease_in_the_same_round_trip) {
  Installation installation;
  installation.connect("1", 1, 10);
  test::PgProxy proxy(test::cluster().folder());
  postgres::Pool pool({.conninfo = proxy.conninfo(installation.database), .max = 1});
  const DueRefresh due = refreshes(pool, 1).at(0);
  const int before = proxy.round_trips();
  CHECK_OK(postpone_refresh(pool, due.integration, "node", {.in = std::chrono::seconds(900)}, soon()));
  ck_assert_int_eq(proxy.round_trips(), before + 1);
  CHECK(*lease_refresh(pool, due.integration, "page", soon()));
  // The lease of somebody else stays.
  CHECK_OK(postpone_refresh(pool, due.integration, "node", {.in = std::chrono::seconds(900)}, soon()));
  CHECK(!*lease_refresh(pool, due.integration, "node", soon()));
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
                                       " '{\"provider\": \"google\", \"reason\": \"no_mailbox\","
                                       " \"subject_user_id\": \"google1\"}'"
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
  CHECK(!later.has("refresh", ProviderId::google));
  CHECK(later.next > std::chrono::seconds(40) && later.next <= std::chrono::seconds(60));
  installation.run("UPDATE calendar_integrations SET refresh_due_at = now()");
  const Due now = due_of(installation.pool);
  CHECK(now.has("refresh", ProviderId::google) && now.next == std::chrono::milliseconds(0));
}
