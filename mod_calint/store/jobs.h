// A look at the queue for people.
#pragma once

#include <string>

#include "postgres/pool.h"

namespace calint::store {

// Every job as a JSON array of objects: id, organization_id, kind, provider, user_id, integration_id, state (waiting,
// due, running, given_up), due_at (RFC 3339), attempts, last_error. Nothing sealed.
Result<std::string> list_jobs(postgres::Pool& pool, Deadline deadline);

}  // namespace calint::store
