#include "provider/shared/event_times.h"

#include <algorithm>

namespace calint::provider {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Takes as many digits as asked for from the front of `text`.
std::optional<int> take_number(std::string_view& text, size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int number = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, std::string_view characters) {
  if (text.empty() || characters.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<calendar::LocalTime> take_date(std::string_view& text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, "-")) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, "-")) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *year == 0) return std::nullopt;
  return calendar::LocalTime(std::chrono::local_days(date));
}

// 23:59:60 is the second after, as on every clock that doesn't know leap seconds.
std::optional<seconds> take_time_of_day(std::string_view& text, bool& has_fraction) {
  const auto hour = take_number(text, 2);
  if (!hour || !take(text, ":")) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute) return std::nullopt;
  std::optional<int> second = 0;
  if (take(text, ":")) second = take_number(text, 2);
  if (!second) return std::nullopt;
  if (take(text, ".,")) {
    const std::string_view digits = text.substr(0, text.find_first_not_of("0123456789"));
    if (digits.empty()) return std::nullopt;
    has_fraction = digits.find_first_not_of('0') != std::string_view::npos;
    text.remove_prefix(digits.size());
  }
  const seconds time = hours(*hour) + minutes(*minute) + seconds(*second);
  const bool is_time = *minute < 60 && *second <= 60 && (*hour < 24 || (time == hours(24) && !has_fraction));
  return is_time ? std::optional(time) : std::nullopt;
}

std::optional<seconds> take_offset(std::string_view& text) {
  if (take(text, "Zz")) return seconds(0);
  const bool is_west = text.starts_with('-');
  if (!take(text, "+-")) return std::nullopt;
  const auto hour = take_number(text, 2);
  take(text, ":");
  const auto minute = take_number(text, 2);
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  const seconds offset = hours(*hour) + minutes(*minute);
  return is_west ? -offset : offset;
}

}  // namespace

std::optional<calendar::LocalTime> parse_date(std::string_view text) {
  const auto date = take_date(text);
  return text.empty() ? date : std::nullopt;
}

std::optional<ClockTime> parse_date_time(std::string_view text) {
  ClockTime time;
  const auto date = take_date(text);
  if (!date || !take(text, "Tt ")) return std::nullopt;
  const auto time_of_day = take_time_of_day(text, time.has_fraction);
  if (!time_of_day) return std::nullopt;
  time.local = *date + *time_of_day;
  if (text.empty()) return time;
  time.offset = take_offset(text);
  return text.empty() && time.offset ? std::optional(time) : std::nullopt;
}

calendar::LocalTime start_of(const ClockTime& time) {
  using namespace std::chrono_literals;
  constexpr calendar::LocalTime kFirst{std::chrono::local_days(1y / 1 / 2)};
  constexpr calendar::LocalTime kLast{std::chrono::local_days(9999y / 12 / 31)};
  return std::clamp(time.local - time.offset.value_or(0s), kFirst, kLast);
}

calendar::LocalTime end_of(const ClockTime& time) {
  ClockTime rounded = time;
  rounded.local += seconds(time.has_fraction ? 1 : 0);
  return start_of(rounded);
}

}  // namespace calint::provider
