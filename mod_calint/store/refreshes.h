// One refresher per integration, on every node and in every process: the lease is a row of calendar_jobs.
#pragma once

#include <string>

#include "postgres/pool.h"
#include "store/integrations.h"

namespace calint::store {

// For a token call, and for what it brought to be kept while the database is restarted; a crashed holder's ends by
// itself.
inline constexpr std::chrono::seconds kRefreshLease{45};

// True where `owner` holds the refresh of this integration from now on; false where somebody else does.
Result<bool> lease_refresh(postgres::Pool& pool, const Integration& integration, const std::string& owner, Deadline deadline);

// The new tokens, and the client version that got them, if the row still has those that were refreshed (seal_id and
// generation), and the end of the lease, in one transaction. conflict where it hasn't: a newer write wins and nothing is
// changed.
Status store_refreshed(postgres::Pool& pool, const Integration& integration, const SealedTokens& tokens, Instant refresh_due_at,
                       const std::string& owner, Deadline deadline);

// Gives the lease back without a result.
Status release_refresh(postgres::Pool& pool, const Integration& integration, const std::string& owner, Deadline deadline);

}  // namespace calint::store
