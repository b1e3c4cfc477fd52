// Background work: rows of calendar_jobs, and how a node takes some of it. A claim is one round trip; it counts the
// attempt and says when one that is never ended is repeated, before the work begins, so that whatever dies with its
// process comes back later. It changes nothing that an index has. Rows that somebody else is claiming are passed over
// (SKIP LOCKED).
//
// Each lane (store/due.h) is claimed by itself: nodes with other providers or OAuth clients never take each other's
// work, and a provider that hangs holds up no other.
//
// Claims are fair: every organisation that has something due has the same chance, however much it has. Where much is
// due, a claim can't look at all of them; it goes on where the caller's last one ended (RoundRobin).
//
// Every end is fenced by the lease: it does nothing where somebody else has that by now.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "postgres/pool.h"
#include "store/records.h"

namespace calint::store {

// When an attempt that is never ended is repeated: after `first`, doubling with each attempt up to `most`, give or take
// a quarter; after its lease at the earliest.
struct Backoff {
  std::chrono::seconds first;
  std::chrono::seconds most;
};

// How far the claims of one lane and kind have looked through the organisations. Belongs to the caller, who leaves it
// alone.
struct RoundRobin {
  std::string after;
};

struct Claim {
  std::string_view kind;
  std::string_view lane;
  Backoff backoff;
  std::chrono::seconds lease;
  std::string owner;  // of the leases; another one for each claim
  int most = 1;
};

// A job whose lease the caller has.
struct ClaimedJob {
  std::string organization_id;
  int64_t id = 0;
  int64_t integration_id = 0;              // 0: none
  std::string subject = {};                // which of its integration's; empty where its kind has one
  int attempts = 0;                        // with this one, since the last that worked
  Instant due_at = {};                     // as it was claimed
  std::string owner = {};                  // of its lease
  Deadline lease_ends = Deadline::in({});  // what isn't stored by then may be somebody else's
};

template <typename Job>
struct Claimed {
  std::vector<Job> jobs;
  bool may_be_more = false;
};

// Jobs with their integrations as they are now.
struct IntegrationJob {
  ClaimedJob job;
  std::optional<Integration> integration;  // nothing: it is no longer active
};
Result<Claimed<IntegrationJob>> claim_jobs(postgres::Pool& pool, const Claim& claim, RoundRobin& round,
                                           Deadline deadline);

// When a job comes again whose attempt was begun.
struct Again {
  std::optional<std::chrono::seconds> in = std::nullopt;  // from now; nothing: it is due as it was
  bool keeps_backoff = false;                              // not before the claim's backoff
  int attempts = 0;                                        // that count from now on
  std::string reason = {};                                 // a stable word for people; empty: as it was
};
// Ends the lease.
Status put_off_job(postgres::Pool& pool, const ClaimedJob& job, const Again& again, Deadline deadline);

struct PutOff {
  ClaimedJob job;
  Again again;
};

// Ends the lease of a job that worked and comes again at `due_at`; at once where it became due while it ran.
Status finish_job(postgres::Pool& pool, const ClaimedJob& job, Instant due_at, Deadline deadline);

// The job has nothing to do any more.
Status drop_job(postgres::Pool& pool, const ClaimedJob& job, Deadline deadline);

// Every job as a JSON array of objects: id, organization_id, kind, provider, user_id, integration_id, state (waiting,
// due, running, given_up), due_at (RFC 3339), attempts, last_error. Refreshes and syncs while they run. Nothing sealed.
Result<std::string> list_jobs(postgres::Pool& pool, Deadline deadline);

}  // namespace calint::store
