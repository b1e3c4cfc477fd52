#include "calendar/rule.h"

#include <algorithm>
#include <array>

#include "calendar/content_line.h"
#include "calendar/values.h"

namespace calint::calendar {
namespace {

constexpr std::array<std::string_view, 7> kFrequencies = {"SECONDLY", "MINUTELY", "HOURLY", "DAILY",
                                                          "WEEKLY",   "MONTHLY",  "YEARLY"};
constexpr std::array<std::string_view, 7> kWeekdays = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

template <size_t N>
std::optional<size_t> place_in(const std::array<std::string_view, N>& names, std::string_view name) {
  for (size_t i = 0; i < N; ++i) {
    if (is_name(name, names[i])) return i;
  }
  return std::nullopt;
}

std::optional<int> parse_signed(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto number = parse_number(text);
  if (!number) return std::nullopt;
  return static_cast<int>(negative ? -*number : *number);
}

template <typename T>
void sort_once(std::vector<T>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

struct Bounds {
  int least;
  int most;
  bool from_end;  // -1 is the last
};

// False where no value is left.
bool parse_list(std::string_view text, Bounds bounds, std::vector<int>& list, std::string& doubt) {
  for (std::string_view part : split(text, ',')) {
    const auto number = parse_signed(part);
    const int size = number ? std::abs(*number) : 0;
    if (!number || size < bounds.least || size > bounds.most || (*number < 0 && !bounds.from_end)) {
      doubt = "a value of a rule's list is out of bounds";
      continue;
    }
    list.push_back(*number);
  }
  sort_once(list);
  return !list.empty();
}

bool parse_days(std::string_view text, std::vector<ByDay>& list, std::string& doubt) {
  for (std::string_view part : split(text, ',')) {
    const auto weekday = part.size() < 2 ? std::nullopt : place_in(kWeekdays, part.substr(part.size() - 2));
    const std::string_view number = trim(part.substr(0, part.size() - std::min<size_t>(part.size(), 2)));
    const auto ordinal = number.empty() ? 0 : parse_signed(number);
    if (!weekday || !ordinal || std::abs(*ordinal) > 53 || (*ordinal == 0 && !number.empty())) {
      doubt = "a value of BYDAY is out of bounds";
      continue;
    }
    list.push_back({.ordinal = *ordinal, .weekday = static_cast<unsigned>(*weekday)});
  }
  sort_once(list);
  return !list.empty();
}

struct ListPart {
  std::string_view name;
  std::vector<int> Rule::*list;
  Bounds bounds;
};

constexpr std::array<ListPart, 8> kListParts = {{
    {"BYSECOND", &Rule::by_second, {0, 60, false}},
    {"BYMINUTE", &Rule::by_minute, {0, 59, false}},
    {"BYHOUR", &Rule::by_hour, {0, 23, false}},
    {"BYMONTHDAY", &Rule::by_month_day, {1, 31, true}},
    {"BYYEARDAY", &Rule::by_year_day, {1, 366, true}},
    {"BYWEEKNO", &Rule::by_week, {1, 53, true}},
    {"BYMONTH", &Rule::by_month, {1, 12, false}},
    {"BYSETPOS", &Rule::by_set_position, {1, 366 * 86400, true}},  // hours and minutes count too
}};

Error unreadable(std::string what) { return {.fault = Fault::bad_input, .what = std::move(what)}; }

// A number that may be too long for 32 bits: what is beyond any calendar is as good as any other such number.
std::optional<int64_t> parse_size(std::string_view text) {
  text = trim(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
  if (text.empty()) return 0;
  return text.size() > 9 ? 999'999'999 : parse_number(text);
}

// False where the part's value can't be read.
bool parse_part(std::string_view name, std::string_view value, RuleReading& reading,
                std::optional<Frequency>& frequency) {
  Rule& rule = reading.rule;
  for (const ListPart& part : kListParts) {
    if (is_name(name, part.name)) return parse_list(value, part.bounds, rule.*part.list, reading.doubt);
  }
  if (is_name(name, "BYDAY")) return parse_days(value, rule.by_day, reading.doubt);
  if (is_name(name, "FREQ")) {
    const auto place = place_in(kFrequencies, value);
    if (place) frequency = static_cast<Frequency>(*place);
    return place.has_value();
  }
  if (is_name(name, "INTERVAL")) {
    const auto interval = parse_size(value);
    if (!interval || *interval == 0) reading.doubt = "an interval that isn't a positive number was read as 1";
    rule.interval = interval ? std::max<int64_t>(*interval, 1) : 1;
    return true;
  }
  if (is_name(name, "COUNT")) {
    rule.count = parse_size(value);
    if (!rule.count) reading.doubt = "a rule's COUNT can't be read: it goes on without end";
    return rule.count != 0;
  }
  if (is_name(name, "UNTIL")) {
    rule.until = parse_time(value);
    if (!rule.until) reading.doubt = "a rule's UNTIL can't be read: it goes on without end";
    return true;
  }
  if (is_name(name, "WKST")) {
    const auto day = place_in(kWeekdays, value);
    if (day) rule.week_start = static_cast<unsigned>(*day);
    return day.has_value();
  }
  if (is_name(name, "SKIP")) {
    constexpr std::array<std::string_view, 3> kSkips = {"OMIT", "BACKWARD", "FORWARD"};
    const auto skip = place_in(kSkips, value);
    if (skip) rule.skip = static_cast<Skip>(*skip);
    return skip.has_value();
  }
  if (is_name(name, "RSCALE")) return is_name(value, "GREGORIAN");
  if (!is_name(name.substr(0, 2), "X-")) reading.doubt = "a part of a rule isn't known and was passed over";
  return true;
}

}  // namespace

Result<RuleReading> parse_rule(std::string_view value) {
  RuleReading reading;
  std::optional<Frequency> frequency;
  for (std::string_view part : split(value, ';')) {
    const size_t equals = part.find('=');
    const std::string_view name = trim(part.substr(0, equals));
    const std::string_view text = equals == std::string_view::npos ? "" : trim(part.substr(equals + 1));
    if (text.empty() && !is_name(name, "FREQ")) {
      reading.doubt = "an empty part of a rule was passed over";
      continue;
    }
    if (!parse_part(name, text, reading, frequency)) {
      if (is_name(name, "RSCALE")) return unreadable("a rule of another calendar than the Gregorian (RSCALE)");
      return unreadable("a rule's part can't be read");
    }
  }
  if (!frequency) return unreadable("a rule without a frequency");
  reading.rule.frequency = *frequency;
  for (int& second : reading.rule.by_second) second = std::min(second, 59);  // a leap second: 3.3.12
  sort_once(reading.rule.by_second);
  return reading;
}

}  // namespace calint::calendar
