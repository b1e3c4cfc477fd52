#include "slow_recurrence.h"

#include <algorithm>
#include <map>
#include <set>

namespace calint::test {
namespace {

using calendar::ByDay;
using calendar::Frequency;
using calendar::LocalTime;
using calendar::Rule;
using calendar::Skip;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::year_month_day;

year_month_day date_of(local_days day) { return year_month_day(day); }
int year_of(local_days day) { return static_cast<int>(date_of(day).year()); }
int month_of(local_days day) { return static_cast<int>(static_cast<unsigned>(date_of(day).month())); }
int day_of(local_days day) { return static_cast<int>(static_cast<unsigned>(date_of(day).day())); }
int weekday_of(local_days day) { return static_cast<int>(std::chrono::weekday(day).iso_encoding()) - 1; }
local_days first_of_month(local_days day) { return day - days(day_of(day) - 1); }
local_days first_of_year(int year) { return local_days(std::chrono::year(year) / 1 / 1); }
int length_of_month(local_days day) { return day_of(first_of_month(first_of_month(day) + days(40)) - days(1)); }
int length_of_year(int year) { return static_cast<int>((first_of_year(year + 1) - first_of_year(year)).count()); }

bool holds(const std::vector<int>& list, int value) { return std::find(list.begin(), list.end(), value) != list.end(); }

// From either end: -1 is the last of `length`.
bool holds_of(const std::vector<int>& list, int value, int length) {
  return holds(list, value) || holds(list, value - length - 1);
}

local_days week_begin(local_days day, int week_start) {
  while (weekday_of(day) != week_start) day -= days(1);
  return day;
}

// A week belongs to the year that most of its days lie in: that of its fourth day.
int year_of_week(local_days day, int week_start) { return year_of(week_begin(day, week_start) + days(3)); }
int week_of_year(local_days day, int week_start) {
  const int year = year_of_week(day, week_start);
  int week = 1;
  local_days begin = week_begin(day, week_start);
  for (; year_of_week(begin - days(7), week_start) == year; begin -= days(7)) ++week;
  return week;
}
int weeks_in_year(local_days day, int week_start) {
  local_days last = week_begin(day, week_start);
  while (year_of_week(last + days(7), week_start) == year_of_week(day, week_start)) last += days(7);
  return week_of_year(last, week_start);
}

class Slow {
 public:
  Slow(const Rule& rule, LocalTime start) : rule_(rule), start_(start), first_(floor<days>(start)) {}

  // The period of the rule that a time lies in, counted from that of the start.
  int64_t period(LocalTime time) const {
    const local_days day = floor<days>(time);
    const int wkst = static_cast<int>(rule_.week_start);
    switch (rule_.frequency) {
      case Frequency::yearly:
        if (!rule_.by_week.empty()) return year_of_week(day, wkst) - year_of_week(first_, wkst);
        return year_of(day) - year_of(first_);
      case Frequency::monthly: return (year_of(day) - year_of(first_)) * 12 + month_of(day) - month_of(first_);
      case Frequency::weekly: return (week_begin(day, wkst) - week_begin(first_, wkst)).count() / 7;
      case Frequency::daily: return (day - first_).count();
      case Frequency::hourly: return (floor<hours>(time) - floor<hours>(start_)).count();
      case Frequency::minutely: return (floor<minutes>(time) - floor<minutes>(start_)).count();
      case Frequency::secondly: return (time - start_).count();
    }
    return 0;
  }

  bool day_fits(local_days day) const {
    const int wkst = static_cast<int>(rule_.week_start);
    if (!rule_.by_month.empty() && !holds(rule_.by_month, month_of(day))) return false;
    if (!rule_.by_week.empty() && !holds_of(rule_.by_week, week_of_year(day, wkst), weeks_in_year(day, wkst)))
      return false;
    const int day_of_year = static_cast<int>((day - first_of_year(year_of(day))).count()) + 1;
    if (!rule_.by_year_day.empty() && !holds_of(rule_.by_year_day, day_of_year, length_of_year(year_of(day))))
      return false;
    if (!rule_.by_month_day.empty() && !holds_of(rule_.by_month_day, day_of(day), length_of_month(day))) return false;
    if (!rule_.by_day.empty()) {
      return std::any_of(rule_.by_day.begin(), rule_.by_day.end(), [&](const ByDay& one) { return is(day, one); });
    }
    // Without any part that names days, DTSTART does.
    const bool named = !rule_.by_month_day.empty() || !rule_.by_year_day.empty();
    if (named || rule_.frequency <= Frequency::daily) return true;
    if (rule_.frequency == Frequency::weekly || !rule_.by_week.empty()) return weekday_of(day) == weekday_of(first_);
    if (day_of(day) != day_of(first_)) return false;
    return rule_.frequency == Frequency::monthly || !rule_.by_month.empty() || month_of(day) == month_of(first_);
  }

  // Seconds of the day.
  std::vector<seconds> times() const {
    const int64_t of_start = (start_ - first_).count();
    std::vector<seconds> all;
    for (int hour = 0; hour < 24; ++hour) {
      if (!part_fits(rule_.by_hour, hour, of_start / 3600, Frequency::hourly)) continue;
      for (int minute = 0; minute < 60; ++minute) {
        if (!part_fits(rule_.by_minute, minute, of_start / 60 % 60, Frequency::minutely)) continue;
        for (int second = 0; second < 60; ++second) {
          if (part_fits(rule_.by_second, second, of_start % 60, Frequency::secondly))
            all.push_back(seconds(hour * 3600 + minute * 60 + second));
        }
      }
    }
    return all;
  }

 private:
  bool is(local_days day, const ByDay& one) const {
    if (weekday_of(day) != static_cast<int>(one.weekday)) return false;
    if (one.ordinal == 0 || rule_.frequency < Frequency::monthly || !rule_.by_week.empty()) return true;
    const bool in_month = rule_.frequency == Frequency::monthly || !rule_.by_month.empty();
    const auto within = [&](local_days other) {
      return year_of(other) == year_of(day) && (!in_month || month_of(other) == month_of(day));
    };
    int nth = one.ordinal > 0 ? 1 : -1;
    const days step(one.ordinal > 0 ? 7 : -7);
    for (local_days other = day - step; within(other); other -= step) nth += one.ordinal > 0 ? 1 : -1;
    return nth == one.ordinal;
  }
  bool part_fits(const std::vector<int>& list, int64_t value, int64_t of_start, Frequency frequency) const {
    if (!list.empty()) return holds(list, static_cast<int>(value));
    return rule_.frequency <= frequency || value == of_start;
  }

  const Rule& rule_;
  const LocalTime start_;
  const local_days first_;
};

// Each day that the rule names, with SKIP: a date that doesn't exist stands for its neighbour (RFC 7529 4.1). Only
// rules by day of month or year, without weekdays.
void add_skipped(const Rule& rule, LocalTime start, local_days until, std::map<int64_t, std::set<LocalTime>>& periods) {
  const local_days first = floor<days>(start);
  const seconds time = start - first;
  const bool monthly = rule.frequency == Frequency::monthly;
  const auto place = [&](local_days begin, int length, int number, int64_t period) {
    int day = number > 0 ? number : length + 1 + number;
    if (day < 1) day = rule.skip == Skip::forward ? 1 : 0;
    if (day > length) day = rule.skip == Skip::forward ? length + 1 : length;
    periods[period].insert(begin + days(day - 1) + time);
  };
  for (local_days day = first_of_month(first); day <= until; day = first_of_month(day + days(40))) {
    const int years = year_of(day) - year_of(first);
    const int64_t period = monthly ? years * 12 + month_of(day) - month_of(first) : years;
    if (!rule.by_year_day.empty()) {
      if (month_of(day) != 1 && day != first_of_month(first)) continue;
      const int year = year_of(day);
      for (int number : rule.by_year_day) place(first_of_year(year), length_of_year(year), number, period);
      continue;
    }
    if (!rule.by_month.empty() && !holds(rule.by_month, month_of(day))) continue;
    const std::vector<int> numbers = rule.by_month_day.empty() ? std::vector<int>{day_of(first)} : rule.by_month_day;
    const bool from_start = rule.by_month.empty() && rule.by_month_day.empty();
    if (!monthly && from_start && month_of(day) != month_of(first)) continue;
    for (int number : numbers) place(day, length_of_month(day), number, period);
  }
}

}  // namespace

std::vector<LocalTime> slow_instances(const Rule& rule, LocalTime start, LocalTime to) {
  const Slow slow(rule, start);
  std::map<int64_t, std::set<LocalTime>> periods;
  // A period has begun before its first instance that counts, and positions count in all of it.
  const local_days first = floor<days>(start) - days(rule.frequency == Frequency::yearly ? 373 : 31);
  const local_days last = floor<days>(to) + days(rule.frequency == Frequency::yearly ? 373 : 31);
  const bool short_periods = rule.frequency < Frequency::daily;
  const std::vector<seconds> times = slow.times();
  if (rule.skip != Skip::omit) {
    add_skipped(rule, start, last, periods);
  } else {
    for (local_days day = short_periods ? floor<days>(start) : first; day <= (short_periods ? floor<days>(to) : last);
         day += days(1)) {
      if (!slow.day_fits(day)) continue;
      for (seconds time : times) {
        if (!short_periods || (day + time >= start - hours(1) && day + time <= to))
          periods[slow.period(day + time)].insert(day + time);
      }
    }
  }
  std::set<LocalTime> all;
  for (const auto& [number, of_period] : periods) {
    if (number < 0 || number % rule.interval != 0) continue;
    const std::vector<LocalTime> set(of_period.begin(), of_period.end());
    if (rule.by_set_position.empty()) all.insert(set.begin(), set.end());
    for (int position : rule.by_set_position) {
      const int64_t index = position > 0 ? position - 1 : static_cast<int64_t>(set.size()) + position;
      if (index >= 0 && index < static_cast<int64_t>(set.size())) all.insert(set[static_cast<size_t>(index)]);
    }
  }
  std::vector<LocalTime> found;
  for (LocalTime time : all) {
    if (time < start) continue;
    if (rule.count && static_cast<int64_t>(found.size()) >= *rule.count) break;
    if (time <= to) found.push_back(time);
  }
  return found;
}

}  // namespace calint::test
