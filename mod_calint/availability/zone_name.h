// A zone by any of the names that an ATS has for it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace calint::availability {

// The IANA name for a name of IANA (old ones too), Windows or Rails; nullopt for anything else. WallClock knows what
// comes out.
std::optional<std::string> zone_name(std::string_view name);

}  // namespace calint::availability
