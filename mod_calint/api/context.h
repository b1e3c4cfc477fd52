// What a call is answered with once it is known who calls.
#pragma once

#include <string>

#include "api/caller.h"

namespace calint::api {

// Lives for one call.
struct Context {
  Runtime& runtime;
  const ApiCall& call;
  const Caller& caller;
  Query& query;         // what nobody asks for is refused
  std::string id = {};  // that the path names; empty: none

  Response refuse(const Refusal& refusal) const { return api::refuse(runtime, call, refusal); }
  Response refuse(const Problems& problems) const { return api::refuse(runtime, call, problems); }
  Response fail(const Error& error) const { return failure(runtime, call, error); }
  // The whole call is refused for one id in it. Which organisation it belongs to, if any, isn't told.
  Response unknown(std::string pointer) const {
    return refuse({.type = "not_found", .errors = {{std::move(pointer), "is not known here"}}});
  }
  Response not_allowed(std::string detail) const { return refuse({.type = "forbidden", .detail = std::move(detail)}); }
};

}  // namespace calint::api
