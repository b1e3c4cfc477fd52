// A recurrence rule (RFC 5545 3.3.10, RFC 7529), parsed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "calendar/series.h"

namespace calint::calendar {

enum class Frequency { secondly, minutely, hourly, daily, weekly, monthly, yearly };

// What becomes of a date that doesn't exist, such as 31 April (RFC 7529 4.1).
enum class Skip { omit, backward, forward };

struct ByDay {
  int ordinal = 0;           // 2: the second, -1: the last; 0: each
  unsigned weekday = 0;      // 0 is Monday

  auto operator<=>(const ByDay&) const = default;
};

// Each list is sorted, without doubles, and within the bounds of the RFC's table. An empty one was not given.
struct Rule {
  Frequency frequency = Frequency::daily;
  int64_t interval = 1;
  std::optional<int64_t> count;
  std::optional<WrittenTime> until;  // inclusive; a date, a time of DTSTART's clock, or UTC
  std::vector<int> by_second, by_minute, by_hour;
  std::vector<ByDay> by_day;
  std::vector<int> by_month_day, by_year_day, by_week, by_month, by_set_position;
  unsigned week_start = 0;  // 0 is Monday
  Skip skip = Skip::omit;
};

struct RuleReading {
  Rule rule;
  std::string doubt;  // what was passed over or read otherwise than it is written; empty mostly
};

// The value of an RRULE or EXRULE. Case and blanks don't matter. Where it can be understood so that there are rather
// more instances than fewer, it is, and that is the doubt: an interval of 0 is 1; an end that can't be read is none;
// parts that are empty or that nobody knows are passed over. bad_input for no frequency, a list without one good value,
// a count of 0, another calendar than the Gregorian (RSCALE).
Result<RuleReading> parse_rule(std::string_view value);

}  // namespace calint::calendar
