// Refreshes in the background, from the claim to what a user sees of them.
#include "integration/due_refresh.h"

#include <thread>

#include "integration/access_token.h"
#include "jobs/perform.h"
#include "store/rekey.h"
#include "support/pg_proxy.h"
#include "support/postgres.h"
#include "support/scripted_transport.h"
#include "vault/vault.h"
#include "worker_node.h"

using namespace calint;
using namespace std::chrono_literals;
using Installation = calint::test::InstallationWithProvider;
using calint::test::down;
using calint::test::job_wait;
using calint::test::json_answer;
using calint::test::make_due;
using calint::test::Node;
using calint::test::queued;
using calint::test::refused;

namespace {

// How many seconds ahead the only integration's refresh is.
int64_t refresh_wait(Installation& installation) {
  return installation.number("SELECT extract(epoch FROM due_at - now())::bigint AS n FROM calendar_jobs"
                             " WHERE kind = 'refresh'");
}

void make_refresh_due(Installation& installation) {
  installation.run("UPDATE calendar_jobs SET due_at = now() WHERE kind = 'refresh'");
}

// A node that has claimed what is due, and does it one at a time, over a way to the database that can be cut.
struct Claimed {
  explicit Claimed(Installation& installation)
      : node(installation, 64, proxy.conninfo(installation.database)),
        refreshes(
            std::move(integration::kRefresh
                          .claim(node.runtime(),
                                 jobs::claim_of(integration::kRefresh, test::client_lane(installation), "node", 8),
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
