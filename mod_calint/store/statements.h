// Pieces that several transactions of the store share. Private to the room.
#pragma once

#include "postgres/session.h"
#include "store/jobs.h"
#include "store/records.h"

namespace calint::store {

// A revocation with its grant's generation as it is now (0 where the grant isn't held by anybody).
postgres::Statement queue_revocation(const std::string& organization_id, const std::string& user_id,
                                     const std::optional<int64_t>& integration_id, const Revocation& revocation);

// Ends the lease of a job, which comes again as said. In a transaction that writes the integration it comes after that,
// as store_refreshed.sql locks them.
postgres::Statement putting_off(const ClaimedJob& job, const Again& again);

}  // namespace calint::store
