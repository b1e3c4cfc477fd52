#include <stdexcept>
#include <thread>

#include "postgres/session.h"
#include "support/check.h"
#include "support/database.h"
#include "support/pg_proxy.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::postgres;
using calint::test::open;
using calint::test::soon;
using namespace std::chrono_literals;

namespace {

std::string database_with_table() {
  const std::string database = test::cluster().create_database();
  CHECK_OK(open(test::cluster().conninfo(database))->script("CREATE TABLE t (id int PRIMARY KEY)", soon()));
  return database;
}

int64_t count(const std::string& database) {
  auto rows = open(test::cluster().conninfo(database))->query({"SELECT count(*) AS n FROM t", {}}, soon());
  CHECK_OK(rows);
  return rows->integer(0, "n");
}

}  // namespace

CALINT_TEST(all_statements_take_effect_together) {
  const std::string database = database_with_table();
  auto connection = open(test::cluster().conninfo(database));
  auto rows = connection->transaction({{"INSERT INTO t VALUES ($1)", {1}},
                                       {"INSERT INTO t VALUES ($1)", {2}},
                                       {"SELECT sum(id) AS total FROM t", {}}}, soon());
  CHECK_OK(rows);
  CHECK_EQUAL(rows->size(), 3);
  CHECK_EQUAL((*rows)[0].affected(), 1);
  CHECK_EQUAL((*rows)[2].integer(0, "total"), 3);
  CHECK_EQUAL(count(database), 2);
}

CALINT_TEST(a_failing_statement_undoes_the_others) {
  const std::string database = database_with_table();
  auto connection = open(test::cluster().conninfo(database));
  auto rows = connection->transaction({{"INSERT INTO t VALUES ($1)", {1}},
                                       {"INSERT INTO t VALUES ($1)", {1}},
                                       {"INSERT INTO t VALUES ($1)", {2}}}, soon());
  CHECK_FAULT(rows, Fault::conflict);
  CHECK_EQUAL(rows.error().code, "23505");
  CHECK_EQUAL(count(database), 0);
  CHECK(!connection->broken());
  CHECK_OK(connection->transaction({{"INSERT INTO t VALUES ($1)", {3}}}, soon()));
  CHECK_EQUAL(count(database), 1);
}

CALINT_TEST(a_commit_that_fails_undoes_everything) {
  const std::string database = database_with_table();
  auto connection = open(test::cluster().conninfo(database));
  CHECK_OK(connection->script("CREATE TABLE u (id int REFERENCES t DEFERRABLE INITIALLY DEFERRED)", soon()));
  auto rows = connection->transaction({{"INSERT INTO t VALUES (1)", {}}, {"INSERT INTO u VALUES (7)", {}}}, soon());
  CHECK_FAULT(rows, Fault::bug);
  CHECK_EQUAL(rows.error().code, "23503");
  CHECK_EQUAL(count(database), 0);
  CHECK_OK(connection->query({"SELECT 1", {}}, soon()));
}

CALINT_TEST(a_transaction_is_one_round_trip) {
  const std::string database = database_with_table();
  test::PgProxy proxy(test::cluster().folder());
  auto connection = open(proxy.conninfo(database));
  for (int run = 0; run < 3; ++run) {
    const int before = proxy.round_trips();
    CHECK_OK(connection->transaction({{"INSERT INTO t VALUES ($1)", {2 * run}},
                                      {"INSERT INTO t VALUES ($1)", {2 * run + 1}},
                                      {"SELECT count(*) FROM t", {}}}, soon()));
    CHECK_EQUAL(proxy.round_trips(), before + 1);
  }
  // A batch goes out in pieces: the first statement keeps the server from answering before the last was written.
  const int before = proxy.round_trips();
  CHECK_OK(connection->batch({{"SELECT pg_sleep(0.1)", {}}, {"DELETE FROM t", {}}, {"SELECT 2", {}}}, soon()));
  ck_assert_int_eq(proxy.round_trips() - before, 1);
}

CALINT_TEST(a_lost_answer_to_a_commit_is_in_doubt) {
  const std::string database = database_with_table();
  test::PgProxy proxy(test::cluster().folder());
  auto connection = open(proxy.conninfo(database));
  proxy.lose_answers();
  auto rows = connection->transaction({{"INSERT INTO t VALUES (1)", {}}}, soon());
  CHECK_FAULT(rows, Fault::in_doubt);
  CHECK(!rows.error().nothing_sent);
  CHECK(connection->broken());
  CHECK_EQUAL(count(database), 1);
}

CALINT_TEST(a_lost_answer_to_a_select_is_unavailable) {
  test::PgProxy proxy(test::cluster().folder());
  auto connection = open(proxy.conninfo("postgres"));
  proxy.lose_answers();
  CHECK_FAULT(connection->query({"SELECT 1", {}}, soon()), Fault::unavailable);
}

CALINT_TEST(a_session_ended_within_a_transaction_leaves_nothing_behind) {
  const std::string database = database_with_table();
  auto connection = open(test::cluster().conninfo(database));
  auto pid = connection->query({"SELECT pg_backend_pid() AS pid", {}}, soon());
  CHECK_OK(pid);
  std::thread killer([&] {
    auto other = Session::open(test::cluster().conninfo("postgres"), Session::Prepare::off, soon());
    std::this_thread::sleep_for(200ms);
    (void)(*other)->query({"SELECT pg_terminate_backend($1::int)", {pid->integer(0, "pid")}}, soon());
  });
  auto rows = connection->transaction({{"INSERT INTO t VALUES (1)", {}}, {"SELECT pg_sleep(5)", {}}}, soon());
  killer.join();
  // The server's farewell came in place of an answer before the COMMIT's, so nothing is in doubt.
  CHECK_FAULT(rows, Fault::unavailable);
  CHECK_EQUAL(rows.error().code, "57P01");
  CHECK(connection->broken());
  CHECK_EQUAL(count(database), 0);
}

CALINT_TEST(a_transaction_that_waits_for_a_lock_is_given_up_by_the_server) {
  const std::string database = database_with_table();
  auto holder = open(test::cluster().conninfo(database));
  CHECK_OK(holder->script("BEGIN; SELECT pg_advisory_xact_lock(1)", soon()));
  auto connection = open(test::cluster().conninfo(database));
  auto rows = connection->transaction({{"SELECT pg_advisory_xact_lock(1)", {}}, {"INSERT INTO t VALUES (1)", {}}},
                                      Deadline::in(500ms));
  CHECK_FAULT(rows, Fault::unavailable);
  CHECK_EQUAL(rows.error().code, "57014");
  CHECK_OK(holder->script("COMMIT", soon()));
  CHECK_EQUAL(count(database), 0);
}

CALINT_TEST(the_servers_limit_ends_with_the_transaction) {
  auto connection = open(test::cluster().conninfo("postgres"));
  CHECK_OK(connection->transaction({{"SELECT 1", {}}}, soon()));
  // A script sets none itself.
  CHECK_OK(connection->script("DO $$ BEGIN ASSERT current_setting('statement_timeout') = '0'; END $$", soon()));
}

CALINT_TEST(statements_that_are_slow_together_end_in_doubt) {
  const std::string database = database_with_table();
  auto connection = open(test::cluster().conninfo(database));
  auto rows = connection->transaction({{"INSERT INTO t VALUES (1)", {}},
                                       {"SELECT pg_sleep(0.3)", {}},
                                       {"SELECT pg_sleep(0.3)", {}}}, Deadline::in(500ms));
  CHECK_FAULT(rows, Fault::in_doubt);
  CHECK_FAULT(connection->transaction({{"SELECT 1", {}}}, soon()), Fault::unavailable);
}

CALINT_TEST(a_transaction_within_a_transaction_is_a_bug) {
  auto connection = open(test::cluster().conninfo("postgres"));
  CHECK_OK(connection->script("BEGIN", soon()));
  bool thrown = false;
  try {
    (void)connection->transaction({{"SELECT 1", {}}}, soon());
  } catch (const std::logic_error&) {
    thrown = true;
  }
  CHECK(thrown);
}

CALINT_TEST(a_read_only_server_is_unavailable) {
  const std::string database = database_with_table();
  auto connection = open(test::cluster().conninfo(database));
  CHECK_OK(connection->script("SET default_transaction_read_only = on", soon()));
  CHECK_FAULT(connection->transaction({{"INSERT INTO t VALUES (1)", {}}}, soon()), Fault::unavailable);
}
