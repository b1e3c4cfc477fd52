// Which work is due, and that a node is told of and takes that of its own lanes alone.
#include "store/due.h"

#include <set>

#include "background_work.h"
#include "store/revocations.h"
#include "support/check.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::store;
using calint::test::BackgroundWork;
using calint::test::claim_of;
using calint::test::claimed;
using calint::test::due_of;
using calint::test::kKinds;
using calint::test::soon;
using namespace std::chrono_literals;

CALINT_TEST(a_claim_takes_the_work_of_one_lane) {
  BackgroundWork installation;
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
  BackgroundWork installation;
  installation.run("INSERT INTO calendar_oauth_clients (organization_id, provider, client_id) VALUES"
                   " ('', 'google', 'ours'), ('', 'google', 'theirs'), ('1', 'google', 'own')");
  installation.connect("1", 4, 10);
  installation.run("UPDATE calendar_integrations SET oauth_client_id = (SELECT id FROM calendar_oauth_clients"
                   " WHERE client_id = CASE right(user_id, 1) WHEN '1' THEN 'ours' WHEN '2' THEN 'theirs'"
                   " WHEN '3' THEN 'own' END);"
                   // Whoever is without a client has a password.
                   "UPDATE calendar_jobs SET provider = provider");
  const auto lanes =
      client_lanes(installation.pool, {{ProviderId::google, "ours"}, {ProviderId::outlook, "theirs"}}, soon());
  CHECK_OK(lanes);
  ck_assert_uint_eq(lanes->size(), 1);
  const auto users = [&](const std::string& lane) {
    std::set<std::string> all;
    for (const IntegrationJob& one : claimed(installation.pool, claim_of(8, "refresh", lane)))
      all.insert(one.integration->user_id);
    return all;
  };
  CHECK_EQUAL(users(lanes->front().name), std::set<std::string>{"google refresh 1"});
  CHECK_EQUAL(users("google"), (std::set<std::string>{"google refresh 3", "google refresh 4"}));

  const auto with_work = lanes_with_work(installation.pool, kKinds, soon());
  CHECK_OK(with_work);
  std::set<std::string> clients;
  for (const LaneWithWork& lane : *with_work) clients.insert(lane.client_id.value_or("-"));
  CHECK_EQUAL(clients, (std::set<std::string>{"-", "ours", "theirs"}));
}

CALINT_TEST(only_the_work_of_lanes_that_are_asked_for_is_told_of) {
  BackgroundWork installation;
  installation.connect("1", 1, 10, "refresh", "outlook");
  installation.connect("1", 1, 10, "validate", "apple");
  installation.revoke("1", 1);
  const std::vector<std::string> all = {"google", "outlook", "apple"};
  const Due due = *what_is_due(installation.pool, kKinds, all, {}, soon());
  using Jobs = std::set<std::pair<std::string, std::string>>;
  CHECK_EQUAL(due.jobs, (Jobs{{"refresh", "outlook"}, {"validate", "apple"}, {"revoke", "google"}}));
  CHECK_EQUAL(due.next, 0ms);
  CHECK_EQUAL(what_is_due(installation.pool, {"revoke"}, all, {}, soon())->jobs, (Jobs{{"revoke", "google"}}));

  installation.run("UPDATE calendar_jobs SET due_at = now() + interval '5 minutes' WHERE provider = 'google';"
                   "UPDATE calendar_chores SET due_at = now() + interval '1 hour'");
  const Due mine = due_of(installation.pool);
  CHECK(mine.jobs.empty() && mine.chores.empty() && mine.next > 4min);
  installation.run("UPDATE calendar_chores SET due_at = now() WHERE chore <> 'announcement'");
  const Due nobodys = *what_is_due(installation.pool, kKinds, {}, {}, soon());
  CHECK_EQUAL(nobodys.chores, (std::set<std::string>{"leavers", "lists", "retention"}));
  CHECK_EQUAL(nobodys.next, 1h);
}

CALINT_TEST(the_next_work_is_known_without_claiming_it) {
  BackgroundWork installation;
  CHECK_EQUAL(due_of(installation.pool).next, 1h);
  installation.connect("1", 1, -60);
  const Due later = due_of(installation.pool);
  CHECK(!later.has("refresh", "google"));
  CHECK(later.next > 40s && later.next <= 60s);
  installation.run("UPDATE calendar_jobs SET due_at = now()");
  const Due now = due_of(installation.pool);
  CHECK(now.has("refresh", "google"));
  CHECK_EQUAL(now.next, 0ms);
}
