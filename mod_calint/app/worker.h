// Background work of one node: what is due.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "integration/housekeeping.h"
#include "integration/revoke.h"
#include "net/call_loop.h"
#include "postgres/listener.h"
#include "runtime/call.h"
#include "runtime/runtime.h"
#include "store/due.h"

namespace calint::app {

// Used by one thread at a time; starts others while there is much to do, which have ended when run() returns.
//
// Each thread has many calls to providers under way (net/call_loop.h). How many there are at once is bounded for the
// node (half of CalIntProviderConcurrency), for each provider, so that one that hangs leaves room for the others, and
// for each account.
class Worker {
 public:
  struct Options {
    unsigned threads = 4;
    std::string listen = {};  // conninfo of a connection that hears of new jobs; empty: none
  };

  // `runtime` and `log` outlive it; `stopping` is asked from several threads at once.
  Worker(Runtime& runtime, LogSink& log, std::function<bool()> stopping, Options options);
  ~Worker();

  // Works until nothing more is due: refreshes, validations, revocations, retention, leavers, and the NOTIFY of changes.
  // Returns how long to wait before it is called again: 2 s at most, jittered, or a tenth of a second where it listens,
  // and then does nothing unless it heard something or that time is over. While requests fill the places for calls to
  // providers, what needs one waits.
  //
  // Once stopping() says so nothing new is begun, what was claimed is given back, and it returns when the calls under way
  // have ended as usual, each within CalIntProviderTimeout's total and a second. Database trouble is logged, and tried
  // again at the next run.
  std::chrono::milliseconds run();

 private:
  using Clock = std::chrono::steady_clock;
  enum Kind { validations, revocations, refreshes, kinds };

  // The work at one provider.
  struct Lane {
    ProviderId provider;
    std::array<bool, kinds> due = {};           // guarded by mutex_: as last asked, less what turned out to be claimed
    unsigned running = 0;                       // guarded by mutex_
    std::array<store::Turn, kinds> turns = {};  // guarded by mutex_
  };
  class Seat;
  class AccountSeat;

  Call call() const;
  integration::RevocationTools revocation_tools() const;
  integration::HouseTools house_tools() const;

  bool is_time();
  bool heard();
  void look();
  Status warn_of_others();
  void begin_chores(const store::Due& due);
  Status stay_known();

  void work();
  void help();
  void call_for_help();
  void step(CallLoop& loop, Clock::time_point& filled);
  void fill(CallLoop& loop, size_t least);
  void fill(CallLoop& loop, size_t least, Lane& lane, Kind kind);
  template <typename Claim, typename Work, typename GiveBack>
  void take(CallLoop& loop, size_t least, Lane& lane, Kind kind, Claim claim, Work work, GiveBack give_back);
  store::Turn turn_of(const Lane& lane, Kind kind);
  std::vector<std::shared_ptr<Seat>> seats(CallLoop& loop, size_t least, Lane& lane, Kind kind);
  void validate(const Call& call, const store::DueValidation& due);
  void give_back(const Call& call, const store::RevocationJob& job);
  void guarded(const std::function<void()>& work);
  void note(const Error& error);
  template <typename T>
  void check(const Result<T>& done) {
    if (!done) note(done.error());
  }

  Runtime& runtime_;
  LogSink& log_;
  const std::function<bool()> stopping_;
  const Options options_;
  const std::string owner_;   // of the leases
  const std::vector<ProviderId> providers_;  // that this server has
  const unsigned lane_limit_;                // calls at once to one provider
  const unsigned calls_;                     // at once of one thread

  std::mutex mutex_;
  std::vector<Lane> lanes_;                       // its size never changes
  std::map<std::string, int> accounts_;           // guarded by mutex_: account key -> calls at once
  std::atomic<unsigned> running_{0};              // tasks of all threads, and chores
  std::atomic<unsigned> turn_{0};                 // which lane and kind is asked first
  std::atomic<bool> over_{false};                 // the run: helpers end, and there are no more
  std::atomic<bool> at_chores_{false};
  std::atomic<bool> has_begun_{false};            // something, since that was last asked
  std::atomic<bool> trouble_{false};              // with the database, in this run
  std::vector<std::thread> helpers_;              // guarded by mutex_

  // Used by run()'s thread only.
  std::unique_ptr<postgres::Listener> listener_;
  std::thread chores_;
  std::chrono::milliseconds next_{0};
  Clock::time_point looked_{}, next_run_{}, known_until_{}, warned_{};
};

}  // namespace calint::app
