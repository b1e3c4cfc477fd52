// What background work is due, and how a node takes some of it. A claim is one round trip; it counts the attempt and
// puts the next one off before the work begins, so that whatever dies with its process comes back later, after
// everything else that is due. Rows that somebody else is claiming are passed over (SKIP LOCKED).
//
// Each provider is a lane of its own: a claim takes one provider's rows only, so that nodes with other providers never
// take each other's work, and one that hangs holds up no other.
//
// Claims are fair: every organisation that has something due has the same chance, however much it has. Where much is
// due, a claim can't look at all of them; it goes on where the caller's last one ended (Turn).
#pragma once

#include <array>
#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "base/provider_id.h"
#include "postgres/pool.h"
#include "store/records.h"
#include "store/revocations.h"

namespace calint::store {

// What is due now, and when something will be.
struct Due {
  struct Lane {
    bool refreshes = false;
    bool validations = false;
    bool revocations = false;

    bool anything() const { return refreshes || validations || revocations; }
  };
  std::array<Lane, kProviders.size()> lanes;  // by ProviderId; empty for those that weren't asked for
  bool retention = false;
  bool leavers = false;
  bool announcement = false;          // changes that no NOTIFY has told of
  std::chrono::milliseconds next{0};  // until the next of these lanes' refreshes and jobs; at most an hour

  const Lane& lane(ProviderId provider) const { return lanes[static_cast<size_t>(provider)]; }
  bool anything() const;
};
// `configured`: the providers whose work the caller can do.
Result<Due> what_is_due(postgres::Pool& pool, std::span<const ProviderId> configured, Deadline deadline);

// How far a claim puts the next attempt off: `first` doubling up to `most`, give or take a quarter.
struct Pace {
  std::chrono::seconds first;
  std::chrono::seconds most;
};

// How far the claims of one provider and kind have looked through the organisations. Belongs to the caller, who leaves
// it alone. Without one each claim looks at the first of them again.
struct Turn {
  std::string after;
};

struct DueRefresh {
  Integration integration;  // as it is stored now: nothing has to be read again
  int attempts = 0;         // with this one, since the last that worked
  Deadline lease_ends;      // what isn't presented and stored by then may be somebody else's
};
// Up to `most` active integrations whose refresh is due, each with the lease that store/refreshes.h tells of;
// store_refreshed(), postpone_refresh() or release_refresh() ends it. One whose lease somebody else has is left out,
// also where that is another claim of `owner`, and isn't due again before it ends. Those that are expired wait for
// their users.
Result<std::vector<DueRefresh>> claim_refreshes(postgres::Pool& pool, ProviderId provider, const Pace& pace,
                                                const std::string& owner, int most, Deadline deadline,
                                                Turn* turn = nullptr);

struct DueValidation {
  std::string organization_id;
  int64_t id = 0;
  int64_t integration_id = 0;
  ProviderId provider = ProviderId::google;
  std::string account_key;  // the integration's; empty where that is gone
  int attempts = 0;         // with this one
};
Result<std::vector<DueValidation>> claim_validations(postgres::Pool& pool, ProviderId provider, const Pace& pace,
                                                     const std::string& owner, int most, Deadline deadline,
                                                     Turn* turn = nullptr);

// Revocations, with a lease of kRevocationLease.
Result<std::vector<RevocationJob>> claim_due_revocations(postgres::Pool& pool, ProviderId provider, const Pace& pace,
                                                         const std::string& owner, int most, Deadline deadline,
                                                         Turn* turn = nullptr);

// When an attempt comes again that was begun.
struct Again {
  std::chrono::seconds in{0};  // from now
  bool at_earliest = false;    // what the claim set stays where that is later
  int attempts = 0;            // that count from now on
};
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
