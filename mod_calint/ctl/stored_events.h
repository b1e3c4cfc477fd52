// What the database has of an integration's calendars, in the form of a file that was read.
#pragma once

#include <optional>

#include "calendar/series.h"
#include "postgres/pool.h"

namespace calint::ctl {

struct StoredEvents {
  // Each series' `file` is the id of its calendar. left_out names calendars of which something isn't known.
  calendar::Reading reading;
  calendar::Window known;  // that all calendars which were read are known in; empty where there are none
};

// not_found where the integration has no ticked calendar, or isn't there. Else the database's.
Result<StoredEvents> stored_events(postgres::Pool& pool, int64_t integration, Deadline deadline);

}  // namespace calint::ctl
