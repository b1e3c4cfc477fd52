#include "calendar/day_sets.h"

#include <algorithm>
#include <cstdlib>

#include "calendar/civil.h"

namespace calint::calendar {
namespace {

void sort_once(std::vector<int>& days) {
  if (!std::is_sorted(days.begin(), days.end())) std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
}

// The n-th such weekday of `length` days from `first`, from their end where n is negative.
std::optional<int> nth_weekday(int first, int length, const ByDay& by_day) {
  const int weekday = static_cast<int>(by_day.weekday);
  int day = 0;
  if (by_day.ordinal > 0) {
    day = first + (weekday - weekday_of(first) + 7) % 7 + (by_day.ordinal - 1) * 7;
  } else {
    const int last = first + length - 1;
    day = last - (weekday_of(last) - weekday + 7) % 7 + (by_day.ordinal + 1) * 7;
  }
  if (day < first || day >= first + length) return std::nullopt;
  return day;
}

template <typename Bits>
void set_bits(const std::vector<int>& numbers, Bits& forward, Bits& backward) {
  for (int number : numbers) {
    Bits& bits = number > 0 ? forward : backward;
    bits |= Bits(1) << static_cast<size_t>(std::abs(number));
  }
}

}  // namespace

DaySets::DaySets(const Rule& rule, int first_day) : rule_(rule) {
  const Civil first = civil(first_day);
  first_month_ = first.month;
  first_month_day_ = first.day;
  first_weekday_ = weekday_of(first_day);
  for (int month : rule.by_month) months_ |= 1U << month;
  for (const ByDay& by_day : rule.by_day) {
    weekdays_ |= 1U << by_day.weekday;
    if (by_day.ordinal != 0) ordinals_ = true;
  }
  set_bits(rule.by_week, weeks_, weeks_from_end_);
  set_bits(rule.by_month_day, month_days_, month_days_from_end_);
  set_bits(rule.by_year_day, year_days_, year_days_from_end_);
  // Only a month or a year has a second Monday; BYWEEKNO and ordinals don't go together.
  if (rule.frequency < Frequency::monthly || !rule.by_week.empty()) ordinals_ = false;
}

bool DaySets::passes_month_day(int year, int month, int day) const {
  if (rule_.by_month_day.empty()) return true;
  return (month_days_ >> day & 1) != 0 || (month_days_from_end_ >> (days_in_month(year, month) + 1 - day) & 1) != 0;
}

bool DaySets::passes_year_day(int year, int day_of_year) const {
  if (rule_.by_year_day.empty()) return true;
  return year_days_[static_cast<size_t>(day_of_year)] ||
         year_days_from_end_[static_cast<size_t>(days_in_year(year) + 1 - day_of_year)];
}

bool DaySets::passes_week(int day) const {
  if (rule_.by_week.empty()) return true;
  const int wkst = static_cast<int>(rule_.week_start);
  int year = civil(day).year + 1;
  while (first_week(year, wkst) > day) --year;
  const int weeks = (first_week(year + 1, wkst) - first_week(year, wkst)) / 7;
  const int week = (day - first_week(year, wkst)) / 7 + 1;
  return (weeks_ >> week & 1) != 0 || (weeks_from_end_ >> (weeks + 1 - week) & 1) != 0;
}

bool DaySets::passes_weekday(int day, bool in_month) const {
  if (rule_.by_day.empty()) return true;
  if ((weekdays_ >> weekday_of(day) & 1) == 0) return false;
  if (!ordinals_) return true;
  const Civil date = civil(day);
  const int first = day_number(date.year, in_month ? date.month : 1, 1);
  const int length = in_month ? days_in_month(date.year, date.month) : days_in_year(date.year);
  return std::any_of(rule_.by_day.begin(), rule_.by_day.end(), [&](const ByDay& by_day) {
    if (by_day.ordinal == 0) return static_cast<int>(by_day.weekday) == weekday_of(day);
    return nth_weekday(first, length, by_day) == day;
  });
}

bool DaySets::passes(int day) const {
  if (!rule_.by_day.empty() && (weekdays_ >> weekday_of(day) & 1) == 0) return false;
  if (months_ == 0 && rule_.by_month_day.empty() && rule_.by_year_day.empty() && rule_.by_week.empty()) return true;
  const Civil date = civil(day);
  return passes_month(date.month) && passes_month_day(date.year, date.month, date.day) &&
         (rule_.by_year_day.empty() || passes_year_day(date.year, day - day_number(date.year, 1, 1) + 1)) &&
         passes_week(day);
}

std::optional<int> DaySets::month_day(int year, int month, int number) const {
  const int length = days_in_month(year, month);
  const int day = number > 0 ? number : length + 1 + number;
  const int first = day_number(year, month, 1);
  if (day >= 1 && day <= length) return first + day - 1;
  if (rule_.skip == Skip::omit) return std::nullopt;
  if (day < 1) return rule_.skip == Skip::forward ? first : first - 1;
  return rule_.skip == Skip::forward ? first + length : first + length - 1;
}

std::optional<int> DaySets::year_day(int year, int number) const {
  const int length = days_in_year(year);
  const int day = number > 0 ? number : length + 1 + number;
  const int first = day_number(year, 1, 1);
  if (day >= 1 && day <= length) return first + day - 1;
  if (rule_.skip == Skip::omit) return std::nullopt;
  if (day < 1) return rule_.skip == Skip::forward ? first : first - 1;
  return rule_.skip == Skip::forward ? first + length : first + length - 1;
}

void DaySets::add_month_days(int year, int month, std::vector<int>& days) const {
  if (rule_.by_month_day.empty()) {
    if (const auto day = month_day(year, month, first_month_day_)) days.push_back(*day);
    return;
  }
  for (int number : rule_.by_month_day) {
    if (const auto day = month_day(year, month, number)) days.push_back(*day);
  }
}

void DaySets::add_weekdays(int first, int length, std::vector<int>& days) const {
  for (const ByDay& by_day : rule_.by_day) {
    if (by_day.ordinal != 0) {
      if (const auto day = nth_weekday(first, length, by_day)) days.push_back(*day);
      continue;
    }
    const int weekday = static_cast<int>(by_day.weekday);
    for (int day = first + (weekday - weekday_of(first) + 7) % 7; day < first + length; day += 7) days.push_back(day);
  }
}

void DaySets::add_weeks(int year, std::vector<int>& days) const {
  const int wkst = static_cast<int>(rule_.week_start);
  const int begin = first_week(year, wkst);
  const int weeks = (first_week(year + 1, wkst) - begin) / 7;
  const bool needs_weekday = rule_.by_day.empty() && rule_.by_month_day.empty() && rule_.by_year_day.empty();
  for (int week = 1; week <= weeks; ++week) {
    if ((weeks_ >> week & 1) == 0 && (weeks_from_end_ >> (weeks + 1 - week) & 1) == 0) continue;
    for (int day = begin + (week - 1) * 7; day < begin + week * 7; ++day) {
      if (needs_weekday && weekday_of(day) != first_weekday_) continue;
      const Civil date = civil(day);
      if (passes_month(date.month) && passes_month_day(date.year, date.month, date.day) &&
          passes_year_day(date.year, day - day_number(date.year, 1, 1) + 1) && passes_weekday(day, false))
        days.push_back(day);
    }
  }
}

void DaySets::add_year_days(int year, std::vector<int>& days) const {
  for (int number : rule_.by_year_day) {
    const auto day = year_day(year, number);
    if (!day) continue;
    const Civil date = civil(*day);
    if (passes_month(date.month) && passes_month_day(date.year, date.month, date.day)) days.push_back(*day);
  }
}

void DaySets::of_year(int year, std::vector<int>& days) const {
  days.clear();
  if (!rule_.by_week.empty()) return add_weeks(year, days);
  const bool by_date = !rule_.by_year_day.empty() || !rule_.by_month_day.empty();
  if (!rule_.by_year_day.empty()) {
    add_year_days(year, days);
  } else if (!rule_.by_month_day.empty() || rule_.by_day.empty()) {
    const bool one_month = months_ == 0 && rule_.by_month_day.empty();
    for (int month = 1; month <= 12; ++month) {
      if (one_month ? month == first_month_ : passes_month(month)) add_month_days(year, month, days);
    }
  } else if (months_ == 0) {
    add_weekdays(day_number(year, 1, 1), days_in_year(year), days);
  } else {
    for (int month : rule_.by_month) add_weekdays(day_number(year, month, 1), days_in_month(year, month), days);
  }
  if (by_date && !rule_.by_day.empty())
    std::erase_if(days, [&](int day) { return !passes_weekday(day, months_ != 0); });
  sort_once(days);
}

void DaySets::of_month(int year, int month, std::vector<int>& days) const {
  days.clear();
  if (!passes_month(month)) return;
  if (rule_.by_month_day.empty() && !rule_.by_day.empty()) {
    add_weekdays(day_number(year, month, 1), days_in_month(year, month), days);
  } else {
    add_month_days(year, month, days);
    if (!rule_.by_day.empty()) std::erase_if(days, [&](int day) { return !passes_weekday(day, true); });
  }
  // These have no place in a month's rule; who writes them means a limit.
  if (!rule_.by_year_day.empty() || !rule_.by_week.empty()) {
    std::erase_if(days, [&](int day) {
      const int year_of_day = civil(day).year;
      return !passes_year_day(year_of_day, day - day_number(year_of_day, 1, 1) + 1) || !passes_week(day);
    });
  }
  sort_once(days);
}

void DaySets::of_week(int first_day, std::vector<int>& days) const {
  days.clear();
  for (int day = first_day; day < first_day + 7; ++day) {
    if (rule_.by_day.empty() && weekday_of(day) != first_weekday_) continue;
    if (passes(day)) days.push_back(day);
  }
}

}  // namespace calint::calendar
