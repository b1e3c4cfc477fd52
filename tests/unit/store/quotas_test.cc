// What an OAuth client may ask its provider for, over all nodes: taken with the claim of syncs.
#include "store/quotas.h"

#include <fmt/format.h>

#include "store/syncs.h"
#include "support/check.h"
#include "support/installation.h"

using namespace calint;
using namespace calint::store;
using calint::test::soon;
using namespace std::chrono_literals;

namespace {

// Twenty people with a ticked calendar each, through the server's client; and one through their organisation's own.
constexpr const char* kConnected =
    "INSERT INTO calendar_oauth_clients (organization_id, provider, client_id) VALUES ('', 'google', 'server');"
    "INSERT INTO calendar_oauth_clients (organization_id, provider, client_id, version, active, secret_encrypted, seal_id)"
    " VALUES ('2', 'google', 'own', 1, true, 'sealed', 's');"
    "INSERT INTO calendar_integrations (organization_id, user_id, provider, account_key, seal_id, status,"
    " access_token_encrypted, oauth_client_id)"
    " SELECT CASE WHEN n = 0 THEN '2' ELSE '1' END, n::text, 'google', 'key' || n, 's' || n, 'connected', 'sealed', c.id"
    " FROM generate_series(0, 20) n"
    " JOIN calendar_oauth_clients c ON c.client_id = CASE WHEN n = 0 THEN 'own' ELSE 'server' END;"
    "INSERT INTO calendar_integration_calendars (organization_id, integration_id, calendar_id, name, access_role, sync)"
    " SELECT organization_id, id, 'own', 'own', 'owner', true FROM calendar_integrations";

struct Installation : test::Installation {
  Installation() : test::Installation(kConnected) {}

  // How many of those that are due get a request, of so many a minute.
  struct Claims {
    int granted = 0;
    int waiting = 0;
    std::chrono::seconds longest{0};
  };
  Claims claim(int64_t per_minute, const std::string& lane = "") {
    run("UPDATE calendar_jobs SET due_at = now(), lease_owner = NULL, lease_until = NULL");
    RoundRobin round;
    const std::string of = lane.empty() ? server_lane() : lane;
    const Claim claim{.kind = "sync", .lane = of,
                      .backoff = {.first = 30s, .most = 15min}, .lease = 60s, .owner = "node", .most = 50};
    auto some = claim_syncs(pool, claim, {{ProviderId::google, per_minute}}, round, soon());
    CHECK_OK(some);
    Claims claims;
    for (const SyncJob& job : some->jobs) {
      ++(job.quota_wait ? claims.waiting : claims.granted);
      claims.longest = std::max(claims.longest, job.quota_wait.value_or(0s));
    }
    return claims;
  }

  std::string server_lane() {
    return fmt::format("google/{}", number("SELECT id AS n FROM calendar_oauth_clients WHERE client_id = 'server'"));
  }

  void pass(const char* time) {
    run(fmt::format("UPDATE calendar_quotas SET counted_at = counted_at - interval '{0}',"
                    " paused_until = paused_until - interval '{0}'", time));
  }
};

const ClientVersion kServer{.id = 1, .provider = ProviderId::google, .client_id = "server"};

}  // namespace

CALINT_TEST(a_client_has_ten_seconds_worth_of_requests_and_gets_more_as_time_passes) {
  Installation one;
  const auto first = one.claim(60);
  CHECK_EQUAL(first.granted, 10);
  CHECK_EQUAL(first.waiting, 10);
  CHECK_EQUAL(one.claim(60).granted, 0);
  one.pass("4.5 seconds");
  CHECK_EQUAL(one.claim(60).granted, 4);
  one.pass("1 hour");
  CHECK_EQUAL(one.claim(60).granted, 10);
  one.pass("1 hour");
  CHECK_EQUAL(one.claim(6000).granted, 20);
}

CALINT_TEST(what_a_read_took_beyond_its_first_request_is_waited_for) {
  Installation one;
  CHECK_EQUAL(one.claim(60).granted, 10);
  CHECK_OK(spend_requests(one.pool, kServer, 5, soon()));
  one.pass("5 seconds");
  CHECK_EQUAL(one.claim(60).granted, 0);
  one.pass("3.5 seconds");
  CHECK_EQUAL(one.claim(60).granted, 3);
}

CALINT_TEST(each_client_has_its_own) {
  Installation one;
  one.claim(60);
  CHECK_EQUAL(one.claim(60).granted, 0);
  CHECK_EQUAL(one.claim(60, "google").granted, 1);
}

CALINT_TEST(a_pause_holds_for_every_claim_and_grows_while_the_provider_insists) {
  Installation one;
  one.claim(6000);
  const auto pause = [&] {
    auto paused = pause_client(one.pool, kServer, soon());
    CHECK_OK(paused);
    return *paused;
  };
  CHECK(pause() == 15s);
  CHECK(!pause());
  const auto during = one.claim(6000);
  CHECK_EQUAL(during.granted, 0);
  CHECK(during.longest > 10s && during.longest <= 15s);
  CHECK_EQUAL(one.claim(6000, "google").granted, 1);
  one.pass("15 seconds");
  CHECK(pause() == 30s);
  for (const auto next : {60s, 120s, 240s, 300s, 300s}) {
    one.pass("5 minutes");
    CHECK(pause() == next);
  }
  one.pass("10 minutes");
  CHECK_EQUAL(one.claim(6000).granted, 20);
  CHECK(pause() == 15s);
}
