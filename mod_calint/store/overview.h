// How an installation stands, for people and their monitoring.
#pragma once

#include <string>

#include "store/pool.h"

namespace calint::store {

// A JSON object. Times are RFC 3339 or null; nothing sealed, nobody named.
//   integrations  array of provider, status, count
//   jobs          array of kind, provider, state (waiting, due, running, given_up), count, oldest (since when due or
//                 given up)
//   refreshes     array of provider, due, oldest, of those that have any due
//   nodes         array of node_id, version, seen_at
// Counts as of one moment.
Result<std::string> overview(Pool& pool, Deadline deadline);

}  // namespace calint::store
