// Texts and addresses as people typed them. Pure; what comes in is UTF-8.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace calint {

// Its lines apart by "\n", whatever stood there: CR and LF, one of them, NEL, U+2028 or U+2029. nullopt where it has
// another control character.
std::optional<std::string> typed_lines(std::string_view text);

// The same as one line, with blanks in the places of line breaks.
std::optional<std::string> typed_line(std::string_view text);

// Code points.
size_t count_characters(std::string_view text);

// Whether it has the form of an address of mail (RFC 5321, 4.1.2; RFC 6531), without quotation marks and comments.
// Whether anybody reads mail there isn't known.
bool is_mail_address(std::string_view text);

}  // namespace calint
