// The two doors to the ATS's own tables: calint_users to read, calint_audit to write. Private to the room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/migrate.h"
#include "schema/relation.h"

namespace calint::schema {

// The view calint_users over a table of users. What the table doesn't tell is assumed:
//   login            email
//   organization_id  ''
//   name             full_name, or first_name and last_name, or the login
//   is_admin         role 'admin' or 'administrator'; without a role in words: false
//   is_interviewer   role 'interviewer'; without a role in words: true, since UC-455 is open to interviewers
//   is_scheduler     role 'scheduler' or 'recruiter'; without a role in words: false
//   active           is_active, deactivated_at and deleted_at (null); without them: true
// Pure.
struct UsersView {
  std::string sql;                 // empty where `users` has no id, or neither login nor email
  std::vector<std::string> notes;  // what had to be assumed
};
UsersView users_view(const Relation& users);

// The body of calint_audit over a table of audit rows. Pure.
struct AuditBody {
  std::string text;
  std::vector<std::string> problems;  // why there can be none
};
AuditBody audit_body(const Relation& audit_logs);

// Looks at calint_users, whoever made it, for what keeps people out: columns of another type than theirs, rows that
// lack something, text that isn't UTF-8. What can't be looked at is a note. Called outside of a transaction.
Status look_at_users(postgres::Session& connection, MigrateReport& report, Deadline deadline);

// Each makes its door unless it is there, and reports. Called in a transaction that holds the migration lock.
Status make_users_view(postgres::Session& connection, MigrateReport& report, Deadline deadline);
Status make_audit_function(postgres::Session& connection, MigrateReport& report, Deadline deadline);

}  // namespace calint::schema
