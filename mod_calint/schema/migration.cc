#include "schema/migration.h"

#include <charconv>
#include <stdexcept>
#include <thread>

#include "base/embedded.h"
#include "schema/sql/migrations.h"

namespace calint::schema {
namespace {

constexpr std::string_view kFolder = "sql/migrations/";
constexpr std::string_view kNonTransactional = "-- non-transactional\n";
constexpr std::chrono::minutes kPatience{1};
// One lock with that of try_session_lock.sql.
constexpr const char* kBegin =
    "BEGIN; SET LOCAL lock_timeout = '5s'; SELECT pg_advisory_xact_lock(x'63616c696e74'::bigint)";

Error locked() {
  return Error{.fault = Fault::conflict,
               .what = "database: a lock wasn't free for a minute: another migration or a long transaction holds it",
               .detail = Detail::lock_taken,
               .of_database = true};
}

// Whether the row is there already, and with this text.
Result<std::optional<Applied>> applied_before(postgres::Session& connection, const Migration& migration,
                                              Deadline deadline) {
  Result<postgres::Rows> rows = connection.query(
      sql::applied_before{.text = migration.text, .version = migration.version}, deadline);
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<Applied>();
  return std::optional<Applied>(rows->boolean(0, "same") ? Applied::before : Applied::before_with_another_text);
}

Status run(postgres::Session& connection, const Migration& migration, Applied& outcome, Deadline deadline) {
  Result<std::optional<Applied>> before = applied_before(connection, migration, deadline);
  if (!before) return before.error();
  if (before->has_value()) {
    outcome = **before;
    return {};
  }
  if (Status ran = connection.script(std::string(migration.text), deadline); !ran) {
    Error error = ran.error();
    error.what = migration.name + ": " + error.what;
    return error;
  }
  outcome = Applied::now;
  return status_of(connection.query(
      sql::note_migration{.version = migration.version, .name = migration.name, .text = migration.text}, deadline));
}

// Asks for the lock again and again rather than waiting for it: a waiting statement holds a snapshot, for which
// CREATE INDEX CONCURRENTLY would wait in turn.
Status take_session_lock(postgres::Session& connection, Deadline deadline) {
  const Deadline patience = deadline.at_most(kPatience);
  for (;;) {
    Result<postgres::Rows> rows = connection.query(sql::try_session_lock{}, deadline);
    if (!rows) return rows.error();
    if (rows->boolean(0, "got")) return {};
    if (patience.passed()) return locked();
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
  }
}

}  // namespace

Migration migration_from(std::string_view path, std::string_view text) {
  std::string_view name = path.substr(path.rfind('/') + 1);
  int version = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), version);
  if (error != std::errc() || end != name.data() + 4 || *end != '_' || !name.ends_with(".sql")) {
    throw std::logic_error("not a migration: " + std::string(path));
  }
  name.remove_suffix(4);
  return {.version = version,
          .name = std::string(name),
          .text = text,
          .transactional = !text.starts_with(kNonTransactional)};
}

std::vector<Migration> migrations() {
  std::vector<Migration> all;
  for (const embedded::File& file : embedded::files()) {
    if (file.path.starts_with(kFolder)) all.push_back(migration_from(file.path, file.bytes));
  }
  return all;
}

Status make_migrations_table(postgres::Session& connection, Deadline deadline) {
  return with_migration_lock(connection, deadline, [&] {
    return connection.script(std::string(embedded::file("sql/schema_migrations.sql")), deadline);
  });
}

Result<Applied> apply(postgres::Session& connection, const Migration& migration, Deadline deadline) {
  Applied outcome = Applied::before;
  Status status;
  if (migration.transactional) {
    status = with_migration_lock(connection, deadline, [&] { return run(connection, migration, outcome, deadline); });
  } else {
    status = take_session_lock(connection, deadline);
    if (!status) return status.error();
    status = run(connection, migration, outcome, deadline);
    // Where this fails the session is lost, and the lock with it.
    (void)connection.query(sql::unlock_session{}, deadline);
  }
  if (!status) return status.error();
  return outcome;
}

Status with_migration_lock(postgres::Session& connection, Deadline deadline, const std::function<Status()>& work) {
  const Deadline patience = deadline.at_most(kPatience);
  for (;;) {
    Status status = connection.script(kBegin, deadline);
    if (status.ok()) {
      status = work();
      if (status.ok()) return connection.script("COMMIT", deadline);
      if (!connection.broken()) (void)connection.script("ROLLBACK", deadline);
    }
    if (status.error().detail != Detail::lock_taken) return status;
    if (patience.passed()) return locked();
  }
}

}  // namespace calint::schema
