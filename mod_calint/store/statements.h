// Pieces that several transactions of the store share. Private to the room.
#pragma once

#include "postgres/session.h"
#include "store/attempts.h"
#include "store/records.h"

namespace calint::store {

// A revocation with its grant's generation as it is now (0 where the grant isn't held by anybody).
postgres::Statement queue_revocation(const std::string& organization_id, const std::string& user_id,
                                     const std::optional<int64_t>& integration_id, const Revocation& revocation);

// Ends the lease of a refresh where `owner` has it. In a transaction that writes the integration it comes after that,
// as claim_refreshes() locks them.
postgres::Statement end_refresh_lease(const Integration& integration, const std::string& owner);

// Ends the lease of a job where `owner` has it, and says when it comes again. Returns as `past` whether its
// deadline_at has passed.
postgres::Statement put_off_job(const std::string& organization_id, int64_t id, const std::string& owner,
                                const Again& again);

}  // namespace calint::store
