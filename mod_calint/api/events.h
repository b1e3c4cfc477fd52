// Interviews in people's calendars.
#pragma once

#include "api/context.h"

namespace calint::api {

Response make_event(const Context& context, Reach reach);    // POST   /events
Response show_event(const Context& context, Reach reach);    // GET    /events/{id}
Response change_event(const Context& context, Reach reach);  // PATCH  /events/{id}
Response cancel_event(const Context& context, Reach reach);  // DELETE /events/{id}
Response list_events(const Context& context, Reach reach);   // GET    /events

}  // namespace calint::api
