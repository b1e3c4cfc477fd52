// One file of sql/migrations, and how it is applied. Private to the room.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "postgres/session.h"

namespace calint::schema {

struct Migration {
  int version = 0;
  std::string name;       // "0001_initial"
  std::string_view text;
  // The file's first line is "-- non-transactional": it holds one statement that PostgreSQL refuses in a
  // transaction (CREATE INDEX CONCURRENTLY), written so that it can be run again. Needs a direct connection.
  bool transactional = true;
};

// Of a file called "NNNN_name.sql". A file that isn't throws std::logic_error.
Migration migration_from(std::string_view path, std::string_view text);

// Those in the binary, in order.
std::vector<Migration> migrations();

// Makes calendar_schema_migrations where it doesn't exist.
Status make_migrations_table(postgres::Session& connection, Deadline deadline);

enum class Applied { now, before, before_with_another_text };

// Runs the file and writes its row, unless the row is there. One node at a time.
Result<Applied> apply(postgres::Session& connection, const Migration& migration, Deadline deadline);

// Runs `work` in one transaction that holds the lock of all migrations. Locks are waited for 5 s, so that nobody
// queues behind a migration for longer; what gives up on one is run again, for a minute. conflict after that.
// Any error of `work` rolls back. The lock belongs to the transaction: it holds behind PgBouncer too.
Status with_migration_lock(postgres::Session& connection, Deadline deadline, const std::function<Status()>& work);

}  // namespace calint::schema
