// Time kept for a candidate, so that two never get the same hour.
#pragma once

#include "api/context.h"

namespace calint::api {

Response make_hold(const Context& context, Reach reach);     // POST   /holds
Response show_hold(const Context& context, Reach reach);     // GET    /holds/{id}
Response put_hold_off(const Context& context, Reach reach);  // PATCH  /holds/{id}
Response release_hold(const Context& context, Reach reach);  // DELETE /holds/{id}
Response list_holds(const Context& context, Reach reach);    // GET    /holds

}  // namespace calint::api
