// What processes of a node take of a database together.
#include "postgres/node_limits.h"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <vector>

#include "postgres/pool.h"
#include "support/check.h"
#include "support/database.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::postgres;
using namespace calint::test;
using namespace std::chrono_literals;

namespace {

// Two pools in one process stand for two processes: what a pool must know of others it reads from the node.
struct Node {
  explicit Node(unsigned max, std::chrono::milliseconds idle_for = 5min, unsigned waiters = 0)
      : options{.conninfo = cluster().conninfo("postgres"),
                .max = max,
                .waiters = waiters,
                .node = limits.get(),
                .idle_for = idle_for} {}

  std::unique_ptr<NodeLimits> limits = NodeLimits::alone();
  Pool::Options options;
};

bool within(std::chrono::milliseconds time, const std::function<bool()>& holds) {
  const Deadline deadline = Deadline::in(time);
  while (!holds()) {
    if (deadline.passed()) return false;
    std::this_thread::sleep_for(10ms);
  }
  return true;
}

}  // namespace

CALINT_TEST(a_node_has_no_more_connections_than_it_may) {
  Node node(2);
  Pool one(node.options), other(node.options);
  auto first = one.borrow(soon());
  auto second = other.borrow(soon());
  CHECK_OK(first);
  CHECK_OK(second);
  CHECK_FAULT(one.borrow(Deadline::in(100ms)), Fault::too_many);
  CHECK_EQUAL(node.limits->connections.taken(), 2U);
}

CALINT_TEST(an_idle_connection_is_closed_for_who_waits_elsewhere) {
  Node node(1);
  Pool one(node.options), other(node.options);
  CHECK_OK(one.query({"SELECT 1", {}}, soon()));
  CHECK_EQUAL(node.limits->connections.taken(), 1U);
  const auto begun = std::chrono::steady_clock::now();
  CHECK_OK(other.query({"SELECT 1", {}}, soon()));
  CHECK(std::chrono::steady_clock::now() - begun < 1s);
  CHECK_EQUAL(node.limits->connections.taken(), 1U);
}

CALINT_TEST(idle_connections_are_closed_without_anybody_asking) {
  Node node(4, 200ms);
  Pool pool(node.options);
  CHECK_OK(pool.query({"SELECT 1", {}}, soon()));
  CHECK(within(2s, [&] { return node.limits->connections.taken() == 0; }));
}

CALINT_TEST(only_so_many_wait_as_may) {
  Node node(1, 5min, 1);
  Pool pool(node.options);
  auto held = pool.borrow(soon());
  CHECK_OK(held);
  std::atomic<bool> served = false;
  std::thread waiter([&] { served = pool.borrow(soon()).ok(); });
  CHECK(within(2s, [&] { return node.limits->waiting.taken() == 1; }));
  const auto begun = std::chrono::steady_clock::now();
  CHECK_FAULT(pool.borrow(soon()), Fault::too_many);
  CHECK(std::chrono::steady_clock::now() - begun < 1s);
  { auto ended = std::move(held); }
  waiter.join();
  CHECK(served);
}

CALINT_TEST(after_three_time_outs_nobody_asks_for_a_moment) {
  Node node(4);
  Pool pool(node.options);
  for (int i = 0; i < 3; ++i)
    CHECK_FAULT(pool.query({"SELECT pg_sleep(5)", {}}, Deadline::in(100ms)), Fault::unavailable);
  auto refused = pool.query({"SELECT 1", {}}, soon());
  CHECK_FAULT(refused, Fault::unavailable);
  CHECK(refused.error().nothing_sent && refused.error().retry_after >= 1s);
  std::this_thread::sleep_for(TimeoutBreaker::kRest);
  CHECK_OK(pool.query({"SELECT 1", {}}, soon()));
}

CALINT_TEST(time_outs_far_apart_stop_nobody) {
  TimeoutBreaker breaker;
  const TimeoutBreaker::Clock::time_point now{1h};
  breaker.note(now);
  breaker.note(now + 6s);
  breaker.note(now + 12s);
  CHECK(!breaker.rests(now + 12s));
  breaker.note(now + 13s);
  CHECK(breaker.rests(now + 14s).has_value());
  CHECK(!breaker.rests(now + 15s));
}

CALINT_TEST(a_request_that_gave_up_leaves_no_backend_at_work) {
  Node node(2);
  Pool pool(node.options);
  {
    auto lease = pool.borrow(soon());
    CHECK_OK(lease);
    // A script has no limit in the server.
    CHECK(!(*lease)->script("SELECT pg_sleep(30)", Deadline::in(100ms)).ok());
  }
  auto observer = open(cluster().conninfo("postgres"));
  CHECK(within(5s, [&] {
    auto rows = observer->query({"SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(30)%'"
                                 " AND state = 'active'", {}}, soon());
    return rows.ok() && rows->integer(0, "n") == 0;
  }));
}
