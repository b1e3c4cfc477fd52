// A kind of background work, and a job of it. A kind is one file with its subject; app/background.cc lists them all.
// Its jobs are rows of calendar_jobs, whose `subject` tells several of one integration apart.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/call.h"
#include "runtime/failure_log.h"
#include "runtime/runtime.h"
#include "store/breakers.h"
#include "store/jobs.h"

namespace calint::jobs {

// What a job or a chore is done with.
struct Context {
  Runtime& runtime;
  const Call& call;
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
  bool is_well = false;                    // the provider took the OAuth client: what waits for that waits no more
};

// What holds for a job beside its claim.
struct Limits {
  std::string account_key = {};             // whose calls at once are limited (ProviderFacts::calls_at_once)
  Counterpart counterpart = {};             // that it calls
  std::optional<Instant> tried_until = {};  // when what fails in the ordinary way is given up; nothing: never
};

// One job, claimed. Used by one thread at a time.
class Job {
 public:
  Job(store::ClaimedJob claimed, Limits limits) : claimed_(std::move(claimed)), limits_(std::move(limits)) {}
  virtual ~Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  const store::ClaimedJob& claimed() const { return claimed_; }
  const Limits& limits() const { return limits_; }

  // What it is, at the beginning of its log lines: "refresh at google, integration 5".
  virtual std::string name() const = 0;

  // Does it, and stores and logs what came of it. The engine reacts to an error by its fault, logs it, and puts the job
  // off: see perform(). The caller holds a slot for calls to the provider.
  virtual Result<Outcome> work(const Context& context) = 0;

  // Ends the lease; it comes again as said. Nothing where somebody else has the lease by now.
  virtual Status put_off(const Context& context, const store::Again& again) {
    return store::put_off_job(context.runtime.pool(), claimed_, again, context.for_storing());
  }

  // What it waits for after an error that the operator mends for many at once; nothing: it comes again after about an
  // hour.
  virtual std::optional<store::Breaker> breaker(const Runtime&, const Error&) const { return std::nullopt; }

  // Nothing more is tried: stored, logged and told to whom it concerns.
  virtual Status give_up(const Context& context, const std::string& why) = 0;

 private:
  const store::ClaimedJob claimed_;
  const Limits limits_;
};

using Claimed = store::Claimed<std::unique_ptr<Job>>;

struct Kind {
  std::string_view name;          // as in calendar_jobs
  store::Backoff backoff;         // of attempts, whatever became of the one before; never sooner than the provider asks
  std::chrono::seconds lease;
  bool needs_client = true;       // an OAuth client's credentials, which only a server's configuration has
  double share = 1;               // of a provider's slots, at most: what it leaves is for other kinds
  std::string_view failed_tag;    // of the log line of an attempt that failed for a passing reason

  // Takes up to claim.most jobs that are due. One round trip.
  Result<Claimed> (*claim)(Runtime& runtime, const store::Claim& claim, store::RoundRobin& round, Deadline deadline);
};

// Whom a claim of this kind is for: `owner` has the leases, and no other claim.
inline store::Claim claim_of(const Kind& kind, std::string_view lane, std::string owner, int most) {
  return {.kind = kind.name,
          .lane = lane,
          .backoff = kind.backoff,
          .lease = kind.lease,
          .owner = std::move(owner),
          .most = most};
}

}  // namespace calint::jobs
