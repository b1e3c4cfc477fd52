// The border between C++ and httpd's C: an exception that crosses it ends the child process.
#pragma once

#include <exception>
#include <utility>

#include "httpd/apache.h"

namespace calint::httpd {

// Returns what `body` returns. Where it throws, `report` gets the exception's text and `fallback` is
// returned. An exception here means a bug or no memory.
template <typename T, typename Report, typename Body>
T guard(T fallback, Report&& report, Body&& body) noexcept {
  try {
    return std::forward<Body>(body)();
  } catch (const std::exception& exception) {
    report(exception.what());
  } catch (...) {
    report("an exception of unknown type");
  }
  return fallback;
}

// A request hook with the guard around it: guarded<handle> has the type that httpd's hooks ask for.
template <int (*Body)(request_rec*)>
int guarded(request_rec* r) noexcept {
  return guard(
      static_cast<int>(HTTP_INTERNAL_SERVER_ERROR),
      [r](const char* what) { ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r, "CALINT0101: internal error: %s", what); },
      [r] { return Body(r); });
}

// The same for the hooks that run on the configuration.
template <int (*Body)(apr_pool_t*, apr_pool_t*, apr_pool_t*, server_rec*)>
int guarded(apr_pool_t* pconf, apr_pool_t* plog, apr_pool_t* ptemp, server_rec* s) noexcept {
  return guard(
      static_cast<int>(HTTP_INTERNAL_SERVER_ERROR),
      [s](const char* what) { ap_log_error(APLOG_MARK, APLOG_ERR, 0, s, "CALINT0101: internal error: %s", what); },
      [=] { return Body(pconf, plog, ptemp, s); });
}

}  // namespace calint::httpd
