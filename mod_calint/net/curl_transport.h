// Transport over libcurl.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "net/curl_pool.h"
#include "net/transport.h"
#include "net/trust_store.h"

namespace calint {

// HTTPS with verified TLS 1.2 or later; plain HTTP to "localhost" and "127.0.0.1" only, and where allowed. No
// redirects, cookies, netrc or proxy from the environment. Handles are kept, so that connections, TLS sessions and
// the parsed CA certificates serve again. Safe from any thread; in a task of a CallLoop it gives the thread away while
// it waits.
//
// Raises no signals.
class CurlTransport final : public Transport {
 public:
  struct Options {
    std::chrono::milliseconds connect_timeout{2000};  // name, TCP, proxy and TLS together
    std::chrono::milliseconds total_timeout{5000};    // of one exchange; a nearer deadline wins
    std::string proxy;                                // URL; empty: none. Plain HTTP never takes it
    std::shared_ptr<const TrustStore> trust;          // null: no server with TLS is believed
    bool allow_insecure_loopback = false;
    std::function<bool()> stopping;                   // polled during a call; true ends it. May be empty
    unsigned max_idle = 16;                           // handles kept while they aren't used
  };

  // Does no I/O.
  explicit CurlTransport(Options options);
  Result<HttpResponse> send(const HttpRequest& request, Deadline deadline) override;

 private:
  void set_options(CURL* curl, bool plain_http, std::chrono::milliseconds limit) const;

  const Options options_;
  CurlPool handles_;
};

}  // namespace calint
