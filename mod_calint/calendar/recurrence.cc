#include "calendar/recurrence.h"

#include <algorithm>
#include <bit>

#include "calendar/civil.h"
#include "calendar/day_sets.h"

namespace calint::calendar {
namespace {

constexpr int64_t kDay = 86400;
constexpr int kLastYear = 9999;

int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

int64_t seconds_of(LocalTime time) { return time.time_since_epoch().count(); }
LocalTime time_of(int64_t seconds) { return LocalTime(std::chrono::seconds(seconds)); }

// All sums of one hour, one minute and one second, in seconds; the lists are in order.
std::vector<int> combine(const std::vector<int>& hours, const std::vector<int>& minutes,
                         const std::vector<int>& seconds) {
  std::vector<int> times;
  times.reserve(hours.size() * minutes.size() * seconds.size());
  for (int hour : hours) {
    for (int minute : minutes) {
      for (int second : seconds) times.push_back(hour * 3600 + minute * 60 + second);
    }
  }
  return times;
}

// What the instances of one period are taken from: each offset behind each beginning, in order.
class PeriodSet {
 public:
  PeriodSet(const Rule& rule, std::vector<int> offsets)
      : positions_(rule.by_set_position), offsets_(std::move(offsets)) {}

  // Of a period of days, or of a shorter one that begins then.
  void set_days(const std::vector<int>& days) {
    begins_.clear();
    for (int day : days) begins_.push_back(day * kDay);
    choose();
  }
  void set_begin(int64_t second) {
    begins_.assign(1, second);
    choose();
  }

  int64_t size() const { return static_cast<int64_t>(positions_.empty() ? whole() : chosen_.size()); }
  int64_t at(int64_t i) const {
    const size_t index = positions_.empty() ? static_cast<size_t>(i) : chosen_[static_cast<size_t>(i)];
    return begins_[index / offsets_.size()] + offsets_[index % offsets_.size()];
  }
  // The first from `first` on that isn't before the second.
  int64_t find(int64_t second, int64_t first) const {
    int64_t end = size();
    while (first < end) {
      const int64_t middle = first + (end - first) / 2;
      if (at(middle) < second) first = middle + 1;
      else end = middle;
    }
    return first;
  }

 private:
  size_t whole() const { return begins_.size() * offsets_.size(); }
  void choose() {
    chosen_.clear();
    for (int64_t position : positions_) {
      const int64_t index = position > 0 ? position - 1 : static_cast<int64_t>(whole()) + position;
      if (index >= 0 && index < static_cast<int64_t>(whole())) chosen_.push_back(static_cast<size_t>(index));
    }
    std::sort(chosen_.begin(), chosen_.end());
    chosen_.erase(std::unique(chosen_.begin(), chosen_.end()), chosen_.end());
  }

  const std::vector<int>& positions_;  // BYSETPOS
  std::vector<int> offsets_;
  std::vector<int64_t> begins_;
  std::vector<size_t> chosen_;  // indices into the whole set, where there are positions
};

// Periods of whole days, each with a number: years, months, weeks or days.
class Periods {
 public:
  Periods(const Rule& rule, int first_day)
      : frequency_(rule.frequency), sets_(rule, first_day), first_day_(first_day),
        week_start_(static_cast<int>(rule.week_start)), by_week_(!rule.by_week.empty()) {}

  // The one that DTSTART lies in.
  int64_t first() const {
    const int64_t first = near(first_day_);
    if (frequency_ == Frequency::weekly) return floor_div(first_day_ - week_offset(), 7);
    if (frequency_ != Frequency::yearly || !by_week_) return first;
    // The year that the week belongs to, which begins up to three days before or after the calendar's.
    const int year = static_cast<int>(first);
    if (first_day_ < first_week(year, week_start_)) return year - 1;
    return first_day_ >= first_week(year + 1, week_start_) ? year + 1 : year;
  }
  // One that is at most one period away from that of the day.
  int64_t near(int day) const {
    const Civil date = civil(day);
    if (frequency_ == Frequency::yearly) return date.year;
    if (frequency_ == Frequency::monthly) return date.year * 12 + date.month - 1;
    return frequency_ == Frequency::weekly ? floor_div(day, 7) : day;
  }
  // No instance of this period or a later one is before this day: SKIP and weeks of a year reach over its begin.
  int64_t begin(int64_t period) const {
    const bool by_year = frequency_ == Frequency::yearly;
    if (!by_year && frequency_ != Frequency::monthly)
      return frequency_ == Frequency::weekly ? period * 7 + week_offset() : period;
    const int64_t year = by_year ? period : period / 12;
    if (year > kLastYear) return INT32_MAX;
    return day_number(static_cast<int>(year), by_year ? 1 : static_cast<int>(period % 12) + 1, 1) - 4;
  }
  void days(int64_t period, std::vector<int>& days) const {
    const int number = static_cast<int>(period);
    if (frequency_ == Frequency::yearly) return sets_.of_year(number, days);
    if (frequency_ == Frequency::monthly) return sets_.of_month(number / 12, number % 12 + 1, days);
    if (frequency_ == Frequency::weekly) return sets_.of_week(static_cast<int>(begin(period)), days);
    days.clear();
    if (sets_.passes(number)) days.push_back(number);
  }

 private:
  // Day 0 is a Thursday: so many days later a week begins.
  int week_offset() const { return (week_start_ - weekday_of(0) + 7) % 7; }

  const Frequency frequency_;
  const DaySets sets_;
  const int first_day_;
  const int week_start_;
  const bool by_week_;
};

class Expander {
 public:
  Expander(const Rule& rule, const Expansion& expansion, Budget& budget, std::vector<LocalTime>& times)
      : rule_(rule),
        start_(seconds_of(expansion.start)),
        from_(std::max(seconds_of(expansion.from), start_)),
        to_(std::min(seconds_of(expansion.to), day_number(kLastYear + 1, 1, 1) * kDay - 1)),
        budget_(budget),
        times_(times),
        left_(rule.count.value_or(INT64_MAX)),
        last_(start_ - 1) {}

  std::optional<LocalTime> run() {
    budget_.spend(10);  // for a rule that has nothing here, too
    if (to_ < from_) return std::nullopt;
    if (rule_.frequency >= Frequency::daily) run_days();
    else run_times();
    if (!budget_.spent()) return std::nullopt;
    return time_of(std::max({last_ + 1, reached_, from_}));
  }

 private:
  // What a rule doesn't say of the time comes from DTSTART.
  static std::vector<int> list_or(const std::vector<int>& list, int64_t otherwise) {
    return list.empty() ? std::vector<int>{static_cast<int>(otherwise)} : list;
  }
  int first_day() const { return static_cast<int>(floor_div(start_, kDay)); }
  int64_t start_of_day() const { return start_ - first_day() * kDay; }
  std::vector<int> hours() const { return list_or(rule_.by_hour, start_of_day() / 3600); }
  std::vector<int> minutes() const { return list_or(rule_.by_minute, start_of_day() / 60 % 60); }
  std::vector<int> seconds() const { return list_or(rule_.by_second, start_of_day() % 60); }

  // The first of base, base + interval, ... that isn't before `least`.
  int64_t align(int64_t base, int64_t least) const {
    if (least <= base) return base;
    return base + (least - base + rule_.interval - 1) / rule_.interval * rule_.interval;
  }

  void run_days();
  void run_times();
  bool take(const PeriodSet& set);

  const Rule& rule_;
  const int64_t start_, from_, to_;
  Budget& budget_;
  std::vector<LocalTime>& times_;
  int64_t left_;  // of COUNT
  int64_t last_;  // the instance before: none may come again, as with SKIP one can lie in two periods
  int64_t reached_ = INT64_MIN;  // all instances before are there
};

// Takes the period's instances. False where there is nothing more to come, or the budget is spent.
bool Expander::take(const PeriodSet& set) {
  int64_t first = set.size() > 0 && set.at(0) > last_ ? 0 : set.find(last_ + 1, 0);
  const int64_t end = left_ < set.size() - first ? first + left_ : set.size();
  if (first >= end) return true;
  if (rule_.count) left_ -= end - first;
  const int64_t last = set.at(end - 1);
  if (last >= from_) {
    for (first = set.find(from_, first); first < end; ++first) {
      const int64_t time = set.at(first);
      if (time > to_ || !budget_.spend()) return false;
      times_.push_back(time_of(time));
      last_ = time;
    }
  }
  last_ = last;
  return left_ > 0;
}

void Expander::run_days() {
  std::vector<int> offsets = combine(hours(), minutes(), seconds());
  if (!budget_.spend(static_cast<int64_t>(offsets.size() / 8))) return;
  PeriodSet set(rule_, std::move(offsets));
  const Periods periods(rule_, first_day());
  int64_t period = periods.first();
  // One more than what is asked for, as a period can reach over its end.
  if (!rule_.count && from_ > start_)
    period = align(period, periods.near(static_cast<int>(floor_div(from_, kDay))) - 1);
  std::vector<int> days;
  for (; periods.begin(period) * kDay <= to_; period += rule_.interval) {
    reached_ = periods.begin(period) * kDay;
    if (!budget_.spend()) return;
    periods.days(period, days);
    if (!budget_.spend(static_cast<int64_t>(days.size()))) return;
    if (days.empty()) continue;
    set.set_days(days);
    if (!take(set)) return;
  }
}

// The next bit from `from` on, or -1.
int next_bit(uint64_t bits, int64_t from) {
  const uint64_t left = bits >> from << from;
  return left == 0 ? -1 : std::countr_zero(left);
}

uint64_t bits_of(const std::vector<int>& list) {
  uint64_t bits = 0;
  for (int number : list) bits |= uint64_t{1} << number;
  return bits;
}

// Which hours, minutes and seconds a rule has, as far as its frequency makes limits of them.
class ClockLimits {
 public:
  explicit ClockLimits(const Rule& rule)
      : hours_(bits_of(rule.by_hour)),
        minutes_(rule.frequency < Frequency::hourly ? bits_of(rule.by_minute) : 0),
        seconds_(rule.frequency < Frequency::minutely ? bits_of(rule.by_second) : 0) {}

  // The second of the day itself where it passes, else one to go on from: what doesn't fit is jumped over as a whole.
  int64_t next(int64_t second_of_day) const {
    const int64_t hour = second_of_day / 3600, minute = second_of_day / 60 % 60, second = second_of_day % 60;
    if (hours_ != 0 && (hours_ >> hour & 1) == 0) {
      const int fitting = next_bit(hours_, hour);
      return fitting < 0 ? kDay : fitting * 3600;
    }
    if (minutes_ != 0 && (minutes_ >> minute & 1) == 0) {
      const int fitting = next_bit(minutes_, minute);
      return hour * 3600 + (fitting < 0 ? 3600 : fitting * 60);
    }
    if (seconds_ != 0 && (seconds_ >> second & 1) == 0) {
      const int fitting = next_bit(seconds_, second);
      return second_of_day - second + (fitting < 0 ? 60 : fitting);
    }
    return second_of_day;
  }

 private:
  const uint64_t hours_, minutes_, seconds_;  // 0: all
};

void Expander::run_times() {
  const bool hourly = rule_.frequency == Frequency::hourly;
  const bool minutely = rule_.frequency == Frequency::minutely;
  const int64_t unit = hourly ? 3600 : minutely ? 60 : 1;
  const std::vector<int> zero{0};
  PeriodSet set(rule_, combine(zero, hourly ? minutes() : zero, hourly || minutely ? seconds() : zero));
  const ClockLimits limits(rule_);
  const DaySets days(rule_, first_day());

  const int64_t base = floor_div(start_, unit);
  int64_t period = base;
  if (!rule_.count && from_ > start_) period = align(base, floor_div(from_, unit));
  int64_t day = INT64_MIN;
  bool day_passes = false;
  while (period * unit <= to_) {
    const int64_t time = period * unit;
    reached_ = time;
    if (!budget_.spend()) return;
    if (const int64_t that_day = floor_div(time, kDay); that_day != day) {
      day = that_day;
      day_passes = days.passes(static_cast<int>(day));
    }
    const int64_t next = day * kDay + (day_passes ? limits.next(time - day * kDay) : kDay);
    if (next > time) {
      period = align(base, next / unit);
      continue;
    }
    set.set_begin(time);
    if (!take(set)) return;
    period += rule_.interval;
  }
}

}  // namespace

std::optional<LocalTime> expand(const Rule& rule, const Expansion& expansion, Budget& budget,
                                std::vector<LocalTime>& times) {
  return Expander(rule, expansion, budget, times).run();
}

}  // namespace calint::calendar
