#include "postgres/listener.h"

#include <libpq-fe.h>

namespace calint::postgres {
namespace {

constexpr std::chrono::seconds kConnect{2};

Result<std::unique_ptr<Session>> listen(const std::string& conninfo) {
  const Deadline deadline = Deadline::in(kConnect);
  auto connection = Session::open(conninfo, Session::Prepare::off, deadline);
  if (!connection) return connection;
  auto listening = (*connection)->script("LISTEN calint_jobs", deadline);
  if (!listening) return std::move(listening).error();
  return connection;
}

}  // namespace

Result<bool> Listener::heard() {
  if (connection_ && !connection_->idle_and_alive()) connection_.reset();
  if (!connection_) {
    const auto now = std::chrono::steady_clock::now();
    if (now < try_at_) return false;
    try_at_ = now + try_every_;
    auto connection = listen(conninfo_);
    if (!connection) return std::move(connection).error();
    connection_ = std::move(*connection);
    return true;
  }
  bool heard = false;
  while (PGnotify* notification = PQnotifies(connection_->raw())) {
    PQfreemem(notification);
    heard = true;
  }
  return heard;
}

}  // namespace calint::postgres
