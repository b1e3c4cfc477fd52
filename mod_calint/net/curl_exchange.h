// One request and its answer on a libcurl handle: what is sent, and the callbacks that libcurl calls meanwhile.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/result.h"
#include "net/answer.h"
#include "net/curl_handle.h"
#include "net/transport.h"

namespace calint {

// Used once, by one thread. Everything that it was made with outlives it.
//
// libcurl writes a request again by itself when a kept connection turns out to be dead. That is right for GET, HEAD,
// PROPFIND and REPORT only: whoever closed the connection may have acted on the request before, and an authorization
// code or a rotating refresh token must not be presented twice. So every other method is written once or not at all.
class CurlExchange {
 public:
  // `stopping` is polled about once a second, and when something moves; it may be empty.
  CurlExchange(const HttpRequest& request, const std::function<bool()>& stopping);
  ~CurlExchange() {
    wipe(bearer_);
    wipe(password_);
  }
  CurlExchange(const CurlExchange&) = delete;
  CurlExchange& operator=(const CurlExchange&) = delete;

  // Runs on a handle whose other options are set, for `limit` at most. `host` is named in errors.
  Result<HttpResponse> perform(CURL* curl, std::chrono::milliseconds limit, std::string_view host);

 private:
  static size_t on_header(char* data, size_t size, size_t count, void* self) noexcept;
  static size_t on_body(char* data, size_t size, size_t count, void* self) noexcept;
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept;
  static int on_connected(void* self, char*, char*, int, int) noexcept;

  void set_request(CURL* curl);
  void set_callbacks(CURL* curl);
  Error failure(CURL* curl, CURLcode code, std::string_view host) const;

  const HttpRequest& request_;
  const std::function<bool()>& stopping_;
  CurlList headers_;
  std::string bearer_;    // as libcurl wants them, NUL-terminated
  std::string password_;
  Answer answer_;
  bool stopped_ = false;
  bool request_begun_ = false;
};

}  // namespace calint
