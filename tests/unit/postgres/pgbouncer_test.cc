// Statements behind a real PgBouncer in transaction mode, where named prepared statements come and go.
#include <thread>

#include "postgres/pool.h"
#include "schema/migrate.h"
#include "support/check.h"
#include "support/pgbouncer.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::postgres;
using namespace std::chrono_literals;

namespace {

Deadline soon() { return Deadline::in(10s); }

std::unique_ptr<Session> open(const std::string& conninfo, Session::Prepare prepare) {
  auto connection = Session::open(conninfo, prepare, soon());
  CHECK_OK(connection);
  return std::move(*connection);
}

Result<Rows> add(Session& connection, int number) {
  return connection.query({"INSERT INTO t VALUES ($1) RETURNING id", {number}}, soon());
}

}  // namespace

CALINT_TEST(a_statement_that_another_client_prepared_is_run_without_a_name) {
  const test::PgBouncer bouncer(test::cluster());
  const std::string conninfo = bouncer.conninfo(test::cluster().create_database());
  auto one = open(conninfo, Session::Prepare::automatic);
  CHECK_OK(one->script("CREATE TABLE t (id int)", soon()));
  auto two = open(conninfo, Session::Prepare::automatic);
  // Both talk to the same server session, one after the other: the second finds the name taken (42P05).
  CHECK_OK(add(*one, 1));
  CHECK_OK(add(*two, 2));
  CHECK_OK(add(*one, 3));
  CHECK_OK(two->transaction({{"INSERT INTO t VALUES ($1) RETURNING id", {4}}}, soon()));
  auto rows = one->query({"SELECT count(*) AS n FROM t", {}}, soon());
  CHECK_OK(rows);
  CHECK_EQUAL(rows->integer(0, "n"), 4);
}

CALINT_TEST(a_statement_that_is_gone_is_run_without_a_name) {
  const test::PgBouncer bouncer(test::cluster());
  const std::string conninfo = bouncer.conninfo(test::cluster().create_database());
  auto connection = open(conninfo, Session::Prepare::automatic);
  CHECK_OK(connection->script("CREATE TABLE t (id int)", soon()));
  CHECK_OK(connection->transaction({{"INSERT INTO t VALUES ($1) RETURNING id", {1}}}, soon()));
  CHECK_OK(connection->script("DEALLOCATE ALL", soon()));  // as if the server session were another (26000)
  CHECK_OK(connection->transaction({{"INSERT INTO t VALUES ($1) RETURNING id", {2}}}, soon()));
  auto rows = connection->query({"SELECT count(*) AS n FROM t", {}}, soon());
  CHECK_OK(rows);
  CHECK_EQUAL(rows->integer(0, "n"), 2);
}

CALINT_TEST(names_that_are_insisted_on_fail_for_the_administrator_to_see) {
  const test::PgBouncer bouncer(test::cluster());
  const std::string conninfo = bouncer.conninfo(test::cluster().create_database());
  auto one = open(conninfo, Session::Prepare::on);
  CHECK_OK(one->script("CREATE TABLE t (id int)", soon()));
  auto two = open(conninfo, Session::Prepare::on);
  CHECK_OK(add(*one, 1));
  CHECK_FAULT(add(*two, 2), Fault::operator_fault);
}

CALINT_TEST(a_changed_result_type_does_not_fail_a_prepared_statement) {
  auto connection = open(test::create_database(), Session::Prepare::automatic);
  CHECK_OK(connection->script("CREATE TABLE t (id int)", soon()));
  CHECK_OK(connection->query({"SELECT * FROM t", {}}, soon()));
  CHECK_OK(connection->script("ALTER TABLE t ADD more text", soon()));
  CHECK_OK(connection->query({"SELECT * FROM t", {}}, soon()));
}

CALINT_TEST(statements_are_prepared_once_on_a_direct_connection) {
  auto connection = open(test::create_database(), Session::Prepare::automatic);
  CHECK_OK(connection->script("CREATE TABLE t (id int)", soon()));
  for (int i = 0; i < 3; ++i) CHECK_OK(add(*connection, i));
  auto rows = connection->query(
      {"SELECT count(*) AS n FROM pg_prepared_statements WHERE statement LIKE 'INSERT%'", {}}, soon());
  CHECK_OK(rows);
  CHECK_EQUAL(rows->integer(0, "n"), 1);
}

CALINT_TEST(many_clients_behind_the_pooler_lose_nothing_and_double_nothing) {
  const test::PgBouncer bouncer(test::cluster());
  const std::string conninfo = bouncer.conninfo(test::cluster().create_database());
  auto admin = open(conninfo, Session::Prepare::off);
  CHECK_OK(admin->script("CREATE TABLE t (id int)", soon()));
  Pool pool({.conninfo = conninfo, .max = 6});
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&pool, i] {
      for (int j = 0; j < 30; ++j) {
        (void)pool.transaction({{"SELECT pg_advisory_xact_lock($1)", {i}},
                                {"INSERT INTO t VALUES ($1)", {100 * i + j}}}, soon());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  auto rows = admin->query({"SELECT count(*) AS n, count(DISTINCT id) AS d FROM t", {}}, soon());
  CHECK_OK(rows);
  CHECK_EQUAL(rows->integer(0, "n"), 180);
  CHECK_EQUAL(rows->integer(0, "d"), 180);
}

CALINT_TEST(migrations_run_behind_the_pooler) {
  const test::PgBouncer bouncer(test::cluster());
  const std::string database = test::cluster().create_database();
  auto connection = open(bouncer.conninfo(database), Session::Prepare::automatic);
  CHECK_OK(schema::migrate(*connection, {.with_ats_tables = true}, soon()));
  CHECK_OK(schema::migrate(*open(bouncer.conninfo(database), Session::Prepare::automatic), {}, soon()));
}
