// Foreign text as UTF-8. Pure.
#pragma once

#include <string>
#include <string_view>

namespace calint {

// Invalid UTF-8 replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

// Foreign text as PostgreSQL and a page can take it: invalid UTF-8 replaced by U+FFFD, NUL and other C0
// controls dropped, cut to `max_bytes` at a character's edge.
std::string clean_utf8(std::string_view text, size_t max_bytes);

// Whether this is 1 to `most_bytes` bytes of UTF-8 without controls, as PostgreSQL takes them.
bool is_clean_utf8(std::string_view text, size_t most_bytes);

// The first character of `text`, which isn't empty, and is shorter by it then; U+FFFD for what isn't UTF-8.
char32_t take_character(std::string_view& text);

// Whether anything of the UTF-8 text can be seen: something but white space, controls, and characters that only act on
// others, such as a zero-width space.
bool has_visible(std::string_view text);

}  // namespace calint
