// Waiting on libpq's socket with a deadline.
#pragma once

#include "base/clock.h"

struct pg_conn;

namespace calint::postgres {

// Waits until the socket is ready for one of poll(2)'s `events`, or has failed or been closed (the next call of
// libpq then tells). False once the deadline has passed.
bool wait_for(const pg_conn* conn, short events, Deadline deadline);

// Whether the socket has something to read, or has been closed, right now.
bool readable_now(const pg_conn* conn);

}  // namespace calint::postgres
