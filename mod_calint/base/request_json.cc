#include "base/request_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/rfc3339.h"
#include "base/text.h"

namespace calint {
namespace {

struct Size {
  size_t levels = 0;
  size_t values = 1;
};

// Looked at before anything is built. Values but the first begin with a bracket, or come after one or after a comma.
Size size_of(std::string_view text) {
  Size size;
  size_t level = 0;
  bool in_string = false;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string && c == '\\') ++at;
    else if (c == '"') in_string = !in_string;
    else if (in_string) continue;
    else if (c == '[' || c == '{') size.levels = std::max(size.levels, ++level), ++size.values;
    else if (c == ',') ++size.values;
    else if ((c == ']' || c == '}') && level > 0) --level;
  }
  return size;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control);
}

}  // namespace

void Problems::add(std::string pointer, std::string detail) {
  if (found_.size() < kMost)
    found_.push_back({std::move(pointer), std::move(detail)});
  else if (found_.size() == kMost)
    found_.push_back({"", "more is wrong than is listed here"});
}

Json parse_json(std::string_view text, const JsonLimits& limits, Problems& problems) {
  const auto refuse = [&](std::string detail) {
    problems.add("", std::move(detail));
    return nullptr;
  };
  if (text.size() > limits.bytes) return refuse(fmt::format("is longer than {} bytes", limits.bytes));
  const Size size = size_of(text);
  if (size.levels > limits.levels) return refuse(fmt::format("is nested deeper than {} levels", limits.levels));
  if (size.values > limits.values) return refuse(fmt::format("has more than {} values", limits.values));
  json_error_t error;
  Json value(json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY, &error));
  if (value) return value;
  // jansson's own words quote the text.
  const char* why = "is no JSON";
  if (json_error_code(&error) == json_error_duplicate_key) why = "has a member twice";
  if (json_error_code(&error) == json_error_invalid_utf8) why = "is no UTF-8";
  return refuse(fmt::format("{}: line {}, column {}", why, error.line, error.column));
}

std::optional<int64_t> JsonPlace::whole_number(int64_t least, int64_t most) const {
  if (!*this) return std::nullopt;
  const json_int_t number = json_integer_value(value_);
  if (json_is_integer(value_) && number >= least && number <= most) return number;
  wrong(fmt::format("is not a whole number from {} to {}", least, most));
  return std::nullopt;
}

std::optional<bool> JsonPlace::boolean() const {
  if (!*this) return std::nullopt;
  if (json_is_boolean(value_)) return json_is_true(value_);
  wrong("is neither true nor false");
  return std::nullopt;
}

std::optional<std::chrono::sys_seconds> JsonPlace::time() const {
  if (!*this) return std::nullopt;
  const auto text = string_value(value_);
  const auto at = text ? parse_rfc3339(*text) : std::nullopt;
  if (!at) wrong("is not a time with an offset, such as 2026-12-07T09:00:00+01:00");
  return at;
}

std::optional<std::string> JsonPlace::text(size_t most_bytes) const {
  if (!*this) return std::nullopt;
  const auto text = string_value(value_);
  if (text && !text->empty() && text->size() <= most_bytes && !has_control(*text)) return std::string(*text);
  wrong(fmt::format("is not a text of 1 to {} bytes without control characters", most_bytes));
  return std::nullopt;
}

std::optional<size_t> JsonPlace::one_of(std::initializer_list<std::string_view> words) const {
  if (!*this) return std::nullopt;
  if (const auto text = string_value(value_)) {
    const auto found = std::find(words.begin(), words.end(), *text);
    if (found != words.end()) return found - words.begin();
  }
  wrong(fmt::format("is not one of: {}", fmt::join(words, ", ")));
  return std::nullopt;
}

std::vector<JsonPlace> JsonPlace::elements() const {
  std::vector<JsonPlace> places;
  if (!*this) return places;
  if (!json_is_array(value_)) {
    wrong("is not a list");
    return places;
  }
  places.reserve(json_array_size(value_));
  for (size_t at = 0; at < json_array_size(value_); ++at)
    places.emplace_back(json_array_get(value_, at), json_pointer(pointer_, fmt::to_string(at)), *problems_);
  return places;
}

JsonMembers::JsonMembers(const JsonPlace& object) : object_(object) {
  if (!is_object()) object_.wrong("is not an object");
}

JsonPlace JsonMembers::optional(const char* name) {
  known_.emplace(name);
  return {json_object_get(object_.value(), name), json_pointer(object_.pointer(), name), object_.problems()};
}

JsonPlace JsonMembers::needed(const char* name) {
  JsonPlace place = optional(name);
  if (!place && is_object()) place.wrong("is needed");
  return place;
}

std::vector<std::pair<std::string, JsonPlace>> JsonMembers::all() {
  std::vector<std::pair<std::string, JsonPlace>> members;
  if (!is_object()) return members;
  const char* name = nullptr;
  json_t* value = nullptr;
  json_object_foreach(const_cast<json_t*>(object_.value()), name, value) members.emplace_back(name, optional(name));
  return members;
}

void JsonMembers::refuse_others() const {
  if (!is_object()) return;
  const char* name = nullptr;
  json_t* value = nullptr;
  json_object_foreach(const_cast<json_t*>(object_.value()), name, value)
    if (!known_.contains(std::string_view(name)))
      object_.problems().add(json_pointer(object_.pointer(), name), "there is no such member");
}

std::string json_pointer(std::string_view pointer, std::string_view step) {
  std::string longer(pointer);
  longer += '/';
  for (const char c : step) {
    if (c == '~') longer += "~0";
    else if (c == '/') longer += "~1";
    else longer += c;
  }
  return longer;
}

std::string json_quoted(std::string_view text) {
  const Json value(json_stringn(text.data(), text.size()));
  std::string quoted;
  json_dump_callback(
      value.get(),
      [](const char* bytes, size_t count, void* out) {
        static_cast<std::string*>(out)->append(bytes, count);
        return 0;
      },
      &quoted, JSON_ENCODE_ANY);
  return quoted;
}

}  // namespace calint
