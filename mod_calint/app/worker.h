// Background work of one node: what is due, a little at a time.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "app/exchange.h"
#include "app/housekeeping.h"
#include "app/revoke.h"
#include "app/runtime.h"
#include "store/due.h"

namespace calint::app {

// Used by one thread at a time; runs its jobs on threads of its own, which have ended when run() returns.
class Worker {
 public:
  struct Options {
    unsigned threads = 8;
  };

  // `runtime` and `log` outlive it; `stopping` is asked from several threads at once.
  Worker(Runtime& runtime, LogSink& log, std::function<bool()> stopping, Options options);

  // Works off what is due now: refreshes, validations, revocations, retention, leavers, and the NOTIFY of changes.
  // Claims for 5 s, so that whoever calls it can look around in between. Returns how long nothing more is due: 2 s at
  // most, jittered. While requests fill the places for calls to providers, what needs one waits.
  //
  // Once stopping() says so nothing new is begun, what was claimed is given back, and it returns when the jobs under way
  // have ended as usual, each within CalIntProviderTimeout's total and a second. Database trouble is logged, and tried
  // again at the next run.
  std::chrono::milliseconds run();

 private:
  struct Task {
    std::function<void(const Call&)> work;
    std::function<void(const Call&, std::chrono::seconds in)> give_back = {};  // null: asks no provider, needs no place
    std::optional<ProviderPlaces::Place> place = {};                           // while it works
  };

  Call call() const;
  RevocationTools revocation_tools() const;
  HouseTools house_tools() const;
  void work_until_nothing_is_due();
  std::optional<Task> next_task();
  void claim();
  void add_chores(const store::Due& due);
  void add_validations(ProviderId provider, Deadline deadline);
  void add_revocations(ProviderId provider, Deadline deadline);
  void add_refreshes(ProviderId provider, Deadline deadline);
  void give_rest_back();
  void give_back(const Call& call, const store::RevocationJob& job, std::chrono::seconds in);
  void perform(const Task& task);
  int half() const;  // of the threads, for kinds that never come in masses
  void note(const Error& error);
  template <typename T>
  void check(const Result<T>& done) {
    if (!done) note(done.error());
  }
  Status stay_known();

  Runtime& runtime_;
  LogSink& log_;
  const std::function<bool()> stopping_;
  const Options options_;
  const std::string owner_;   // of the leases
  const Request no_request_;  // nobody waits for an answer
  std::mutex mutex_;
  std::deque<Task> queue_;                                // guarded by mutex_: claimed, not begun
  std::chrono::milliseconds next_{0};                     // guarded by mutex_: as last asked
  bool retention_begun_ = false, leavers_begun_ = false;  // guarded by mutex_: in this run
  std::atomic<bool> trouble_{false};                      // with the database, in this run
  std::optional<Deadline> claims_end_;                    // of this run
  std::chrono::steady_clock::time_point known_until_{};   // used by run() only
};

}  // namespace calint::app
