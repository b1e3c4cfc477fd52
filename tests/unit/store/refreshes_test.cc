// One refresher at a time for each integration, whether a page or background work wants its token.
#include "store/refreshes.h"

#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "background_work.h"
#include "store/due.h"
#include "store/integrations.h"
#include "store/users.h"
#include "support/check.h"
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

CALINT_TEST(a_refresh_touches_an_index_once_when_its_next_time_is_known) {
  constexpr int kRefreshes = 64;
  BackgroundWork installation;
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

CALINT_TEST(a_refresh_that_somebody_else_has_is_left_out_until_that_ends) {
  BackgroundWork installation;
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
  BackgroundWork installation;
  installation.connect("1", 1, 10);
  installation.run("DELETE FROM calendar_jobs");
  const auto found = find_integration(installation.pool, "1",
                                      installation.number("SELECT id AS n FROM calendar_integrations"), soon());
  CHECK(*lease_refresh(installation.pool, **found, "page", soon()));
  CHECK(!*lease_refresh(installation.pool, **found, "another", soon()));
  CHECK_OK(store_refreshed(installation.pool, **found, {.access_token = "new", .seal_id = "t"},
                           SystemClock().now() + 1h, soon()));
  ck_assert_int_ge(wait(installation), 3590);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE lease_owner IS NULL"), 1);
}

CALINT_TEST(who_has_the_lease_has_the_newest_tokens) {
  BackgroundWork installation;
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
