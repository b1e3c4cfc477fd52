// The door to read the ATS's own table of users: the view calint_users. Private to the room.
#pragma once

#include <string>
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

// Makes the view unless there is one, and reports. Called in a transaction that holds the migration lock.
Status make_users_view(postgres::Session& connection, MigrateReport& report, Deadline deadline);

}  // namespace calint::schema
