#include "base/json_text.h"

#include <algorithm>

#include "base/json.h"

namespace calint {
namespace {

constexpr size_t kNone = std::string_view::npos;
constexpr std::string_view kBlank = " \t\r\n";

size_t skip_blank(std::string_view text, size_t at) {
  return std::min(text.find_first_not_of(kBlank, at), text.size());
}

// Behind the closing quote of the string that opens at `at`; kNone where there is none.
size_t string_end(std::string_view text, size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\') ++at;
  }
  return kNone;
}

// Behind the bracket that closes the one at `at`. Which kind closes which is left to the parser of the part.
size_t bracket_end(std::string_view text, size_t at) {
  size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = string_end(text, at);
      continue;
    }
    ++at;
    if (c == '[' || c == '{') ++depth;
    if ((c == ']' || c == '}') && --depth == 0) return at;
  }
  return kNone;
}

// Behind the value at `at`; kNone where the text ends within it.
size_t value_end(std::string_view text, size_t at) {
  if (at >= text.size()) return kNone;
  if (text[at] == '"') return string_end(text, at);
  if (text[at] == '[' || text[at] == '{') return bracket_end(text, at);
  return text.find_first_of(",]} \t\r\n", at);
}

bool is_name(std::string_view quoted, std::string_view name) {
  if (quoted.substr(1, quoted.size() - 2) == name) return true;
  if (quoted.find('\\') == kNone) return false;
  const Json decoded(json_loadb(quoted.data(), quoted.size(), JSON_DECODE_ANY | JSON_ALLOW_NUL, nullptr));
  return string_value(decoded.get()) == name;
}

}  // namespace

JsonParts member_texts(std::string_view object, std::string_view name) {
  JsonParts found;
  found.whole = false;
  size_t at = skip_blank(object, object.starts_with("\xef\xbb\xbf") ? 3 : 0);
  if (at == object.size() || object[at] != '{') return found;
  at = skip_blank(object, at + 1);
  while (at < object.size() && object[at] == '"') {
    const size_t name_end = string_end(object, at);
    if (name_end == kNone) return found;
    const bool is_wanted = is_name(object.substr(at, name_end - at), name);
    at = skip_blank(object, name_end);
    if (at == object.size() || object[at] != ':') return found;
    at = skip_blank(object, at + 1);
    const size_t end = value_end(object, at);
    if (is_wanted && at < object.size()) found.parts.push_back(object.substr(at, end == kNone ? end : end - at));
    if (end == kNone) return found;
    at = skip_blank(object, end);
    if (at < object.size() && object[at] == ',') at = skip_blank(object, at + 1);
  }
  found.whole = at < object.size() && object[at] == '}' && skip_blank(object, at + 1) == object.size();
  return found;
}

JsonParts element_texts(std::string_view array, size_t most) {
  JsonParts found;
  found.whole = false;
  if (!array.starts_with('[')) return found;
  size_t at = skip_blank(array, 1);
  while (at < array.size() && array[at] != ']' && found.parts.size() < most) {
    const size_t end = value_end(array, at);
    if (end == kNone || end == at) return found;
    found.parts.push_back(array.substr(at, end - at));
    at = skip_blank(array, end);
    if (at < array.size() && array[at] == ',') at = skip_blank(array, at + 1);
  }
  found.whole = at + 1 == array.size() && array[at] == ']';
  return found;
}

}  // namespace calint
