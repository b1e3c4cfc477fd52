// A call of the ATS.
#pragma once

#include "runtime/call.h"
#include "runtime/exchange.h"

namespace calint::api {

// The request outlives it.
struct ApiCall : Call {
  const Request& request;
};

}  // namespace calint::api
