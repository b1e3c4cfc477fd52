// What OAuth clients may ask their providers for, over all nodes. Requests are taken with the claim of what makes them
// (claim_syncs), so that a quota costs no round trip of its own.
#pragma once

#include <chrono>
#include <optional>

#include "base/provider_id.h"
#include "postgres/pool.h"
#include "store/records.h"

namespace calint::store {

// Of each client of the provider: so many in the long run, and a sixth of that at once.
struct Quota {
  ProviderId provider = ProviderId::google;
  int64_t requests_per_minute = 0;
};

// Requests beyond those that a claim took. Nothing where the client has no quota.
Status spend_requests(postgres::Pool& pool, const ClientVersion& client, int requests, Deadline deadline);

// From the first pause to the longest, each twice the one before while the provider goes on asking for less.
inline constexpr std::chrono::seconds kFirstPause{15};
inline constexpr std::chrono::minutes kLongestPause{5};

// The provider asked the client for less and didn't say how long: no claim gets a request meanwhile. Returns how long that
// is; nothing where it was asked already.
Result<std::optional<std::chrono::seconds>> pause_client(postgres::Pool& pool, const ClientVersion& client,
                                                         Deadline deadline);

}  // namespace calint::store
