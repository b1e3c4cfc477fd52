// HTTP field names and values (RFC 9110, section 5). Pure.
#pragma once

#include <string>
#include <string_view>

namespace calint {

// Whether name and value may be sent: a token, and visible ASCII with inner blanks. Anything else could begin a
// field of its own.
bool is_field(std::string_view name, std::string_view value);

// What stands after "Bearer " (RFC 6750, 2.1): visible ASCII, not empty.
bool is_bearer_token(std::string_view token);

// What stands behind "Basic " (RFC 7617, 2): neither has control bytes, the user no ':' and at least one byte.
bool is_basic_credentials(std::string_view user, std::string_view password);

}  // namespace calint
