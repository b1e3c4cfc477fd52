#include "postgres/pool.h"

#include <atomic>
#include <thread>

#include "support/check.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::postgres;
using namespace std::chrono_literals;

namespace {

Deadline soon() { return Deadline::in(5s); }

Pool::Options options_for(const std::string& conninfo, unsigned max) { return {.conninfo = conninfo, .max = max}; }

int64_t backend_of(Pool& pool) {
  auto rows = pool.query({"SELECT pg_backend_pid() AS pid", {}}, soon());
  CHECK_OK(rows);
  return rows->integer(0, "pid");
}

}  // namespace

CALINT_TEST(no_connection_is_made_before_one_is_borrowed) {
  int opened = 0;
  Pool::Options options = options_for(test::cluster().conninfo("postgres"), 2);
  options.on_open = [&](Session&, Deadline) -> Status { ++opened; return {}; };
  Pool pool(std::move(options));
  CHECK_EQUAL(opened, 0);
  const int64_t first = backend_of(pool);
  CHECK_EQUAL(backend_of(pool), first);
  CHECK_EQUAL(opened, 1);
}

CALINT_TEST(a_borrower_waits_for_a_free_connection_until_the_deadline) {
  Pool pool(options_for(test::cluster().conninfo("postgres"), 1));
  auto held = pool.borrow(soon());
  CHECK_OK(held);
  auto refused = pool.borrow(Deadline::in(100ms));
  CHECK_FAULT(refused, Fault::too_many);
  CHECK(refused.error().retry_after > 0s);

  std::atomic<bool> got = false;
  std::thread waiter([&] { got = pool.borrow(soon()).ok(); });
  std::this_thread::sleep_for(100ms);
  CHECK(!got);
  { auto ended = std::move(held); }
  waiter.join();
  CHECK(got);
}

CALINT_TEST(assigning_over_a_lease_gives_its_connection_back) {
  Pool pool(options_for(test::cluster().conninfo("postgres"), 2));
  auto one = pool.borrow(soon());
  auto two = pool.borrow(soon());
  CHECK(one.ok() && two.ok());
  *one = std::move(*two);
  CHECK_OK(pool.borrow(Deadline::in(100ms)));
}

CALINT_TEST(after_a_failed_connect_borrowers_are_refused_at_once) {
  test::Cluster cluster;
  Pool::Options options = options_for(cluster.conninfo("postgres"), 2);
  options.cool_down = 60s;
  Pool pool(std::move(options));
  cluster.stop();
  auto lease = pool.borrow(soon());
  CHECK_FAULT(lease, Fault::unavailable);
  CHECK(lease.error().nothing_sent);
  cluster.start();
  CHECK_FAULT(pool.borrow(soon()), Fault::unavailable);
}

CALINT_TEST(a_failing_check_of_a_new_connection_is_the_borrowers_error) {
  Pool::Options options = options_for(test::cluster().conninfo("postgres"), 1);
  options.cool_down = 100ms;
  int checks = 0;
  options.on_open = [&](Session&, Deadline) -> Status {
    if (++checks == 1) return Error{.fault = Fault::operator_fault, .what = "schema 0 is too old"};
    return {};
  };
  Pool pool(std::move(options));
  CHECK_FAULT(pool.borrow(soon()), Fault::operator_fault);
  CHECK_FAULT(pool.borrow(soon()), Fault::operator_fault);  // the same answer, without another try
  CHECK_EQUAL(checks, 1);
  std::this_thread::sleep_for(150ms);
  CHECK_OK(pool.borrow(soon()));
  CHECK_EQUAL(checks, 2);
}

CALINT_TEST(a_connection_that_died_while_idle_is_replaced) {
  Pool pool(options_for(test::cluster().conninfo("postgres"), 2));
  const int64_t first = backend_of(pool);
  auto killer = Session::open(test::cluster().conninfo("postgres"), Session::Prepare::automatic, soon());
  CHECK_OK(killer);
  CHECK_OK((*killer)->query({"SELECT pg_terminate_backend($1::int, 5000)", {first}}, soon()));
  CHECK(backend_of(pool) != first);
}

CALINT_TEST(a_pool_goes_on_after_the_server_was_restarted) {
  test::Cluster cluster;
  Pool::Options options = options_for(cluster.conninfo("postgres"), 2);
  options.cool_down = 50ms;
  Pool pool(std::move(options));
  backend_of(pool);
  cluster.stop();
  CHECK_FAULT(pool.query({"SELECT 1", {}}, soon()), Fault::unavailable);
  cluster.start();
  std::this_thread::sleep_for(60ms);
  CHECK_OK(pool.transaction({{"SELECT 1", {}}}, soon()));
}

CALINT_TEST(idle_connections_are_closed_after_a_while) {
  Pool::Options options = options_for(test::cluster().conninfo("postgres"), 2);
  options.idle_for = 0s;
  Pool pool(std::move(options));
  const int64_t first = backend_of(pool);
  CHECK(backend_of(pool) != first);
}

CALINT_TEST(a_connection_with_an_open_transaction_is_not_lent_again) {
  Pool pool(options_for(test::cluster().conninfo("postgres"), 1));
  {
    auto lease = pool.borrow(soon());
    CHECK_OK(lease);
    CHECK_OK((*lease)->script("BEGIN", soon()));
  }
  auto lease = pool.borrow(soon());
  CHECK_OK(lease);
  CHECK_OK((*lease)->transaction({{"SELECT 1", {}}}, soon()));
}

CALINT_TEST(many_threads_share_few_connections) {
  Pool pool(options_for(test::cluster().conninfo("postgres"), 3));
  std::atomic<int> done = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 25; ++j) {
        auto rows = pool.transaction({{"SELECT $1::int AS n", {j}}}, Deadline::in(20s));
        if (rows.ok() && (*rows)[0].integer(0, "n") == j) ++done;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK_EQUAL(done.load(), 300);
}
