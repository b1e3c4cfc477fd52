// Queued validations: connections whose calendars could not be read.
#pragma once

#include "postgres/pool.h"
#include "store/jobs.h"

namespace calint::store {

// A validation that waits is due now: the tokens are good again.
Status hasten_validation(postgres::Pool& pool, const Integration& integration, Deadline deadline);

// No more is tried: the integration is `expired`, for the reason that it has, audited and told to the ATS; the job stays
// with given_up_at. conflict where the integration changed since it was read.
Status give_up_validation(postgres::Pool& pool, const ClaimedJob& job, const Integration& integration, Deadline deadline);

}  // namespace calint::store
