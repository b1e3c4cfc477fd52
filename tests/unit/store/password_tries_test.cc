// A password may be tried so often an hour: per user, per account and per node, whole or not at all.
#include "store/password_tries.h"

#include <atomic>
#include <thread>

#include "support/check.h"
#include "support/installation.h"

using namespace calint;
using namespace calint::store;
using namespace calint::test;
using namespace std::chrono_literals;

namespace {

std::vector<TryLimit> ivy(int most = 5) { return {{"1", "ivy", most}, {"", "avery@icloud.example", most}}; }

// 0 where the try was counted.
int64_t wait_of(postgres::Pool& pool, const std::vector<TryLimit>& limits) {
  auto wait = count_try(pool, limits, soon());
  CHECK_OK(wait);
  return *wait ? (*wait)->count() : 0;
}

void move_tries_back(postgres::Pool& pool, const std::string& by) {
  CHECK_OK(pool.query({"UPDATE calendar_password_tries SET expires_at = expires_at - $1::interval,"
                       " tries = ARRAY(SELECT t - $1::interval FROM unnest(tries) AS t)",
                       {by}},
                      soon()));
}

}  // namespace

CALINT_TEST(five_tries_count_and_the_sixth_waits_for_the_first_to_be_an_hour_old) {
  Installation installation;
  postgres::Pool& pool = installation.pool;
  for (int n = 0; n < 2; ++n) CHECK_EQUAL(wait_of(pool, ivy()), 0);
  move_tries_back(pool, "20 minutes");
  for (int n = 0; n < 3; ++n) CHECK_EQUAL(wait_of(pool, ivy()), 0);
  const int64_t wait = wait_of(pool, ivy());
  CHECK(wait > 39 * 60 && wait <= 40 * 60);
  move_tries_back(pool, "41 minutes");
  for (int n = 0; n < 2; ++n) CHECK_EQUAL(wait_of(pool, ivy()), 0);
  CHECK(wait_of(pool, ivy()) > 0);
}

CALINT_TEST(a_try_that_one_limit_forbids_counts_with_none) {
  Installation installation;
  postgres::Pool& pool = installation.pool;
  for (int n = 0; n < 5; ++n) CHECK_EQUAL(wait_of(pool, ivy()), 0);
  // Another user with the same account, as often as they like: their own tries stay untouched.
  for (int n = 0; n < 3; ++n) CHECK(wait_of(pool, {{"1", "ian", 5}, {"", "avery@icloud.example", 5}}) > 0);
  for (int n = 0; n < 5; ++n) CHECK_EQUAL(wait_of(pool, {{"1", "ian", 5}, {"", "ian@icloud.example", 5}}), 0);
  // The same name in another organisation is somebody else.
  CHECK_EQUAL(wait_of(pool, {{"2", "ivy", 5}, {"", "ivy@icloud.example", 5}}), 0);
}

CALINT_TEST(a_try_that_was_not_judged_is_taken_back) {
  Installation installation;
  postgres::Pool& pool = installation.pool;
  for (int n = 0; n < 7; ++n) {
    CHECK_EQUAL(wait_of(pool, ivy()), 0);
    CHECK_OK(forget_try(pool, ivy(), soon()));
  }
  for (int n = 0; n < 5; ++n) CHECK_EQUAL(wait_of(pool, ivy()), 0);
  CHECK(wait_of(pool, ivy()) > 0);
}

CALINT_TEST(tries_at_the_same_moment_are_counted_one_by_one) {
  Installation installation;
  postgres::Pool& pool = installation.pool;
  std::atomic<int> counted = 0;
  std::vector<std::thread> threads;
  for (int n = 0; n < 8; ++n)
    threads.emplace_back([&, n] {
      // Each names the limits in another order.
      std::vector<TryLimit> limits = ivy();
      if (n % 2 == 0) std::swap(limits[0], limits[1]);
      for (int m = 0; m < 3; ++m)
        if (auto wait = count_try(pool, limits, soon()); wait && !*wait) ++counted;
    });
  for (std::thread& thread : threads) thread.join();
  CHECK_EQUAL(counted.load(), 5);
}

CALINT_TEST(rows_that_count_nothing_any_more_go) {
  Installation installation;
  postgres::Pool& pool = installation.pool;
  CHECK_EQUAL(wait_of(pool, ivy()), 0);
  move_tries_back(pool, "61 minutes");
  CHECK_EQUAL(wait_of(pool, {{"1", "ian", 5}}), 0);
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM calendar_password_tries"), 1);
}
