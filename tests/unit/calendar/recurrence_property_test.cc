// Random rules, zones and windows, against an expander that tries every second. 300 in the unit run; as many as
// CALINT_RULE_ROUNDS says with it (tests/proofs recurrence).
#include <date/tz.h>
#include <fmt/format.h>

#include <cstdlib>
#include <random>

#include "calendar/evaluate.h"
#include "calendar/values.h"
#include "slow_recurrence.h"
#include "support/check.h"

using namespace calint::calendar;

namespace {

using std::chrono::days;
using std::chrono::seconds;

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  int64_t roll(int64_t least, int64_t most) { return std::uniform_int_distribution<int64_t>(least, most)(engine_); }
  bool one_in(int64_t n) { return roll(1, n) == 1; }
  template <typename T>
  const T& of(const std::vector<T>& all) {
    return all[static_cast<size_t>(roll(0, static_cast<int64_t>(all.size()) - 1))];
  }
  // "BYX=1,-2", or nothing.
  std::string part(const char* name, int64_t likely, int64_t least, int64_t most, bool from_end = false) {
    if (!one_in(likely)) return "";
    std::string text = fmt::format(";{}=", name);
    for (int64_t i = 0, count = roll(1, 4); i < count; ++i)
      text += fmt::format("{}{}", i > 0 ? "," : "", roll(least, most) * (from_end && one_in(3) ? -1 : 1));
    return text;
  }

 private:
  std::mt19937 engine_;
};

struct Question {
  std::string start;  // as it stands in DTSTART
  std::string zone;
  std::string rule;
  std::string duration;
  Window window;
};

const std::vector<std::string> kZones = {
    "Europe/Berlin",     "America/New_York", "America/St_Johns",  "America/Sao_Paulo", "Asia/Kolkata", "Asia/Beirut",
    "Africa/Casablanca", "Pacific/Apia",     "Pacific/Chatham",   "Australia/Lord_Howe", "UTC", ""};
const std::vector<std::string> kNames = {"SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
const std::vector<std::string> kDays = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
// How far an expansion is followed, in seconds.
const std::vector<int64_t> kReach = {5'000, 100'000, 2'000'000, 40'000'000, 80'000'000, 150'000'000, 300'000'000};

std::string rule_of(Dice& dice, size_t frequency, bool is_date) {
  std::string rule = "FREQ=" + kNames[frequency];
  const bool yearly = frequency == 6, monthly = frequency == 5, by_time = frequency < 3;
  if (dice.one_in(2)) rule += fmt::format(";INTERVAL={}", dice.roll(1, by_time ? 100 : yearly ? 4 : 9));
  rule += dice.part("BYMONTH", 4, 1, 12);
  const bool by_week = yearly && dice.one_in(5);
  // A DTSTART whose week is of another year than itself leaves INTERVAL open.
  if (by_week) rule = "FREQ=YEARLY" + dice.part("BYWEEKNO", 1, 1, 53, true);
  if ((yearly || by_time) && !by_week) rule += dice.part("BYYEARDAY", 6, 1, 366, true);
  if (frequency != 4 && !by_week) rule += dice.part("BYMONTHDAY", 4, 1, 31, true);
  // What SKIP does to a day of the year that BYMONTH leaves out isn't said.
  const bool by_both = rule.find("BYYEARDAY") != rule.npos && rule.find("BYMONTH") != rule.npos;
  const bool skips = (monthly || yearly) && !by_week && !by_both && dice.one_in(6);
  if (!skips && dice.one_in(3)) {
    rule += ";BYDAY=";
    for (int64_t i = 0, count = dice.roll(1, 4); i < count; ++i) {
      if (i > 0) rule += ",";
      if ((monthly || yearly) && !by_week && dice.one_in(2))
        rule += fmt::format("{}", dice.roll(1, monthly ? 5 : 20) * (dice.one_in(3) ? -1 : 1));
      rule += dice.of(kDays);
    }
  }
  if (skips) rule += dice.one_in(2) ? ";SKIP=FORWARD" : ";SKIP=BACKWARD";
  if (!is_date && !skips) {
    rule += dice.part("BYHOUR", 4, 0, 23);
    rule += dice.part("BYMINUTE", 5, 0, 59);
    rule += dice.part("BYSECOND", 8, 0, 59);
    rule += dice.part("BYSETPOS", 5, 1, 5, true);
  }
  if (dice.one_in(3)) rule += ";WKST=" + dice.of(kDays);
  if (dice.one_in(3)) rule += fmt::format(";COUNT={}", dice.roll(1, 60));
  return rule;
}

std::string text_of(LocalTime time, bool is_date) { return to_text({.local = time, .is_date = is_date}); }

Question ask(unsigned seed) {
  Dice dice(seed);
  const auto frequency = static_cast<size_t>(dice.roll(0, 6));
  const bool is_date = frequency >= 3 && dice.one_in(4);
  LocalTime start = parse_time("19980101")->local + days(dice.roll(0, 11'000));
  if (!is_date) start += seconds(dice.one_in(2) ? dice.roll(0, 23) * 3600 : dice.roll(0, 86399));
  Question question{.start = text_of(start, is_date),
                    .zone = is_date ? "" : dice.of(kZones),
                    .rule = rule_of(dice, frequency, is_date)};
  if (question.zone == "UTC") question.start += "Z";
  question.duration = is_date ? fmt::format("P{}D", dice.roll(1, 3)) : fmt::format("PT{}S", dice.roll(1, 5000));
  const SysTime begin(start.time_since_epoch());
  const int64_t reach = kReach[frequency];
  const bool near = dice.one_in(2);
  question.window.from = begin + seconds(dice.roll(-reach / 10, near ? reach / 10 : reach / 2));
  question.window.to = question.window.from + seconds(dice.roll(near ? reach / 4 : reach / 10, reach / 2));
  return question;
}

// The first instant whose clock shows the time, or which follows the gap that it lies in; from the zone library itself.
SysTime instant_of(LocalTime local, const std::string& zone) {
  const date::local_seconds time(local.time_since_epoch());
  const auto info = date::locate_zone(zone)->get_info(time);
  return SysTime(local.time_since_epoch()) - info.first.offset;
}

std::string told(const std::vector<Interval>& intervals) {
  std::string text;
  for (const Interval& one : intervals) text += to_text(one.start) + "/" + to_text(one.end) + " ";
  return text;
}

const std::string kReader = "Europe/Berlin";

std::vector<Interval> slow_answer(const Question& question) {
  const auto start = parse_time(question.start);
  const Rule rule = parse_rule(question.rule)->rule;
  const std::string zone = question.zone.empty() ? kReader : question.zone;
  const WrittenDuration length = *parse_duration(question.duration);
  const LocalTime to = LocalTime(question.window.to.time_since_epoch()) + days(2);
  std::vector<LocalTime> locals = calint::test::slow_instances(rule, start->local, to);
  locals.push_back(start->local);
  std::vector<Interval> found;
  for (LocalTime local : locals) {
    const SysTime begin = instant_of(local, zone);
    const SysTime end = (length.days ? instant_of(local + days(length.days), zone) : begin) + seconds(length.seconds);
    const Interval one{std::max(begin, question.window.from), std::min(end, question.window.to), Kind::busy};
    if (one.start < one.end) found.push_back(one);
  }
  std::sort(found.begin(), found.end());
  std::vector<Interval> merged;
  for (const Interval& one : found) {
    if (!merged.empty() && one.start <= merged.back().end) merged.back().end = std::max(merged.back().end, one.end);
    else merged.push_back(one);
  }
  return merged;
}

}  // namespace

CALINT_TEST(random_rules_agree_with_the_slow_expander) {
  const char* rounds = std::getenv("CALINT_RULE_ROUNDS");
  const unsigned count = rounds != nullptr ? static_cast<unsigned>(std::strtoul(rounds, nullptr, 10)) : 300;
  size_t with_instances = 0;
  for (unsigned seed = 1; seed <= count; ++seed) {
    const Question question = ask(seed);
    Series series{.key = "x"};
    series.events.push_back({.start = *parse_time(question.start, question.zone),
                             .duration = parse_duration(question.duration),
                             .recurrence = {"RRULE:" + question.rule}});
    const Evaluation fast = evaluate(series, kReader, question.window, {.intervals = 1'000'000, .steps = 10'000'000});
    const auto slow = slow_answer(question);
    ck_assert_msg(fast.intervals == slow && !fast.unknown_from && fast.left_out.empty(),
                  "seed %u: DTSTART %s %s, %s, %s, window %s to %s\nfast %.2000s\nslow %.2000s", seed,
                  question.start.c_str(), question.zone.c_str(), question.rule.c_str(), question.duration.c_str(),
                  to_text(question.window.from).c_str(), to_text(question.window.to).c_str(),
                  told(fast.intervals).c_str(), told(slow).c_str());
    if (!slow.empty()) ++with_instances;
  }
  if (count > 300) fmt::print("{} rules, {} with instances in their window\n", count, with_instances);
  // Most questions must have an answer, or nothing is shown.
  CHECK(with_instances > count / 2);
}
