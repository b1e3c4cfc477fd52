// Days as numbers, for counting fast. Day 0 is 1 January 1970, a Thursday.
#pragma once

#include <chrono>

namespace calint::calendar {

struct Civil {
  int year;
  int month;  // 1 to 12
  int day;
};

inline int day_number(int year, int month, int day) {
  return static_cast<int>(std::chrono::sys_days(std::chrono::year(year) / month / day).time_since_epoch().count());
}

inline Civil civil(int number) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(number))};
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day()))};
}

constexpr bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }
constexpr int days_in_year(int year) { return is_leap(year) ? 366 : 365; }
constexpr int days_in_month(int year, int month) {
  return month == 2 ? (is_leap(year) ? 29 : 28) : 30 + ((month + (month > 7 ? 1 : 0)) & 1);
}

// 0 is Monday.
constexpr int weekday_of(int number) { return (number % 7 + 7 + 3) % 7; }

// The day on which week 1 of the year begins: the first week with four days in the year (RFC 5545 3.3.10, BYWEEKNO).
inline int first_week(int year, int week_start) {
  const int fourth = day_number(year, 1, 4);
  return fourth - (weekday_of(fourth) - week_start + 7) % 7;
}

}  // namespace calint::calendar
