// Text by its bytes, where only ASCII counts. Pure.
#pragma once

#include <string>
#include <string_view>

namespace calint {

// Without the blanks, tabs and line ends around it.
std::string_view trimmed(std::string_view text);

// ASCII letters only: field names, media types and account names know no others.
std::string lower_case(std::string_view text);

// A C0 control or DEL.
constexpr bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// ASCII, and no blank.
constexpr bool is_visible(char c) { return c > 0x20 && c < 0x7f; }

}  // namespace calint
