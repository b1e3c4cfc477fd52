// How background work is claimed: once, fairly, and again where the claimer is never heard of.
#include "store/jobs.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <thread>

#include "store/due.h"
#include "store/refreshes.h"
#include "store/revocations.h"
#include "store/users.h"
#include "store/validations.h"
#include "support/check.h"
#include "support/installation.h"
#include "support/pg_proxy.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::store;
using calint::test::soon;
using namespace std::chrono_literals;

namespace {

// What background work there is.
struct Installation : test::Installation {
  // `count` connected users of an organisation, with a job each that has been due for `seconds`.
  void connect(const std::string& organization, int count, int seconds, const std::string& kind = "refresh",
               const std::string& provider = "google") {
    run(fmt::format("WITH added AS (INSERT INTO calendar_integrations (organization_id, user_id, provider, account_key,"
                    " seal_id, status) SELECT '{0}', '{3} {4} ' || n, '{3}', 'key', 's', 'connected'"
                    " FROM generate_series(1, {2}) n RETURNING *)"
                    "INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, due_at)"
                    " SELECT organization_id, '{4}', id, user_id, provider, now() - make_interval(secs => {1}) FROM added",
                    organization, seconds, count, provider, kind));
  }

  // A revocation each for `count` users of an organisation, due now.
  void revoke(const std::string& organization, int count, const std::string& provider = "google") {
    run(fmt::format("INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider,"
                    " token_encrypted, grant_organization_id, account_key, grant_generation)"
                    " SELECT '{0}', 'revoke', n, '{2}' || n, '{2}', 'sealed', '', 'key', 1 FROM generate_series(1, {1}) n",
                    organization, count, provider));
  }
};

Claim claim_of(int most, std::string_view kind = "refresh", std::string_view lane = "google",
               const std::string& owner = "node") {
  return {.kind = kind, .lane = lane, .backoff = {.first = 30s, .most = 15min}, .lease = 45s, .owner = owner, .most = most};
}

std::vector<IntegrationJob> claimed(postgres::Pool& pool, const Claim& claim) {
  RoundRobin round;
  auto some = claim_jobs(pool, claim, round, soon());
  CHECK_OK(some);
  return std::move(some->jobs);
}

const std::vector<std::string> kKinds = {"refresh", "validate", "revoke"};

Due due_of(postgres::Pool& pool) {
  auto due = what_is_due(pool, kKinds, {"google"}, {}, soon());
  CHECK_OK(due);
  return *due;
}

// When the only job comes again.
int64_t wait(Installation& installation) {
  return installation.number("SELECT extract(epoch FROM due_at - now())::bigint AS n FROM calendar_jobs");
}

using Ids = std::multiset<int64_t>;

// Claims until nothing is left, on two threads; everything that was claimed.
template <typename Claims>
Ids claimed_by_two(Claims claims) {
  Ids ids[2];
  std::vector<std::thread> threads;
  for (Ids& mine : ids)
    threads.emplace_back([&mine, claims] {
      // One that found only rows which the other is claiming comes again.
      for (int empty = 0; empty < 20;) {
        const auto some = claims();
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
  ck_assert_uint_eq((std::set<int64_t>(ids.begin(), ids.end()).size()), expected);
}

}  // namespace

CALINT_TEST(two_nodes_claim_each_job_once) {
  Installation installation;
  for (int n = 0; n < 10; ++n) {
    installation.connect(fmt::format("o{}", n), 100, n);
    installation.revoke(fmt::format("o{}", n), 10);
  }
  check_each_once(claimed_by_two([&] {
                    Ids ids;
                    for (const IntegrationJob& one : claimed(installation.pool, claim_of(8))) ids.insert(one.job.id);
                    return ids;
                  }),
                  1000);
  check_each_once(claimed_by_two([&] {
                    Ids ids;
                    RoundRobin round;
                    auto some = claim_revocations(installation.pool, claim_of(4, "revoke"), round, soon());
                    CHECK_OK(some);
                    for (const ClaimedRevocation& one : some->jobs) ids.insert(one.job.id);
                    return ids;
                  }),
                  100);
  CHECK(due_of(installation.pool).jobs.empty());
}

CALINT_TEST(in_a_crowd_of_one_organisation_every_other_one_has_its_turn) {
  constexpr int kOthers = 200;  // more than a claim looks at
  Installation installation;
  installation.connect("a crowd", 2000, 600);
  for (int n = 0; n < kOthers; ++n) installation.connect(fmt::format("other {:03}", n), 1, 1);
  RoundRobin round;
  std::set<std::string> served;
  for (int claim = 0; claim < 60; ++claim) {
    auto some = claim_jobs(installation.pool, claim_of(8), round, soon());
    CHECK_OK(some);
    ck_assert_uint_ge(some->jobs.size(), 6);
    CHECK(some->may_be_more);
    for (const IntegrationJob& one : some->jobs) served.insert(one.job.organization_id);
  }
  ck_assert_uint_eq(served.size(), kOthers + 1);
}

CALINT_TEST(a_claim_that_finds_the_crowd_taken_moves_on) {
  constexpr int kOthers = 200;
  Installation installation;
  installation.connect("a crowd", 300, 600);
  for (int n = 0; n < kOthers; ++n) installation.connect(fmt::format("other {:03}", n), 1, n % 100 < 70 ? -600 : 1);
  // Somebody holds all that is due longest, in a transaction that doesn't end.
  auto other = installation.open();
  CHECK_OK(other->script("BEGIN; SELECT FROM calendar_jobs WHERE organization_id = 'a crowd' FOR UPDATE", soon()));
  RoundRobin round;
  std::set<std::string> served;
  for (int claim = 0; claim < 60; ++claim) {
    auto some = claim_jobs(installation.pool, claim_of(8), round, soon());
    CHECK_OK(some);
    CHECK(some->may_be_more);
    for (const IntegrationJob& one : some->jobs) served.insert(one.job.organization_id);
  }
  ck_assert_uint_eq(served.size(), 60);
}

CALINT_TEST(an_organisation_with_much_to_do_keeps_nobody_waiting) {
  Installation installation;
  for (const char* kind : {"refresh", "validate"}) {
    installation.connect("many", 5000, 3600, kind);
    installation.connect("one", 1, 0, kind);
    bool is_there = false;
    for (const IntegrationJob& one : claimed(installation.pool, claim_of(8, kind)))
      is_there |= one.job.organization_id == "one";
    CHECK(is_there);
  }
}

CALINT_TEST(a_claim_fills_up_from_whoever_has_more_and_takes_the_longest_due_of_each) {
  Installation installation;
  installation.connect("a", 20, 10);
  installation.connect("b", 1, 10);
  installation.run("UPDATE calendar_jobs SET due_at = now() - interval '1 day' WHERE user_id = 'google refresh 17'");
  std::map<std::string, int> taken;
  bool oldest = false;
  for (const IntegrationJob& one : claimed(installation.pool, claim_of(8))) {
    ++taken[one.job.organization_id];
    oldest |= one.integration->user_id == "google refresh 17";
  }
  ck_assert_int_eq(taken["a"], 7);
  ck_assert_int_eq(taken["b"], 1);
  CHECK(oldest);
}

CALINT_TEST(a_claim_locks_hardly_more_than_it_takes) {
  Installation installation;
  for (int n = 0; n < 40; ++n) installation.connect(fmt::format("o{}", n), 40, 10);
  ck_assert_uint_eq(claimed(installation.pool, claim_of(32)).size(), 32);
  // What was locked and not taken has kept the mark of that.
  ck_assert_int_le(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE xmax <> 0"
                                       " AND attempts = 0"),
                   32);
}

CALINT_TEST(what_was_given_up_is_not_claimed_and_what_ended_comes_without_its_integration) {
  Installation installation;
  installation.connect("1", 3, 10);
  installation.connect("1", 1, 10, "validate");
  installation.run("UPDATE calendar_integrations SET status = 'inactive', active = false WHERE user_id = 'google refresh 2';"
                   "UPDATE calendar_jobs SET given_up_at = now() WHERE kind = 'validate'");
  int ended = 0;
  const auto some = claimed(installation.pool, claim_of(8));
  ck_assert_uint_eq(some.size(), 3);
  for (const IntegrationJob& one : some) ended += one.integration ? 0 : 1;
  ck_assert_int_eq(ended, 1);
  ck_assert_uint_eq(claimed(installation.pool, claim_of(8, "validate")).size(), 0);
  CHECK(!due_of(installation.pool).has("validate", "google"));
}

CALINT_TEST(a_claim_that_nobody_ends_runs_out_and_each_time_it_takes_longer) {
  Installation installation;
  installation.connect("1", 1, 10);
  for (int attempt = 1; attempt <= 12; ++attempt) {
    ck_assert_int_eq(claimed(installation.pool, claim_of(8)).at(0).job.attempts, attempt);
    CHECK(claimed(installation.pool, claim_of(8)).empty());
    // 30 s doubling to 15 min, give or take a quarter and what this test took.
    const double pause = std::min(900.0, 30.0 * (1 << (attempt - 1)));
    const int64_t repeated =
        installation.number("SELECT extract(epoch FROM retry_at - now())::bigint AS n FROM calendar_jobs");
    ck_assert_int_ge(repeated, static_cast<int64_t>(pause * 0.75) - 10);
    ck_assert_int_le(repeated, static_cast<int64_t>(pause * 1.25) + 1);
    // The lease alone, or the pause alone, is over.
    installation.run("UPDATE calendar_jobs SET lease_until = now() - interval '1 second'");
    CHECK(claimed(installation.pool, claim_of(8)).empty() && due_of(installation.pool).jobs.empty());
    installation.run("UPDATE calendar_jobs SET lease_until = now() + interval '10 seconds', retry_at = now()");
    CHECK(claimed(installation.pool, claim_of(8)).empty());
    installation.run("UPDATE calendar_jobs SET lease_until = now() - interval '1 second'");
  }
}

CALINT_TEST(a_claim_is_one_round_trip) {
  Installation installation;
  installation.connect("1", 5, 10);
  installation.revoke("1", 5);
  test::PgProxy proxy(test::cluster().folder());
  postgres::Pool pool({.conninfo = proxy.conninfo(installation.database), .max = 1});
  CHECK(!due_of(pool).jobs.empty());
  const int before = proxy.round_trips();
  ck_assert_uint_eq(claimed(pool, claim_of(5)).size(), 5);
  RoundRobin round;
  ck_assert_uint_eq(claim_revocations(pool, claim_of(5, "revoke"), round, soon())->jobs.size(), 5);
  ck_assert_int_eq(proxy.round_trips(), before + 2);
}

CALINT_TEST(a_refresh_touches_an_index_once_when_its_next_time_is_known) {
  constexpr int kRefreshes = 64;
  Installation installation;
  installation.connect("1", 20 * kRefreshes, 10);
  // As on a site that lives: what is due together doesn't stand together.
  installation.run("UPDATE calendar_jobs SET due_at = now() - random() * interval '1 hour'");
  installation.run("VACUUM calendar_jobs");
  // Sessions that have ended tell the statistics soon.
  const auto updated = [&](int64_t expected) {
    for (int tries = 0; tries < 100; ++tries) {
      if (installation.number("SELECT pg_stat_get_tuples_updated('calendar_jobs'::regclass) AS n") >= expected) break;
      std::this_thread::sleep_for(50ms);
    }
    return installation.number("SELECT pg_stat_get_tuples_updated('calendar_jobs'::regclass) AS n");
  };
  ck_assert_int_eq(updated(20 * kRefreshes), 20 * kRefreshes);
  const auto hot = [&] {
    return installation.number("SELECT pg_stat_get_tuples_hot_updated('calendar_jobs'::regclass) AS n");
  };
  const int64_t before = hot();
  {
    postgres::Pool pool({.conninfo = installation.conninfo, .max = 1});
    for (const IntegrationJob& one : claimed(pool, claim_of(kRefreshes)))
      CHECK_OK(store_refreshed(pool, *one.integration, {.access_token = "new", .seal_id = "t"},
                               SystemClock().now() + 1h, soon()));
  }
  ck_assert_int_eq(updated(22 * kRefreshes), 22 * kRefreshes);
  ck_assert_int_eq(hot() - before, kRefreshes);
  ck_assert_int_eq(installation.number("SELECT pg_stat_get_tuples_hot_updated('calendar_integrations'::regclass) AS n"),
                   kRefreshes);
}

CALINT_TEST(what_is_put_off_comes_back_when_it_was_said) {
  Installation installation;
  installation.connect("1", 1, 100);
  auto take = [&] { return claimed(installation.pool, claim_of(1)).at(0).job; };
  const auto put_off = [&](const Again& again) { CHECK_OK(put_off_job(installation.pool, take(), again, soon())); };
  const auto make_due = [&] { installation.run("UPDATE calendar_jobs SET due_at = now() - interval '100 seconds'"); };

  put_off({.in = 900s, .attempts = 7, .reason = "unavailable"});
  ck_assert_int_ge(wait(installation), 890);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE last_error = 'unavailable'"), 1);
  make_due();
  // Its eighth attempt: the backoff is 15 minutes, give or take a quarter.
  put_off({.in = 10s, .keeps_backoff = true, .attempts = 7});
  ck_assert_int_ge(wait(installation), 600);
  make_due();
  put_off({.in = 3600s, .keeps_backoff = true, .attempts = 7});
  ck_assert_int_ge(wait(installation), 3590);
  make_due();
  // As it was due.
  put_off({.attempts = 3});
  ck_assert_int_le(wait(installation), -95);
  ck_assert_int_eq(take().attempts, 4);
}

CALINT_TEST(an_end_is_the_lease_holders_alone) {
  Installation installation;
  installation.connect("1", 1, 10, "validate");
  const ClaimedJob first = claimed(installation.pool, claim_of(1, "validate", "google", "node/1")).at(0).job;
  installation.run("UPDATE calendar_jobs SET lease_until = now() - interval '1 second', retry_at = now()");
  const IntegrationJob second = claimed(installation.pool, claim_of(1, "validate", "google", "node/2")).at(0);
  ck_assert_int_eq(first.id, second.job.id);
  CHECK_OK(put_off_job(installation.pool, first, {}, soon()));
  CHECK_OK(finish_job(installation.pool, first, Instant(std::chrono::seconds(4000000000)), soon()));
  CHECK_OK(drop_job(installation.pool, first, soon()));
  CHECK_FAULT(give_up_validation(installation.pool, first, *second.integration, soon()), Fault::conflict);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE lease_owner = 'node/2'"
                                       " AND attempts = 2 AND due_at < now()"),
                   1);
  CHECK_OK(drop_job(installation.pool, second.job, soon()));
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs"), 0);
}

CALINT_TEST(a_revocation_ends_by_its_lease_holder_alone) {
  Installation installation;
  installation.revoke("1", 1);
  installation.run("INSERT INTO calendar_grants (account_key, generation) VALUES ('key', 1)");
  RoundRobin round;
  const auto take = [&](const std::string& owner) {
    auto some = claim_revocations(installation.pool, claim_of(1, "revoke", "google", owner), round, soon());
    CHECK_OK(some);
    return some->jobs.at(0);
  };
  const ClaimedRevocation first = take("node/1");
  installation.run("UPDATE calendar_jobs SET lease_until = now() - interval '1 second', retry_at = now()");
  const ClaimedRevocation second = take("node/2");
  CHECK(*begin_revocation(installation.pool, second.revocation, soon()));
  CHECK_OK(end_revocation(installation.pool, first, RevocationEnd::revoked, soon()));
  CHECK_OK(put_off_revocation(installation.pool, first, {}, soon()));
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_grants WHERE revoking_until > now()"), 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM audit_logs"), 0);
  CHECK_OK(end_revocation(installation.pool, second, RevocationEnd::revoked, soon()));
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_grants WHERE revoking_until IS NULL"), 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM audit_logs"
                                       " WHERE action = 'calendar_integration.revoked'"),
                   1);
}

CALINT_TEST(what_becomes_due_while_it_runs_leads_to_another_run) {
  Installation installation;
  installation.connect("1", 1, 10);
  const Instant later = SystemClock().now() + 1h;
  const ClaimedJob quiet = claimed(installation.pool, claim_of(1)).at(0).job;
  CHECK_OK(finish_job(installation.pool, quiet, later, soon()));
  ck_assert_int_ge(wait(installation), 3590);

  installation.run("UPDATE calendar_jobs SET due_at = now()");
  const ClaimedJob asked_for = claimed(installation.pool, claim_of(1)).at(0).job;
  installation.run("UPDATE calendar_jobs SET due_at = clock_timestamp()");
  CHECK(claimed(installation.pool, claim_of(1)).empty());
  CHECK_OK(finish_job(installation.pool, asked_for, later, soon()));
  ck_assert_int_eq(claimed(installation.pool, claim_of(1)).at(0).job.attempts, 1);
}

CALINT_TEST(several_of_one_integration_are_told_apart_by_their_subject) {
  Installation installation;
  installation.connect("1", 1, 10);
  const char* another = "INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, subject)"
                        " SELECT organization_id, kind, integration_id, user_id, provider, 'a calendar' FROM calendar_jobs"
                        " WHERE subject = ''";
  installation.run(another);
  CHECK_FAULT(installation.open()->script(another, soon()), Fault::conflict);
  std::set<std::string> subjects;
  for (const IntegrationJob& one : claimed(installation.pool, claim_of(8))) subjects.insert(one.job.subject);
  CHECK((subjects == std::set<std::string>{"", "a calendar"}));
}

CALINT_TEST(a_claim_takes_the_work_of_one_lane) {
  Installation installation;
  for (const char* provider : {"google", "outlook"})
    for (const char* kind : {"refresh", "validate"}) installation.connect("1", 3, 10, kind, provider);
  installation.revoke("1", 2);
  for (const IntegrationJob& one : claimed(installation.pool, claim_of(8, "refresh", "outlook")))
    CHECK_EQUAL(one.integration->provider, ProviderId::outlook);
  const auto validated = claimed(installation.pool, claim_of(8, "validate", "outlook"));
  ck_assert_uint_eq(validated.size(), 3);
  for (const IntegrationJob& one : validated) {
    CHECK_EQUAL(one.integration->provider, ProviderId::outlook);
    CHECK_EQUAL(one.integration->account_key, "key");
  }
  RoundRobin round;
  CHECK(claim_revocations(installation.pool, claim_of(8, "revoke", "outlook"), round, soon())->jobs.empty());
  ck_assert_uint_eq(claimed(installation.pool, claim_of(8)).size(), 3);
  ck_assert_uint_eq(claimed(installation.pool, claim_of(8, "validate")).size(), 3);
  ck_assert_uint_eq(claim_revocations(installation.pool, claim_of(8, "revoke"), round, soon())->jobs.size(), 2);
}

CALINT_TEST(what_needs_the_servers_client_is_for_those_who_have_it) {
  Installation installation;
  installation.run("INSERT INTO calendar_oauth_clients (organization_id, provider, client_id) VALUES"
                   " ('', 'google', 'ours'), ('', 'google', 'theirs'), ('1', 'google', 'own')");
  installation.connect("1", 4, 10);
  installation.run("UPDATE calendar_integrations SET oauth_client_id = (SELECT id FROM calendar_oauth_clients"
                   " WHERE client_id = CASE right(user_id, 1) WHEN '1' THEN 'ours' WHEN '2' THEN 'theirs'"
                   " WHEN '3' THEN 'own' END);"
                   // Whoever is without a client has a password.
                   "UPDATE calendar_jobs SET provider = provider");
  const auto lanes = client_lanes(installation.pool, {{ProviderId::google, "ours"}, {ProviderId::outlook, "theirs"}}, soon());
  CHECK_OK(lanes);
  ck_assert_uint_eq(lanes->size(), 1);
  const auto users = [&](const std::string& lane) {
    std::set<std::string> all;
    for (const IntegrationJob& one : claimed(installation.pool, claim_of(8, "refresh", lane)))
      all.insert(one.integration->user_id);
    return all;
  };
  CHECK((users(lanes->front().name) == std::set<std::string>{"google refresh 1"}));
  CHECK((users("google") == std::set<std::string>{"google refresh 3", "google refresh 4"}));

  const auto with_work = lanes_with_work(installation.pool, kKinds, soon());
  CHECK_OK(with_work);
  std::set<std::string> clients;
  for (const LaneWithWork& lane : *with_work) clients.insert(lane.client_id.value_or("-"));
  CHECK((clients == std::set<std::string>{"-", "ours", "theirs"}));
}

CALINT_TEST(only_the_work_of_lanes_that_are_asked_for_is_told_of) {
  Installation installation;
  installation.connect("1", 1, 10, "refresh", "outlook");
  installation.connect("1", 1, 10, "validate", "apple");
  installation.revoke("1", 1);
  const std::vector<std::string> all = {"google", "outlook", "apple"};
  const Due due = *what_is_due(installation.pool, kKinds, all, {}, soon());
  using Jobs = std::set<std::pair<std::string, std::string>>;
  CHECK((due.jobs == Jobs{{"refresh", "outlook"}, {"validate", "apple"}, {"revoke", "google"}}));
  CHECK_EQUAL(due.next, 0ms);
  CHECK((what_is_due(installation.pool, {"revoke"}, all, {}, soon())->jobs == Jobs{{"revoke", "google"}}));

  installation.run("UPDATE calendar_jobs SET due_at = now() + interval '5 minutes' WHERE provider = 'google';"
                   "UPDATE calendar_chores SET due_at = now() + interval '1 hour'");
  const Due mine = due_of(installation.pool);
  CHECK(mine.jobs.empty() && mine.chores.empty() && mine.next > 4min);
  installation.run("UPDATE calendar_chores SET due_at = now() WHERE chore <> 'announcement'");
  const Due nobodys = *what_is_due(installation.pool, kKinds, {}, {}, soon());
  CHECK((nobodys.chores == std::set<std::string>{"leavers", "lists", "retention"} && nobodys.next == 1h));
}

CALINT_TEST(a_refresh_that_somebody_else_has_is_left_out_until_that_ends) {
  Installation installation;
  installation.connect("1", 3, 10);
  const int64_t first = installation.number("SELECT min(id) AS n FROM calendar_integrations");
  const auto found = find_integration(installation.pool, "1", first, soon());
  CHECK_OK(found);
  CHECK(*lease_refresh(installation.pool, **found, "page", soon()));
  const auto some = claimed(installation.pool, claim_of(8));
  ck_assert_uint_eq(some.size(), 2);
  for (const IntegrationJob& one : some) {
    CHECK(one.integration->id != (*found)->id);
    CHECK(!*lease_refresh(installation.pool, *one.integration, "page", soon()));
    CHECK(one.job.lease_ends.remaining() > 20s && one.job.lease_ends.remaining() <= 45s);
  }
  CHECK(!due_of(installation.pool).has("refresh", "google"));
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE lease_owner = 'page'"
                                       " AND attempts = 0"),
                   1);
  // It is as it was before, and due at once.
  CHECK_OK(release_refresh(installation.pool, **found, "page", soon()));
  ck_assert_uint_eq(claimed(installation.pool, claim_of(8)).size(), 1);
}

CALINT_TEST(a_refresh_without_a_row_has_one_once_somebody_wants_it) {
  Installation installation;
  installation.connect("1", 1, 10);
  installation.run("DELETE FROM calendar_jobs");
  const auto found = find_integration(installation.pool, "1", installation.number("SELECT id AS n FROM calendar_integrations"), soon());
  CHECK(*lease_refresh(installation.pool, **found, "page", soon()));
  CHECK(!*lease_refresh(installation.pool, **found, "another", soon()));
  CHECK_OK(store_refreshed(installation.pool, **found, {.access_token = "new", .seal_id = "t"},
                           SystemClock().now() + 1h, soon()));
  ck_assert_int_ge(wait(installation), 3590);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE lease_owner IS NULL"), 1);
}

CALINT_TEST(who_has_the_lease_has_the_newest_tokens) {
  Installation installation;
  installation.connect("1", 4, 10);
  std::atomic<int> stored{0}, lost{0};
  const auto store = [&](const Integration& integration, const std::string& owner) {
    const SealedTokens tokens{.access_token = "new", .seal_id = fmt::format("{}/{}", owner, ++stored)};
    auto done = store_refreshed(installation.pool, integration, tokens, SystemClock().now() + 1h, soon());
    if (!done) ++lost;
  };
  const auto claims = [&](const std::string& owner) {
    auto session = installation.open();
    while (stored < 600) {
      for (const IntegrationJob& one : claimed(installation.pool, claim_of(2, "refresh", "google", owner)))
        store(*one.integration, owner);
      // Due from the moment on in which that is written.
      CHECK_OK(session->script("UPDATE calendar_jobs SET due_at = clock_timestamp() WHERE id IN (SELECT id FROM"
                               " calendar_jobs WHERE due_at > now() FOR UPDATE SKIP LOCKED)", soon()));
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

CALINT_TEST(a_validation_that_is_given_up_stays_and_its_connection_expires) {
  Installation installation;
  installation.connect("1", 1, 10, "validate");
  installation.run("UPDATE calendar_integrations SET status = 'error', last_error = 'no_mailbox', error_since = now();"
                   "INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider)"
                   " SELECT organization_id, 'refresh', integration_id, user_id, provider FROM calendar_jobs");
  const IntegrationJob due = claimed(installation.pool, claim_of(1, "validate")).at(0);
  CHECK_OK(give_up_validation(installation.pool, due.job, *due.integration, soon()));
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE given_up_at IS NOT NULL"), 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE kind = 'refresh'"), 0);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_changes WHERE change = 'expired'"), 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM audit_logs WHERE user_id IS NULL AND metadata ="
                                       " '{\"provider\": \"google\", \"reason\": \"no_mailbox\","
                                       " \"subject_user_id\": \"google validate 1\"}'"
                                       " AND action = 'calendar_integration.expired'"),
                   1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_integrations WHERE status = 'expired'"
                                       " AND last_error = 'no_mailbox'"),
                   1);
  CHECK_FAULT(give_up_validation(installation.pool, due.job, *due.integration, soon()), Fault::conflict);
}

CALINT_TEST(the_next_work_is_known_without_claiming_it) {
  Installation installation;
  CHECK_EQUAL(due_of(installation.pool).next, 1h);
  installation.connect("1", 1, -60);
  const Due later = due_of(installation.pool);
  CHECK(!later.has("refresh", "google"));
  CHECK(later.next > 40s && later.next <= 60s);
  installation.run("UPDATE calendar_jobs SET due_at = now()");
  const Due now = due_of(installation.pool);
  CHECK(now.has("refresh", "google") && now.next == 0ms);
}
