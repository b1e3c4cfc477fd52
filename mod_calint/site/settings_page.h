// The user's page, its questions and its forms.
#pragma once

#include "runtime/runtime.h"
#include "site/exchange.h"

namespace calint::site {

Response show_settings(Runtime& runtime, const Visit& visit);       // GET  /settings/calendar
Response act_on_settings(Runtime& runtime, const Visit& visit);     // POST /settings/calendar
Response ask_to_disconnect(Runtime& runtime, const Visit& visit);   // GET  /settings/calendar/disconnect
Response disconnect(Runtime& runtime, const Visit& visit);          // POST /settings/calendar/disconnect
Response ask_to_switch(Runtime& runtime, const Visit& visit);       // GET  /settings/calendar/switch

}  // namespace calint::site
