// A connection, and a database, as the tests of this room open them.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "store/connection.h"
#include "store/migrate.h"
#include "support/check.h"
#include "support/postgres.h"

namespace calint::test {

inline Deadline soon() { return Deadline::in(std::chrono::seconds(30)); }

// Fails the test where the database can't be reached.
inline std::unique_ptr<store::Connection> open(const std::string& conninfo) {
  auto connection = store::Connection::open(conninfo, store::Connection::Prepare::automatic, soon());
  CHECK_OK(connection);
  return std::move(*connection);
}

// The name of a new database that is migrated, and holds what `script` puts there.
inline std::string migrated_database(const std::string& script = "") {
  const std::string database = postgres().create_database();
  auto connection = open(postgres().conninfo(database));
  CHECK_OK(store::migrate(*connection, {.with_ats_tables = true}, soon()));
  if (!script.empty()) CHECK_OK(connection->script(script, soon()));
  return database;
}

}  // namespace calint::test
