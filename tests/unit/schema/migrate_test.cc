#include "schema/migrate.h"
#include "support/database.h"

#include <thread>

#include "schema/migration.h"
#include "support/check.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::schema;
using calint::test::open;
using calint::test::soon;
using namespace std::chrono_literals;

namespace {

bool exists(postgres::Session& connection, const char* relation) {
  auto rows = connection.query({"SELECT to_regclass($1) IS NOT NULL AS found", {relation}}, soon());
  CHECK_OK(rows);
  return rows->boolean(0, "found");
}

}  // namespace

CALINT_TEST(an_empty_database_is_brought_up_once) {
  auto connection = open(test::create_database());
  auto before = schema_version(*connection, soon());
  CHECK_OK(before);
  CHECK_EQUAL(*before, 0);
  auto first = migrate(*connection, {}, soon());
  CHECK_OK(first);
  CHECK_EQUAL(first->applied.front(), "0001_initial");
  CHECK(exists(*connection, "calendar_integrations"));
  auto version = schema_version(*connection, soon());
  CHECK_OK(version);
  CHECK_EQUAL(*version, kSchemaNewest);
  auto second = migrate(*connection, {}, soon());
  CHECK_OK(second);
  CHECK(second->applied.empty() && second->notes.empty());
}

CALINT_TEST(this_build_works_with_its_newest_migration) {
  const std::vector<Migration> all = migrations();
  CHECK_EQUAL(all.back().version, kSchemaNewest);
  for (size_t i = 0; i < all.size(); ++i) CHECK_EQUAL(all[i].version, static_cast<int>(i) + 1);
}

CALINT_TEST(without_being_told_no_ats_table_is_made) {
  auto connection = open(test::create_database());
  auto report = migrate(*connection, {}, soon());
  CHECK_OK(report);
  CHECK(!exists(*connection, "users") && !exists(*connection, "audit_logs"));
  CHECK_EQUAL(report->missing.size(), 2);
  CHECK(report->missing[0].find("CREATE VIEW calint_users") != std::string::npos);
  CHECK(report->missing[1].find("CREATE FUNCTION calint_audit") != std::string::npos);
}

CALINT_TEST(two_nodes_migrate_at_once_and_one_does_the_work) {
  const std::string conninfo = test::create_database();
  std::vector<Result<MigrateReport>> reports(4, Error{});
  std::vector<std::thread> threads;
  for (auto& report : reports) {
    threads.emplace_back([&] {
      auto connection = postgres::Session::open(conninfo, postgres::Session::Prepare::automatic, soon());
      if (connection.ok()) report = migrate(**connection, {.with_ats_tables = true}, soon());
    });
  }
  for (std::thread& thread : threads) thread.join();
  size_t applied = 0;
  for (const auto& report : reports) {
    CHECK_OK(report);
    applied += report->applied.size();
  }
  CHECK_EQUAL(applied, migrations().size());
}

CALINT_TEST(a_migration_that_fails_leaves_nothing_behind) {
  auto connection = open(test::create_database());
  CHECK_OK(make_migrations_table(*connection, soon()));
  const Migration broken = migration_from("sql/migrations/0009_broken.sql", "CREATE TABLE half (id int); SELECT 1/0;");
  auto applied = apply(*connection, broken, soon());
  CHECK_FAULT(applied, Fault::bug);
  CHECK(applied.error().what.starts_with("0009_broken"));
  CHECK(!exists(*connection, "half"));
  auto version = schema_version(*connection, soon());
  CHECK_OK(version);
  CHECK_EQUAL(*version, 0);
}

CALINT_TEST(a_marked_file_runs_outside_a_transaction) {
  auto connection = open(test::create_database());
  CHECK_OK(make_migrations_table(*connection, soon()));
  CHECK_OK(connection->script("CREATE TABLE t (id int)", soon()));
  const Migration index =
      migration_from("0002_index.sql", "-- non-transactional\nCREATE INDEX CONCURRENTLY i ON t (id);\n");
  CHECK(!index.transactional);
  auto first = apply(*connection, index, soon());
  CHECK_OK(first);
  CHECK_EQUAL(*first, Applied::now);
  auto second = apply(*connection, index, soon());
  CHECK_OK(second);
  CHECK_EQUAL(*second, Applied::before);
  CHECK(exists(*connection, "i"));
}

CALINT_TEST(a_file_that_was_edited_after_its_release_is_noticed) {
  auto connection = open(test::create_database());
  CHECK_OK(make_migrations_table(*connection, soon()));
  CHECK_OK(apply(*connection, migration_from("0001_a.sql", "CREATE TABLE a (id int);"), soon()));
  auto again = apply(*connection, migration_from("0001_a.sql", "CREATE TABLE a (id bigint);"), soon());
  CHECK_OK(again);
  CHECK_EQUAL(*again, Applied::before_with_another_text);
}

CALINT_TEST(a_lock_that_stays_taken_is_a_conflict) {
  const std::string conninfo = test::create_database();
  auto holder = open(conninfo);
  CHECK_OK(holder->script("CREATE TABLE t (id int)", soon()));
  CHECK_OK(holder->script("BEGIN; LOCK TABLE t", soon()));
  auto connection = open(conninfo);
  const Status status = with_migration_lock(*connection, Deadline::in(1500ms), [&] {
    return connection->script("SET LOCAL lock_timeout = '200ms'; ALTER TABLE t ADD c int", soon());
  });
  CHECK_FAULT(status, Fault::conflict);
}

CALINT_TEST(what_gave_up_on_a_lock_is_run_again) {
  const std::string conninfo = test::create_database();
  auto holder = open(conninfo);
  CHECK_OK(holder->script("CREATE TABLE t (id int)", soon()));
  CHECK_OK(holder->script("BEGIN; LOCK TABLE t", soon()));
  auto connection = open(conninfo);
  int runs = 0;
  const Status status = with_migration_lock(*connection, soon(), [&]() -> Status {
    if (++runs == 3) CHECK_OK(holder->script("COMMIT", soon()));
    return connection->script("SET LOCAL lock_timeout = '100ms'; ALTER TABLE t ADD c int", soon());
  });
  CHECK_OK(status);
  CHECK_EQUAL(runs, 3);
}

CALINT_TEST(a_role_without_rights_is_for_the_administrator) {
  const std::string database = test::cluster().create_database();
  auto admin = open(test::cluster().conninfo(database));
  CHECK_OK(admin->script("CREATE ROLE powerless_migrator LOGIN", soon()));
  auto connection = open(test::cluster().conninfo(database, "powerless_migrator"));
  CHECK_FAULT(migrate(*connection, {}, soon()), Fault::operator_fault);
}
