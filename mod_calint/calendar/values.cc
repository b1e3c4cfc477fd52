#include "calendar/values.h"

#include <fmt/format.h>

#include <algorithm>

#include "calendar/content_line.h"

namespace calint::calendar {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int64_t kLongestSeconds = 400'000'000'000;  // some 10,000 years

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes the next `count` digits off the text.
std::optional<int64_t> take_digits(std::string_view& text, size_t count) {
  if (text.size() < count) return std::nullopt;
  const auto number = parse_number(text.substr(0, count));
  if (number) text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// What stands behind a 'T', as seconds of the day.
std::optional<int64_t> take_time_of_day(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  take(text, ':');
  const auto minute = take_digits(text, 2);
  if (!hour || !minute) return std::nullopt;
  int64_t second = 0;
  if (take(text, ':') || (!text.empty() && is_digit(text[0]))) {
    const auto two = take_digits(text, 2);
    if (!two) return std::nullopt;
    second = std::min<int64_t>(*two, *two == 60 ? 59 : 60);
  }
  if (take(text, '.') || take(text, ','))
    text.remove_prefix(std::min(text.find_first_not_of("0123456789"), text.size()));
  const bool is_midnight = *hour == 24 && *minute == 0 && second == 0;
  if ((*hour > 23 && !is_midnight) || *minute > 59 || second > 59) return std::nullopt;
  return *hour * 3600 + *minute * 60 + second;
}

}  // namespace

std::optional<LocalTime> local_time(int64_t year, unsigned month, unsigned day, unsigned second_of_day) {
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (year < 1 || year > 9999 || !date.ok()) return std::nullopt;
  return LocalTime(std::chrono::local_days(date)) + seconds(second_of_day);
}

std::optional<WrittenTime> parse_time(std::string_view text, std::string_view zone) {
  text = trim(text);
  const auto year = take_digits(text, 4);
  const bool extended = take(text, '-');
  const auto month = take_digits(text, 2);
  if (extended && !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!year || !month || !day) return std::nullopt;
  const auto date = local_time(*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day));
  if (!date) return std::nullopt;
  if (text.empty()) return WrittenTime{.local = *date, .is_date = true};

  if (!take(text, 'T') && !take(text, 't') && !(extended && take(text, ' '))) return std::nullopt;
  const auto time = take_time_of_day(text);
  if (!time) return std::nullopt;
  WrittenTime written{.local = *date + seconds(*time), .zone = std::string(zone)};
  if (take(text, 'Z') || take(text, 'z')) {
    written.zone = kUtc;
  } else if (text.starts_with('+') || text.starts_with('-')) {
    const auto offset = parse_offset(text);
    if (!offset) return std::nullopt;
    written.local -= *offset;
    written.zone = kUtc;
    return written;
  }
  if (!text.empty()) return std::nullopt;
  return written;
}

std::optional<WrittenDuration> parse_duration(std::string_view text) {
  text = trim(text);
  const bool negative = take(text, '-');
  if (!negative) take(text, '+');
  if (!take(text, 'P') && !take(text, 'p')) return std::nullopt;
  WrittenDuration duration;
  bool in_time = false;
  bool found = false;
  while (!text.empty()) {
    if (!in_time && (take(text, 'T') || take(text, 't'))) {
      in_time = true;
      continue;
    }
    const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = parse_number(text.substr(0, digits));
    if (!number || digits == text.size()) return std::nullopt;
    const char unit = lower_case(text.substr(digits, 1))[0];
    text.remove_prefix(digits + 1);
    if (unit == 'w') duration.days += *number * 7;
    else if (unit == 'd') duration.days += *number;
    else if (in_time && unit == 'h') duration.seconds += *number * 3600;
    else if (in_time && unit == 'm') duration.seconds += *number * 60;
    else if (in_time && unit == 's') duration.seconds += *number;
    else return std::nullopt;
    found = true;
    if (duration.days > kLongestSeconds / 86400 || duration.seconds > kLongestSeconds) return std::nullopt;
  }
  if (!found) return std::nullopt;
  if (negative) duration = {.days = -duration.days, .seconds = -duration.seconds};
  return duration;
}

std::optional<seconds> parse_offset(std::string_view text) {
  text = trim(text);
  const bool west = take(text, '-');
  if (!west) take(text, '+');
  const auto hour = take_digits(text, 2);
  take(text, ':');
  const auto minute = take_digits(text, 2);
  take(text, ':');
  const auto second = text.empty() ? 0 : take_digits(text, 2);
  if (!hour || !minute || !second || !text.empty() || *hour > 25 || *minute > 59 || *second > 59) return std::nullopt;
  const auto offset = hours(*hour) + minutes(*minute) + seconds(*second);
  return west ? -offset : offset;
}

std::optional<int64_t> parse_number(std::string_view digits) {
  if (digits.empty() || digits.size() > 9 || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
  int64_t number = 0;
  for (char c : digits) number = number * 10 + (c - '0');
  return number;
}

std::string to_text(SysTime instant) {
  const auto day = std::chrono::floor<days>(instant);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(instant - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

std::string utc_text(SysTime instant) {
  return to_text(WrittenTime{.local = LocalTime(instant.time_since_epoch()), .zone = kUtc});
}

std::string to_text(const WrittenTime& written) {
  const auto day = std::chrono::floor<days>(written.local);
  const std::chrono::year_month_day date(day);
  std::string text = fmt::format("{:04}{:02}{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                 static_cast<unsigned>(date.day()));
  if (written.is_date) return text;
  const std::chrono::hh_mm_ss time(written.local - day);
  text += fmt::format("T{:02}{:02}{:02}", time.hours().count(), time.minutes().count(), time.seconds().count());
  return written.zone == kUtc ? text + "Z" : text;
}

std::string to_text(const WrittenDuration& duration) {
  const bool negative = duration.days < 0 || duration.seconds < 0;
  std::string text = negative ? "-P" : "P";
  if (duration.days != 0) text += fmt::format("{}D", negative ? -duration.days : duration.days);
  const int64_t size = negative ? -duration.seconds : duration.seconds;
  if (size != 0 || duration.days == 0) text += fmt::format("T{}H{}S", size / 3600, size % 3600);
  return text;
}

}  // namespace calint::calendar
