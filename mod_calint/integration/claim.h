// How a kind of job that belongs to a connection takes what is due of it.
#pragma once

#include "jobs/kind.h"
#include "jobs/needless.h"

namespace calint::integration {

// A `Job` is made of a claimed job, its integration and CalIntExpiryGrace. What is expired waits for its user, and
// nobody waits for what has ended: such a job ends unbegun, as one of `kWhat` in its log line.
template <typename Job, const char* kWhat>
Result<jobs::Claimed> claim_due(Runtime& runtime, const store::Claim& claim, store::RoundRobin& round,
                                Deadline deadline) {
  auto due = store::claim_jobs(runtime.pool(), claim, round, deadline);
  if (!due) return std::move(due).error();
  jobs::Claimed claimed{.may_be_more = due->may_be_more};
  for (auto& [job, integration] : due->jobs) {
    if (integration && integration->status != ConnectionStatus::expired)
      claimed.jobs.push_back(
          std::make_unique<Job>(std::move(job), std::move(*integration), runtime.settings().expiry_grace));
    else
      claimed.jobs.push_back(std::make_unique<jobs::Needless>(std::move(job), kWhat));
  }
  return claimed;
}

}  // namespace calint::integration
