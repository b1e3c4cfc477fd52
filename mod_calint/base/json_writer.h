// JSON text (RFC 8259) that is written value by value, without a tree: a thousand calendars as one take 1.5 MB. What is
// no UTF-8 in a text is replaced. Names are ours, and written once.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace calint {

// A value as JSON.
class JsonValue {
 public:
  JsonValue(std::string_view text);
  JsonValue(const std::string& text) : JsonValue(std::string_view(text)) {}
  JsonValue(const char* text) : JsonValue(std::string_view(text)) {}
  JsonValue(std::nullptr_t) : text_("null") {}
  // null where there is none.
  JsonValue(const std::optional<std::string>& text) : JsonValue(text ? JsonValue(*text) : JsonValue(nullptr)) {}
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  JsonValue(T number) : text_(std::to_string(number)) {}
  template <std::same_as<bool> T>
  JsonValue(T flag) : text_(flag ? "true" : "false") {}

  const std::string& text() const { return text_; }

 protected:
  JsonValue() = default;
  std::string text_;
};

// JSON that is written already.
class JsonText : public JsonValue {
 public:
  explicit JsonText(std::string text) { text_ = std::move(text); }
};

class JsonObject : public JsonValue {
 public:
  JsonObject() { text_ = "{}"; }
  JsonObject& add(std::string_view name, const JsonValue& value);
  // Nothing where the text is empty.
  JsonObject& add_filled(std::string_view name, std::string_view text) {
    return text.empty() ? *this : add(name, JsonValue(text));
  }
};

class JsonArray : public JsonValue {
 public:
  JsonArray() { text_ = "[]"; }
  JsonArray& add(const JsonValue& value);
};

}  // namespace calint
