// What goes on after its request has ended.
#include "runtime/keeper.h"

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <iterator>
#include <new>

#include "support/check.h"

using namespace calint;
using namespace std::chrono_literals;

namespace {

struct Seen {
  std::atomic<int> tries{0}, given_up{0}, ended{0};
};

// Done with its `succeeds`-th try; 0: never.
class Attempt final : public Keeper::Task {
 public:
  Attempt(Seen& seen, int succeeds) : seen_(seen), succeeds_(succeeds) {}
  ~Attempt() override { ++seen_.ended; }
  bool run(Deadline) override { return ++seen_.tries == succeeds_; }
  void give_up() override { ++seen_.given_up; }

 private:
  Seen& seen_;
  const int succeeds_;
};

bool keep(Keeper& keeper, Seen& seen, int succeeds, Deadline until = Deadline::in(10s)) {
  std::unique_ptr<Keeper::Task> task = std::make_unique<Attempt>(seen, succeeds);
  return keeper.keep(task, until);
}

bool comes(const std::function<bool()>& condition) {
  const Deadline patience = Deadline::in(10s);
  while (!condition() && !patience.passed()) usleep(5000);
  return condition();
}

size_t threads() {
  const std::filesystem::directory_iterator all("/proc/self/task");
  return static_cast<size_t>(std::distance(begin(all), end(all)));
}

}  // namespace

CALINT_TEST(there_is_no_thread_before_the_first_task_and_one_for_all) {
  Keeper keeper;
  Seen one, other;
  const size_t before = threads();
  CHECK(keep(keeper, one, 0) && keep(keeper, other, 0));
  CHECK_EQUAL(threads(), before + 1);
}

CALINT_TEST(a_task_is_tried_until_it_is_done) {
  Keeper keeper;
  Seen seen;
  CHECK(keep(keeper, seen, 3));
  CHECK(comes([&] { return seen.ended == 1; }));
  CHECK_EQUAL(seen.tries.load(), 3);
  CHECK_EQUAL(seen.given_up.load(), 0);
}

CALINT_TEST(one_that_fails_holds_no_other) {
  Keeper keeper;
  Seen failing, working;
  CHECK(keep(keeper, failing, 0) && keep(keeper, working, 2));
  CHECK(comes([&] { return working.ended == 1; }));
  CHECK_EQUAL(failing.ended.load(), 0);
}

CALINT_TEST(a_task_is_given_up_when_its_time_is_over) {
  Keeper keeper;
  Seen seen;
  CHECK(keep(keeper, seen, 0, Deadline::in(400ms)));
  CHECK(comes([&] { return seen.ended == 1; }));
  CHECK_EQUAL(seen.given_up.load(), 1);
  CHECK(seen.tries >= 1);
}

CALINT_TEST(one_that_throws_is_tried_again_and_ends_no_process) {
  struct Throwing final : Keeper::Task {
    explicit Throwing(Seen& told) : seen(told) {}
    bool run(Deadline) override {
      if (++seen.tries < 3) throw std::bad_alloc();
      return true;
    }
    void give_up() override { ++seen.given_up; }
    Seen& seen;
  };
  Keeper keeper;
  Seen seen;
  std::unique_ptr<Keeper::Task> task = std::make_unique<Throwing>(seen);
  CHECK(keeper.keep(task, Deadline::in(10s)));
  CHECK(comes([&] { return seen.tries == 3; }));
}

CALINT_TEST(there_is_room_for_so_many_and_no_more) {
  Keeper keeper;
  Seen seen;
  for (size_t i = 0; i < Keeper::kMost; ++i) CHECK(keep(keeper, seen, -1));
  CHECK(!keep(keeper, seen, -1));
  CHECK_EQUAL(seen.ended.load(), 1);
}

CALINT_TEST(the_end_waits_for_last_tries_and_no_longer) {
  Seen seen, soon_done;
  const auto start = std::chrono::steady_clock::now();
  {
    Keeper keeper;
    CHECK(keep(keeper, seen, 0, Deadline::in(60s)) && keep(keeper, soon_done, 2, Deadline::in(60s)));
  }
  const auto took = std::chrono::steady_clock::now() - start;
  CHECK(took >= Keeper::kLastTries && took < Keeper::kLastTries + 2s);
  CHECK_EQUAL(seen.given_up.load(), 1);
  CHECK_EQUAL(seen.ended.load(), 1);
  CHECK_EQUAL(soon_done.tries.load(), 2);
  CHECK_EQUAL(soon_done.given_up.load(), 0);
}
