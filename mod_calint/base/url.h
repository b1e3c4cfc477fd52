// Absolute http(s) URLs, parsed by libcurl's URL API.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace calint {

// scheme and host are in lower case; port is 0 where the URL names none; path starts with '/' or is empty.
struct Url {
  std::string scheme;
  std::string host;
  int port = 0;
  std::string path;
  std::string query;  // without '?'

  // "https://host" or "https://host:port", as a browser writes an Origin header (default ports left out).
  std::string origin() const;
  // The whole of it, with that origin.
  std::string text() const;
  bool is_https() const { return scheme == "https"; }
  // host is exactly "localhost" or "127.0.0.1" and the scheme is http.
  bool is_insecure_loopback() const;
};

// bad_input, with a message that says what to write, for anything but an absolute http or https URL
// without user info and fragment.
Result<Url> parse_url(std::string_view text);

// What `reference` means in a document that was found at `base` (RFC 3986, 5): relative, without scheme or absolute.
// bad_input as parse_url; also where the reference is empty.
Result<Url> resolve_url(const Url& base, std::string_view reference);

}  // namespace calint
