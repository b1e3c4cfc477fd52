#include "support/radicale.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "support/fail.h"
#include "support/server_process.h"

namespace calint::test {
namespace {

sockaddr_in address_of(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

int free_port() {
  sockaddr_in address = address_of(0);
  socklen_t size = sizeof address;
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  require(fd >= 0 && bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
              getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0,
          "a free port");
  close(fd);
  return ntohs(address.sin_port);
}

bool accepts(int port) {
  sockaddr_in address = address_of(port);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool accepted = fd >= 0 && connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return accepted;
}

}  // namespace

Radicale::Radicale() : folder_("/tmp/calint_radicale_XXXXXX") {
  require(mkdtemp(folder_.data()) != nullptr, "a folder for Radicale");
  const int port = free_port();
  url_ = fmt::format("http://127.0.0.1:{}", port);
  std::ofstream(folder_ + "/config") << fmt::format(
      "[server]\nhosts = 127.0.0.1:{}\n[auth]\ntype = none\n[storage]\nfilesystem_folder = {}/collections\n", port,
      folder_);
  for (const char* name : {"", "/config"}) give_to_server(folder_ + name);
  server_ = start_server({"/usr/bin/radicale", "--config", folder_ + "/config"}, folder_ + "/log");
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!accepts(port)) {
    require(std::chrono::steady_clock::now() < until, "a Radicale that answers");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

Radicale::~Radicale() {
  end_server(server_, SIGTERM);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace calint::test
