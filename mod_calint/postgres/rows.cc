#include "postgres/rows.h"

#include <libpq-fe.h>

#include <charconv>
#include <new>
#include <stdexcept>

#include "postgres/instant_text.h"

namespace calint::postgres {
namespace {

[[noreturn]] void disagree(const char* column, const char* why) {
  throw std::logic_error(std::string("column ") + column + ": " + why);
}

int column_number(const pg_result* result, size_t row, const char* column) {
  const int number = PQfnumber(result, column);
  if (number < 0) disagree(column, "isn't in the result");
  if (row >= static_cast<size_t>(PQntuples(result))) disagree(column, "no such row");
  return number;
}

template <typename Read>
auto maybe(bool null, Read read) -> std::optional<decltype(read())> {
  if (null) return std::nullopt;
  return read();
}

}  // namespace

void Rows::Clear::operator()(pg_result* result) const { PQclear(result); }

Rows::Rows(pg_result* result) : result_(result) {}

size_t Rows::size() const { return static_cast<size_t>(PQntuples(result_.get())); }

int64_t Rows::affected() const {
  const std::string_view count = PQcmdTuples(result_.get());
  int64_t value = 0;
  std::from_chars(count.data(), count.data() + count.size(), value);
  return value;
}

bool Rows::is_null(size_t row, const char* column) const {
  return PQgetisnull(result_.get(), static_cast<int>(row), column_number(result_.get(), row, column)) == 1;
}

std::string_view Rows::text(size_t row, const char* column) const {
  const int number = column_number(result_.get(), row, column);
  const int r = static_cast<int>(row);
  if (PQgetisnull(result_.get(), r, number) == 1) disagree(column, "is null");
  return {PQgetvalue(result_.get(), r, number), static_cast<size_t>(PQgetlength(result_.get(), r, number))};
}

std::optional<std::string> Rows::maybe_text(size_t row, const char* column) const {
  return maybe(is_null(row, column), [&] { return std::string(text(row, column)); });
}

int64_t Rows::integer(size_t row, const char* column) const {
  const std::string_view digits = text(row, column);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) disagree(column, "isn't an integer");
  return value;
}

std::optional<int64_t> Rows::maybe_integer(size_t row, const char* column) const {
  return maybe(is_null(row, column), [&] { return integer(row, column); });
}

bool Rows::boolean(size_t row, const char* column) const {
  const std::string_view flag = text(row, column);
  if (flag != "t" && flag != "f") disagree(column, "isn't a boolean");
  return flag == "t";
}

Instant Rows::instant(size_t row, const char* column) const {
  const std::optional<Instant> value = parse_instant(text(row, column));
  if (!value) disagree(column, "isn't a timestamptz");
  return *value;
}

std::optional<Instant> Rows::maybe_instant(size_t row, const char* column) const {
  return maybe(is_null(row, column), [&] { return instant(row, column); });
}

std::string Rows::bytes(size_t row, const char* column) const {
  // Reads both spellings of bytea_output, hex and escape.
  const auto* written = reinterpret_cast<const unsigned char*>(text(row, column).data());
  size_t length = 0;
  unsigned char* plain = PQunescapeBytea(written, &length);
  if (plain == nullptr) throw std::bad_alloc();
  const std::unique_ptr<unsigned char, void (*)(void*)> owner(plain, PQfreemem);
  return {reinterpret_cast<const char*>(plain), length};
}

std::optional<std::string> Rows::maybe_bytes(size_t row, const char* column) const {
  return maybe(is_null(row, column), [&] { return bytes(row, column); });
}

}  // namespace calint::postgres
