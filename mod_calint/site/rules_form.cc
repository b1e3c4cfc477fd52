#include "site/rules_form.h"

#include <algorithm>
#include <charconv>

#include "availability/hours_json.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace calint::site {
namespace {

constexpr size_t kLongestField = 255;

bool is_day(size_t field) { return field < kWeekdays; }
bool is_buffer(size_t field) { return field >= kWeekdays && field < kWeekdays + kBuffers; }

// Without the blanks around each.
std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (size_t end = text.find(separator); end != text.npos; end = text.find(separator)) {
    parts.push_back(trimmed(text.substr(0, end)));
    text.remove_prefix(end + 1);
  }
  parts.push_back(trimmed(text));
  return parts;
}

// "9:00" is 09:00.
std::string clock_of(std::string_view text) {
  return (text.size() == 4 && text[1] == ':' ? "0" : "") + std::string(text);
}

// A dash as word processors write it is a hyphen.
std::string with_hyphens(std::string text) {
  constexpr std::string_view kDash = "\u2013";
  for (size_t at = text.find(kDash); at != text.npos; at = text.find(kDash)) text.replace(at, kDash.size(), "-");
  return text;
}

JsonArray day_json(const std::string& typed) {
  const std::string text = with_hyphens(typed);
  JsonArray day;
  if (text.empty()) return day;
  for (const std::string_view span : parts_of(text, ',')) {
    JsonArray ends;
    for (const std::string_view end : parts_of(span, '-')) ends.add(clock_of(end));
    day.add(ends);
  }
  return day;
}

JsonValue minutes_json(const std::string& typed) {
  if (typed.empty()) return nullptr;
  int64_t number = 0;
  const char* end = typed.data() + typed.size();
  auto [rest, failed] = std::from_chars(typed.data(), end, number);
  return failed == std::errc() && rest == end ? JsonValue(number) : JsonValue(typed);
}

JsonValue value_json(size_t field, const std::string& typed) {
  if (is_day(field)) return day_json(typed);
  if (is_buffer(field)) return minutes_json(typed);
  return typed.empty() ? JsonValue(nullptr) : JsonValue(typed);
}

// The hours of a day as they stand in its field.
std::string day_text(const json_t* day) {
  std::string text;
  for (size_t i = 0; i < json_array_size(day); ++i) {
    const json_t* span = json_array_get(day, i);
    const auto start = string_value(json_array_get(span, 0)), end = string_value(json_array_get(span, 1));
    if (!start || !end) continue;
    if (!text.empty()) text += ", ";
    text.append(*start).append("-").append(*end);
  }
  return text;
}

std::string pointer_of(size_t field) {
  return (is_day(field) ? "/working_hours/" : "/") + std::string(kRulesFields[field]);
}

bool is_at_or_below(std::string_view pointer, std::string_view place) {
  return pointer.starts_with(place) && (pointer.size() == place.size() || pointer[place.size()] == '/');
}

}  // namespace

bool RulesChange::ok() const { return std::ranges::none_of(wrong, [](bool is_wrong) { return is_wrong; }); }

RulesValues rules_as_set(std::string_view rules) {
  RulesValues values;
  const Json tree = parse_json_object(rules);
  const json_t* hours = json_object_get(tree.get(), "working_hours");
  for (size_t field = 0; field < kRulesFields.size(); ++field) {
    const std::string name(kRulesFields[field]);
    if (is_day(field))
      values[field] = day_text(json_object_get(hours, name.c_str()));
    else if (const auto number = integer_member(tree.get(), name.c_str()))
      values[field] = std::to_string(*number);
    else
      values[field] = string_member(tree.get(), name.c_str()).value_or("");
  }
  return values;
}

std::optional<RulesValues> typed_rules(const std::vector<FormField>& fields) {
  RulesValues values;
  for (size_t field = 0; field < kRulesFields.size(); ++field) {
    const std::string* found = single_field(fields, kRulesFields[field]);
    if (found == nullptr) return std::nullopt;
    values[field] = trimmed(*found);
  }
  return values;
}

RulesChange rules_change(const RulesValues& as_set, const RulesValues& typed) {
  RulesChange result;
  JsonObject change, week;
  bool changes = false, week_changes = false, week_is_set = false;
  for (size_t field = 0; field < kRulesFields.size(); ++field) {
    result.wrong[field] = typed[field].size() > kLongestField;
    if (result.wrong[field]) continue;
    const JsonValue value = value_json(field, typed[field]);
    const bool differs = value.text() != value_json(field, as_set[field]).text();
    if (is_day(field)) {
      week.add(kRulesFields[field], value);
      week_changes = week_changes || differs;
      week_is_set = week_is_set || !typed[field].empty();
    } else if (differs) {
      change.add(kRulesFields[field], value);
      changes = true;
    }
  }
  if (week_changes) change.add("working_hours", week_is_set ? static_cast<const JsonValue&>(week) : JsonValue(nullptr));
  if (!changes && !week_changes) return result;
  result.change = change.text();
  const Problems problems = availability::problems_of_organization_change(result.change);
  for (const Problem& problem : problems.found())
    for (size_t field = 0; field < kRulesFields.size(); ++field)
      if (is_at_or_below(problem.pointer, pointer_of(field))) result.wrong[field] = true;
  return result;
}

}  // namespace calint::site
