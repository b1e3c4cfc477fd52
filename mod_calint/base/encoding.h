// Byte-level encodings. Pure; every decoder treats its input as foreign.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace calint {

// RFC 4648 section 5, without padding. The decoder refuses padding, other characters and
// non-canonical trailing bits, so that one value has one spelling.
std::string base64url_encode(std::string_view bytes);
std::optional<std::string> base64url_decode(std::string_view text);

std::string hex_encode(std::string_view bytes);
std::optional<std::string> hex_decode(std::string_view text);  // both cases accepted

// Everything but RFC 3986's unreserved characters becomes %XX.
std::string percent_encode(std::string_view bytes);
// Decodes %XX once; with `plus_is_space` also '+'. nullopt for a broken escape.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

}  // namespace calint
