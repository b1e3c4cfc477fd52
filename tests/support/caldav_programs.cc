#include "support/caldav_programs.h"

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

CalDavProgram::CalDavProgram(std::string_view name)
    : folder_(fmt::format("/tmp/calint_{}_XXXXXX", name)), port_(free_port()) {
  require(mkdtemp(folder_.data()) != nullptr, "a folder for a CalDAV server");
  give_to_server(folder_);
  url_ = fmt::format("http://127.0.0.1:{}", port_);
}

void CalDavProgram::start(const std::vector<std::string>& command) {
  server_ = start_server(command, folder_ + "/log");
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!accepts(port_)) {
    require(std::chrono::steady_clock::now() < until, "a CalDAV server that answers");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

// From the server's folder: who runs it may not be let into that of the sources.
void CalDavProgram::start_script(const std::string& script) {
  const std::string copy = folder_ + "/run.py";
  std::error_code failed;
  std::filesystem::copy_file(script, copy, failed);
  require(!failed, "the script that runs a CalDAV server");
  give_to_server(copy);
  start({"/usr/bin/python3", copy, folder_, std::to_string(port_)});
}

CalDavProgram::~CalDavProgram() {
  end_server(server_, SIGTERM);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Radicale::Radicale() : CalDavProgram("radicale") {
  std::ofstream(folder() + "/config") << fmt::format(
      "[server]\nhosts = 127.0.0.1:{}\n[auth]\ntype = none\n[storage]\nfilesystem_folder = {}/collections\n", port(),
      folder());
  give_to_server(folder() + "/config");
  start({"/usr/bin/radicale", "--config", folder() + "/config"});
}

std::string Radicale::home(std::string_view login) const { return fmt::format("/{}/", login); }

Xandikos::Xandikos(const std::string& script) : CalDavProgram("xandikos") { start_script(script); }

std::string Xandikos::home(std::string_view login) const { return fmt::format("/{}/calendars/", login); }

Cyrus::Cyrus(const std::string& script) : CalDavProgram("cyrus") { start_script(script); }

std::string Cyrus::home(std::string_view login) const { return fmt::format("/dav/calendars/user/{}/", login); }

}  // namespace calint::test
