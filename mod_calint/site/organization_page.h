// The organisation's page, for its administrators, and its forms.
#pragma once

#include "runtime/runtime.h"
#include "site/exchange.h"

namespace calint::site {

Response show_organization(Runtime& runtime, const Visit& visit);    // GET  /admin/integrations/calendar
Response act_on_organization(Runtime& runtime, const Visit& visit);  // POST /admin/integrations/calendar

}  // namespace calint::site
