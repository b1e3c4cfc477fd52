// Requests that the tests of this room send.
#pragma once

#include <string>

#include "net/curl_transport.h"

namespace calint::test {

inline CurlTransport::Options plain_http_allowed() {
  CurlTransport::Options options;
  options.allow_insecure_loopback = true;
  return options;
}

inline CurlTransport::Options trusting(const std::string& ca_file) {
  CurlTransport::Options options;
  options.trust = TrustStore::load(ca_file).value();
  return options;
}

inline HttpRequest get(std::string url) {
  HttpRequest request;
  request.url = std::move(url);
  return request;
}

inline HttpRequest post(std::string url, std::string_view body) {
  HttpRequest request;
  request.method = "POST";
  request.url = std::move(url);
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = Secret(body);
  return request;
}

inline Deadline soon() { return Deadline::in(std::chrono::seconds(10)); }

}  // namespace calint::test
