// Queued validations: connections whose calendars could not be read, or are to be read anew.
#pragma once

#include "postgres/pool.h"
#include "store/jobs.h"

namespace calint::store {

// The calendars of a connection that works are read anew in the background, as soon as it gets to them. Nothing where
// that was tried and waits to be tried again, or the connection has changed.
Status queue_validation(postgres::Pool& pool, const Integration& integration, Deadline deadline);

// The calendars of connections that work are read anew at some time within `spread` where their list is `age` old:
// `most` of them. Returns how many were queued.
struct OldLists {
  std::chrono::seconds age;
  std::chrono::seconds spread;
  int most = 0;
};
Result<int64_t> queue_old_lists(postgres::Pool& pool, const OldLists& old, Deadline deadline);

// A validation that waits is due now: the tokens are good again.
Status hasten_validation(postgres::Pool& pool, const Integration& integration, Deadline deadline);

// No more is tried: the integration is `expired`, for the reason that it has, audited and told to the ATS; the job
// stays with given_up_at. conflict where the integration changed since it was read.
Status give_up_validation(postgres::Pool& pool, const ClaimedJob& job, const Integration& integration,
                          Deadline deadline);

}  // namespace calint::store
