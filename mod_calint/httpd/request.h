// request_rec, copied once into a value of the core.
#pragma once

#include "httpd/apache.h"
#include "runtime/settings.h"
#include "site/exchange.h"

namespace calint::httpd {

// Reads the body too, so it may block on the browser (httpd's Timeout and mod_reqtimeout apply). kOk, or
// the status that httpd answers with: 413 for a body over 64 kB, 400 or 408 for one that breaks off.
// No view into the pool is left in `request`.
int read_request(request_rec* r, const Settings& settings, site::Request& request);

}  // namespace calint::httpd
