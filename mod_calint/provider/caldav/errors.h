// Refusals of a CalDAV server, as Errors (providers.md, 4.9). Pure.
#pragma once

#include "base/error.h"
#include "net/transport.h"

namespace calint::caldav {

// An answer to PROPFIND that isn't a 207. Error::code is the status; reconnect with Detail::refused for 401. What is no
// refusal either, such as a 200 of something that isn't CalDAV, is corrupt with code "caldav". Nothing of the answer's
// text gets into the Error.
Error caldav_error(const HttpResponse& response, Instant now);

// The same for a resource that fails inside of a 207.
Error caldav_error(int status);

// The corrupt error of a redirect or an href to where the password may not go, with code "foreign_host".
Error foreign_host();

}  // namespace calint::caldav
