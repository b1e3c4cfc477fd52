// One count over processes that may be killed at any moment.
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "runtime/provider_places.h"
#include "support/check.h"

using calint::ProviderPlaces;

namespace {

constexpr unsigned kProcesses = 3;

void* shared_memory() {
  void* memory = mmap(nullptr, ProviderPlaces::memory_size(kProcesses), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ck_assert_ptr_ne(memory, MAP_FAILED);
  return memory;
}

}  // namespace

CALINT_TEST(no_more_places_than_the_limit_are_taken_by_all_processes_together) {
  ProviderPlaces places(shared_memory(), kProcesses);
  CHECK(places.join(1) && places.join(2));
  auto first = places.take(1, 2);
  auto second = places.take(2, 2);
  CHECK(first && second);
  CHECK(!places.take(1, 2));
  CHECK(!places.take(2, 2));
  CHECK(places.take(2, 3));
}

CALINT_TEST(a_place_is_free_again_at_the_end_of_its_life) {
  ProviderPlaces places(shared_memory(), kProcesses);
  CHECK(places.join(1));
  {
    auto place = places.take(1, 1);
    CHECK(place);
    auto moved = std::move(place);
    CHECK(moved && !place);
    CHECK(!places.take(1, 1));
  }
  ck_assert_uint_eq(places.taken(), 0);
  CHECK(places.take(1, 1));
}

CALINT_TEST(a_process_without_a_row_gets_no_place) {
  ProviderPlaces places(shared_memory(), kProcesses);
  CHECK(places.join(1) && places.join(2) && places.join(3));
  CHECK(!places.join(4));
  CHECK(!places.take(4, 100));
  places.leave(2);
  CHECK(places.join(4));
  CHECK(places.take(4, 100));
}

CALINT_TEST(the_places_of_a_killed_process_come_back) {
  ProviderPlaces places(shared_memory(), kProcesses);
  int taken[2];
  ck_assert_int_eq(pipe(taken), 0);
  const pid_t child = fork();
  if (child == 0) {
    places.join(getpid());
    auto one = places.take(getpid(), 8), two = places.take(getpid(), 8);
    static_cast<void>(!write(taken[1], one && two ? "y" : "n", 1));
    for (;;) pause();
  }
  char both = 0;
  ck_assert_int_eq(read(taken[0], &both, 1), 1);
  ck_assert_int_eq(both, 'y');
  ck_assert_uint_eq(places.taken(), 2);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  places.leave(child);
  ck_assert_uint_eq(places.taken(), 0);
}

CALINT_TEST(threads_never_hold_more_than_the_limit) {
  ProviderPlaces places(shared_memory(), kProcesses);
  CHECK(places.join(1));
  std::atomic<int> held{0}, most{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int n = 0; n < 2000; ++n) {
        auto place = places.take(1, 3);
        if (!place) continue;
        const int now = ++held;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        --held;
      }
    });
  for (std::thread& thread : threads) thread.join();
  ck_assert_int_ge(most, 1);
  ck_assert_int_le(most, 3);
  ck_assert_uint_eq(places.taken(), 0);
}
