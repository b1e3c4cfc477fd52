// application/x-www-form-urlencoded (WHATWG URL, section 5): forms, and queries. Pure; what is decoded is foreign.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace calint {

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

}  // namespace calint
