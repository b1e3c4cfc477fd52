#include "support/postgres.h"

#include <fmt/format.h>
#include <glob.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>
#include <utility>

#include "support/server_process.h"

namespace calint::test {
namespace {

constexpr std::chrono::seconds kStartTime{30};

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "PostgreSQL for the tests: %s\n", why.c_str());
  std::abort();
}

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// CALINT_PG_BINDIR, or the newest of Debian's versions, or where Fedora puts them.
std::string program(const std::string& name) {
  if (const char* folder = getenv("CALINT_PG_BINDIR")) return std::string(folder) + "/" + name;
  glob_t found = {};
  std::string newest;
  if (glob(("/usr/lib/postgresql/*/bin/" + name).c_str(), 0, nullptr, &found) == 0) {
    newest = found.gl_pathv[found.gl_pathc - 1];
  }
  globfree(&found);
  if (newest.empty()) newest = "/usr/bin/" + name;
  if (access(newest.c_str(), X_OK) != 0) give_up(name + " isn't installed");
  return newest;
}

bool answers(const std::string& conninfo) { return PQping(conninfo.c_str()) == PQPING_OK; }

}  // namespace

Cluster::Cluster() : folder_("/tmp/calint_pg_XXXXXX") {
  if (mkdtemp(folder_.data()) == nullptr) give_up("no temporary folder");
  give_to_server(folder_);
  const std::string log = folder_ + "/initdb.log";
  const pid_t initdb = start_server({program("initdb"), "-D", folder_ + "/data", "-U", "calint", "--auth=trust",
                                     "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"},
                                    log);
  int status = 0;
  if (waitpid(initdb, &status, 0) != initdb || status != 0) give_up("initdb failed: " + text_of(log));
  start();
}

Cluster::~Cluster() {
  stop();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Cluster::start() {
  const std::string log = folder_ + "/postgres.log";
  server_ = start_server({program("postgres"), "-D", folder_ + "/data", "-c", "listen_addresses=", "-c",
                          "unix_socket_directories=" + folder_, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c",
                          "full_page_writes=off", "-c", "shared_buffers=16MB", "-c", "max_connections=50", "-c",
                          "autovacuum=off", "-c", "lc_messages=C"},
                         log);
  const auto until = std::chrono::steady_clock::now() + kStartTime;
  while (!answers(conninfo("postgres"))) {
    const bool ended = waitpid(server_, nullptr, WNOHANG) != 0;
    if (ended || std::chrono::steady_clock::now() > until) give_up("no answer: " + text_of(log));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

void Cluster::stop() {
  if (server_ > 0) end_server(server_, SIGINT);
  server_ = -1;
}

std::string Cluster::conninfo(const std::string& database, const std::string& role) const {
  return fmt::format("host={} dbname={} user={}", folder_, database, role);
}

std::string Cluster::create_database(const std::string& encoding) {
  // Tests run in forks: the number comes from the server's time, not from a counter here.
  const std::unique_ptr<PGconn, void (*)(PGconn*)> conn(PQconnectdb(conninfo("postgres").c_str()), PQfinish);
  const std::string name = fmt::format(
      "calint_{}_{}", getpid(), std::chrono::steady_clock::now().time_since_epoch().count());
  const std::unique_ptr<PGresult, void (*)(PGresult*)> made(
      PQexec(conn.get(), ("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING '" + encoding + "'" +
                          (encoding == "UTF8" ? "" : " LOCALE 'C'"))
                             .c_str()),
      PQclear);
  if (PQresultStatus(made.get()) != PGRES_COMMAND_OK) give_up(PQerrorMessage(conn.get()));
  return name;
}

namespace {
// A plain pointer: Check's forks exit too, and mustn't take the cluster with them.
Cluster* shared = nullptr;
}  // namespace

void start_postgres() {
  if (shared == nullptr) shared = new Cluster;
}

void stop_postgres() { delete std::exchange(shared, nullptr); }

Cluster& cluster() {
  if (shared == nullptr) give_up("start_postgres wasn't called");
  return *shared;
}

std::string create_database(const std::string& encoding) {
  return cluster().conninfo(cluster().create_database(encoding));
}

}  // namespace calint::test
