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

// Letters, digits and dashes between single dots, at most 253 bytes: a host's name as a configuration may write it.
bool is_host_name(std::string_view text);

// A tenant of the Microsoft identity platform, as CalIntTenant takes it: common, organizations, consumers, a tenant's
// id or one of its domains.
bool is_tenant(std::string_view text);

// True where `path` is safe to send a browser back to (contract: `return_to`): one leading '/', no "//",
// backslash, control byte, "%2f", "%5c" or dot segment (also percent-encoded), not below /calendar/auth,
// at most 512 bytes. The query may follow.
bool is_safe_return_path(std::string_view path);

}  // namespace calint
