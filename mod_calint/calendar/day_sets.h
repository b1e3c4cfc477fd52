// The days of one period of a recurrence rule: what BYMONTH, BYWEEKNO, BYYEARDAY, BYMONTHDAY and BYDAY make of a year,
// a month, a week or a day (RFC 5545 3.3.10 and its table; SKIP: RFC 7529 4.1). Days are numbers (calendar/civil.h).
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <vector>

#include "calendar/rule.h"

namespace calint::calendar {

class DaySets {
 public:
  // What the rule doesn't say comes from the first day. `rule` must outlive this.
  DaySets(const Rule& rule, int first_day);

  // Each clears `days` and fills it, in order and without doubles. With BYWEEKNO a year is its weeks, from the first
  // day of week 1; with SKIP a day may lie beside the period.
  void of_year(int year, std::vector<int>& days) const;
  void of_month(int year, int month, std::vector<int>& days) const;
  void of_week(int first_day, std::vector<int>& days) const;
  // Whether the day passes all parts as limits, as it must for FREQ=DAILY and below.
  bool passes(int day) const;

 private:
  bool passes_month(int month) const { return months_ == 0 || (months_ >> month & 1) != 0; }
  bool passes_month_day(int year, int month, int day) const;
  bool passes_year_day(int year, int day_of_year) const;
  bool passes_week(int day) const;
  // BYDAY as a limit, its ordinals counted in the month or in the year.
  bool passes_weekday(int day, bool in_month) const;
  std::optional<int> month_day(int year, int month, int number) const;
  std::optional<int> year_day(int year, int number) const;
  void add_month_days(int year, int month, std::vector<int>& days) const;
  void add_weekdays(int first, int length, std::vector<int>& days) const;
  void add_weeks(int year, std::vector<int>& days) const;
  void add_year_days(int year, std::vector<int>& days) const;

  const Rule& rule_;
  uint32_t months_ = 0;       // bit n: month n; 0: all
  unsigned weekdays_ = 0;     // bit n: each weekday n, whatever its ordinal
  bool ordinals_ = false;     // some of BYDAY have one
  uint64_t weeks_ = 0, weeks_from_end_ = 0;
  uint32_t month_days_ = 0, month_days_from_end_ = 0;
  std::bitset<367> year_days_, year_days_from_end_;
  int first_month_;
  int first_month_day_;
  int first_weekday_;
};

}  // namespace calint::calendar
