// What all handlers do around their use case.
#pragma once

#include "httpd/apache.h"
#include "runtime/exchange.h"
#include "runtime/runtime.h"
#include "site/exchange.h"

namespace calint::httpd {

// Answers with `degraded`, and says why in the log: the server has no runtime.
int answer_degraded(request_rec* r, const std::string& request_id, const Response& degraded);

// Copies the request into a value, runs the use case with the server's runtime and answers with what it
// returns; 503 where the server has no runtime. Returns what a handler hook returns.
int answer(request_rec* r, Response (*use_case)(Runtime&, const site::Visit&));

}  // namespace calint::httpd
