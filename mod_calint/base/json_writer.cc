#include "base/json_writer.h"

#include <array>

#include "base/utf8.h"

namespace calint {
namespace {

// Before the bracket that ends the text.
void insert(std::string& text, const std::string& value) {
  const char end = text.back();
  text.back() = ',';
  if (text.size() == 2) text.pop_back();  // the first
  text += value;
  text += end;
}

}  // namespace

JsonValue::JsonValue(std::string_view text) {
  constexpr std::array<char, 16> kDigits = {'0', '1', '2', '3', '4', '5', '6', '7',
                                            '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
  text_ = '"';
  for (const char c : valid_utf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') (text_ += '\\') += c;
    else if (byte >= 0x20) text_ += c;
    else ((text_ += "\\u00") += kDigits[byte >> 4]) += kDigits[byte & 0xf];
  }
  text_ += '"';
}

JsonObject& JsonObject::add(std::string_view name, const JsonValue& value) {
  insert(text_, JsonValue(name).text() + ":" + value.text());
  return *this;
}

JsonArray& JsonArray::add(const JsonValue& value) {
  insert(text_, value.text());
  return *this;
}

}  // namespace calint
