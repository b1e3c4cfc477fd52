// A private PostgreSQL cluster for unit tests: initdb in a temporary folder, on a Unix socket only.
#pragma once

#include <string>

namespace calint::test {

// Starts one cluster for this process (as the user postgres where the tests run as root) and stops it at
// exit; call from Environment::start. Aborts with a message where PostgreSQL can't be started.
void start_postgres();
void stop_postgres();

// A conninfo for a new, empty database in the cluster.
std::string create_database();

}  // namespace calint::test
