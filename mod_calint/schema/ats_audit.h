// The door to write into the ATS's own table of audit rows: the function calint_audit. Private to the room.
#pragma once

#include "schema/migrate.h"

namespace calint::schema {

// Makes the function unless there is one, and reports. Called in a transaction that holds the migration lock.
Status make_audit_function(postgres::Session& connection, MigrateReport& report, Deadline deadline);

}  // namespace calint::schema
