#include "postgres/instant_text.h"

#include <fmt/format.h>

#include <chrono>

namespace calint::postgres {
namespace {

using namespace std::chrono;

// Takes text off its front.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool at_end() const { return text_.empty(); }
  bool at(char c) const { return !text_.empty() && text_.front() == c; }

  bool skip(char c) {
    if (!at(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  // Between `least` and `most` digits.
  std::optional<int> number(size_t least, size_t most) {
    int value = 0;
    size_t count = 0;
    while (count < most && !text_.empty() && text_.front() >= '0' && text_.front() <= '9') {
      value = value * 10 + (text_.front() - '0');
      text_.remove_prefix(1);
      ++count;
    }
    if (count < least) return std::nullopt;
    return value;
  }

  // A number with two digits after `lead`, or 0 where `lead` doesn't follow.
  std::optional<int> optional_pair(char lead) { return skip(lead) ? number(2, 2) : std::optional<int>(0); }

  // ".5" is 500000; 0 without a dot.
  std::optional<int> micros() {
    if (!skip('.')) return 0;
    const size_t before = text_.size();
    std::optional<int> value = number(1, 6);
    for (size_t digits = before - text_.size(); value && digits < 6; ++digits) *value *= 10;
    return value;
  }

 private:
  std::string_view text_;
};

std::optional<sys_days> read_date(Reader& reader) {
  const std::optional<int> y = reader.number(4, 6);
  if (!y || !reader.skip('-')) return std::nullopt;
  const std::optional<int> m = reader.number(2, 2);
  if (!m || !reader.skip('-')) return std::nullopt;
  const std::optional<int> d = reader.number(2, 2);
  if (!d || *y > 32767) return std::nullopt;
  const year_month_day date{year(*y), month(static_cast<unsigned>(*m)), day(static_cast<unsigned>(*d))};
  if (!date.ok()) return std::nullopt;
  return sys_days(date);
}

std::optional<microseconds> read_time(Reader& reader) {
  const std::optional<int> h = reader.number(2, 2);
  if (!h || !reader.at(':')) return std::nullopt;
  const std::optional<int> m = reader.optional_pair(':');
  if (!m || !reader.at(':')) return std::nullopt;
  const std::optional<int> s = reader.optional_pair(':');
  const std::optional<int> us = reader.micros();
  if (!s || !us || *h > 24 || *m > 59 || *s > 60) return std::nullopt;
  return hours(*h) + minutes(*m) + seconds(*s) + microseconds(*us);
}

std::optional<seconds> read_offset(Reader& reader) {
  const bool west = reader.at('-');
  if (!reader.skip(west ? '-' : '+')) return std::nullopt;
  const std::optional<int> h = reader.number(2, 2);
  const std::optional<int> m = reader.optional_pair(':');
  const std::optional<int> s = reader.optional_pair(':');
  if (!h || !m || !s) return std::nullopt;
  const seconds offset = hours(*h) + minutes(*m) + seconds(*s);
  return west ? -offset : offset;
}

}  // namespace

std::string instant_text(Instant instant) {
  const auto date = floor<days>(instant);
  const year_month_day ymd(date);
  const hh_mm_ss time(instant - date);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(ymd.year()),
                     static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

std::optional<Instant> parse_instant(std::string_view text) {
  Reader reader(text);
  const std::optional<sys_days> date = read_date(reader);
  if (!date || !reader.skip(' ')) return std::nullopt;
  const std::optional<microseconds> time = read_time(reader);
  if (!time) return std::nullopt;
  const std::optional<seconds> offset = read_offset(reader);
  if (!offset || !reader.at_end()) return std::nullopt;
  return Instant(*date) + *time - *offset;
}

}  // namespace calint::postgres
