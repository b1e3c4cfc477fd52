#include "postgres/session.h"

#include <thread>

#include "support/check.h"
#include "support/database.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::postgres;
using calint::test::open;
using calint::test::soon;
using namespace std::chrono_literals;

namespace {

// Has another session end this one.
void terminate(Session& victim, const std::string& conninfo) {
  auto pid = victim.query({"SELECT pg_backend_pid() AS pid", {}}, soon());
  CHECK_OK(pid);
  auto killer = open(conninfo);
  CHECK_OK(killer->query({"SELECT pg_terminate_backend($1::int, 5000)", {pid->integer(0, "pid")}}, soon()));
}

Fault fault_of_sql(Session& connection, Statement statement) {
  auto rows = connection.query(std::move(statement), soon());
  CHECK(!rows.ok());
  CHECK_EQUAL(rows.error().code.size(), 5);
  return rows.error().fault;
}

}  // namespace

CALINT_TEST(a_session_speaks_utf8_and_says_who_it_is) {
  auto connection = open(test::cluster().conninfo("postgres"));
  auto rows = connection->query(
      {"SELECT current_setting('client_encoding') AS e, current_setting('application_name') AS a", {}}, soon());
  CHECK_OK(rows);
  CHECK_EQUAL(rows->text(0, "e"), "UTF8");
  CHECK_EQUAL(rows->text(0, "a"), "mod_calint");
}

CALINT_TEST(the_conninfo_may_name_the_application) {
  auto connection = open(test::cluster().conninfo("postgres") + " application_name=other");
  auto rows = connection->query({"SELECT current_setting('application_name') AS a", {}}, soon());
  CHECK_OK(rows);
  CHECK_EQUAL(rows->text(0, "a"), "other");
}

CALINT_TEST(errors_are_named_after_their_reaction) {
  auto connection = open(test::create_database());
  CHECK_OK(connection->script("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)", soon()));
  CHECK_EQUAL(fault_of_sql(*connection, {"INSERT INTO t VALUES ($1)", {1}}), Fault::conflict);
  CHECK_EQUAL(fault_of_sql(*connection, {"SELECT * FROM missing", {}}), Fault::operator_fault);
  CHECK_EQUAL(fault_of_sql(*connection, {"SELECT missing FROM t", {}}), Fault::operator_fault);
  CHECK_EQUAL(fault_of_sql(*connection, {"SELECT missing(1)", {}}), Fault::operator_fault);
  CHECK_EQUAL(fault_of_sql(*connection, {"SELECT 1 / $1::int", {0}}), Fault::bug);
  CHECK_EQUAL(fault_of_sql(*connection, {"DO $$ BEGIN RAISE SQLSTATE '40001'; END $$", {}}), Fault::conflict);
  CHECK_EQUAL(fault_of_sql(*connection, {"DO $$ BEGIN RAISE SQLSTATE '42501'; END $$", {}}), Fault::operator_fault);
  CHECK(!connection->broken());
  CHECK_EQUAL(fault_of_sql(*connection, {"DO $$ BEGIN RAISE SQLSTATE '25006'; END $$", {}}), Fault::unavailable);
  CHECK(connection->broken());
}

CALINT_TEST(errors_never_quote_a_parameter) {
  auto connection = open(test::create_database());
  CHECK_OK(connection->script("CREATE TABLE t (id text PRIMARY KEY CHECK (id <> 'hunter2'))", soon()));
  for (const Statement& statement :
       {Statement{"SELECT $1::uuid", {"hunter2"}}, Statement{"INSERT INTO t VALUES ($1)", {"hunter2"}}}) {
    auto rows = connection->query(statement, soon());
    CHECK(!rows.ok());
    ck_assert_msg(rows.error().what.find("hunter2") == std::string::npos, "%s", rows.error().what.c_str());
  }
}

CALINT_TEST(a_deadline_holds_while_the_server_sleeps) {
  auto connection = open(test::cluster().conninfo("postgres"));
  const auto begun = std::chrono::steady_clock::now();
  auto rows = connection->query({"SELECT pg_sleep(5)", {}}, Deadline::in(200ms));
  const auto spent = std::chrono::steady_clock::now() - begun;
  CHECK_FAULT(rows, Fault::unavailable);
  CHECK(!rows.error().nothing_sent);
  CHECK(spent >= 150ms && spent < 1s);
  CHECK(connection->broken());
}

CALINT_TEST(a_write_that_takes_too_long_is_given_up_by_the_server) {
  const std::string database = test::create_database();
  auto connection = open(database);
  CHECK_OK(connection->script("CREATE TABLE t (id int)", soon()));
  auto rows = connection->query({"INSERT INTO t SELECT 1 FROM pg_sleep(1)", {}}, Deadline::in(200ms));
  CHECK_FAULT(rows, Fault::unavailable);
  CHECK_EQUAL(rows.error().code, "57014");
  CHECK_EQUAL(connection->take_time_outs(), 1U);
  std::this_thread::sleep_for(1s);
  auto written = open(database)->query({"SELECT count(*) AS n FROM t", {}}, soon());
  CHECK_OK(written);
  CHECK_EQUAL(written->integer(0, "n"), 0);
}

CALINT_TEST(a_statement_waits_for_a_lock_no_longer_than_its_deadline) {
  const std::string database = test::create_database();
  auto holder = open(database), waiter = open(database);
  CHECK_OK(holder->script("CREATE TABLE t (id int)", soon()));
  CHECK_OK(holder->script("BEGIN; LOCK TABLE t", soon()));
  CHECK(!waiter->query({"SELECT id FROM t", {}}, Deadline::in(200ms)).ok());
  // Nobody is left waiting in the server.
  auto waiting = holder->query({"SELECT count(*) AS n FROM pg_locks WHERE NOT granted", {}}, soon());
  CHECK_OK(waiting);
  CHECK_EQUAL(waiting->integer(0, "n"), 0);
}

CALINT_TEST(the_roles_own_limit_holds_where_there_is_time_enough) {
  const std::string database = test::cluster().create_database();
  CHECK_OK(open(test::cluster().conninfo(database))
               ->script("CREATE ROLE limited LOGIN; ALTER ROLE limited SET statement_timeout = '3s'", soon()));
  auto connection = open(test::cluster().conninfo(database, "limited"));
  const auto limit_within = [&](std::chrono::milliseconds left) {
    auto rows = connection->query({"SELECT current_setting('statement_timeout') AS value", {}}, Deadline::in(left));
    CHECK_OK(rows);
    return std::string(rows->text(0, "value"));
  };
  CHECK_EQUAL(limit_within(5s), "3s");
  CHECK(limit_within(1s) != "3s");
  CHECK_EQUAL(limit_within(5s), "3s");
  CHECK_EQUAL(limit_within(60s).substr(0, 2), "47");  // work that takes long says so
  CHECK_EQUAL(limit_within(5s), "3s");
}

// A plan for tables without statistics looks dear enough to be compiled, which takes a hundred times as long as to run
// it.
CALINT_TEST(no_statement_is_compiled) {
  auto connection = open(test::create_database());
  CHECK_OK(connection->script("SET jit = on", soon()));
  const Statement setting{"SELECT current_setting('jit') AS value", {}};
  for (const Commit commit : {Commit::durable, Commit::may_be_lost}) {
    auto rows = connection->transaction({setting, setting}, soon(), commit);
    CHECK_OK(rows);
    CHECK_EQUAL(rows->back().text(0, "value"), "off");
  }
}

CALINT_TEST(a_commit_is_waited_for_unless_that_transaction_says_otherwise) {
  auto connection = open(test::create_database());
  CHECK_OK(connection->script("SET synchronous_commit = on", soon()));
  const Statement setting{"SELECT current_setting('synchronous_commit') AS value", {}};
  for (const std::chrono::milliseconds left : {5s, 1s}) {
    const Deadline deadline = Deadline::in(left);
    auto lost = connection->query(setting, deadline, Commit::may_be_lost);
    CHECK_OK(lost);
    CHECK_EQUAL(lost->text(0, "value"), "off");
    auto several = connection->transaction({setting, setting}, deadline, Commit::may_be_lost);
    CHECK_OK(several);
    CHECK_EQUAL(several->back().text(0, "value"), "off");
    auto durable = connection->transaction({setting}, deadline);
    CHECK_OK(durable);
    CHECK_EQUAL(durable->front().text(0, "value"), "on");
    CHECK_EQUAL(connection->query(setting, deadline)->text(0, "value"), "on");
  }
}

CALINT_TEST(a_commit_that_fails_at_the_end_of_a_statement_is_an_error) {
  auto connection = open(test::create_database());
  CHECK_OK(connection->script("CREATE TABLE t (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)", soon()));
  auto rows = connection->query({"INSERT INTO t VALUES (1), (1)", {}}, soon());
  CHECK_FAULT(rows, Fault::conflict);
  CHECK_EQUAL(rows.error().code, "23505");
  CHECK_OK(connection->query({"SELECT 1", {}}, soon()));
}

CALINT_TEST(a_session_that_was_ended_is_noticed_before_anything_is_sent) {
  const std::string conninfo = test::cluster().conninfo("postgres");
  auto connection = open(conninfo);
  CHECK(connection->idle_and_alive());
  terminate(*connection, conninfo);
  CHECK(!connection->idle_and_alive());
  auto rows = connection->query({"CREATE TABLE never (id int)", {}}, soon());
  CHECK_FAULT(rows, Fault::unavailable);
  CHECK(rows.error().nothing_sent);
  CHECK(connection->broken());
}

CALINT_TEST(a_script_on_a_dead_session_sends_nothing) {
  const std::string conninfo = test::cluster().conninfo("postgres");
  auto connection = open(conninfo);
  terminate(*connection, conninfo);
  Status status = connection->script("CREATE TABLE never (id int)", soon());
  CHECK_FAULT(status, Fault::unavailable);
  CHECK(status.error().nothing_sent);
}

CALINT_TEST(a_batch_runs_each_statement_on_its_own) {
  auto connection = open(test::create_database());
  CHECK_OK(connection->script("CREATE TABLE t (id int PRIMARY KEY)", soon()));
  auto rows = connection->batch({{"INSERT INTO t VALUES (1)", {}},
                                 {"INSERT INTO t VALUES (1)", {}},
                                 {"INSERT INTO t VALUES (2)", {}}}, soon());
  CHECK_FAULT(rows, Fault::conflict);
  auto reads = connection->batch({{"SELECT count(*) AS n FROM t", {}}, {"SELECT max(id) AS m FROM t", {}}}, soon());
  CHECK_OK(reads);
  CHECK_EQUAL((*reads)[0].integer(0, "n"), 2);
  CHECK_EQUAL((*reads)[1].integer(0, "m"), 2);
}

CALINT_TEST(a_script_that_fails_leaves_no_transaction_open) {
  auto connection = open(test::create_database());
  CHECK_FAULT(connection->script("BEGIN; CREATE TABLE t (id int); SELECT 1/0; COMMIT", soon()), Fault::bug);
  auto rows = connection->query({"SELECT to_regclass('t') IS NULL AS gone", {}}, soon());
  CHECK_OK(rows);
  CHECK(rows->boolean(0, "gone"));
}

CALINT_TEST(a_script_keeps_to_its_deadline) {
  auto connection = open(test::create_database());
  CHECK_FAULT(connection->script("SELECT pg_sleep(5)", Deadline::in(100ms)), Fault::in_doubt);
  CHECK(connection->broken());
}

CALINT_TEST(large_values_pass_both_ways) {
  auto connection = open(test::cluster().conninfo("postgres"));
  const std::string large(3'000'000, 'x');
  auto rows = connection->batch({{"SELECT $1::text AS t", {large}}, {"SELECT $1::text AS t", {large}}}, soon());
  CHECK_OK(rows);
  CHECK_EQUAL((*rows)[1].text(0, "t"), large);
}
