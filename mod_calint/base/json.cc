#include "base/json.h"

#include "base/utf8.h"

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

Json object_of(std::string_view text, size_t flags) {
  Json value(json_loadb(text.data(), text.size(), flags | JSON_ALLOW_NUL, nullptr));
  return json_is_object(value.get()) ? std::move(value) : nullptr;
}

enum class Half { none, high, low };

// Of a surrogate pair (RFC 8259 section 7), at the front of `text`.
Half half_at(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("\\u") || (text[2] != 'd' && text[2] != 'D')) return Half::none;
  if (std::string_view("89abAB").find(text[3]) != std::string_view::npos) return Half::high;
  return std::string_view("cdefCDEF").find(text[3]) != std::string_view::npos ? Half::low : Half::none;
}

void replace_lone_halves(std::string& text) {
  for (size_t at = text.find('\\'); at < text.size(); at = text.find('\\', at)) {
    const Half half = half_at(std::string_view(text).substr(at));
    if (half == Half::none) {
      at += 2;
    } else if (half == Half::high && half_at(std::string_view(text).substr(at + 6)) == Half::low) {
      at += 12;
    } else {
      text.replace(at + 2, 4, "fffd");
      at += 6;
    }
  }
}

Json mended_object_of(std::string mended, size_t flags) {
  replace_lone_halves(mended);
  return object_of(mended, flags);
}

}  // namespace

Json parse_json_object(std::string_view text) {
  if (has_too_many_values(text)) return nullptr;
  if (Json object = object_of(text, JSON_REJECT_DUPLICATES)) return object;
  return mended_object_of(valid_utf8(text), JSON_REJECT_DUPLICATES);
}

Json parse_json_entry(std::string_view text) {
  if (has_too_many_values(text)) return nullptr;
  if (Json object = object_of(text, JSON_DECODE_INT_AS_REAL)) return object;
  return mended_object_of(clean_utf8(text, text.size() * 3), JSON_DECODE_INT_AS_REAL);
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
