// The stylesheet and the pictures, at both of their addresses.
#pragma once

#include <string_view>

#include "site/exchange.h"

namespace calint::site {

// GET /calendar/static/{name}-{hash}.{type}: for everybody, and for caches to keep. Always answers.
Response serve_static(std::string_view method, std::string_view path);

// GET /settings/calendar/{file}, which templates of former versions name. An answer at this address may carry the
// session, so nobody keeps it.
Response serve_former_static(std::string_view name);

}  // namespace calint::site
