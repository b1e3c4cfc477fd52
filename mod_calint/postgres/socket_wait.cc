#include "postgres/socket_wait.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace calint::postgres {

bool wait_for(const pg_conn* conn, short events, Deadline deadline) {
  pollfd socket = {PQsocket(conn), events, 0};
  if (socket.fd < 0) return true;
  while (!deadline.passed()) {
    const auto left = std::min<long long>(deadline.remaining().count(), INT_MAX);
    const int ready = poll(&socket, 1, static_cast<int>(left));
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
  }
  return false;
}

bool readable_now(const pg_conn* conn) {
  pollfd socket = {PQsocket(conn), POLLIN, 0};
  return socket.fd < 0 || poll(&socket, 1, 0) > 0;
}

}  // namespace calint::postgres
