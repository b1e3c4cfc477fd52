// What waits for the operator: which jobs, in which lane, and that all of them come back.
#include "store/breakers.h"

#include <fmt/format.h>

#include "store/due.h"
#include "support/check.h"
#include "support/installation.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::store;
using calint::test::soon;
using namespace std::chrono_literals;

namespace {

// Two people of organisation 1 through its own client, two through the server's; a refresh and a validation each.
struct Installation : test::Installation {
  Installation()
      : test::Installation(
            "INSERT INTO calendar_oauth_clients (organization_id, provider, client_id) VALUES ('', 'google', 'server'),"
            " ('1', 'google', 'own');"
            "INSERT INTO calendar_integrations (organization_id, user_id, provider, account_key, seal_id, status,"
            " oauth_client_id) SELECT '1', c.client_id || n, 'google', 'key', 's', 'connected', c.id"
            " FROM calendar_oauth_clients c, generate_series(1, 2) n;"
            "INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, due_at)"
            " SELECT organization_id, kind, id, user_id, 'google', now() - interval '1 minute'"
            " FROM calendar_integrations, unnest('{refresh,validate}'::text[]) kind") {}

  int64_t answer(postgres::Statement question) {
    auto found = pool.query(std::move(question), soon());
    CHECK_OK(found);
    return found->integer(0, "n");
  }

  int64_t client(const std::string& name) {
    return answer({"SELECT id AS n FROM calendar_oauth_clients WHERE client_id = $1", {name}});
  }

  Breaker breaker(const std::string& name, std::vector<std::string> kinds = {"refresh", "validate"}) {
    const int64_t row = client(name);
    const bool is_own = name == "own";
    return {.organization_id = is_own ? "1" : "",
            .subject = fmt::format("client/{}", row),
            .provider = ProviderId::google,
            .kinds = std::move(kinds),
            .lane = is_own ? fmt::format("!client/{}", row) : fmt::format("google/{}", row),
            .name = "google, " + name,
            .mark = is_own ? std::nullopt : std::optional<std::string>("mark"),
            .client_row = is_own ? row : 0};
  }

  ClaimedJob claim(const std::string& kind, const std::string& lane) {
    RoundRobin round;
    auto some = claim_jobs(pool, {.kind = kind, .lane = lane, .backoff = {30s, 900s}, .lease = 45s, .owner = "node"},
                           round, soon());
    CHECK_OK(some);
    CHECK_EQUAL(some->jobs.size(), 1);
    return some->jobs[0].job;
  }

  Breaker only() {
    auto all = list_breakers(pool, soon());
    CHECK_OK(all);
    CHECK_EQUAL(all->size(), 1);
    return all->front();
  }

  int64_t in_lane(const std::string& lane) {
    return answer({"SELECT count(*) AS n FROM calendar_jobs WHERE lane = $1", {lane}});
  }

  void release_all() {
    for (bool is_done = false; !is_done;) {
      auto done = release_jobs(pool, only(), soon());
      CHECK_OK(done);
      is_done = *done;
    }
  }
};

}  // namespace

CALINT_TEST(all_jobs_of_an_organisations_own_client_wait_and_nobody_elses) {
  Installation installation;
  const Breaker own = installation.breaker("own");
  const std::string servers = installation.breaker("server").lane;
  CHECK_OK(hold_job(installation.pool, installation.claim("refresh", "google"), "refresh", own, "operator", soon()));
  ck_assert_int_eq(installation.in_lane(own.lane), 4);
  ck_assert_int_eq(installation.in_lane(servers), 4);
  ck_assert_int_eq(installation.in_lane("google"), 0);
  ck_assert_int_eq(
      installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE attempts > 0 OR lease_owner IS NOT NULL"), 0);
  // Also what is queued from now on.
  installation.run("UPDATE calendar_jobs SET provider = provider");
  ck_assert_int_eq(installation.in_lane(own.lane), 4);
  const auto others = lanes_with_work(installation.pool, {"refresh"}, soon());
  CHECK_EQUAL(others->size(), 1);
  CHECK_EQUAL(others->front().name, servers);

  auto closed = close_breaker(installation.pool, own, soon());
  CHECK_OK(closed);
  CHECK(closed->has_value());
  CHECK_EQUAL((*closed)->jobs, 4);
  CHECK_EQUAL((*closed)->name, "google, own");
  CHECK(installation.only().is_closed);
  CHECK(!close_breaker(installation.pool, own, soon())->has_value());
  installation.release_all();
  CHECK(list_breakers(installation.pool, soon())->empty());
  ck_assert_int_eq(installation.in_lane("google"), 4);
  ck_assert_int_eq(installation.in_lane(servers), 4);
}

CALINT_TEST(the_lane_of_the_servers_client_is_held_for_the_kinds_that_wait) {
  Installation installation;
  const Breaker calendars = installation.breaker("server", {"validate"});
  const std::vector<std::string> kinds = {"refresh", "validate"}, lanes = {calendars.lane};
  CHECK_OK(hold_job(installation.pool, installation.claim("validate", calendars.lane), "validate", calendars,
                    "operator", soon()));
  auto due = what_is_due(installation.pool, kinds, lanes, {{"validate", calendars.lane}}, soon());
  CHECK_OK(due);
  CHECK_EQUAL(due->jobs, (KindsInLanes{{"refresh", calendars.lane}}));
  CHECK_EQUAL(due->breakers.size(), 1);
  CHECK_EQUAL(due->breakers[0].lane, calendars.lane);
  CHECK_EQUAL(*due->breakers[0].mark, "mark");
  ck_assert_int_eq(installation.in_lane(calendars.lane), 4);
}

CALINT_TEST(one_asks_a_minute_and_a_refusal_begins_it_anew) {
  Installation installation;
  const Breaker breaker = installation.breaker("server");
  CHECK_OK(
      hold_job(installation.pool, installation.claim("refresh", breaker.lane), "refresh", breaker, "operator", soon()));
  CHECK(!*claim_probe(installation.pool, breaker, soon()));
  installation.run("UPDATE calendar_breakers SET probe_at = now()");
  CHECK(installation.only().may_be_probed);
  CHECK(*claim_probe(installation.pool, breaker, soon()));
  CHECK(!*claim_probe(installation.pool, breaker, soon()));
  // One that was about to close is open again.
  CHECK(close_breaker(installation.pool, breaker, soon())->has_value());
  CHECK_OK(
      hold_job(installation.pool, installation.claim("refresh", breaker.lane), "refresh", breaker, "operator", soon()));
  CHECK(!installation.only().is_closed && !installation.only().may_be_probed);
}

CALINT_TEST(what_waited_is_spread_at_a_bounded_rate) {
  Installation installation;
  const Breaker breaker = installation.breaker("server");
  installation.run(
      "INSERT INTO calendar_integrations (organization_id, user_id, provider, account_key, seal_id, status, "
      "oauth_client_id)"
      " SELECT 'o' || n % 7, n, 'google', 'key', 's', 'connected',"
      " (SELECT id FROM calendar_oauth_clients WHERE client_id = 'server') FROM generate_series(1, 4998) n;"
      "INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, due_at)"
      " SELECT organization_id, 'refresh', id, user_id, 'google', now() - interval '1 minute' FROM "
      "calendar_integrations"
      " WHERE organization_id LIKE 'o%'");
  const Breaker refreshes = installation.breaker("server", {"refresh"});
  CHECK_OK(hold_job(installation.pool, installation.claim("refresh", breaker.lane), "refresh", refreshes, "operator",
                    soon()));
  auto closed = close_breaker(installation.pool, breaker, soon());
  CHECK_OK(closed);
  CHECK_EQUAL((*closed)->jobs, 5000);
  CHECK_EQUAL((*closed)->spread, 100s);
  CHECK(!*release_jobs(installation.pool, breaker, soon()));
  installation.release_all();
  const auto due_within = [&](int64_t seconds) {
    return installation.answer(
        {"SELECT count(*) AS n FROM calendar_jobs WHERE kind = 'refresh' AND lane LIKE 'google/%'"
         " AND due_at < now() + make_interval(secs => $1::integer)",
         {seconds}});
  };
  ck_assert_int_ge(due_within(50), 2000);
  ck_assert_int_le(due_within(50), 3200);
  ck_assert_int_eq(due_within(101), 5000);
}

CALINT_TEST(on_the_operators_word_everything_that_waits_for_them_is_due) {
  Installation installation;
  const Breaker own = installation.breaker("own"), server = installation.breaker("server");
  CHECK_OK(hold_job(installation.pool, installation.claim("refresh", "google"), "refresh", own, "operator", soon()));
  CHECK_OK(
      hold_job(installation.pool, installation.claim("refresh", server.lane), "refresh", server, "operator", soon()));
  installation.run("INSERT INTO calendar_jobs (organization_id, kind, user_id, provider, due_at, last_error)"
                   " VALUES ('1', 'revoke', 'x', 'google', now() + interval '1 hour', 'operator'),"
                   " ('1', 'revoke', 'x', 'google', now() + interval '1 hour', 'unavailable')");
  auto closed = close_all_breakers(installation.pool, soon());
  CHECK_OK(closed);
  CHECK_EQUAL(closed->size(), 2);
  ck_assert_int_eq(*hasten_operators_jobs(installation.pool, soon()), 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE kind = 'revoke'"
                                       " AND due_at < now() + interval '61 seconds'"), 1);
}
