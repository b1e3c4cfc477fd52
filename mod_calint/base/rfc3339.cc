#include "base/rfc3339.h"

#include <fmt/format.h>

namespace calint {
namespace {

using namespace std::chrono;

// Takes text off its front; once something didn't fit, everything after it fails.
class Front {
 public:
  explicit Front(std::string_view text) : text_(text) {}

  int number(size_t digits) {
    int value = 0;
    if (text_.size() < digits) return fail();
    for (const char c : text_.substr(0, digits)) {
      if (c < '0' || c > '9') return fail();
      value = value * 10 + (c - '0');
    }
    text_.remove_prefix(digits);
    return value;
  }
  // One of `choices`; '\0' where none of them follows.
  char one_of(std::string_view choices) {
    if (text_.empty() || choices.find(text_.front()) == std::string_view::npos) {
      fail();
      return '\0';
    }
    const char c = text_.front();
    text_.remove_prefix(1);
    return c;
  }
  void drop_fraction() {
    if (text_.empty() || text_.front() != '.') return;
    const size_t end = text_.find_first_not_of("0123456789", 1);
    if (end == 1 || end == std::string_view::npos)
      fail();
    else
      text_.remove_prefix(end);
  }
  bool ended_well() const { return !failed_ && text_.empty(); }

 private:
  int fail() {
    failed_ = true;
    return 0;
  }

  std::string_view text_;
  bool failed_ = false;
};

std::string date_time_text(sys_seconds local) {
  const auto day = floor<days>(local);
  const year_month_day date(day);
  const hh_mm_ss time(local - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

}  // namespace

std::optional<sys_seconds> parse_rfc3339(std::string_view text) {
  Front front(text);
  const int y = front.number(4);
  front.one_of("-");
  const int m = front.number(2);
  front.one_of("-");
  const int d = front.number(2);
  front.one_of("Tt");
  const hours hour(front.number(2));
  front.one_of(":");
  const minutes minute(front.number(2));
  front.one_of(":");
  const seconds second(front.number(2));
  front.drop_fraction();
  const char sign = front.one_of("Zz+-");
  hours offset_hour(0);
  minutes offset_minute(0);
  if (sign == '+' || sign == '-') {
    offset_hour = hours(front.number(2));
    front.one_of(":");
    offset_minute = minutes(front.number(2));
  }
  const year_month_day date{year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d))};
  if (!front.ended_well() || !date.ok() || y < 2 || y > 9998) return std::nullopt;
  if (hour > 23h || minute > 59min || second > 60s || offset_hour > 23h || offset_minute > 59min) return std::nullopt;
  const seconds offset = offset_hour + offset_minute;
  const sys_seconds at = sys_days(date) + hour + minute + second - (sign == '-' ? -offset : offset);
  // A leap second is the last of a day of UTC; the clocks here have none, and take it for the one after it.
  if (second == 60s && at != floor<days>(at)) return std::nullopt;
  return at;
}

std::string rfc3339_text(sys_seconds at, seconds offset) {
  const minutes shown = duration_cast<minutes>(offset);
  const minutes apart = abs(shown);
  return fmt::format("{}{}{:02}:{:02}", date_time_text(at + shown), shown < minutes(0) ? '-' : '+', apart / hours(1),
                     (apart % hours(1)).count());
}

std::string rfc3339_text(sys_seconds at) { return date_time_text(at) + "Z"; }

}  // namespace calint
