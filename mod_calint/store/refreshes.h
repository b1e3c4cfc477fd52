// One refresher per integration, on every node and in every process: the lease is in the refresh's row of
// calendar_jobs, which stays as long as the integration. It is taken here by whoever needs a token, and by claims
// (store/jobs.h).
#pragma once

#include <string>

#include "postgres/pool.h"
#include "store/integrations.h"

namespace calint::store {

// For a token call, and for what it brought to be kept while the database is restarted; a crashed holder's ends by
// itself.
inline constexpr std::chrono::seconds kRefreshLease{45};

// True where `owner` holds the refresh of this integration from now on; false where somebody else does.
Result<bool> lease_refresh(postgres::Pool& pool, const Integration& integration, const std::string& owner,
                           Deadline deadline);

// The new tokens, and the client version that got them, if the row still has those that were refreshed (seal_id and
// generation), the end of the lease, and when the next refresh is due, in one transaction. conflict where it hasn't: a
// newer write wins and nothing is changed.
Status store_refreshed(postgres::Pool& pool, const Integration& integration, const SealedTokens& tokens, Instant due_at,
                       Deadline deadline);

// Gives the lease back without a result.
Status release_refresh(postgres::Pool& pool, const Integration& integration, const std::string& owner,
                       Deadline deadline);

}  // namespace calint::store
