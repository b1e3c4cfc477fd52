// Files of an administrator that replace what is shipped.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace calint::pages {

// bad_input: "<kind> <file>: <reason>", as an administrator reads it.
Error fault_in(std::string_view kind, std::string_view file, std::string_view reason);

// The text of the file; nullopt where there is none. bad_input where it isn't a regular file, can't be read, or has
// more than 256 kB. A link that leads nowhere isn't passed over.
Result<std::optional<std::string>> read_replacement(std::string_view kind, const std::string& path);

}  // namespace calint::pages
