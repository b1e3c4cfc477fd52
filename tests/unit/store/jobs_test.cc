// How background work is claimed: once, fairly, and again where the claimer is never heard of.
#include "store/jobs.h"

#include <fmt/format.h>

#include <latch>
#include <map>
#include <set>
#include <thread>

#include "background_work.h"
#include "store/revocations.h"
#include "store/validations.h"
#include "support/check.h"
#include "support/pg_proxy.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::store;
using calint::test::BackgroundWork;
using calint::test::claim_of;
using calint::test::claimed;
using calint::test::due_of;
using calint::test::soon;
using calint::test::wait;
using namespace std::chrono_literals;

namespace {

using Ids = std::multiset<int64_t>;

// Claims until nothing is left, on two threads, of which each gets some; everything that was claimed.
template <typename Claims>
Ids claimed_by_two(Claims claims) {
  Ids ids[2];
  std::latch both(2);
  std::vector<std::thread> threads;
  for (Ids& mine : ids)
    threads.emplace_back([&mine, &both, claims] {
      while (mine.empty()) mine = claims();
      both.arrive_and_wait();
      // One that found only rows which the other is claiming comes again.
      for (int empty = 0; empty < 20;) {
        const auto some = claims();
        mine.insert(some.begin(), some.end());
        empty = some.empty() ? empty + 1 : 0;
      }
    });
  for (std::thread& thread : threads) thread.join();
  ids[0].insert(ids[1].begin(), ids[1].end());
  return ids[0];
}

void check_each_once(const Ids& ids, size_t expected) {
  ck_assert_uint_eq(ids.size(), expected);
  ck_assert_uint_eq((std::set<int64_t>(ids.begin(), ids.end()).size()), expected);
}

}  // namespace

CALINT_TEST(two_nodes_claim_each_job_once) {
  BackgroundWork installation;
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
  BackgroundWork installation;
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
  BackgroundWork installation;
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
  BackgroundWork installation;
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
  BackgroundWork installation;
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
  BackgroundWork installation;
  for (int n = 0; n < 40; ++n) installation.connect(fmt::format("o{}", n), 40, 10);
  ck_assert_uint_eq(claimed(installation.pool, claim_of(32)).size(), 32);
  // What was locked and not taken has kept the mark of that.
  ck_assert_int_le(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE xmax <> 0"
                                       " AND attempts = 0"),
                   32);
}

CALINT_TEST(what_was_given_up_is_not_claimed_and_what_ended_comes_without_its_integration) {
  BackgroundWork installation;
  installation.connect("1", 3, 10);
  installation.connect("1", 1, 10, "validate");
  installation.run(
      "UPDATE calendar_integrations SET status = 'inactive', active = false WHERE user_id = 'google refresh 2';"
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
  BackgroundWork installation;
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
  BackgroundWork installation;
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

CALINT_TEST(what_is_put_off_comes_back_when_it_was_said) {
  BackgroundWork installation;
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
  BackgroundWork installation;
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
  BackgroundWork installation;
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
  BackgroundWork installation;
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
  BackgroundWork installation;
  installation.connect("1", 1, 10);
  const char* another =
      "INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, subject)"
      " SELECT organization_id, kind, integration_id, user_id, provider, 'a calendar' FROM calendar_jobs"
      " WHERE subject = ''";
  installation.run(another);
  CHECK_FAULT(installation.open()->script(another, soon()), Fault::conflict);
  std::set<std::string> subjects;
  for (const IntegrationJob& one : claimed(installation.pool, claim_of(8))) subjects.insert(one.job.subject);
  CHECK_EQUAL(subjects, (std::set<std::string>{"", "a calendar"}));
}

CALINT_TEST(a_validation_that_is_given_up_stays_and_its_connection_expires) {
  BackgroundWork installation;
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
