// Interviews as the interface answers them.
#pragma once

#include <string>

#include "base/json_writer.h"
#include "store/interviews.h"

namespace calint::api {

JsonObject as_json(const store::Interview& interview);

// Of what the ATS sent and of its status: guests' answers leave it as it is.
std::string entity_tag(const store::Interview& interview);

}  // namespace calint::api
