// A server on 127.0.0.1 that does whatever a test says, plain or with TLS. It runs in threads of the test.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "support/certificates.h"

struct ssl_ctx_st;
struct ssl_st;

namespace calint::test {

// The server's end of one connection.
class Peer {
 public:
  Peer(int fd, ssl_st* tls) : fd_(fd), tls_(tls) {}

  // Head and body (by Content-Length) of the next request; empty at the end of the connection.
  std::string read_request();
  // False once the other side is gone.
  bool write(std::string_view bytes);
  // Ends the connection by a reset, without TLS's farewell.
  void reset();

 private:
  long read_some(char* buffer, size_t size);

  int fd_;
  ssl_st* tls_;
  std::string rest_;
};

class LoopbackServer {
 public:
  // Called in a thread per connection; the connection is closed when it returns.
  using Script = std::function<void(Peer&)>;

  explicit LoopbackServer(Script script, const ServerIdentity* identity = nullptr);
  ~LoopbackServer();

  int port() const { return port_; }
  // "http://127.0.0.1:PORT" + path, or https where there is an identity.
  std::string url(std::string_view path = "/") const;
  // The same with another host.
  std::string url_at(std::string_view host, std::string_view path = "/") const;
  // TCP connections so far.
  int accepted() const { return accepted_; }
  // TLS handshakes that resumed a session.
  int resumed() const { return resumed_; }

 private:
  void listen_on_free_port();
  void accept_all();
  void serve(int fd);

  Script script_;
  ssl_ctx_st* tls_ = nullptr;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> accepted_{0}, resumed_{0};
  std::atomic<bool> ending_{false};
  std::mutex mutex_;
  std::vector<int> open_;              // guarded by mutex_
  std::vector<std::thread> threads_;   // of connections; only the accepting thread adds
  std::thread acceptor_;
};

// A whole answer with Content-Length; `headers` end with CRLF each.
std::string answer(int status, std::string_view body, std::string_view headers = "");

// A script that answers every request of a connection with the same bytes.
LoopbackServer::Script always(std::string bytes);

}  // namespace calint::test
