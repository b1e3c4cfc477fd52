#include "schema/ats_users_look.h"

#include <fmt/format.h>

#include <array>

#include "schema/ats_users.h"
#include "schema/sql/catalogue.h"

namespace calint::schema {
namespace {

// What statements compare and judge. Other columns are only shown, and may be of any type.
struct Wanted {
  std::string_view column;
  Kind kind;
  std::string_view type;
};
constexpr std::array<Wanted, 7> kWanted = {{{"id", Kind::text, "text"},
                                            {"organization_id", Kind::text, "text"},
                                            {"login", Kind::text, "text"},
                                            {"is_admin", Kind::boolean, "boolean"},
                                            {"is_interviewer", Kind::boolean, "boolean"},
                                            {"is_scheduler", Kind::boolean, "boolean"},
                                            {"active", Kind::boolean, "boolean"}}};

std::string wrong_types(const Relation& users) {
  std::string wrong;
  for (const Wanted& wanted : kWanted) {
    const Column* column = users.column(wanted.column);
    if (column->kind == wanted.kind) continue;
    wrong += fmt::format("{}{} is {}, not {}", wrong.empty() ? "" : ", ", column->name, column->type, wanted.type);
  }
  return wrong;
}

// The same rows with casts.
std::string view_with_casts(Relation users) {
  const std::string name = users.name;
  users.name = name.substr(0, name.rfind('.') + 1) + "calint_users_of_the_ats";
  return fmt::format("ALTER TABLE {} RENAME TO calint_users_of_the_ats; {}", name, users_view(users).sql);
}

// What a count of rows means, and what to write.
struct Lack {
  const char* column;
  std::string_view what;
  bool is_missing;  // it keeps people out; else it is only worth knowing
};
constexpr std::array<Lack, 6> kLacks = {{
    {"without_id", "have no id (NULL): who they are can't be told, and they can't sign in. Give them one, or leave "
                   "them out: WHERE id IS NOT NULL", true},
    {"without_utf8", "have text that isn't UTF-8, in a database whose encoding is SQL_ASCII: they can't sign in. Mend "
                     "it, or write a view with each such column as, for example, "
                     "convert_from(convert(convert_to(login, 'SQL_ASCII'), 'LATIN1', 'UTF8'), 'SQL_ASCII') AS login",
     true},
    {"without_active", "say neither yes nor no in active (NULL): they count as inactive, can't sign in, and are "
                       "disconnected. If they are active, write coalesce(active, true) AS active", false},
    {"without_login", "have no login (NULL) and can't sign in", false},
    {"without_organization", "have no organization_id (NULL), which counts as ''", false},
    {"without_rights", "say neither yes nor no (NULL) in is_admin, is_interviewer or is_scheduler, which counts as no",
     false},
}};

}  // namespace

Status look_at_users(postgres::Session& connection, MigrateReport& report, Deadline deadline) {
  Result<std::optional<Relation>> users = find_relation(connection, "calint_users", deadline);
  if (!users) return users.error();
  if (!users->has_value()) return {};
  for (const Wanted& wanted : kWanted) {
    if (!(*users)->has(wanted.column)) return {};  // make_users_view has told
  }
  if (const std::string wrong = wrong_types(**users); !wrong.empty()) {
    report.missing.push_back(fmt::format("calint_users has columns of other types than theirs: {}. For example: {}",
                                         wrong, view_with_casts(**users)));
  }
  Result<postgres::Rows> rows = connection.query(sql::look_at_users{}, deadline);
  if (!rows && connection.broken()) return rows.error();
  if (!rows) {
    report.notes.push_back("the rows of calint_users couldn't be looked at: " + rows.error().what);
    return {};
  }
  for (const Lack& lack : kLacks) {
    const int64_t number = rows->integer(0, lack.column);
    if (number == 0) continue;
    (lack.is_missing ? report.missing : report.notes)
        .push_back(fmt::format("{} of the rows of calint_users {}", number, lack.what));
  }
  return {};
}

}  // namespace calint::schema
