// A connection, and a database, as the tests of several rooms open them.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "postgres/session.h"
#include "schema/migrate.h"
#include "support/check.h"
#include "support/postgres.h"

namespace calint::test {

inline Deadline soon() { return Deadline::in(std::chrono::seconds(30)); }

// Fails the test where the database can't be reached.
inline std::unique_ptr<postgres::Session> open(const std::string& conninfo) {
  auto connection = postgres::Session::open(conninfo, postgres::Session::Prepare::automatic, soon());
  CHECK_OK(connection);
  return std::move(*connection);
}

// The name of a new database that is migrated, and holds what `script` puts there.
inline std::string migrated_database(const std::string& script = "") {
  const std::string database = cluster().create_database();
  auto connection = open(cluster().conninfo(database));
  CHECK_OK(schema::migrate(*connection, {.with_ats_tables = true}, soon()));
  if (!script.empty()) CHECK_OK(connection->script(script, soon()));
  return database;
}

}  // namespace calint::test
