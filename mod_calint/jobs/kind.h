// A kind of background work, and a job of it. A kind is one file with its subject; app/background.cc lists them all.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/provider_id.h"
#include "runtime/call.h"
#include "runtime/runtime.h"
#include "runtime/trouble.h"
#include "store/due.h"

namespace calint::jobs {

// What a job or a chore is done with.
struct Context {
  Runtime& runtime;
  const Call& call;
  const std::string& owner;               // of the leases
  const std::function<bool()>& stopping;  // whether this process ends; asked from several threads at once

  // For storing what came of it: two seconds at least, also where the work took all of its time.
  Deadline for_storing() const {
    constexpr std::chrono::seconds least{2};
    return call.deadline.remaining() > least ? call.deadline : Deadline::in(least);
  }
};

// What became of a job that was begun.
struct Outcome {
  std::string_view word;                   // stable, for counts: "refreshed"
  std::optional<store::Again> again = {};  // when it comes again; nothing: the work has stored its end
};

// What a claim tells of each job.
struct Claimed {
  std::string organization_id;
  int64_t id = 0;                              // of what is due, within its kind
  int attempts = 0;                            // with this one, since the last that worked
  Deadline lease_ends = Deadline::in({});      // what isn't stored by then may be somebody else's
  std::string account_key = {};                // whose calls at once are limited (ProviderFacts::calls_at_once)
  Counterpart counterpart = {};                // that it calls
  std::optional<Instant> tried_until = {};     // when what fails in the ordinary way is given up; nothing: never
};

// One job, claimed. Used by one thread at a time.
class Job {
 public:
  explicit Job(Claimed claimed) : claimed_(std::move(claimed)) {}
  virtual ~Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  const Claimed& claimed() const { return claimed_; }

  // What it is, at the beginning of its log lines: "refresh at google, integration 5".
  virtual std::string name() const = 0;

  // Does it, and stores and logs what came of it. The engine reacts to an error by its fault, logs it, and puts the job
  // off: see perform(). The caller holds a slot for calls to the provider.
  virtual Result<Outcome> work(const Context& context) = 0;

  // Ends the lease; it comes again as said. Nothing where the lease is no longer the context's owner's.
  virtual Status postpone(const Context& context, const store::Again& again) = 0;

  // Nothing more is tried: stored, logged and told to whom it concerns.
  virtual Status give_up(const Context& context, const std::string& why) = 0;

 private:
  const Claimed claimed_;
};

// Some due work of one kind at one provider.
struct Claim {
  ProviderId provider;
  const std::string& owner;  // of the leases
  int most = 1;
  Deadline deadline;
  store::RoundRobin* round = nullptr;  // null: from the first organisation on
};

struct Kind {
  std::string_view name;    // as in calendar_jobs
  store::Backoff backoff;   // of attempts, whatever became of the one before; never sooner than the provider asks
  std::chrono::seconds lease;
  bool needs_client = true;       // an OAuth client's credentials, which only a server's configuration has
  double share = 1;               // of a provider's slots, at most: what it leaves is for other kinds
  std::string_view failed_tag;    // of the log line of an attempt that failed for a passing reason

  // Takes up to `most` jobs that are due: each counts its attempt, has its lease, and is put off by `backoff`, so that
  // whatever dies with its process comes back later. One round trip.
  Result<std::vector<std::unique_ptr<Job>>> (*claim)(Runtime& runtime, const Claim& claim);
};

}  // namespace calint::jobs
