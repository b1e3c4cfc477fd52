// Whether the rows of calint_users can be used, whoever made it. Private to the room.
#pragma once

#include "schema/migrate.h"

namespace calint::schema {

// Looks at calint_users, whoever made it, for what keeps people out: columns of another type than theirs, rows that
// lack something, text that isn't UTF-8. What can't be looked at is a note. Called outside of a transaction.
Status look_at_users(postgres::Session& connection, MigrateReport& report, Deadline deadline);

}  // namespace calint::schema
