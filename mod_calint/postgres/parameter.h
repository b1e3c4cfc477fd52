// The parameters of embedded statements (store/README.md), a type for each type of SQL. None has a default: one that is
// left out, or of another type, doesn't compile. A null is written as nullptr, or as an optional without a value.
#pragma once

#include <chrono>
#include <concepts>
#include <utility>
#include <vector>

#include "postgres/session.h"

namespace calint::postgres {

// An empty text is a null.
inline std::optional<std::string> or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

namespace parameter {

struct Text : Param {
  Text(std::string_view text) : Param(text) {}
  Text(const std::string& text) : Param(text) {}
  Text(std::string&& text) : Param(std::move(text)) {}
  Text(const char* text) : Param(text) {}
  Text(const std::optional<std::string>& text) : Param(text) {}
  Text(std::nullptr_t) : Param(nullptr) {}
};

// bigint and integer.
struct Integer : Param {
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  Integer(T number) : Param(int64_t{number}) {}
  Integer(std::optional<int64_t> number) : Param(number) {}
  Integer(std::nullptr_t) : Param(nullptr) {}
};

struct Boolean : Param {
  template <std::same_as<bool> T>
  Boolean(T flag) : Param(flag) {}
};

// timestamptz.
struct Moment : Param {
  Moment(Instant instant) : Param(instant) {}
  Moment(std::optional<Instant> instant) : Param(instant) {}
  Moment(std::nullptr_t) : Param(nullptr) {}
};

// interval.
struct Span : Param {
  template <typename Count, typename Unit>
  Span(std::chrono::duration<Count, Unit> span)
      : Param(std::to_string(std::chrono::microseconds(span).count()) + " microseconds") {}
};

// bytea.
struct Bytes : Param {
  Bytes(std::string_view bytes) : Param(bytea(bytes)) {}
  Bytes(const std::string& bytes) : Param(bytea(bytes)) {}
  Bytes(const std::optional<std::string>& bytes) : Param(bytea(bytes)) {}
  Bytes(std::nullptr_t) : Param(nullptr) {}
};

// jsonb: a JSON text.
struct Json : Param {
  Json(std::string text) : Param(std::move(text)) {}
};

// text[]. The texts are valid UTF-8 without NUL.
struct TextArray : Param {
  TextArray(const std::vector<std::string>& texts) : Param(literal(texts)) {}

 private:
  static std::string literal(const std::vector<std::string>& texts) {
    std::string array = "{";
    for (const std::string& text : texts) {
      if (array.size() > 1) array += ',';
      array += '"';
      for (const char c : text) {
        if (c == '"' || c == '\\') array += '\\';
        array += c;
      }
      array += '"';
    }
    return array + '}';
  }
};

template <typename... Values>
std::vector<Param> list(Values... values) {
  std::vector<Param> all;
  all.reserve(sizeof...(values));
  (all.push_back(std::move(values)), ...);
  return all;
}

}  // namespace parameter
}  // namespace calint::postgres
