// What the module remembers between the hooks of one request.
#pragma once

#include <string>

#include "base/secret.h"
#include "httpd/apache.h"

namespace calint::httpd {

struct RequestState {
  bool is_callback = false;  // /calendar/auth/{provider}/callback, as post_read_request saw it
  Secret callback_query;     // taken out of request_rec there
  std::string claimed_uri;   // translate_name found it under one of our handlers; empty: it didn't
};

// Made on first use and owned by the request's pool. An internal redirect starts with a new one.
RequestState& request_state(request_rec* r);

// nullptr where nothing was remembered, as for most requests of the site.
const RequestState* find_request_state(const request_rec* r);

}  // namespace calint::httpd
