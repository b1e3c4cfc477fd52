#include "support/loopback_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>

#include "support/fail.h"

namespace calint::test {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";

size_t content_length(std::string head) {
  std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) { return std::tolower(c); });
  const size_t at = head.find("\r\ncontent-length:");
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + 17));
}

SSL_CTX* server_context(const ServerIdentity& identity) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  require(context != nullptr && SSL_CTX_use_certificate(context, identity.certificate.get()) == 1 &&
              SSL_CTX_use_PrivateKey(context, identity.key.get()) == 1,
          "a TLS context");
  constexpr std::string_view kSessionId = "calint";
  SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>(kSessionId.data()), kSessionId.size());
  return context;
}

}  // namespace

long Peer::read_some(char* buffer, size_t size) {
  return tls_ != nullptr ? SSL_read(tls_, buffer, static_cast<int>(size)) : recv(fd_, buffer, size, 0);
}

std::string Peer::read_request() {
  char buffer[4096];
  for (;;) {
    if (const size_t end = rest_.find(kHeadEnd); end != std::string::npos) {
      const size_t size = end + kHeadEnd.size() + content_length(rest_.substr(0, end + 2));
      if (rest_.size() >= size) {
        std::string request = rest_.substr(0, size);
        rest_.erase(0, size);
        return request;
      }
    }
    const long count = read_some(buffer, sizeof buffer);
    if (count <= 0) return {};
    rest_.append(buffer, static_cast<size_t>(count));
  }
}

bool Peer::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const long count = tls_ != nullptr ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                                       : send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

void Peer::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  if (tls_ != nullptr) SSL_set_quiet_shutdown(tls_, 1);
}

LoopbackServer::LoopbackServer(Script script, const ServerIdentity* identity) : script_(std::move(script)) {
  if (identity != nullptr) tls_ = server_context(*identity);
  listen_on_free_port();
  acceptor_ = std::thread([this] { accept_all(); });
}

LoopbackServer::~LoopbackServer() {
  ending_ = true;
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    std::lock_guard lock(mutex_);
    for (int fd : open_) shutdown(fd, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
  close(listener_);
  SSL_CTX_free(tls_);
}

void LoopbackServer::listen_on_free_port() {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  require(listener_ >= 0 && bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
              listen(listener_, 64) == 0 &&
              getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0,
          "a listening socket");
  port_ = ntohs(address.sin_port);
}

void LoopbackServer::accept_all() {
  while (!ending_) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    ++accepted_;
    {
      std::lock_guard lock(mutex_);
      open_.push_back(fd);
    }
    threads_.emplace_back([this, fd] { serve(fd); });
  }
}

// SIGPIPE stays with this thread, blocked: what a test's own thread gets is what the code under test raised.
void LoopbackServer::serve(int fd) {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  SSL* tls = nullptr;
  bool ready = true;
  if (tls_ != nullptr) {
    tls = SSL_new(tls_);
    SSL_set_fd(tls, fd);
    ready = SSL_accept(tls) == 1;
    if (ready && SSL_session_reused(tls) == 1) ++resumed_;
  }
  if (ready) {
    Peer peer(fd, tls);
    script_(peer);
    if (tls != nullptr) SSL_shutdown(tls);
  }
  SSL_free(tls);
  std::lock_guard lock(mutex_);
  std::erase(open_, fd);
  close(fd);
}

std::string LoopbackServer::url(std::string_view path) const { return url_at("127.0.0.1", path); }

std::string LoopbackServer::url_at(std::string_view host, std::string_view path) const {
  return (tls_ != nullptr ? "https://" : "http://") + std::string(host) + ":" + std::to_string(port_) +
         std::string(path);
}

std::string answer(int status, std::string_view body, std::string_view headers) {
  return "HTTP/1.1 " + std::to_string(status) + " Whatever\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(headers) + "\r\n" + std::string(body);
}

LoopbackServer::Script always(std::string bytes) {
  return [bytes = std::move(bytes)](Peer& peer) {
    while (!peer.read_request().empty())
      if (!peer.write(bytes)) return;
  };
}

}  // namespace calint::test
