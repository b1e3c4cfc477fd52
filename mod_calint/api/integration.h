// How somebody's connection stands: all that an ATS needs to ask them to connect.
#pragma once

#include "api/context.h"

namespace calint::api {

Response own_integration(const Context& context, Reach reach);      // GET /integration
Response integration_of_user(const Context& context, Reach reach);  // GET /users/{id}/integration

}  // namespace calint::api
