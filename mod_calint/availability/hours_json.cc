#include "availability/hours_json.h"

namespace calint::availability {
namespace {

constexpr std::array<const char*, 7> kWeekdays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

// `digits` digits at `at`; -1 for anything else.
int digits_at(std::string_view text, size_t at, size_t digits) {
  int value = 0;
  for (const char c : text.substr(at, digits)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

// "HH:MM"; "24:00" only as an end.
std::optional<minutes> parse_clock(const JsonPlace& place, bool is_end) {
  const std::string_view text = string_value(place.value()).value_or("");
  if (text.size() == 5 && text[2] == ':') {
    const int hour = digits_at(text, 0, 2), minute = digits_at(text, 3, 2);
    if (hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59) return std::chrono::hours(hour) + minutes(minute);
    if (is_end && hour == 24 && minute == 0) return kMidnight;
  }
  place.wrong(is_end ? "is not a time from 00:00 to 24:00, HH:MM" : "is not a time from 00:00 to 23:59, HH:MM");
  return std::nullopt;
}

DayHours parse_day(const JsonPlace& place) {
  DayHours hours;
  for (const JsonPlace& span : place.elements()) {
    if (json_array_size(span.value()) != 2) {
      span.wrong("is not a pair of times, such as [\"09:00\", \"17:00\"]");
      continue;
    }
    const std::vector<JsonPlace> ends = span.elements();
    const auto start = parse_clock(ends[0], false), end = parse_clock(ends[1], true);
    if (start && end) hours.push_back({*start, *end});
  }
  return hours;
}

std::optional<std::chrono::local_days> parse_date(std::string_view text) {
  using namespace std::chrono;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int y = digits_at(text, 0, 4), m = digits_at(text, 5, 2), d = digits_at(text, 8, 2);
  if (y < 0 || m < 0 || d < 0) return std::nullopt;
  const year_month_day date{year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d))};
  if (!date.ok()) return std::nullopt;
  return local_days(date);
}

}  // namespace

WeekHours default_hours() {
  WeekHours hours;
  for (size_t day = 0; day < 5; ++day) hours[day] = {{std::chrono::hours(9), std::chrono::hours(17)}};
  return hours;
}

std::optional<WeekHours> parse_week_hours(const JsonPlace& place) {
  if (!place) return std::nullopt;
  JsonMembers members(place);
  WeekHours hours;
  for (size_t day = 0; day < hours.size(); ++day) hours[day] = parse_day(members.optional(kWeekdays[day]));
  members.refuse_others();
  return hours;
}

std::optional<DateHours> parse_date_hours(const JsonPlace& place) {
  if (!place) return std::nullopt;
  DateHours hours;
  for (const auto& [name, day] : JsonMembers(place).all()) {
    const auto date = parse_date(name);
    if (!date)
      day.wrong("is not a date, YYYY-MM-DD");
    else if (day)
      hours[*date] = parse_day(day);
  }
  return hours;
}

}  // namespace calint::availability
