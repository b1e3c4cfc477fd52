// Where a browser may be sent back to. Pure.
#pragma once

#include <string_view>

namespace calint {

// True where `path` is safe to send a browser back to (contract: `return_to`): one leading '/', no "//",
// backslash, control byte, "%2f", "%5c" or dot segment (also percent-encoded), not below /calendar/auth,
// at most 512 bytes. The query may follow.
bool is_safe_return_path(std::string_view path);

}  // namespace calint
