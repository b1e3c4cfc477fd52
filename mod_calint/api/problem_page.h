// What a problem's type means, for people: the page that its address leads to.
#pragma once

#include <optional>
#include <string_view>

#include "runtime/exchange.h"

namespace calint::api {

// `path` is below kApiPath: "/problems/not_found", or "/problems" for all of them. nullopt for anything else. For
// everybody: it says nothing of anybody.
std::optional<Response> problem_page(std::string_view path);

}  // namespace calint::api
