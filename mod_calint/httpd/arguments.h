// Parsers for the arguments of directives. Pure but for the server root; each Error's `what` says what to
// write instead and is shown to the administrator behind the directive's name.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"
#include "httpd/apache.h"
#include "runtime/settings.h"

namespace calint::httpd {

Result<long> parse_number(std::string_view text, long min, long max);

// "2", "2s", "500ms"; a bare number is in seconds.
Result<std::chrono::milliseconds> parse_timeout(const char* text, std::chrono::milliseconds min,
                                                std::chrono::milliseconds max);

// A path; relative ones stand below the server root.
Result<std::string> parse_path(apr_pool_t* pool, const char* text);

// A path, "exec:/absolute/path" or "credential:NAME", each as it is kept in Settings.
Result<std::string> parse_source(apr_pool_t* pool, std::string_view text);

// An absolute http or https URL without a query, as written. Whether http is allowed is known only once all
// directives were read.
Result<std::string> parse_endpoint(std::string_view text);

// common, organizations, consumers, the id of a tenant of Microsoft's or one of its domains.
Result<std::string> parse_tenant(std::string_view text);

// "session:KEY" or "env:NAME". The name is never one that a browser can set by itself.
struct NamedSource {
  Identity from;
  std::string name;
};
Result<NamedSource> parse_named_source(std::string_view text);

// "example.com" or "*.example.com".
Result<std::string> parse_host_pattern(std::string_view text);

// 'self', 'none' or an origin, as in a frame-ancestors policy (CSP level 3, 6.4.2).
Result<std::string> parse_frame_ancestor(std::string_view text);

Error refuse(std::string what);

}  // namespace calint::httpd
