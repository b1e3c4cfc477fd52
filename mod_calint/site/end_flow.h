// The callback: what a browser brings back from the consent page. The order of the steps is the contract's
// (section 4): nothing is believed before the state opened, and the flow is taken before its code is presented.
#pragma once

#include "runtime/runtime.h"
#include "site/exchange.h"

namespace calint::site {

// GET /calendar/auth/{provider}/callback.
Response end_flow(Runtime& runtime, const Visit& visit, ProviderId provider);

}  // namespace calint::site
