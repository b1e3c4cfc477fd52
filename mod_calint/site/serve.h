// The module's pages and endpoints. httpd calls these and nothing else.
#pragma once

#include "runtime/runtime.h"
#include "site/exchange.h"

namespace calint::site {

// /calendar/auth/...: starts and ends a flow. Always answers.
Response serve_auth(Runtime& runtime, const Visit& visit);

// /settings/calendar...: the user's page, its forms and its static files. Always answers.
Response serve_settings(Runtime& runtime, const Visit& visit);

// /admin/integrations/calendar: the organisation's page and its forms. Always answers.
Response serve_admin(Runtime& runtime, const Visit& visit);

// The answer where there is no runtime: the configuration could not be loaded at a restart. A page that
// needs neither templates nor database.
Response serve_degraded();

}  // namespace calint::site
