// Transport over libcurl.
#pragma once

#include <functional>
#include <string>

#include "net/curl_pool.h"
#include "net/transport.h"

namespace calint {

// HTTPS with verified TLS 1.2 or later; http only to "localhost" and "127.0.0.1", where allowed. No redirects,
// cookies, netrc or proxy from the environment. Handles are kept, so that connections, TLS sessions and the CA
// certificates are used again. Safe from any thread.
class CurlTransport final : public Transport {
 public:
  struct Options {
    std::chrono::milliseconds connect_timeout{2000};
    std::chrono::milliseconds total_timeout{5000};
    std::string proxy;                    // empty: none
    std::string ca_file;                  // empty: the system's
    bool allow_insecure_loopback = false;
    std::function<bool()> stopping;       // polled during a call; true ends it. May be empty
    unsigned max_idle = 16;               // handles kept while they aren't used
  };

  explicit CurlTransport(Options options);
  Result<HttpResponse> send(const HttpRequest& request, Deadline deadline) override;

 private:
  Options options_;
  CurlPool handles_;
};

}  // namespace calint
