// Background work of one node: what is due, of any kind.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "jobs/breakers.h"
#include "jobs/chore.h"
#include "jobs/kind.h"
#include "jobs/perform.h"
#include "jobs/slots.h"
#include "net/call_loop.h"
#include "postgres/listener.h"
#include "store/due.h"

namespace calint::jobs {

// Used by one thread at a time; starts others while there is much to do, which have ended when run() returns.
//
// Each thread has many calls to providers under way (net/call_loop.h). How many there are at once is bounded for the
// node (half of CalIntProviderConcurrency), for each provider, so that one that hangs leaves room for the others, and
// for each account.
class Worker {
 public:
  struct Options {
    std::span<const Kind* const> kinds;    // they and the chores outlive it
    std::span<const Chore* const> chores;
    unsigned threads = 4;
    std::string listen = {};  // conninfo of a connection that hears of new jobs; empty: none
  };

  // What was done: by kind and word (Outcome, perform()), and by chore with an empty word.
  using Counts = std::map<std::pair<std::string_view, std::string_view>, int64_t>;

  // `runtime` and `log` outlive it; `stopping` is asked from several threads at once.
  Worker(Runtime& runtime, LogSink& log, std::function<bool()> stopping, Options options);
  ~Worker();

  // Works until nothing more is due: jobs of all kinds, and chores. Returns how long to wait before it is called again:
  // 2 s at most, jittered, or a tenth of a second where it listens, and then does nothing unless it heard something or
  // that time is over. While requests fill the slots for calls to providers, what needs one waits.
  //
  // Once stopping() says so nothing new is begun, what was claimed is given back, and it returns when the calls under
  // way have ended as usual, each within CalIntProviderTimeout's total and a second. Database trouble is logged, and
  // tried again at the next run.
  std::chrono::milliseconds run();

  // Since it was made. Not while it runs.
  const Counts& counts() const { return counts_; }
  // The last trouble with the database in the last run. Not while it runs.
  const std::optional<Error>& trouble() const { return trouble_; }

 private:
  using Time = std::chrono::steady_clock::time_point;

  // The calls to one provider, whichever lanes it has.
  struct Calls {
    const ProviderId provider;
    InUse running{0};
  };
  // The work of one kind in one lane.
  struct Queue {
    bool due = false;         // guarded by mutex_; as last asked, unless a claim has found less than it asked for
    bool is_probe = false;    // guarded by mutex_; it is held: one job tries for all
    store::RoundRobin round;  // guarded by mutex_
    InUse running{0};
  };
  struct Lane {
    Lane(std::string lane, Calls& at, size_t kinds) : name(std::move(lane)), calls(at), queues(kinds) {}
    const std::string name;
    Calls& calls;
    std::vector<Queue> queues;  // of each kind; its size never changes
  };

  Call call() const;
  bool is_time();
  bool heard();
  void look();
  Status find_client_lanes();
  void add_lane(ProviderId provider, const std::string& name);
  std::vector<Lane*> lanes();
  std::vector<std::string> lane_names();
  Status look_at_breakers(std::vector<store::Breaker> breakers, Deadline deadline);
  void leave_what_is_held();
  Lane& lane_of(const store::Breaker& breaker);
  Status warn_of_others();
  void do_chores(const store::Due& due);
  void do_chore(const Chore& chore);
  void begin_long_chores(std::vector<const Chore*> chores);

  void work();
  void help();
  void call_for_help();
  void step(CallLoop& loop, Time& filled);
  void fill(CallLoop& loop, size_t least);
  void take(CallLoop& loop, size_t least, Lane& lane, size_t kind);
  void ended(const Kind& kind, const Lane& lane, const Done& done, const Context& context);
  void begin(CallLoop& loop, const Kind& kind, const Lane& lane, std::shared_ptr<Job> job, std::shared_ptr<Slot> slot);
  std::vector<std::shared_ptr<Slot>> free_slots(CallLoop& loop, size_t least, Lane& lane, size_t kind);
  void guarded(const std::function<void()>& work);
  void count(std::string_view what, std::string_view word, int64_t number = 1);
  void note(const Error& error);

  Runtime& runtime_;
  LogSink& log_;
  const std::function<bool()> stopping_;
  const Options options_;
  const std::string owner_;                         // of the leases
  const std::vector<std::string> kind_names_;
  const unsigned lane_limit_;                       // calls at once to one provider
  const unsigned calls_;                            // at once of one thread

  std::mutex mutex_;
  std::vector<std::unique_ptr<Calls>> calls_to_;    // of each provider that this server has; never changes
  std::vector<std::unique_ptr<Lane>> lanes_;        // guarded by mutex_; only grows
  Counts counts_;                                   // guarded by mutex_
  std::optional<Error> trouble_;                    // guarded by mutex_
  std::vector<std::thread> helpers_;                // guarded by mutex_
  Breakers breakers_;
  AccountLimits accounts_;
  InUse running_{0};                                // tasks of all threads, and chores
  std::atomic<unsigned> first_{0};                  // which lane and kind is asked first
  std::atomic<unsigned> claims_{0};                 // so far
  std::atomic<bool> over_{false};                   // the run: helpers end, and there are no more
  std::atomic<bool> is_troubled_{false};            // with the database, in this run
  std::atomic<bool> at_long_chores_{false};
  std::atomic<bool> has_begun_{false};              // something, since that was last asked

  // Used by run()'s thread only.
  std::unique_ptr<postgres::Listener> listener_;
  std::thread long_chores_;
  std::map<const Chore*, Time> own_chores_;         // of this node: when they are due
  std::chrono::milliseconds next_{0};
  std::set<ProviderId> known_clients_;              // whose lane is among lanes_
  Time looked_{}, next_run_{}, warned_{};
};

}  // namespace calint::jobs
