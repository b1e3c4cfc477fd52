// A statement and its parameters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "postgres/instant_text.h"

namespace calint::postgres {

// SQL text that exists in the source: it can't be built at run time (constructor is consteval), so no
// foreign byte gets into a statement.
class Sql {
 public:
  template <size_t N>
  consteval Sql(const char (&text)[N]) : text_(text, N - 1) {}
  std::string_view text() const { return text_; }
  const char* c_str() const { return text_.data(); }

 private:
  std::string_view text_;
};

// One parameter. Text unless bytea.
class Param {
 public:
  Param(std::nullptr_t) : null_(true) {}
  Param(std::string_view text) : value_(text) {}
  Param(const std::string& text) : value_(text) {}
  Param(std::string&& text) : value_(std::move(text)) {}
  Param(const char* text) : value_(text) {}
  Param(int64_t number) : value_(std::to_string(number)) {}
  Param(int number) : value_(std::to_string(number)) {}
  Param(bool flag) : value_(flag ? "t" : "f") {}
  Param(Instant instant) : value_(instant_text(instant)) {}  // RFC 3339 with microseconds, UTC
  template <typename T>
  Param(const std::optional<T>& maybe) : Param(maybe ? Param(*maybe) : Param(nullptr)) {}
  static Param bytea(std::string_view bytes) { Param p(bytes); p.binary_ = true; return p; }
  static Param bytea(const std::string& bytes) { return bytea(std::string_view(bytes)); }
  static Param bytea(const std::optional<std::string>& bytes) { return bytes ? bytea(*bytes) : Param(nullptr); }

  bool is_null() const { return null_; }
  bool is_binary() const { return binary_; }
  const std::string& value() const { return value_; }

 private:
  std::string value_;
  bool null_ = false;
  bool binary_ = false;
};

struct Statement {
  Sql sql;
  std::vector<Param> params;
};

}  // namespace calint::postgres
