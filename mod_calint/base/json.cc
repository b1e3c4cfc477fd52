#include "base/json.h"

namespace calint {
namespace {

// A value may take eighty times its text in memory: eight megabytes of "{}," would take 660.
constexpr size_t kMostValues = 50000;

// Values but the first begin with a bracket, or come after one or after a comma.
bool has_too_many_values(std::string_view text) {
  size_t values = 0;
  bool in_string = false;
  for (size_t at = 0; at < text.size() && values <= kMostValues; ++at) {
    const char c = text[at];
    if (in_string && c == '\\')
      ++at;
    else if (c == '"')
      in_string = !in_string;
    else if (!in_string && (c == ',' || c == '[' || c == '{'))
      ++values;
  }
  return values > kMostValues;
}

}  // namespace

Json parse_json_object(std::string_view text) {
  if (has_too_many_values(text)) return nullptr;
  Json value(json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, nullptr));
  return json_is_object(value.get()) ? std::move(value) : nullptr;
}

std::optional<std::string_view> string_value(const json_t* value) {
  if (!json_is_string(value)) return std::nullopt;
  return std::string_view(json_string_value(value), json_string_length(value));
}

std::optional<std::string_view> string_member(const json_t* object, const char* name) {
  return string_value(json_object_get(object, name));
}

std::optional<int64_t> integer_member(const json_t* object, const char* name) {
  const json_t* member = json_object_get(object, name);
  if (!json_is_integer(member)) return std::nullopt;
  return json_integer_value(member);
}

bool true_member(const json_t* object, const char* name) { return json_is_true(json_object_get(object, name)); }

}  // namespace calint
