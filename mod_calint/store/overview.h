// How an installation stands, for people and their monitoring.
#pragma once

#include <string>

#include "postgres/pool.h"

namespace calint::store {

// A JSON object. Times are RFC 3339 or null; nothing sealed, nobody named.
//   integrations  array of provider, status, count, oldest (since when in error or expired)
//   jobs          array of kind, provider, state (waiting, due, running, given_up), count, oldest (since when due or
//                 given up)
//   refreshes     array of provider, state (due, running, failing: to be tried again), count, oldest (since when due or
//                 running; when one that is failing was last well)
//   breakers      array of name (what the operator has to mend for many at once), reason, count (jobs that are due and
//                 wait), since (when it was refused first)
//   nodes         array of node_id, version, connections (to the database that it takes at most; null: it doesn't say),
//                 seen_at
//   database      array of of, connections: of `nodes`, what those of the last day take at most together; of
//                 `max_connections`, what the database has for everybody
// Counts as of one moment.
Result<std::string> overview(postgres::Pool& pool, Deadline deadline);

}  // namespace calint::store
