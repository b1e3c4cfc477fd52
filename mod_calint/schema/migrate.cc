#include "schema/migrate.h"

#include "base/embedded.h"
#include "schema/ats_audit.h"
#include "schema/ats_users.h"
#include "schema/ats_users_look.h"
#include "schema/migration.h"
#include "schema/sql/catalogue.h"
#include "schema/sql/migrations.h"

namespace calint::schema {
namespace {

struct AtsTable {
  const char* name;
  const char* file;
};
constexpr AtsTable kAtsTables[] = {{"users", "sql/ats_users.sql"}, {"audit_logs", "sql/ats_audit_logs.sql"}};

Status make_ats_tables(postgres::Session& connection, MigrateReport& report, Deadline deadline) {
  for (const AtsTable& table : kAtsTables) {
    Result<std::optional<Relation>> existing = find_relation(connection, table.name, deadline);
    if (!existing) return existing.error();
    if (existing->has_value()) {
      report.notes.push_back((*existing)->name + " exists already");
      continue;
    }
    if (Status made = connection.script(std::string(embedded::file(table.file)), deadline); !made) return made;
    report.notes.push_back(std::string("made the table ") + table.name);
  }
  return {};
}

Status make_ats_side(postgres::Session& connection, const MigrateOptions& options, MigrateReport& report,
                     Deadline deadline) {
  if (options.with_ats_tables) {
    if (Status made = make_ats_tables(connection, report, deadline); !made) return made;
  }
  if (Status made = make_users_view(connection, report, deadline); !made) return made;
  return make_audit_function(connection, report, deadline);
}

}  // namespace

Result<MigrateReport> migrate(postgres::Session& connection, const MigrateOptions& options, Deadline deadline) {
  MigrateReport report;
  if (Status made = make_migrations_table(connection, deadline); !made) return made.error();
  for (const Migration& migration : migrations()) {
    Result<Applied> applied = apply(connection, migration, deadline);
    if (!applied) return applied.error();
    if (*applied == Applied::now) report.applied.push_back(migration.name);
    if (*applied == Applied::before_with_another_text) {
      report.notes.push_back(migration.name + " was applied with another text than this build's");
    }
  }
  MigrateReport ats;
  Status made = with_migration_lock(connection, deadline, [&] {
    ats = {};  // run again after a lock wasn't free
    return make_ats_side(connection, options, ats, deadline);
  });
  if (!made) return made.error();
  if (Status looked = look_at_users(connection, ats, deadline); !looked) return looked.error();
  auto encoding = connection.query(sql::database_encoding{}, deadline);
  if (!encoding) return encoding.error();
  if (const std::string_view name = encoding->text(0, "encoding"); name != "UTF8" && name != "SQL_ASCII")
    ats.notes.push_back(std::string("the database's encoding is ")
                            .append(name)
                            .append(": what has no place in it, such as the name of somebody's calendar in other "
                                    "letters, can't be stored; a database with UTF8 takes all"));
  report.notes.insert(report.notes.end(), ats.notes.begin(), ats.notes.end());
  report.missing = std::move(ats.missing);
  return report;
}

Result<int> schema_version(postgres::Session& connection, Deadline deadline) {
  Result<postgres::Rows> rows = connection.query(sql::schema_version{}, deadline);
  if (!rows && rows.error().detail == Detail::no_such_table) return 0;
  if (!rows) return rows.error();
  return static_cast<int>(rows->integer(0, "version"));
}

}  // namespace calint::schema
