// What background work is due, and how a node takes some of it. A claim is one round trip; it counts the attempt and
// puts the next one off before the work begins, so that whatever dies with its process comes back later, after
// everything else that is due. Rows that somebody else is claiming are passed over (SKIP LOCKED).
//
// Each provider is a lane of its own: a claim takes one provider's rows only, so that nodes with other providers never
// take each other's work, and one that hangs holds up no other.
//
// Claims are fair: every organisation that has something due has the same chance, however much it has. Where much is
// due, a claim can't look at all of them; it goes on where the caller's last one ended (RoundRobin).
#pragma once

#include <chrono>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/provider_id.h"
#include "postgres/pool.h"
#include "store/attempts.h"
#include "store/records.h"
#include "store/revocations.h"

namespace calint::store {

// What is due now, and when something will be.
struct Due {
  std::set<std::pair<std::string, ProviderId>> jobs;  // kind and provider of those that were asked for
  std::set<std::string> chores;                       // one node's, in calendar_chores
  std::chrono::milliseconds next{0};                  // until the next of these jobs; at most an hour

  bool has(std::string_view kind, ProviderId provider) const { return jobs.contains({std::string(kind), provider}); }
  bool has(std::string_view chore) const { return chores.contains(std::string(chore)); }
};
// `kinds` as in calendar_jobs; `providers`: those whose work the caller can do.
Result<Due> what_is_due(postgres::Pool& pool, const std::vector<std::string>& kinds,
                        std::span<const ProviderId> providers, Deadline deadline);

struct DueRefresh {
  Integration integration;  // as it is stored now: nothing has to be read again
  int attempts = 0;         // with this one, since the last that worked
  Deadline lease_ends;      // what isn't presented and stored by then may be somebody else's
};
// Up to `most` active integrations whose refresh is due, each with the lease that store/refreshes.h tells of;
// store_refreshed(), postpone_refresh() or release_refresh() ends it. One whose lease somebody else has is left out,
// also where that is another claim of `owner`, and isn't due again before it ends. Those that are expired wait for
// their users.
Result<std::vector<DueRefresh>> claim_refreshes(postgres::Pool& pool, ProviderId provider, const Backoff& backoff,
                                                const std::string& owner, int most, Deadline deadline,
                                                RoundRobin* round = nullptr);

// Longer than a validation's calls.
inline constexpr std::chrono::seconds kJobLease{60};

struct DueValidation {
  std::string organization_id;
  int64_t id = 0;
  int64_t integration_id = 0;
  ProviderId provider = ProviderId::google;
  std::string account_key;  // the integration's; empty where that is gone
  std::optional<Instant> error_since;  // likewise
  int attempts = 0;         // with this one
  Deadline lease_ends = Deadline::in({});
};
Result<std::vector<DueValidation>> claim_validations(postgres::Pool& pool, ProviderId provider, const Backoff& backoff,
                                                     const std::string& owner, int most, Deadline deadline,
                                                     RoundRobin* round = nullptr);

// Revocations, with a lease of kRevocationLease.
Result<std::vector<RevocationJob>> claim_due_revocations(postgres::Pool& pool, ProviderId provider, const Backoff& backoff,
                                                         const std::string& owner, int most, Deadline deadline,
                                                         RoundRobin* round = nullptr);

// Ends the lease that `owner` has, in the same transaction. Nothing else where the tokens were replaced since the
// claim.
Status postpone_refresh(postgres::Pool& pool, const Integration& integration, const std::string& owner, const Again& again,
                        Deadline deadline);
// Ends the lease. Nothing where the job is gone or `owner` no longer has it.
Status postpone_job(postgres::Pool& pool, const std::string& organization_id, int64_t id, const std::string& owner,
                    const Again& again, Deadline deadline);

// A validation that waits is due now: the tokens are good again.
Status hasten_validation(postgres::Pool& pool, const Integration& integration, Deadline deadline);

// A validation that has nothing to validate any more.
Status drop_validation(postgres::Pool& pool, const DueValidation& job, Deadline deadline);

// No more is tried: the integration is `expired`, for the reason that it has, audited and told to the ATS; the job stays
// with given_up_at. conflict where the integration changed since it was read.
Status give_up_validation(postgres::Pool& pool, const DueValidation& job, const Integration& integration, Deadline deadline);

}  // namespace calint::store
