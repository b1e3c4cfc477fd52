#include "support/installation.h"

#include "schema/migrate.h"
#include "support/check.h"
#include "support/postgres.h"

namespace calint::test {
namespace {

std::string migrated_database(const std::string& script) {
  const std::string database = cluster().create_database();
  auto session = open(cluster().conninfo(database));
  CHECK_OK(schema::migrate(*session, {.with_ats_tables = true}, soon()));
  if (!script.empty()) CHECK_OK(session->script(script, soon()));
  return database;
}

}  // namespace

Installation::Installation(const std::string& script) : Installation(Existing{migrated_database(script)}) {}

Installation::Installation(Existing existing)
    : database(std::move(existing.database)),
      conninfo(cluster().conninfo(database)),
      pool({.conninfo = conninfo, .max = 8}) {}

std::unique_ptr<postgres::Session> Installation::open(const std::string& role) const {
  return test::open(cluster().conninfo(database, role));
}

void Installation::run(const std::string& sql) const { CHECK_OK(open()->script(sql, soon())); }

postgres::Rows Installation::rows(postgres::Sql sql) {
  auto found = pool.query({sql, {}}, soon());
  CHECK_OK(found);
  return std::move(*found);
}

int64_t Installation::number(postgres::Sql sql) { return rows(sql).integer(0, "n"); }

}  // namespace calint::test
