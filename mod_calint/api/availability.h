// When people are busy.
#pragma once

#include "api/context.h"

namespace calint::api {

Response availability_by_query(const Context& context, Reach reach);  // GET  /availability
Response availability_by_body(const Context& context, Reach reach);   // POST /availability

}  // namespace calint::api
