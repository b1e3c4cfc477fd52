// A response value, copied once into request_rec.
#pragma once

#include "httpd/apache.h"
#include "runtime/exchange.h"

namespace calint::httpd {

// Sends it. Returns kOk always: the answer is complete, no ErrorDocument takes its place.
int respond(request_rec* r, const Response& response);

}  // namespace calint::httpd
