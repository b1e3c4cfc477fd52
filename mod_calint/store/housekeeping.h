// What one node does for the whole installation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "postgres/pool.h"
#include "store/records.h"

namespace calint::store {

// True where the chore, a row of calendar_chores, was due and is this caller's now. It is due again after `every`, also
// where the caller dies.
Result<bool> claim_chore(postgres::Pool& pool, std::string_view chore, std::chrono::seconds every, Deadline deadline);

// One batch of what is kept no longer, up to 1,000 rows of each kind:
//   flows that were used, and tries of passwords, past expires_at
//   changes after 7 days
//   jobs 30 days after they were given up
//   revocations past their deadline, those that were never tried (no node has their provider) a day later: audited as
//   abandoned, with the copy of their token erased
//   account, destination, scopes and reason of integrations that ended 90 days ago
// Returns how many rows; 0 once there is nothing left.
Result<int64_t> retain(postgres::Pool& pool, Deadline deadline);

// Tells listeners of the channel `calint` that there are changes they weren't told of yet, at most once a second for
// all nodes; reads an index where there are none. Without personal data: whoever listens reads calendar_changes.
// Returns how many they were told of.
Result<int64_t> announce_changes(postgres::Pool& pool, Deadline deadline);

}  // namespace calint::store
