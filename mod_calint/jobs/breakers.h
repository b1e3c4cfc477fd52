// What waits for the operator, as one worker sees it (store/breakers.h): which work is held, when a job tries for all
// that wait, and when what waited is due again.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/runtime.h"
#include "store/breakers.h"
#include "store/due.h"

namespace calint::jobs {

// How a node stands to a breaker.
struct Standing {
  bool has_lane = false;                   // it could do the jobs, if they weren't held
  bool has_key = false;                    // of a key's breaker: the keyset has it
  std::optional<std::string> mark = {};    // of the client as it is now; nothing: it isn't this node's to know
  bool closed_for_mark = false;            // this process has closed it before because of what it has now
};

enum class BreakerStep {
  wait,
  probe,    // one job tries for all
  close,    // what was refused isn't what is there now
  release,  // it is closed: what waited is made due
};
// Pure. A breaker that came back although the client is another one, because some node still has the former, is left to
// the probes.
BreakerStep step_of(const store::Breaker& breaker, const Standing& standing);

// Safe from any thread, but for look().
class Breakers {
 public:
  Breakers(Runtime& runtime, LogSink& log) : runtime_(runtime), log_(log) {}

  // Comes before the database is asked for what look() is given.
  void will_look();
  // Takes over what the database has, and what was opened while it was asked; closes and releases what may be. Returns
  // those whose probe is due and this node's: a job of it is to try each. `lanes` and `kinds` are the node's. A round trip
  // for each step.
  Result<std::vector<store::Breaker>> look(std::vector<store::Breaker> all, const std::vector<std::string>& lanes,
                                           const std::vector<std::string>& kinds, Deadline deadline);

  // What isn't to be claimed.
  store::KindsInLanes held() const;
  bool holds(std::string_view kind, std::string_view lane) const;

  // A job of this node opened it.
  void opened(const store::Breaker& breaker);
  // A job of this kind and lane showed that what they wait for works again.
  Status mended(std::string_view kind, std::string_view lane, Deadline deadline);

 private:
  Standing standing_of(const store::Breaker& breaker, const std::vector<std::string>& lanes,
                       const std::vector<std::string>& kinds) const;
  Status close(const store::Breaker& breaker, std::string_view why, Deadline deadline);
  Status release(const store::Breaker& breaker, Deadline deadline);

  Runtime& runtime_;
  LogSink& log_;
  std::map<std::string, std::string> closed_for_;  // subject -> the mark that it was closed for; look()'s
  mutable std::mutex mutex_;
  std::vector<store::Breaker> all_;                // guarded by mutex_; as last seen
  std::vector<store::Breaker> opened_;             // guarded by mutex_; since will_look()
};

}  // namespace calint::jobs
