#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "postgres/conninfo.h"
#include "postgres/session.h"
#include "support/check.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::postgres;
using namespace std::chrono_literals;

namespace {

Result<std::unique_ptr<Session>> open(const std::string& conninfo, std::chrono::milliseconds time = 5s) {
  return Session::open(conninfo, Session::Prepare::automatic, Deadline::in(time));
}

// Takes connections and never answers.
class SilentServer {
 public:
  SilentServer() {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    CHECK_EQUAL(bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
    CHECK_EQUAL(listen(socket_, 8), 0);
    CHECK_EQUAL(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~SilentServer() { close(socket_); }
  int port() const { return port_; }

 private:
  int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int port_ = 0;
};

}  // namespace

CALINT_TEST(a_server_that_is_not_there_is_unavailable) {
  auto connection = open("host=/nonexistent dbname=x");
  CHECK_FAULT(connection, Fault::unavailable);
  CHECK(connection.error().nothing_sent);
}

CALINT_TEST(a_database_or_role_that_does_not_exist_is_for_the_administrator) {
  auto database = open(test::cluster().conninfo("missing"));
  CHECK_FAULT(database, Fault::operator_fault);
  CHECK_EQUAL(database.error().code, "3D000");
  auto role = open(test::cluster().conninfo("postgres", "missing"));
  CHECK_FAULT(role, Fault::operator_fault);
  CHECK_EQUAL(role.error().code, "28000");
}

CALINT_TEST(a_conninfo_that_cannot_be_read_is_not_quoted) {
  auto connection = open("host=x password hunter2");
  CHECK_FAULT(connection, Fault::operator_fault);
  CHECK_EQUAL(connection.error().what.find("hunter2"), std::string::npos);
}

CALINT_TEST(a_silent_server_costs_no_more_than_the_deadline) {
  SilentServer silent;
  const auto begun = std::chrono::steady_clock::now();
  auto connection = open("host=127.0.0.1 dbname=x port=" + std::to_string(silent.port()), 200ms);
  CHECK_FAULT(connection, Fault::unavailable);
  CHECK(std::chrono::steady_clock::now() - begun < 1s);
}

CALINT_TEST(the_second_host_is_tried_when_the_first_is_silent) {
  SilentServer silent;
  auto connection = open("host=127.0.0.1," + test::cluster().folder() + " port=" + std::to_string(silent.port()) +
                         ",5432 dbname=postgres user=calint", 600ms);
  CHECK_OK(connection);
  CHECK_OK((*connection)->query({"SELECT 1", {}}, Deadline::in(1s)));
}

CALINT_TEST(a_session_for_writing_is_not_opened_on_a_read_only_server) {
  const std::string database = test::cluster().create_database();
  auto admin = open(test::cluster().conninfo(database));
  CHECK_OK(admin);
  CHECK_OK((*admin)->script("ALTER DATABASE " + database + " SET default_transaction_read_only = on",
                            Deadline::in(1s)));
  CHECK_FAULT(open(test::cluster().conninfo(database) + " target_session_attrs=read-write"), Fault::unavailable);
}

CALINT_TEST(another_date_style_is_refused_with_what_to_do) {
  const std::string database = test::cluster().create_database();
  auto admin = open(test::cluster().conninfo(database));
  CHECK_OK(admin);
  CHECK_OK((*admin)->script("ALTER DATABASE " + database + " SET datestyle = 'German'", Deadline::in(1s)));
  auto connection = open(test::cluster().conninfo(database));
  CHECK_FAULT(connection, Fault::operator_fault);
  CHECK(connection.error().what.find("datestyle") != std::string::npos);
}

CALINT_TEST(a_conninfo_may_come_from_a_program) {
  auto connection = open("exec:/bin/pwd");  // the folder's name is no conninfo
  CHECK_FAULT(connection, Fault::operator_fault);
  CHECK(connection.error().nothing_sent);
  CHECK_FAULT(open("exec:/nonexistent"), Fault::operator_fault);
}

CALINT_TEST(each_listed_host_becomes_a_try) {
  auto tries = connect_tries("postgresql://u@a:1,b:2/db?connect_timeout=1&target_session_attrs=read-write");
  CHECK_OK(tries);
  CHECK_EQUAL(tries->size(), 2);
  CHECK_EQUAL((*tries)[0].at("host"), "a");
  CHECK_EQUAL((*tries)[1].at("port"), "2");
  CHECK_EQUAL((*tries)[1].at("target_session_attrs"), "read-write");
  CHECK_EQUAL((*tries)[1].at("client_encoding"), "UTF8");
  CHECK_EQUAL(connect_timeout((*tries)[0]), 2s);
}

CALINT_TEST(one_port_serves_all_hosts_and_prefer_standby_makes_two_passes) {
  auto tries = connect_tries("host=a,b port=6432 target_session_attrs=prefer-standby");
  CHECK_OK(tries);
  CHECK_EQUAL(tries->size(), 4);
  CHECK_EQUAL((*tries)[1].at("host") + (*tries)[1].at("port") + (*tries)[1].at("target_session_attrs"), "b6432standby");
  CHECK_EQUAL((*tries)[2].at("host") + (*tries)[2].at("target_session_attrs"), "aany");
}

CALINT_TEST(nothing_is_asked_at_start_that_a_pooler_refuses) {
  auto tries = connect_tries("host=a");
  CHECK_OK(tries);
  CHECK(!tries->front().contains("options") && !connect_timeout(tries->front()));
}
