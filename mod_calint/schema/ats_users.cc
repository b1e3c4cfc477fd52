#include "schema/ats_users.h"

#include <fmt/format.h>

#include <array>
#include <initializer_list>

namespace calint::schema {
namespace {

constexpr std::array<std::string_view, 10> kColumns = {
    "id",        "organization_id", "login",          "email",        "name",
    "time_zone", "is_admin",        "is_interviewer", "is_scheduler", "active"};

constexpr std::string_view kExample =
    "CREATE VIEW calint_users AS SELECT id::text AS id, ''::text AS organization_id, email AS login, email,"
    " full_name AS name, 'UTC'::text AS time_zone, false AS is_admin, true AS is_interviewer,"
    " false AS is_scheduler, true AS active FROM people;";

// The first of the columns that is there, as text; `otherwise` where none is.
std::string text(const Relation& users, std::initializer_list<std::string_view> names, std::string_view otherwise) {
  for (const std::string_view name : names) {
    if (users.has(name)) return fmt::format("u.{}::text", name);
  }
  return std::string(otherwise);
}

std::string truth(const Column& column) {
  if (column.kind == Kind::boolean) return fmt::format("coalesce(u.{}, false)", column.name);
  return fmt::format("coalesce(lower(u.{}::text) IN ('1', 't', 'true', 'y', 'yes', 'on'), false)", column.name);
}

std::string name_of_user(const Relation& users) {
  if (!users.has("name") && users.has("first_name") && users.has("last_name")) {
    return "concat_ws(' ', u.first_name::text, u.last_name::text)";
  }
  return text(users, {"name", "full_name", "login", "email"}, "NULL::text");
}

// A role in words. One that is a number means nothing here.
bool has_role(const Relation& users) {
  const Column* role = users.column("role");
  return role != nullptr && (role->kind == Kind::text || role->kind == Kind::other);
}

// The column, else one of the roles, else `otherwise`.
std::string right(const Relation& users, std::string_view column, std::string_view roles, std::string_view otherwise) {
  if (users.has(column)) return truth(*users.column(column));
  if (has_role(users)) return fmt::format("coalesce(lower(u.role::text) IN ({}), false)", roles);
  return std::string(otherwise);
}

std::string active(const Relation& users) {
  std::string all;
  const auto add = [&](const std::string& condition) { all += (all.empty() ? "" : " AND ") + condition; };
  for (const std::string_view flag : {"active", "is_active"}) {
    if (users.has(flag)) add(truth(*users.column(flag)));
  }
  for (const std::string_view moment : {"deactivated_at", "deleted_at"}) {
    if (users.has(moment)) add(fmt::format("u.{} IS NULL", moment));
  }
  return all.empty() ? "true" : all;
}

std::string missing_columns(const Relation& relation) {
  std::string names;
  for (const std::string_view column : kColumns) {
    if (!relation.has(column)) names += fmt::format("{}{}", names.empty() ? "" : ", ", column);
  }
  return names;
}

}  // namespace

UsersView users_view(const Relation& users) {
  UsersView view;
  if (!users.has("id") || !(users.has("login") || users.has("email"))) return view;
  view.sql = fmt::format(
      "CREATE VIEW calint_users AS SELECT u.id::text AS id, {} AS organization_id, {} AS login, {} AS email,"
      " {} AS name, {} AS time_zone, {} AS is_admin, {} AS is_interviewer, {} AS is_scheduler, {} AS active FROM {} u",
      users.has("organization_id") ? "coalesce(u.organization_id::text, '')" : "''::text",
      text(users, {"login", "email"}, ""), text(users, {"email"}, "NULL::text"), name_of_user(users),
      text(users, {"time_zone", "timezone"}, "NULL::text"),
      right(users, "is_admin", "'admin', 'administrator'", "false"),
      right(users, "is_interviewer", "'interviewer'", "true"),
      right(users, "is_scheduler", "'scheduler', 'recruiter'", "false"), active(users), users.name);
  if (!users.has("login")) view.notes.push_back("calint_users: email serves as login");
  // UC-455 lets interviewers connect; where the ATS doesn't tell them apart, it decides who sees the page.
  if (!users.has("is_interviewer") && !has_role(users)) {
    view.notes.push_back("calint_users: every active user counts as an interviewer");
  }
  if (!users.has("is_admin") && !has_role(users)) view.notes.push_back("calint_users: nobody is an administrator");
  return view;
}

Status make_users_view(postgres::Session& connection, MigrateReport& report, Deadline deadline) {
  Result<std::optional<Relation>> existing = find_relation(connection, "calint_users", deadline);
  if (!existing) return existing.error();
  if (existing->has_value()) {
    const std::string lacking = missing_columns(**existing);
    if (!lacking.empty()) {
      report.missing.push_back(
          fmt::format("{} lacks the columns {}. For example: {}", (*existing)->name, lacking, kExample));
    }
    return {};
  }
  Result<std::optional<Relation>> users = find_relation(connection, "users", deadline);
  if (!users) return users.error();
  const UsersView view = users->has_value() ? users_view(**users) : UsersView();
  if (view.sql.empty()) {
    report.missing.push_back(fmt::format(
        "there is no view calint_users, and no table users with id and login or email to make it from. For example: {}",
        kExample));
    return {};
  }
  if (Status made = connection.script(view.sql, deadline); !made) return made;
  report.notes.push_back("made the view calint_users over " + (*users)->name);
  report.notes.insert(report.notes.end(), view.notes.begin(), view.notes.end());
  return {};
}

}  // namespace calint::schema
