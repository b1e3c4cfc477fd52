// The core's log lines, written to httpd's error log.
#pragma once

#include <string>

#include "base/log.h"
#include "httpd/apache.h"

namespace calint::httpd {

// Writes "CALINT0042: text [request ID]". httpd escapes control bytes in it. Valid as long as the request;
// one thread at a time, as the request itself.
class RequestLog final : public LogSink {
 public:
  RequestLog(request_rec* r, std::string request_id) : r_(r), request_id_(std::move(request_id)) {}
  void write(LogLevel level, std::string_view tag, std::string_view text) override;

 private:
  request_rec* r_;
  std::string request_id_;
};

// The same where there is no request: "CALINT0042: text". Safe from any thread, as long as the server's configuration.
class ServerLog final : public LogSink {
 public:
  explicit ServerLog(const server_rec* s) : s_(s) {}
  void write(LogLevel level, std::string_view tag, std::string_view text) override;

 private:
  const server_rec* s_;
};

}  // namespace calint::httpd
