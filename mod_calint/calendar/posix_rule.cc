#include "calendar/posix_rule.h"

#include <algorithm>

#include "calendar/civil.h"
#include "calendar/values.h"

namespace calint::calendar {
namespace {

using std::chrono::seconds;

// Takes the parts of a rule off its beginning, one after the other; says once at the end whether all were there.
class Parts {
 public:
  explicit Parts(std::string_view text) : text_(text) {}

  bool good() const { return good_; }
  bool done() const { return text_.empty(); }
  bool next_is(char c) const { return text_.starts_with(c); }
  void expect(char c) {
    if (next_is(c)) text_.remove_prefix(1);
    else good_ = false;
  }
  // "CET" or "<+03>".
  void name() {
    if (next_is('<')) {
      const size_t end = text_.find('>');
      if (end == std::string_view::npos) good_ = false;
      else text_.remove_prefix(end + 1);
      return;
    }
    const size_t end = std::min(text_.find_first_of("+-,0123456789"), text_.size());
    if (end == 0) good_ = false;
    text_.remove_prefix(end);
  }
  int number() {
    const size_t end = std::min(text_.find_first_not_of("0123456789"), text_.size());
    const auto number = parse_number(text_.substr(0, end));
    if (!number) good_ = false;
    text_.remove_prefix(end);
    return static_cast<int>(number.value_or(0));
  }
  // "-3:30", "4", "02:00:00".
  seconds time() {
    const bool negative = next_is('-');
    if (negative || next_is('+')) text_.remove_prefix(1);
    int64_t total = number() * 3600;
    for (int unit : {60, 1}) {
      if (!next_is(':')) break;
      expect(':');
      total += number() * unit;
    }
    return seconds(negative ? -total : total);
  }

 private:
  std::string_view text_;
  bool good_ = true;
};

// "M3.5.0/2": the last Sunday of March, at two.
struct Change {
  int month;
  int week;
  int weekday;  // 0 is Sunday
  seconds time;
};

Change parse_change(Parts& parts) {
  Change change{};
  parts.expect(',');
  parts.expect('M');
  change.month = parts.number();
  parts.expect('.');
  change.week = parts.number();
  parts.expect('.');
  change.weekday = parts.number();
  change.time = std::chrono::hours(2);
  if (parts.next_is('/')) {
    parts.expect('/');
    change.time = parts.time();
  }
  return change;
}

bool is_valid(const Change& change) {
  return change.month >= 1 && change.month <= 12 && change.week >= 1 && change.week <= 5 && change.weekday <= 6;
}

// On the clock before the change.
LocalTime in_year(const Change& change, int year) {
  const int weekday = (change.weekday + 6) % 7;  // 0 is Monday
  const int first = day_number(year, change.month, 1);
  int day = first + (weekday - weekday_of(first) + 7) % 7 + (change.week - 1) * 7;
  if (day >= first + days_in_month(year, change.month)) day -= 7;
  return LocalTime(std::chrono::days(day)) + change.time;
}

}  // namespace

std::vector<Transition> posix_transitions(std::string_view rule, int first, int last) {
  Parts parts(rule);
  parts.name();
  const seconds standard = -parts.time();
  parts.name();
  seconds daylight = standard + std::chrono::hours(1);
  if (!parts.next_is(',')) daylight = -parts.time();
  const Change to_daylight = parse_change(parts);
  const Change to_standard = parse_change(parts);
  std::vector<Transition> transitions;
  if (!parts.good() || !parts.done() || !is_valid(to_daylight) || !is_valid(to_standard)) return transitions;
  for (int year = first; year <= last; ++year) {
    transitions.push_back({SysTime(in_year(to_daylight, year).time_since_epoch()) - standard, daylight});
    transitions.push_back({SysTime(in_year(to_standard, year).time_since_epoch()) - daylight, standard});
  }
  std::sort(transitions.begin(), transitions.end(),
            [](const Transition& a, const Transition& b) { return a.at < b.at; });
  return transitions;
}

}  // namespace calint::calendar
