// The user's page, its questions and its forms.
#pragma once

#include "app/exchange.h"
#include "app/runtime.h"

namespace calint::app {

Response show_settings(Runtime& runtime, const Call& call);       // GET  /settings/calendar
Response act_on_settings(Runtime& runtime, const Call& call);     // POST /settings/calendar
Response ask_to_disconnect(Runtime& runtime, const Call& call);   // GET  /settings/calendar/disconnect
Response disconnect(Runtime& runtime, const Call& call);          // POST /settings/calendar/disconnect
Response ask_to_switch(Runtime& runtime, const Call& call);       // GET  /settings/calendar/switch
Response serve_static(const Call& call, std::string_view name);   // GET  /settings/calendar/{file}

}  // namespace calint::app
