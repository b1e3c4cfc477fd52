// One count over processes that may be killed at any moment.
#include "base/node_slots.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "support/check.h"

using calint::NodeSlots;

namespace {

constexpr unsigned kProcesses = 3;

void* shared_memory() {
  void* memory = mmap(nullptr, NodeSlots::memory_size(kProcesses), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ck_assert_ptr_ne(memory, MAP_FAILED);
  return memory;
}

}  // namespace

CALINT_TEST(no_more_slots_than_the_limit_are_taken_by_all_processes_together) {
  NodeSlots slots(shared_memory(), kProcesses);
  CHECK(slots.join(1) && slots.join(2));
  auto first = slots.take(1, 2);
  auto second = slots.take(2, 2);
  CHECK(first && second);
  CHECK(!slots.take(1, 2));
  CHECK(!slots.take(2, 2));
  CHECK(slots.take(2, 3));
}

CALINT_TEST(a_slot_is_free_again_at_the_end_of_its_life) {
  NodeSlots slots(shared_memory(), kProcesses);
  CHECK(slots.join(1));
  {
    auto slot = slots.take(1, 1);
    CHECK(slot);
    auto moved = std::move(slot);
    CHECK(moved && !slot);
    CHECK(!slots.take(1, 1));
  }
  ck_assert_uint_eq(slots.taken(), 0);
  CHECK(slots.take(1, 1));
}

CALINT_TEST(a_process_that_holds_one_of_either_counts_once) {
  NodeSlots connections(shared_memory(), kProcesses), waiting(shared_memory(), kProcesses);
  for (const pid_t process : {1, 2}) CHECK(connections.join(process));
  for (const pid_t process : {3, 2}) CHECK(waiting.join(process));
  CHECK_EQUAL(connections.holders_with(waiting), 0);
  const auto of_one = connections.take(1, 8), of_two = connections.take(2, 8);
  CHECK_EQUAL(connections.holders_with(waiting), 2);
  const auto waits_too = waiting.take(2, 8);
  CHECK_EQUAL(connections.holders_with(waiting), 2);
  const auto waits_alone = waiting.take(3, 8);
  CHECK_EQUAL(connections.holders_with(waiting), 3);
}

CALINT_TEST(a_process_without_a_row_gets_no_place) {
  NodeSlots slots(shared_memory(), kProcesses);
  CHECK(slots.join(1) && slots.join(2) && slots.join(3));
  CHECK(!slots.join(4));
  CHECK(!slots.take(4, 100));
  slots.leave(2);
  CHECK(slots.join(4));
  CHECK(slots.take(4, 100));
}

CALINT_TEST(the_slots_of_a_killed_process_come_back) {
  NodeSlots slots(shared_memory(), kProcesses);
  int taken[2];
  ck_assert_int_eq(pipe(taken), 0);
  const pid_t child = fork();
  if (child == 0) {
    slots.join(getpid());
    auto one = slots.take(getpid(), 8), two = slots.take(getpid(), 8);
    static_cast<void>(!write(taken[1], one && two ? "y" : "n", 1));
    for (;;) pause();
  }
  char both = 0;
  ck_assert_int_eq(read(taken[0], &both, 1), 1);
  ck_assert_int_eq(both, 'y');
  ck_assert_uint_eq(slots.taken(), 2);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  slots.leave(child);
  ck_assert_uint_eq(slots.taken(), 0);
}

CALINT_TEST(threads_never_hold_more_than_the_limit) {
  NodeSlots slots(shared_memory(), kProcesses);
  CHECK(slots.join(1));
  std::atomic<int> held{0}, most{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int n = 0; n < 2000; ++n) {
        auto slot = slots.take(1, 3);
        if (!slot) continue;
        const int now = ++held;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        --held;
      }
    });
  for (std::thread& thread : threads) thread.join();
  ck_assert_int_ge(most, 1);
  ck_assert_int_le(most, 3);
  ck_assert_uint_eq(slots.taken(), 0);
}
