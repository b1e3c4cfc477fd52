#include "provider/caldav/errors.h"

#include <fmt/format.h>

#include "provider/caldav/multistatus.h"

namespace calint::caldav {
namespace {

// What is asked for are lists: none could be gone or changed meanwhile.
Fault fault_of(int status) {
  switch (status) {
    case 400:
    case 415: return Fault::bug;
    case 401: return Fault::reconnect;
    case 403: return Fault::forbidden;
    case 429: return Fault::rate_limited;
    default: return Fault::unavailable;
  }
}

}  // namespace

Error caldav_error(const HttpResponse& response, Instant now) {
  Error error = caldav_error(response.status);
  error.retry_after = response.retry_after(now);
  return error;
}

Error caldav_error(int status) {
  if (status < 400) return dav::unusable_answer(fmt::format("has status {}", status));
  return Error{.fault = fault_of(status),
               .what = fmt::format("CalDAV answered {}", status),
               .code = fmt::format("{}", status),
               .detail = status == 401 ? Detail::refused : Detail::none};
}

Error foreign_host() {
  return Error{.fault = Fault::corrupt,
               .what = "CalDAV leads to where no password may go: to no HTTPS, or to a host that isn't in "
                       "CalIntApiHosts",
               .code = "foreign_host"};
}

}  // namespace calint::caldav
