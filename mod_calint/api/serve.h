// The interface for the ATS. httpd calls these and nothing else.
#pragma once

#include <string>

#include "api/call.h"
#include "runtime/runtime.h"

namespace calint::api {

inline constexpr size_t kLongestBody = 256 * 1024;

// /calendar/api/v1/...: always answers, and always in JSON but where something else was asked for.
Response serve(Runtime& runtime, const ApiCall& call);

// Where the body couldn't be read: `status` says why.
Response refuse_body(const Runtime& runtime, const ApiCall& call, int status);

// The answer where there is no runtime: the configuration could not be loaded at a restart.
Response serve_degraded(const std::string& request_id);

}  // namespace calint::api
