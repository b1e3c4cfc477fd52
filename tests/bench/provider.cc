// A provider for benchmarks: token endpoint, calendar list and calendars without events on loopback, plain and with TLS
// at once, fast enough not to be what is measured. It believes everything; tests/sandbox is the provider that checks.
//
// A code is NONCE.USER, as the driver writes it: the nonce goes into the id_token, the user is the account. The
// id_token is signed with HS256 under the client's secret, the cheapest that a client which verifies can take.
// A path behind /after/MS is answered as without it, so many milliseconds later. GET /refresh shows the first
// refresh that came, byte for byte, for a load generator to send it again; GET /reads how often calendars were read.
#include <openssl/ssl.h>

#include <CLI/CLI.hpp>
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/encoding.h"
#include "base/form.h"
#include "crypto/digest.h"
#include "support/certificates.h"
#include "support/fail.h"
#include "support/loopback_server.h"

namespace {

using calint::base64url_encode;
using calint::test::Peer;
using calint::test::require;

struct Options {
  std::string issuer = "https://accounts.google.com";
  std::string client_id;
  std::string client_secret;
  int connections = 300;  // at once, on each of the two ports: clients keep theirs
};

// Of the lengths that Google's have.
const std::string kAccessToken = "ya29.a0" + std::string(211, 'A');
const std::string kRefreshToken = "1//0g" + std::string(98, 'R');
constexpr const char* kScope =
    "openid https://www.googleapis.com/auth/userinfo.email "
    "https://www.googleapis.com/auth/calendar.calendarlist.readonly"
    " https://www.googleapis.com/auth/calendar.freebusy https://www.googleapis.com/auth/calendar.events";
constexpr const char* kJson = "Content-Type: application/json; charset=utf-8\r\n";
constexpr const char* kCalendars =
    R"({"kind":"calendar#calendarList","etag":"\"p1\"","items":[)"
    R"({"kind":"calendar#calendarListEntry","id":"avery@example.com","summary":"Avery","timeZone":"Europe/Berlin",)"
    R"("backgroundColor":"#9fe1e7","accessRole":"owner","primary":true},)"
    R"({"kind":"calendar#calendarListEntry","id":"c_0123456789@group.calendar.google.com","summary":"Interviews",)"
    R"("timeZone":"Europe/Berlin","backgroundColor":"#16a765","accessRole":"writer"},)"
    R"({"kind":"calendar#calendarListEntry","id":"jordan@example.com","summary":"Jordan","timeZone":"Europe/Berlin",)"
    R"("backgroundColor":"#fad165","accessRole":"freeBusyReader"}]})";

// Always the same token: nothing ever changes.
constexpr const char* kNoEvents =
    R"({"kind":"calendar#events","etag":"\"p1\"","summary":"Avery","updated":"2026-12-01T08:00:00.000Z",)"
    R"("timeZone":"Europe/Berlin","accessRole":"owner","nextSyncToken":"CPDAlvWDx70CEPDAlvWDx70CGAU=","items":[]})";
std::atomic<int> reads{0};

std::string id_token(const Options& options, const std::string& nonce, const std::string& user) {
  const auto now = static_cast<long long>(std::time(nullptr));
  const std::string claims =
      fmt::format(R"({{"iss":"{}","aud":"{}","sub":"{}","email":"user{}@example.com","email_verified":true,)"
                  R"("nonce":"{}","iat":{},"exp":{}}})",
                  options.issuer, options.client_id, user, user, nonce, now, now + 3600);
  const std::string text = base64url_encode(R"({"alg":"HS256","typ":"JWT"})") + "." + base64url_encode(claims);
  return text + "." + base64url_encode(calint::crypto::hmac_sha256(options.client_secret, text));
}

// As Google's: no refresh token, the former one goes on.
const std::string kRefreshed =
    calint::test::answer(200,
                         fmt::format(R"({{"access_token":"{}","expires_in":3599,"scope":"{}","token_type":"Bearer"}})",
                                     kAccessToken, kScope),
                         kJson);

class FirstRefresh {
 public:
  // Locks for the first one alone: a lock that every answer takes would be a limit.
  void note(const std::string& request) {
    if (seen_.load(std::memory_order_acquire)) return;
    const std::lock_guard lock(mutex_);
    request_ = request;
    seen_.store(true, std::memory_order_release);
  }
  std::string request() {
    const std::lock_guard lock(mutex_);
    return request_;
  }

 private:
  std::atomic<bool> seen_{false};
  std::mutex mutex_;
  std::string request_;
} first_refresh;

std::string tokens(const Options& options, const std::string& request) {
  const auto fields = calint::form_decode(request.substr(request.find("\r\n\r\n") + 4));
  if (const std::string* grant = fields ? calint::single_field(*fields, "grant_type") : nullptr;
      grant != nullptr && *grant == "refresh_token") {
    first_refresh.note(request);
    return kRefreshed;
  }
  const std::string* code = fields ? calint::single_field(*fields, "code") : nullptr;
  const size_t dot = code == nullptr ? std::string::npos : code->rfind('.');
  if (dot == std::string::npos) return calint::test::answer(400, R"({"error":"invalid_grant"})", kJson);
  return calint::test::answer(
      200,
      fmt::format(R"({{"access_token":"{}","expires_in":3599,"refresh_token":"{}","scope":"{}","token_type":"Bearer",)"
                  R"("id_token":"{}"}})",
                  kAccessToken, kRefreshToken, kScope, id_token(options, code->substr(0, dot), code->substr(dot + 1))),
      kJson);
}

// OpenID Connect Discovery 1.0, section 3. No userinfo endpoint, so that a client is content with the id_token.
std::string metadata(const Options& options, const std::string& base) {
  return calint::test::answer(
      200,
      fmt::format(R"({{"issuer":"{0}","authorization_endpoint":"{1}/authorize","token_endpoint":"{1}/token",)"
                  R"("jwks_uri":"{1}/jwks","response_types_supported":["code"],"subject_types_supported":["public"],)"
                  R"("id_token_signing_alg_values_supported":["HS256"],)"
                  R"("token_endpoint_auth_methods_supported":["client_secret_post"]}})",
                  options.issuer, base),
      kJson);
}

// "POST /after/200/token ...", without "/after/200"; nothing where it isn't such a request.
std::optional<std::string> waited_for(const std::string& request) {
  constexpr std::string_view kAfter = " /after/";
  const size_t method = request.find(' ');
  if (method == std::string::npos || request.compare(method, kAfter.size(), kAfter) != 0) return std::nullopt;
  char* end = nullptr;
  std::this_thread::sleep_for(
      std::chrono::milliseconds(std::strtol(request.c_str() + method + kAfter.size(), &end, 10)));
  return request.substr(0, method + 1) + end;
}

std::string answer_to(const Options& options, const std::string& base, const std::string& request) {
  if (request.starts_with("POST /token")) return tokens(options, request);
  if (const auto waited = waited_for(request)) return answer_to(options, base, *waited);
  if (request.starts_with("GET /refresh")) return calint::test::answer(200, first_refresh.request());
  if (request.starts_with("GET /calendar/v3/users/me/calendarList"))
    return calint::test::answer(200, kCalendars, kJson);
  if (request.starts_with("GET /calendar/v3/calendars/")) {
    ++reads;
    return calint::test::answer(200, kNoEvents, kJson);
  }
  if (request.starts_with("GET /reads")) return calint::test::answer(200, std::to_string(reads), kJson);
  if (request.starts_with("GET /.well-known/openid-configuration")) return metadata(options, base);
  return calint::test::answer(404, "{}", kJson);
}

SSL_CTX* tls_context(const calint::test::ServerIdentity& identity) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  require(context != nullptr && SSL_CTX_use_certificate(context, identity.certificate.get()) == 1 &&
              SSL_CTX_use_PrivateKey(context, identity.key.get()) == 1,
          "a TLS context");
  return context;
}

int listen_on_free_port(int& port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  require(fd >= 0 && bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 && listen(fd, 1024) == 0 &&
              getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0,
          "a listening socket");
  port = ntohs(address.sin_port);
  return fd;
}

// One connection after the other, for ever.
void serve(int listener, SSL_CTX* context, const Options& options, const std::string& base) {
  for (;;) {
    const int fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    SSL* tls = context == nullptr ? nullptr : SSL_new(context);
    if (tls != nullptr) SSL_set_fd(tls, fd);
    if (tls == nullptr || SSL_accept(tls) == 1) {
      Peer peer(fd, tls);
      for (std::string request = peer.read_request(); !request.empty(); request = peer.read_request())
        if (!peer.write(answer_to(options, base, request))) break;
      if (tls != nullptr) SSL_shutdown(tls);
    }
    SSL_free(tls);
    close(fd);
  }
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"A provider for benchmarks. Prints its addresses as one line of JSON, then serves until it is ended."};
  app.add_option("--client-id", options.client_id)->required();
  app.add_option("--client-secret", options.client_secret)->required();
  app.add_option("--issuer", options.issuer);
  CLI11_PARSE(app, argc, argv);

  std::signal(SIGPIPE, SIG_IGN);
  const calint::test::CertificateAuthority authority;
  SSL_CTX* context = tls_context(authority.issue("127.0.0.1"));
  int port = 0, tls_port = 0;
  const int plain = listen_on_free_port(port), secure = listen_on_free_port(tls_port);
  fmt::print(R"({{"port":{},"tls_port":{},"ca_file":"{}"}})" "\n", port, tls_port, authority.file());
  std::fflush(stdout);
  std::vector<std::thread> threads;
  for (int i = 0; i < options.connections; ++i) {
    threads.emplace_back(serve, plain, nullptr, std::cref(options), fmt::format("http://127.0.0.1:{}", port));
    threads.emplace_back(serve, secure, context, std::cref(options), fmt::format("https://127.0.0.1:{}", tls_port));
  }
  for (std::thread& thread : threads) thread.join();
}
