#include "base/form.h"

#include <algorithm>
#include <optional>

#include "base/encoding.h"
#include "base/secret.h"

namespace calint {
namespace {

Error refused(std::string why) { return Error{.fault = Fault::bad_input, .what = "form: " + std::move(why)}; }

// percent_encode() with WHATWG's own set: a space is '+', '*' stands for itself, '~' doesn't.
std::string form_escape(std::string_view bytes) {
  std::string text;
  for (;;) {
    const size_t own = bytes.find_first_of(" *~");
    text += percent_encode(bytes.substr(0, own));
    if (own == std::string_view::npos) return text;
    text += bytes[own] == ' ' ? "+" : bytes[own] == '*' ? "*" : "%7E";
    bytes.remove_prefix(own + 1);
  }
}

Result<FormField> parse_field(std::string_view text) {
  const size_t equals = text.find('=');
  const std::string_view value = equals == std::string_view::npos ? std::string_view() : text.substr(equals + 1);
  std::optional<std::string> name = percent_decode(text.substr(0, equals), true);
  std::optional<std::string> decoded = percent_decode(value, true);
  if (!name || !decoded) return refused("a percent escape is broken");
  if (name->find('\0') != std::string::npos || decoded->find('\0') != std::string::npos)
    return refused("a field has a NUL byte");
  return FormField(*std::move(name), *std::move(decoded));
}

}  // namespace

std::string form_encode(const std::vector<FormField>& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    if (!text.empty()) text += '&';
    text += form_escape(name) + '=' + form_escape(value);
  }
  return text;
}

FormFields::~FormFields() {
  for (auto& [name, value] : *this) wipe(value);
}

Result<FormFields> form_decode(std::string_view text, size_t max_fields, size_t max_bytes) {
  if (text.size() > max_bytes) return refused("more than " + std::to_string(max_bytes) + " bytes");
  FormFields fields;
  // So that they never move: a short value would leave its bytes behind.
  fields.reserve(std::min<size_t>(max_fields, std::ranges::count(text, '&') + 1));
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    if (part.empty()) continue;
    if (fields.size() == max_fields) return refused("more than " + std::to_string(max_fields) + " fields");
    Result<FormField> field = parse_field(part);
    if (!field.ok()) return std::move(field).error();
    fields.push_back(std::move(field).value());
  }
  return fields;
}

const std::string* single_field(const std::vector<FormField>& fields, std::string_view name) {
  const std::string* found = nullptr;
  for (const FormField& field : fields) {
    if (field.first != name) continue;
    if (found != nullptr) return nullptr;
    found = &field.second;
  }
  return found;
}

size_t count_field(const std::vector<FormField>& fields, std::string_view name) {
  return static_cast<size_t>(
      std::count_if(fields.begin(), fields.end(), [&](const FormField& field) { return field.first == name; }));
}

}  // namespace calint
