// Background work of any kind, from the claim to what a user or administrator sees of it.
#include "jobs/worker.h"

#include <sys/wait.h>
#include <unistd.h>

#include <new>
#include <stdexcept>
#include <thread>

#include "net/call_loop.h"
#include "support/pg_listener.h"
#include "support/pg_proxy.h"
#include "support/postgres.h"
#include "vault/vault.h"
#include "worker_node.h"

using namespace calint;
using namespace std::chrono_literals;
using Installation = calint::test::InstallationWithProvider;
using calint::test::down;
using calint::test::job_wait;
using calint::test::make_due;
using calint::test::Node;
using calint::test::queued;
using calint::test::unvalidated;

CALINT_TEST(a_node_takes_nothing_of_an_oauth_client_that_it_does_not_have) {
  Installation installation;
  installation.connect("1");
  unvalidated(installation, "2");
  make_due(installation);
  Node stranger(installation, 64, {}, "another client");
  stranger.run();
  ck_assert_int_eq(installation.refreshes + installation.lists, 0);
  ck_assert_int_eq(stranger.log.count("CALINT0204"), 0);
  ck_assert_int_eq(stranger.log.count("CALINT0224"), 1);
  ck_assert_int_eq(
      installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE attempts = 0 AND due_at <= now()"), 3);
  // A revocation needs no client.
  installation.run("UPDATE users SET active = false WHERE id = 1; UPDATE calendar_chores SET due_at = now()");
  stranger.run();
  ck_assert_int_eq(installation.revocations, 1);
  Node owner(installation);
  owner.run();
  ck_assert_int_eq(installation.refreshes, 1);
  ck_assert_int_eq(installation.lists, 1);
}

CALINT_TEST(a_validation_is_retried_until_it_works) {
  Installation installation;
  const int64_t id = unvalidated(installation);
  const auto works = std::exchange(installation.on_list, [] { return down(); });
  Node node(installation);
  node.run();
  CHECK_EQUAL(to_string(installation.integration(id).status), "error");
  CHECK_EQUAL(to_string(installation.integration(id).last_error.value()), "provider_unavailable");
  ck_assert_int_ge(job_wait(installation), 40);
  ck_assert_int_le(job_wait(installation), 75);
  make_due(installation);
  installation.run("UPDATE calendar_jobs SET due_at = now() + interval '1 hour' WHERE kind = 'refresh'");
  node.run();
  ck_assert_int_ge(job_wait(installation), 80);  // doubled
  installation.on_list = works;
  make_due(installation);
  node.run();
  CHECK_EQUAL(to_string(installation.integration(id).status), "connected");
  ck_assert_int_eq(queued(installation), 0);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_integration_calendars"), 1);
}

CALINT_TEST(a_validation_that_fails_for_the_whole_grace_is_given_up) {
  Installation installation;
  const int64_t id = unvalidated(installation);
  installation.on_list = [] { return down(); };
  installation.run("UPDATE calendar_integrations SET error_since = now() - interval '25 hours'");
  Node node(installation);
  node.run();
  CHECK_EQUAL(to_string(installation.integration(id).status), "expired");
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE given_up_at IS NOT NULL"
                                       " AND last_error = 'provider_unavailable'"),
                   1);
  ck_assert_int_eq(node.log.count("CALINT0221"), 1);
}

CALINT_TEST(a_look_that_ends_in_a_bug_ends_no_work) {
  // There is no memory for the line that says why a look failed.
  struct : LogSink {
    void write(LogLevel, std::string_view tag, std::string_view text) override {
      if (tag == "CALINT0205" && text.starts_with("background work: ")) throw std::bad_alloc();
      if (tag == "CALINT0216") ++bugs;
      if (tag == "CALINT0217") ++refreshed;
    }
    std::atomic<int> bugs{0}, refreshed{0};
  } log;
  Installation installation;
  const int64_t id = installation.connect("1");
  test::PgProxy proxy(test::cluster().folder());
  Node node(installation, 64, proxy.conninfo(installation.database));
  installation.on_refresh = [&, works = installation.on_refresh] {
    proxy.refuse(true);
    while (log.bugs == 0) pause(20ms);  // until the next look
    proxy.refuse(false);
    while (!node.runtime().pool().query({"SELECT 1", {}}, Deadline::in(3s))) pause(20ms);
    return works();
  };
  jobs::Worker(node.runtime(), log, [] { return false; }, {.kinds = app::kinds(), .chores = app::chores()}).run();
  CHECK(log.bugs > 0);
  ck_assert_int_eq(log.refreshed, 1);
  auto plain = vault::open_tokens(installation.keyset(), installation.integration(id));
  CHECK_OK(plain);
  CHECK_EQUAL(plain->access_token.reveal(), "new");
}

CALINT_TEST(work_that_ends_in_a_bug_stops_nobody_else) {
  Installation installation;
  for (int n = 1; n <= 20; ++n) installation.connect(std::to_string(n));
  const auto works = installation.on_refresh;
  std::atomic<int> calls{0};
  installation.on_refresh = [&] {
    if (++calls == 3) throw std::runtime_error("a bug");
    return works();
  };
  Node node(installation);
  node.run();
  ck_assert_int_eq(node.log.count("CALINT0217"), 19);
  ck_assert_int_eq(node.log.count("CALINT0216"), 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE attempts = 1"
                                       " AND lease_until > now() AND retry_at > now()"),
                   1);
}

CALINT_TEST(work_that_ends_the_process_again_and_again_is_given_up_unbegun) {
  Installation installation;
  const int64_t refresh = installation.connect("1");
  installation.run("UPDATE calendar_integrations SET token_expires_at = now() - interval '27 hours';"
                   "UPDATE calendar_jobs SET attempts = 5");
  Node node(installation);
  node.run();
  CHECK_EQUAL(to_string(installation.integration(refresh).status), "expired");

  Installation another;
  const int64_t validation = unvalidated(another);
  another.run("UPDATE calendar_integrations SET error_since = now() - interval '27 hours';"
              "UPDATE calendar_jobs SET attempts = 5");
  Node again(another);
  again.run();
  CHECK_EQUAL(to_string(another.integration(validation).status), "expired");
  ck_assert_int_eq(installation.refreshes + another.refreshes + another.lists, 0);
}

CALINT_TEST(a_node_that_dies_at_its_work_leaves_all_of_it_to_come_back) {
  Installation installation;
  for (int n = 1; n <= 3; ++n) installation.connect(std::to_string(n));
  const auto works = std::exchange(installation.on_refresh, []() -> HttpResponse { _exit(9); });
  const pid_t child = fork();
  if (child == 0) {
    Node(installation).run(1);
    _exit(0);
  }
  int status = 0;
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  ck_assert_int_eq(WEXITSTATUS(status), 9);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE attempts = 1"
                                       " AND retry_at BETWEEN now() AND now() + interval '40 seconds'"),
                   3);
  // The time has come, and the lease of the one that it died at is over.
  make_due(installation);
  installation.on_refresh = works;
  Node survivor(installation);
  survivor.run();
  ck_assert_int_eq(installation.refreshes, 3);
  ck_assert_int_eq(survivor.log.count("CALINT0217"), 3);
}

CALINT_TEST(background_work_leaves_half_of_the_places_to_requests) {
  Installation installation;
  for (int n = 1; n <= 12; ++n) installation.connect(std::to_string(n));
  std::atomic<int> at_once{0}, most{0};
  const auto works = installation.on_refresh;
  installation.on_refresh = [&] {
    const int now = ++at_once;
    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    std::this_thread::sleep_for(20ms);
    --at_once;
    return works();
  };
  Node node(installation, 4);
  node.run();
  ck_assert_int_eq(installation.refreshes, 12);
  ck_assert_int_ge(most, 1);
  ck_assert_int_le(most, 2);

  // Requests have taken their half and one more: nothing is begun, nothing counts as an attempt.
  make_due(installation);
  installation.refreshes = 0;
  const auto one = node.runtime().provider_slot(), two = node.runtime().provider_slot();
  CHECK(one.ok() && two.ok());
  node.run();
  ck_assert_int_eq(installation.refreshes, 0);
  ck_assert_int_eq(installation.number("SELECT max(attempts) AS n FROM calendar_jobs"), 0);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE due_at"
                                       " BETWEEN now() - interval '1 minute' AND now() + interval '4 seconds'"),
                   12);
}

CALINT_TEST(a_node_that_stops_begins_nothing_new_and_gives_back_what_it_claimed) {
  Installation installation;
  for (int n = 1; n <= 50; ++n) installation.connect(std::to_string(n));
  Node node(installation);
  const auto works = installation.on_refresh;
  installation.on_refresh = [&] {
    node.stopping = true;
    return works();
  };
  node.run(2);
  ck_assert_int_ge(installation.refreshes, 1);
  ck_assert_int_le(installation.refreshes, 2);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE attempts = 0"
                                       " AND due_at <= now() AND lease_until IS NULL"),
                   50 - installation.refreshes);
  node.run();
  ck_assert_int_le(installation.refreshes, 2);
}

CALINT_TEST(who_has_left_is_disconnected_and_the_grant_revoked) {
  Installation installation;
  installation.connect("1");
  const int64_t stays = installation.connect("2");
  installation.run("UPDATE users SET active = false WHERE id = 1");
  Node node(installation);
  node.run();
  ck_assert_int_eq(installation.revocations, 1);
  CHECK_EQUAL(to_string(installation.integration(stays).status), "connected");
  ck_assert_int_eq(
      installation.number("SELECT count(*) AS n FROM calendar_integrations WHERE NOT active AND user_id = '1'"
                          " AND access_token_encrypted IS NULL"),
      1);
  ck_assert_int_eq(
      installation.number("SELECT count(*) AS n FROM audit_logs WHERE user_id IS NULL AND action ="
                          " 'calendar_integration.disconnected' AND metadata ="
                          " '{\"provider\": \"google\", \"reason\": \"left\", \"subject_user_id\": \"1\"}'"),
      1);
  ck_assert_int_eq(node.log.count("CALINT0222"), 1);
}

CALINT_TEST(who_has_left_is_disconnected_though_the_token_cannot_be_opened) {
  Installation installation;
  installation.connect("1");
  installation.connect("2");
  installation.run("UPDATE users SET active = false WHERE id = 1");
  installation.run("UPDATE calendar_integrations SET access_token_encrypted = '\\x00' WHERE user_id = '1'");
  Node node(installation);
  node.run();
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_integrations WHERE NOT active"), 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM audit_logs WHERE"
                                       " metadata ->> 'provider_revocation' = 'token_unreadable'"),
                   1);
  ck_assert_int_eq(node.log.count("CALINT0209"), 1);
}

CALINT_TEST(a_revocation_ends_before_its_hold_on_the_grant) {
  Installation installation;
  installation.provider_timeout = 60s;  // the most that CalIntProviderTimeout takes
  installation.connect("1");
  installation.connect("2");
  installation.run("UPDATE users SET active = false WHERE id = 1");
  Node node(installation);
  node.run();
  ck_assert_int_eq(installation.revocations, 1);
  CHECK(installation.revoked_within.load() <= store::kRevocationLease - 4s);
}

CALINT_TEST(where_nobody_at_all_is_entitled_the_users_view_is_broken) {
  Installation installation;
  const int64_t id = installation.connect("1");
  installation.run("UPDATE users SET active = false");
  Node node(installation);
  node.run();
  CHECK_EQUAL(to_string(installation.integration(id).status), "connected");
  ck_assert_int_eq(node.log.count("CALINT0204"), 1);
}

CALINT_TEST(listeners_hear_of_what_the_worker_changed) {
  Installation installation;
  test::PgListener listener(installation.conninfo, "calint");
  unvalidated(installation);
  Node node(installation);
  node.run();
  node.run();
  ck_assert_int_eq(listener.heard(), 1);
}

CALINT_TEST(an_idle_node_looks_again_within_two_seconds) {
  Installation installation;
  Node node(installation);
  node.run();
  const auto pause = node.run();
  ck_assert_int_ge(pause.count(), 1500);
  ck_assert_int_le(pause.count(), 2000);
}

CALINT_TEST(a_dead_database_is_logged_and_asked_again_later) {
  Installation installation;
  Node node(installation);
  NodeSlots none(nullptr, 0);
  auto lost = Runtime::make({.settings = {.database = "host=127.0.0.1 port=1 connect_timeout=1"},
                                  .keyset = installation.keyset(),
                                  .node_id = "node",
                                  .provider_slots = none});
  CHECK_OK(lost);
  test::Log log;
  const auto pause =
      jobs::Worker(**lost, log, [] { return false; }, {.kinds = app::kinds(), .chores = app::chores()}).run();
  ck_assert_int_ge(log.count("CALINT0205"), 1);
  ck_assert_int_ge(pause.count(), 1500);
}
