// The addresses of the interface: the one table.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/context.h"
#include "api/media_type.h"

namespace calint::api {

struct Route {
  std::string_view method;
  std::string_view path;  // below kApiPath; "{id}" is one segment that can be an id
  Right right;
  Response (*serve)(const Context&, Reach);
  std::string_view also = {};  // a media type that it answers in beside JSON
};

// What a path has: the methods for Allow, and the route of one of them.
struct Match {
  std::string allow;             // empty: nothing has this address
  const Route* route = nullptr;  // nullptr: not with this method
  std::string id;
};
Match find_route(std::string_view path, std::string_view method);

}  // namespace calint::api
