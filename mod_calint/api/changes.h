// What has changed for the ATS.
#pragma once

#include "api/context.h"

namespace calint::api {

Response changes(const Context& context, Reach reach);  // GET /changes

}  // namespace calint::api
