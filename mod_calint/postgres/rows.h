// What a statement returns.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

struct pg_result;

namespace calint::postgres {

// The rows of one statement. Owns libpq's result; views live as long as it does.
class Rows {
 public:
  explicit Rows(pg_result* result);
  Rows(Rows&&) noexcept = default;
  Rows& operator=(Rows&&) noexcept = default;

  size_t size() const;
  bool empty() const { return size() == 0; }
  // Rows that an INSERT, UPDATE or DELETE touched.
  int64_t affected() const;

  // By column name. Asking for a column that isn't there, or a null where a value is asked for, throws
  // std::logic_error: the SQL and the code disagree.
  bool is_null(size_t row, const char* column) const;
  std::string_view text(size_t row, const char* column) const;
  std::optional<std::string> maybe_text(size_t row, const char* column) const;
  int64_t integer(size_t row, const char* column) const;
  std::optional<int64_t> maybe_integer(size_t row, const char* column) const;
  bool boolean(size_t row, const char* column) const;
  Instant instant(size_t row, const char* column) const;
  std::optional<Instant> maybe_instant(size_t row, const char* column) const;
  std::string bytes(size_t row, const char* column) const;  // bytea
  std::optional<std::string> maybe_bytes(size_t row, const char* column) const;

 private:
  struct Clear { void operator()(pg_result*) const; };
  std::unique_ptr<pg_result, Clear> result_;
};

}  // namespace calint::postgres
