// Who can meet when.
#pragma once

#include "api/context.h"

namespace calint::api {

Response slots(const Context& context, Reach reach);  // POST /slots

}  // namespace calint::api
