// Private PostgreSQL clusters for unit tests: initdb in a temporary folder, on a Unix socket only.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace calint::test {

// One cluster, run as the user postgres where the tests run as root; it ends with the thread that started it.
// Aborts with a message where PostgreSQL can't be started. The superuser is `calint`, who needs no password;
// nor does any other role.
class Cluster {
 public:
  Cluster();   // started
  ~Cluster();  // stopped, its folder removed
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  void start();  // returns when it answers
  void stop();   // fast: connections are cut

  const std::string& folder() const { return folder_; }  // also the socket's
  std::string conninfo(const std::string& database, const std::string& role = "calint") const;
  // Makes an empty database and returns its name. Any encoding but UTF8 has the locale C.
  std::string create_database(const std::string& encoding = "UTF8");

 private:
  std::string folder_;
  pid_t server_ = -1;
};

// The cluster that a test program's tests share. Starts it; call from Environment's start and stop: Check forks
// per test, so a cluster that is started in a test is that test's own.
void start_postgres();
void stop_postgres();
Cluster& cluster();

// A conninfo for a new, empty database in the shared cluster.
std::string create_database(const std::string& encoding = "UTF8");

}  // namespace calint::test
