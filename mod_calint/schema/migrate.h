// Brings the database's schema up, and looks at where it stands.
#pragma once

#include <string>
#include <vector>

#include "postgres/session.h"

namespace calint::schema {

// The schema versions that this build works with (inclusive). A node answers 503 outside.
inline constexpr int kSchemaOldest = 6;
inline constexpr int kSchemaNewest = 21;

struct MigrateOptions {
  bool with_ats_tables = false;  // create users and audit_logs as in UC-455 where they don't exist
};

// What migrate did and found, in lines for a person.
struct MigrateReport {
  std::vector<std::string> applied;   // "0001_initial"
  std::vector<std::string> notes;     // "made the view calint_users over users"
  std::vector<std::string> missing;   // what the administrator must still write, with an example
};

// Idempotent; one advisory lock for all nodes; lock_timeout 5 s (retried for a minute); each file in its own
// transaction with its row in calendar_schema_migrations. Makes the view calint_users over a `users` table
// and the function calint_audit over an `audit_logs` table of either id type, unless they exist already, and looks
// whether the rows of calint_users can be used.
// conflict where the lock can't be had; operator_fault for missing privileges.
Result<MigrateReport> migrate(postgres::Session& connection, const MigrateOptions& options, Deadline deadline);

// 0 where nothing was migrated yet.
Result<int> schema_version(postgres::Session& connection, Deadline deadline);

}  // namespace calint::schema
