// Byte-level encodings. Pure; every decoder treats its input as foreign.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

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

using FormField = std::pair<std::string, std::string>;

// What was decoded: codes, passwords and secrets may be among the values, so those that are left are wiped in the end.
class FormFields : public std::vector<FormField> {
 public:
  FormFields() = default;
  FormFields(const FormFields&) = delete;
  FormFields(FormFields&&) = default;
  FormFields& operator=(const FormFields&) = delete;
  FormFields& operator=(FormFields&& other) noexcept {
    swap(other);
    return *this;
  }
  ~FormFields();
};

// application/x-www-form-urlencoded (WHATWG URL, section 5), also used for queries.
std::string form_encode(const std::vector<FormField>& fields);

inline constexpr size_t kMostFields = 64;
inline constexpr size_t kLongestForm = 65536;

// Fields in order, doubled names kept: the caller decides. bad_input for a broken escape, a NUL byte,
// more than `max_fields` fields or more than `max_bytes` bytes.
Result<FormFields> form_decode(std::string_view text, size_t max_fields = kMostFields,
                               size_t max_bytes = kLongestForm);

// The value of `name` if it occurs exactly once, else nullptr.
const std::string* single_field(const std::vector<FormField>& fields, std::string_view name);
size_t count_field(const std::vector<FormField>& fields, std::string_view name);

// Invalid UTF-8 replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

// Foreign text as PostgreSQL and a page can take it: invalid UTF-8 replaced by U+FFFD, NUL and other C0
// controls dropped, cut to `max_bytes` at a character's edge.
std::string clean_utf8(std::string_view text, size_t max_bytes);

// Whether anything of the UTF-8 text can be seen: something but white space, controls, and characters that only act on
// others, such as a zero-width space.
bool has_visible(std::string_view text);

}  // namespace calint
