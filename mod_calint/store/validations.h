// Queued validations: connections whose calendars could not be read, or are to be read anew.
#pragma once

#include "postgres/pool.h"
#include "store/jobs.h"

namespace calint::store {

// The calendars of a connection that works are read anew in the background, as soon as it gets to them. Nothing where that
// is queued already, or the connection has changed.
Status queue_validation(postgres::Pool& pool, const Integration& integration, Deadline deadline);

// A validation that waits is due now: the tokens are good again.
Status hasten_validation(postgres::Pool& pool, const Integration& integration, Deadline deadline);

// No more is tried: the integration is `expired`, for the reason that it has, audited and told to the ATS; the job stays
// with given_up_at. conflict where the integration changed since it was read.
Status give_up_validation(postgres::Pool& pool, const ClaimedJob& job, const Integration& integration, Deadline deadline);

}  // namespace calint::store
