#include "support/pgbouncer.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdlib.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "support/server_process.h"

namespace calint::test {

PgBouncer::PgBouncer(const Cluster& cluster) : folder_("/tmp/calint_bouncer_XXXXXX") {
  if (mkdtemp(folder_.data()) == nullptr) std::abort();
  std::ofstream(folder_ + "/users") << "\"calint\" \"\"\n";
  std::ofstream(folder_ + "/ini") << fmt::format(
      "[databases]\n* = host={0}\n[pgbouncer]\nlisten_addr =\nunix_socket_dir = {1}\nlisten_port = 5432\n"
      "auth_type = trust\nauth_file = {1}/users\npool_mode = transaction\ndefault_pool_size = 2\n",
      cluster.folder(), folder_);
  for (const char* name : {"", "/users", "/ini"}) give_to_server(folder_ + name);
  server_ = start_server({"/usr/sbin/pgbouncer", folder_ + "/ini"}, folder_ + "/log");
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (PQping(conninfo("postgres").c_str()) != PQPING_OK) {
    if (std::chrono::steady_clock::now() > until) {
      std::fprintf(stderr, "PgBouncer for the tests doesn't answer\n");
      std::abort();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

PgBouncer::~PgBouncer() {
  end_server(server_, SIGQUIT);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string PgBouncer::conninfo(const std::string& database) const {
  return fmt::format("host={} dbname={} user=calint", folder_, database);
}

}  // namespace calint::test
