// request_rec, copied once into a value of the core.
#pragma once

#include "httpd/apache.h"
#include "runtime/settings.h"
#include "runtime/exchange.h"

namespace calint::httpd {

// mod_unique_id's, httpd's own (where ErrorLogFormat has %L), or a new one.
std::string request_id(request_rec* r);

// What a door takes.
struct Intake {
  size_t body = 0;           // bytes of a POST or PATCH at most
  bool takes_bearer = false;  // a service key proves who calls: then nobody is signed in, and no session is touched
};

// Reads the body too, so it may block on the browser (httpd's Timeout and mod_reqtimeout apply). kOk, or
// the status that httpd answers with: 413 for a body that is longer, 400 or 408 for one that breaks off; `request` then
// has its id alone. No view into the pool is left in `request`.
int read_request(request_rec* r, const Settings& settings, const Intake& intake, Request& request);

}  // namespace calint::httpd
