// Servers that tests start. PostgreSQL and PgBouncer refuse to run as root.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace calint::test {

// A program run as the user postgres where the tests run as root, in its own session, killed when the calling
// thread ends. Its output goes to `log`. PATH isn't searched.
pid_t start_server(const std::vector<std::string>& command, const std::string& log);
// Sends `signal` and waits for the end.
void end_server(pid_t pid, int signal);
// Gives the file to the user that start_server runs programs as.
void give_to_server(const std::string& path);

}  // namespace calint::test
