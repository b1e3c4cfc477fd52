#include "support/pg_proxy.h"

#include <fmt/format.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <utility>

namespace calint::test {
namespace {

constexpr const char* kSocketName = "/.s.PGSQL.5432";

sockaddr_un address_of(const std::string& folder) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, (folder + kSocketName).c_str(), sizeof(address.sun_path) - 1);
  return address;
}

bool write_all(int fd, const char* bytes, ssize_t size) {
  while (size > 0) {
    const ssize_t sent = send(fd, bytes, static_cast<size_t>(size), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes += sent;
    size -= sent;
  }
  return true;
}

}  // namespace

PgProxy::PgProxy(const std::string& folder) : folder_("/tmp/calint_proxy_XXXXXX") {
  listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (mkdtemp(folder_.data()) == nullptr || pipe(ending_) != 0) std::abort();
  const sockaddr_un address = address_of(folder_);
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 || listen(listener_, 4) != 0) {
    std::abort();
  }
  thread_ = std::thread([this, folder] { serve(folder); });
}

PgProxy::~PgProxy() {
  close(ending_[1]);
  thread_.join();
  close(ending_[0]);
  close(listener_);
  unlink((folder_ + kSocketName).c_str());
  rmdir(folder_.c_str());
}

std::string PgProxy::conninfo(const std::string& database) const {
  return fmt::format("host={} dbname={} user=calint", folder_, database);
}

void PgProxy::serve(const std::string& server_folder) {
  const sockaddr_un address = address_of(server_folder);
  for (;;) {
    pollfd waiting[2] = {{listener_, POLLIN, 0}, {ending_[0], POLLIN, 0}};
    poll(waiting, 2, -1);
    if (waiting[1].revents != 0) return;
    const int client = accept(listener_, nullptr, nullptr);
    const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto* of_server = reinterpret_cast<const sockaddr*>(&address);
    if (!refusing_ && connect(server, of_server, sizeof(address)) == 0) pass(client, server);
    close(server);
    close(client);
  }
}

void PgProxy::pass(int client, int server) {
  bool listened = true;
  char buffer[65536];
  for (;;) {
    pollfd waiting[3] = {{client, POLLIN, 0}, {server, POLLIN, 0}, {ending_[0], POLLIN, 0}};
    poll(waiting, 3, -1);
    if (waiting[2].revents != 0) return;
    if (waiting[0].revents != 0) {
      const ssize_t got = read(client, buffer, sizeof(buffer));
      if (got <= 0 || refusing_) return;
      if (std::exchange(listened, false)) ++round_trips_;
      if (!write_all(server, buffer, got)) return;
    }
    if (waiting[1].revents != 0) {
      const ssize_t got = read(server, buffer, sizeof(buffer));
      if (got <= 0 || losing_ || losing_one_.exchange(false) || !write_all(client, buffer, got)) return;
      listened = true;
    }
  }
}

}  // namespace calint::test
