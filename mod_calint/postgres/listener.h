// Hears that there is new background work, over a connection of its own.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "postgres/session.h"

namespace calint::postgres {

// Listens on `calint_jobs`, where every transaction that queues a job to be done at once sends a NOTIFY. A pooler that
// hands the server's session on (PgBouncer in transaction mode) makes it deaf, without an error. One thread at a time.
class Listener {
 public:
  // Connects on demand, at most once in `try_every`. `conninfo` as CalIntDatabase, "exec:" included.
  explicit Listener(std::string conninfo, std::chrono::milliseconds try_every = std::chrono::seconds(10))
      : conninfo_(std::move(conninfo)), try_every_(try_every) {}

  // Whether something was said since the last call, or may have been, because the connection is a new one. Doesn't
  // wait, but for a new connection, 2 s at most. Errors are of that attempt; between attempts nothing is heard.
  Result<bool> heard();

 private:
  const std::string conninfo_;
  const std::chrono::milliseconds try_every_;
  std::unique_ptr<Session> connection_;
  std::chrono::steady_clock::time_point try_at_{};
};

}  // namespace calint::postgres
