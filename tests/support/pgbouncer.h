// A PgBouncer in transaction mode before a cluster, on a Unix socket.
#pragma once

#include <sys/types.h>

#include <string>

#include "support/postgres.h"

namespace calint::test {

// Two server sessions for each database, whoever comes. Aborts where it can't be started.
class PgBouncer {
 public:
  explicit PgBouncer(const Cluster& cluster);
  ~PgBouncer();
  PgBouncer(const PgBouncer&) = delete;
  PgBouncer& operator=(const PgBouncer&) = delete;

  std::string conninfo(const std::string& database) const;

 private:
  std::string folder_;
  pid_t server_ = -1;
};

}  // namespace calint::test
