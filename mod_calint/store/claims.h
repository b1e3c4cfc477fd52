// What every claim's statement is given and returns (sql/fragments/claimed.sql). Private to the room.
#pragma once

#include "postgres/pool.h"
#include "store/jobs.h"

namespace calint::store {

template <typename Statement>
Statement claiming(const Claim& claim, const RoundRobin& round) {
  return Statement{.kind = claim.kind,
                   .lane = claim.lane,
                   .after = round.after,
                   .most = claim.most,
                   .owner = claim.owner,
                   .lease = claim.lease,
                   .first_pause = claim.backoff.first.count(),
                   .longest_pause = claim.backoff.most.count()};
}

// Brings `round` to where the claim ended, and tells whether there may be more than it took.
bool go_on(RoundRobin& round, const postgres::Rows& rows);

ClaimedJob claimed_job(const postgres::Rows& rows, size_t row, const std::string& owner, Deadline lease_ends);

}  // namespace calint::store
