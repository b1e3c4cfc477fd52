// Background work from the claim to what a user or administrator sees of it.
#include "jobs/worker.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <new>
#include <stdexcept>
#include <thread>

#include "integration/access_token.h"
#include "integration/due_refresh.h"
#include "jobs/breakers.h"
#include "jobs/perform.h"
#include "net/call_loop.h"
#include "store/rekey.h"
#include "support/pg_listener.h"
#include "support/pg_proxy.h"
#include "support/postgres.h"
#include "support/scripted_transport.h"
#include "vault/vault.h"
#include "worker_node.h"

using namespace calint;
using namespace std::chrono_literals;
using Installation = calint::test::InstallationWithProvider;
using calint::test::json_answer;
using calint::test::Node;

namespace {

HttpResponse down(std::string_view retry_after = "") {
  HttpResponse answer = json_answer(503, "{}");
  if (!retry_after.empty()) answer.headers.emplace_back("retry-after", retry_after);
  return answer;
}

HttpResponse refused(std::string_view error) { return json_answer(400, R"({"error":")" + std::string(error) + R"("})"); }

// How many seconds ahead the only integration's refresh is.
int64_t refresh_wait(Installation& installation) {
  return installation.number("SELECT extract(epoch FROM due_at - now())::bigint AS n FROM calendar_jobs"
                             " WHERE kind = 'refresh'");
}

int64_t job_wait(Installation& installation) {
  return installation.number("SELECT extract(epoch FROM due_at - now())::bigint AS n FROM calendar_jobs"
                             " WHERE kind IN ('validate', 'revoke')");
}

// Apart from what a ticked calendar has to be read for.
int64_t queued(Installation& installation) {
  return installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE kind IN ('validate', 'revoke')");
}

void make_due(Installation& installation) {
  installation.run("UPDATE calendar_jobs SET due_at = now(), lease_until = NULL");
}

void make_refresh_due(Installation& installation) {
  installation.run("UPDATE calendar_jobs SET due_at = now() WHERE kind = 'refresh'");
}

// Since what waits for the operator was tried last.
void let_a_minute_pass(Installation& installation) { installation.run("UPDATE calendar_breakers SET probe_at = now()"); }

int64_t audited(Installation& installation) {
  return installation.number("SELECT count(*) AS n FROM audit_logs");
}

// A connection that was never validated: `error`, with its validation due, and fresh tokens.
int64_t unvalidated(Installation& installation, const std::string& user = "1") {
  const int64_t id = installation.connect(user);
  installation.run(fmt::format("UPDATE calendar_integrations SET status = 'error', last_error = 'not_validated',"
                               " error_since = now(), token_expires_at = now() + interval '1 hour' WHERE id = {0};"
                               "UPDATE calendar_jobs SET due_at = now() + interval '55 minutes' WHERE integration_id = {0};"
                               "INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider)"
                               " SELECT '1', 'validate', id, user_id, provider FROM calendar_integrations WHERE id = {0}",
                               id));
  return id;
}

// A node that has claimed what is due, and does it one at a time, over a way to the database that can be cut.
struct Claimed {
  explicit Claimed(Installation& installation)
      : node(installation, 64, proxy.conninfo(installation.database)),
        refreshes(std::move(integration::kRefresh
                                .claim(node.runtime(), jobs::claim_of(integration::kRefresh, test::client_lane(installation), "node", 8),
                                       round, Deadline::in(30s))
                                ->jobs)) {}

  std::string_view refresh_next() {
    const Call call{.log = node.log, .deadline = Deadline::in(6s)};
    return jobs::perform(integration::kRefresh, *refreshes.at(next++),
                         {.runtime = node.runtime(), .call = call, .stopping = stopping})
        .word;
  }

  test::PgProxy proxy{test::cluster().folder()};
  Node node;
  store::RoundRobin round;
  std::vector<std::unique_ptr<jobs::Job>> refreshes;
  std::function<bool()> stopping = [] { return false; };
  size_t next = 0;
};

}  // namespace

CALINT_TEST(two_nodes_refresh_a_thousand_connections_once_each) {
  Installation installation;
  for (int n = 1; n <= 1000; ++n) installation.connect(std::to_string(n));
  Node first(installation), second(installation);
  const auto work = [&](Node& node) {
    do node.run();
    while (installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE due_at <= now()") > 0);
  };
  std::thread other([&] { work(second); });
  work(first);
  other.join();
  ck_assert_int_eq(installation.refreshes, 1000);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs j JOIN calendar_integrations i"
                                       " ON i.id = j.integration_id WHERE attempts = 0 AND lease_until IS NULL"
                                       " AND token_expires_at > now() + interval '59 minutes'"
                                       " AND due_at BETWEEN token_expires_at - interval '375 seconds'"
                                       " AND token_expires_at - interval '300 seconds'"),
                   1000);
  ck_assert_int_ge(installation.number("SELECT count(DISTINCT token_expires_at - due_at) AS n"
                                       " FROM calendar_jobs j JOIN calendar_integrations i ON i.id = j.integration_id"),
                   300);
  ck_assert_int_eq(first.log.count("CALINT0217") + second.log.count("CALINT0217"), 1000);
  ck_assert_int_eq(queued(installation), 0);
}

CALINT_TEST(pages_and_the_worker_refresh_a_connection_once) {
  Installation installation;
  std::vector<int64_t> ids;
  for (int n = 1; n <= 40; ++n) ids.push_back(installation.connect(std::to_string(n)));
  installation.run("UPDATE calendar_integrations SET token_expires_at = now() - interval '1 minute'");
  Node node(installation), pages(installation);
  std::thread worker([&] { node.run(); });
  for (const int64_t id : ids) {
    store::Integration integration = installation.integration(id);
    auto token = integration::access_token(pages.runtime(), {.log = pages.log, .deadline = Deadline::in(10s)},
                                   integration, false);
    CHECK_OK(token);
    CHECK_EQUAL(token->reveal(), "new");
  }
  worker.join();
  ck_assert_int_eq(installation.refreshes, 40);
}

CALINT_TEST(a_refresh_is_its_claim_and_one_transaction_however_it_ends) {
  Installation installation;
  for (int n = 1; n <= 6; ++n) installation.connect(std::to_string(n));
  Claimed claimed(installation);
  ck_assert_int_eq(claimed.refreshes.size(), 6);
  const auto works = installation.on_refresh;
  int before = claimed.proxy.round_trips();
  for (const auto& answer : {works, works, works, std::function([] { return down(); }),
                             std::function([] { return down("1200"); }),
                             std::function([] { return refused("invalid_client"); })}) {
    installation.on_refresh = answer;
    claimed.refresh_next();
    ck_assert_int_eq(claimed.proxy.round_trips(), ++before);
  }
  ck_assert_int_eq(queued(installation), 0);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE attempts = 0"), 4);
}

CALINT_TEST(a_commit_in_doubt_is_read_back) {
  Installation installation;
  const int64_t id = installation.connect("1");
  Claimed claimed(installation);
  const std::string before = installation.integration(id).seal_id;
  installation.on_refresh = [&, works = installation.on_refresh] {
    claimed.proxy.lose_one_answer();
    return works();
  };
  claimed.refresh_next();
  ck_assert_int_eq(claimed.node.log.count("CALINT0217"), 1);
  ck_assert_int_eq(installation.refreshes, 1);
  CHECK(installation.integration(id).seal_id != before);
  ck_assert_int_eq(queued(installation), 0);
}

CALINT_TEST(tokens_that_are_sealed_anew_during_their_refresh_are_replaced_all_the_same) {
  Installation installation;
  const int64_t id = installation.connect("1");
  const auto open = [&] {
    auto plain = vault::open_tokens(installation.keyset(), installation.integration(id));
    CHECK_OK(plain);
    return std::move(*plain);
  };
  installation.on_refresh = [&] {
    vault::PlainTokens plain = open();
    auto sealed = vault::seal_tokens(installation.keyset(), {"1", "1", ProviderId::google, 1},
                                     {.access_token = std::move(plain.access_token),
                                      .refresh_token = std::move(plain.refresh_token)});
    CHECK_OK(sealed);
    auto swapped = store::swap_tokens(installation.pool, installation.integration(id), *sealed, Deadline::in(30s));
    CHECK_OK(swapped);
    CHECK(*swapped);
    return json_answer(200, R"({"access_token":"new","refresh_token":"second","expires_in":3599,)"
                            R"("token_type":"Bearer"})");
  };
  Node node(installation);
  node.run();
  const vault::PlainTokens plain = open();
  CHECK_EQUAL(plain.access_token.reveal(), "new");
  CHECK_EQUAL(plain.refresh_token->reveal(), "second");
  ck_assert_int_eq(queued(installation), 0);
  ck_assert_int_eq(node.log.count("CALINT0217"), 1);
  ck_assert_int_eq(node.log.count("CALINT0205"), 0);
}

CALINT_TEST(a_process_that_stops_tries_to_store_what_came_for_a_while) {
  Installation installation;
  const int64_t id = installation.connect("1");
  Claimed claimed(installation);
  const std::string before = installation.integration(id).seal_id;
  bool is_asked = false;
  installation.on_refresh = [&, works = installation.on_refresh] {
    claimed.proxy.refuse(true);
    is_asked = true;
    return works();
  };
  claimed.stopping = [&] {
    if (is_asked) claimed.proxy.refuse(false);
    return is_asked;
  };
  claimed.refresh_next();
  ck_assert_int_eq(claimed.node.log.count("CALINT0205"), 1);
  CHECK(installation.integration(id).seal_id != before);

  make_due(installation);
  Claimed again(installation);
  is_asked = false;
  installation.on_refresh = [&, works = installation.on_refresh] {
    again.proxy.refuse(true);
    is_asked = true;
    return works();
  };
  again.stopping = [&] { return is_asked; };
  const auto begun = std::chrono::steady_clock::now();
  again.refresh_next();
  CHECK(std::chrono::steady_clock::now() - begun < 3s);
}

CALINT_TEST(a_grant_that_is_dead_expires_its_connection_at_once) {
  Installation installation;
  const int64_t id = installation.connect("1");
  installation.on_refresh = [] { return refused("invalid_grant"); };
  Node node(installation);
  node.run();
  CHECK_EQUAL(to_string(installation.integration(id).status), "expired");
  CHECK_EQUAL(to_string(installation.integration(id).last_error.value()), "access_withdrawn");
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM audit_logs WHERE user_id IS NULL"
                                       " AND action = 'calendar_integration.expired'"
                                       " AND metadata @> '{\"subject_user_id\": \"1\"}'"),
                   1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_changes WHERE change = 'expired'"), 1);
  ck_assert_int_eq(node.log.count("CALINT0214"), 1);
  make_due(installation);
  node.run();
  ck_assert_int_eq(installation.refreshes, 1);
}

CALINT_TEST(a_provider_or_a_client_in_trouble_is_told_in_few_lines) {
  Installation installation;
  for (int i = 0; i < 30; ++i) installation.connect(std::to_string(i));
  installation.on_refresh = [] { return down(); };
  Node node(installation);
  node.run();
  ck_assert_int_eq(node.log.count("CALINT0220"), 30);
  ck_assert_int_eq(node.log.loud("CALINT0220"), 1);
  make_due(installation);
  installation.on_refresh = [] { return refused("invalid_client"); };
  node.run();
  CHECK(node.log.count("CALINT0204") < 30);  // as many as were under way
  ck_assert_int_eq(node.log.loud("CALINT0204"), 1);
  let_a_minute_pass(installation);
  installation.on_refresh = [] {
    return json_answer(200, R"({"access_token":"new","expires_in":3599,"token_type":"Bearer"})");
  };
  node.run();
  ck_assert_int_eq(node.log.said("google: over after"), 1);
  ck_assert_int_eq(node.log.said("google, this server's OAuth client: over after"), 1);
}

CALINT_TEST(what_the_operator_is_to_mend_touches_nobody) {
  Installation installation;
  const int64_t id = installation.connect("1");
  installation.run("UPDATE calendar_integrations SET token_expires_at = now() - interval '3 days';"
                   "UPDATE calendar_jobs SET attempts = 3");
  installation.on_refresh = [] { return refused("invalid_client"); };
  Node node(installation);
  node.run();
  CHECK_EQUAL(to_string(installation.integration(id).status), "connected");
  CHECK(!installation.integration(id).last_error);
  ck_assert_int_eq(node.log.count("CALINT0204"), 1);
  ck_assert_int_eq(audited(installation), 0);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE due_at <= now() AND attempts = 0"), 1);
  // However long it takes.
  for (int again = 0; again < 8; ++again) {
    let_a_minute_pass(installation);
    node.run();
  }
  CHECK_EQUAL(to_string(installation.integration(id).status), "connected");
  ck_assert_int_eq(installation.refreshes, 9);
}

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
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE attempts = 0 AND due_at <= now()"), 3);
  // A revocation needs no client.
  installation.run("UPDATE users SET active = false WHERE id = 1; UPDATE calendar_chores SET due_at = now()");
  stranger.run();
  ck_assert_int_eq(installation.revocations, 1);
  Node owner(installation);
  owner.run();
  ck_assert_int_eq(installation.refreshes, 1);
  ck_assert_int_eq(installation.lists, 1);
}

CALINT_TEST(passing_trouble_is_retried_and_shows_once_the_token_has_expired) {
  Installation installation;
  const int64_t id = installation.connect("1");
  installation.on_refresh = [] { return down(); };
  Node node(installation);
  node.run();
  CHECK_EQUAL(to_string(installation.integration(id).status), "connected");
  ck_assert_int_ge(refresh_wait(installation), 15);
  ck_assert_int_le(refresh_wait(installation), 38);
  ck_assert_int_eq(node.log.count("CALINT0220"), 1);

  installation.on_refresh = [] { return down("1200"); };
  installation.run("UPDATE calendar_integrations SET token_expires_at = now() - interval '2 days'");
  make_refresh_due(installation);
  node.run();
  CHECK_EQUAL(to_string(installation.integration(id).status), "error");
  CHECK_EQUAL(to_string(installation.integration(id).last_error.value()), "provider_unavailable");
  ck_assert_int_ge(refresh_wait(installation), 1190);
  ck_assert_int_ge(job_wait(installation), 3590);

  installation.run("UPDATE calendar_integrations SET error_since = now() - interval '23 hours'");
  make_refresh_due(installation);
  node.run();
  CHECK_EQUAL(to_string(installation.integration(id).status), "error");
  installation.run("UPDATE calendar_integrations SET error_since = now() - interval '24 hours'");
  make_refresh_due(installation);
  node.run();
  CHECK_EQUAL(to_string(installation.integration(id).status), "expired");
  ck_assert_int_eq(queued(installation), 0);
}

CALINT_TEST(a_refresh_that_works_again_brings_the_connection_back_at_once) {
  Installation installation;
  const int64_t id = installation.connect("1");
  installation.run("UPDATE calendar_integrations SET token_expires_at = now() - interval '1 minute'");
  const auto works = std::exchange(installation.on_refresh, [] { return down(); });
  Node node(installation);
  node.run();
  CHECK_EQUAL(to_string(installation.integration(id).status), "error");
  installation.on_refresh = works;
  make_refresh_due(installation);
  node.run();
  CHECK_EQUAL(to_string(installation.integration(id).status), "connected");
  ck_assert_int_eq(installation.refreshes, 2);
  ck_assert_int_eq(installation.lists, 1);
  ck_assert_int_eq(queued(installation), 0);
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
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_integrations WHERE NOT active AND user_id = '1'"
                                       " AND access_token_encrypted IS NULL"),
                   1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM audit_logs WHERE user_id IS NULL AND action ="
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
  const auto pause = jobs::Worker(**lost, log, [] { return false; }, {.kinds = app::kinds(), .chores = app::chores()}).run();
  ck_assert_int_ge(log.count("CALINT0205"), 1);
  ck_assert_int_ge(pause.count(), 1500);
}

CALINT_TEST(what_the_operator_has_to_mend_is_tried_once_a_minute_for_all_that_wait) {
  Installation installation;
  constexpr int kPeople = 30;
  for (int n = 1; n <= kPeople; ++n) installation.connect(std::to_string(n));
  const auto works = installation.on_refresh;
  installation.on_refresh = [] { return refused("invalid_client"); };
  Node node(installation, 8);  // four of which are for background work
  node.run();
  const int first = installation.refreshes;
  CHECK(first >= 1 && first <= 4);
  Node another(installation, 8);
  another.run();
  node.run();
  ck_assert_int_eq(installation.refreshes, first);
  ck_assert_int_eq(node.log.loud("CALINT0204"), 1);
  ck_assert_int_eq(another.log.loud("CALINT0204"), 0);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_integrations WHERE status = 'connected'"), kPeople);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE due_at <= now() AND lease_until IS NULL"
                                       " AND attempts = 0"), kPeople);

  let_a_minute_pass(installation);
  another.run();
  node.run();
  ck_assert_int_eq(installation.refreshes, first + 1);

  installation.on_refresh = works;
  let_a_minute_pass(installation);
  jobs::Worker worker(another.runtime(), another.log, [] { return false; }, {.kinds = app::kinds(), .chores = {}});
  for (int runs = 0; runs < 20 && installation.refreshes < first + 1 + kPeople; ++runs)
    std::this_thread::sleep_for(worker.run());
  ck_assert_int_eq(installation.refreshes, first + 1 + kPeople);
  ck_assert_int_eq(another.log.count("CALINT0228"), 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_breakers"), 0);
}

CALINT_TEST(what_a_missing_key_seals_waits_for_it_and_the_rest_goes_on) {
  Installation installation;
  for (int n = 1; n <= 3; ++n) installation.connect(std::to_string(n));
  installation.run("UPDATE calendar_integrations SET"
                   " refresh_token_encrypted = overlay(refresh_token_encrypted PLACING '\\x00000001' FROM 2 FOR 4)"
                   " WHERE user_id <> '3'");
  Node node(installation);
  node.run();
  ck_assert_int_eq(installation.refreshes, 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE lane = '!key/00000001'"), 2);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_breakers WHERE subject = 'key/00000001'"), 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_integrations WHERE status = 'connected'"), 3);
  node.run();
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE lane = '!key/00000001'"), 2);
}

CALINT_TEST(a_reload_with_another_secret_tries_at_once) {
  Installation installation;
  for (int n = 1; n <= 5; ++n) installation.connect(std::to_string(n));
  const auto works = installation.on_refresh;
  installation.on_refresh = [] { return refused("invalid_client"); };
  Node(installation, 8).run();
  const int before = installation.refreshes;
  installation.run("UPDATE calendar_breakers SET mark = 'of the former secret'");
  installation.on_refresh = works;
  Node reloaded(installation, 8);
  jobs::Worker worker(reloaded.runtime(), reloaded.log, [] { return false; }, {.kinds = app::kinds(), .chores = {}});
  for (int runs = 0; runs < 20 && installation.refreshes < before + 5; ++runs) std::this_thread::sleep_for(worker.run());
  ck_assert_int_eq(installation.refreshes, before + 5);
}

CALINT_TEST(what_is_opened_while_the_database_is_asked_is_held) {
  Installation installation;
  Node node(installation);
  jobs::Breakers breakers(node.runtime(), node.log);
  const auto look = [&] { CHECK_OK(breakers.look({}, {"google/1"}, {"refresh"}, Deadline::in(5s))); };
  breakers.will_look();
  breakers.opened({.subject = "client/1", .provider = ProviderId::google, .kinds = {"refresh"}, .lane = "google/1", .name = "google"});
  look();
  CHECK(breakers.holds("refresh", "google/1"));
  breakers.will_look();
  look();
  CHECK(!breakers.holds("refresh", "google/1"));
}

CALINT_TEST(calendars_that_are_refused_hold_no_refresh) {
  Installation installation;
  unvalidated(installation, "1");
  unvalidated(installation, "2");
  installation.connect("3");
  installation.on_list = [] {
    return json_answer(403, R"({"error":{"code":403,"errors":[{"reason":"accessNotConfigured"}],"message":"x"}})");
  };
  Node node(installation, 4);  // two of which are for background work
  node.run();
  CHECK(installation.lists <= 2);
  ck_assert_int_eq(installation.refreshes, 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_breakers WHERE subject LIKE 'calendars/%'"), 1);
  const int lists = installation.lists;
  make_due(installation);
  Node(installation, 4).run();
  ck_assert_int_eq(installation.lists, lists);
}
