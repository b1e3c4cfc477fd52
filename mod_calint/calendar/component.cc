#include "calendar/component.h"

#include <algorithm>

#include "base/text.h"

namespace calint::calendar {
namespace {

constexpr size_t kDeepest = 16;
constexpr size_t kLongestLine = 75;

bool is_property(const std::string& line, std::string_view capitals) {
  const auto parsed = parse_line(line);
  return parsed && is_name(parsed->name, capitals);
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// How much of the text fits into `most` bytes. A character of UTF-8 has no more than four.
size_t fitting(std::string_view text, size_t most) {
  if (text.size() <= most) return text.size();
  for (size_t length = most; length > most - 4; --length)
    if (!continues_character(text[length])) return length;
  return most;
}

void add_line(std::string& text, std::string_view line) {
  for (size_t most = kLongestLine;; most = kLongestLine - 1) {
    const size_t length = fitting(line, most);
    text.append(line.substr(0, length)).append("\r\n");
    line.remove_prefix(length);
    if (line.empty()) return;
    text += ' ';
  }
}

void add(std::string& text, const Component& component) {
  add_line(text, "BEGIN:" + component.name);
  for (const std::string& line : component.lines) add_line(text, line);
  for (const Component& inner : component.components) add(text, inner);
  add_line(text, "END:" + component.name);
}

}  // namespace

std::optional<ContentLine> Component::property(std::string_view capitals) const {
  for (const std::string& line : lines)
    if (auto parsed = parse_line(line); parsed && is_name(parsed->name, capitals)) return parsed;
  return std::nullopt;
}

std::string Component::text(std::string_view capitals) const {
  const auto line = property(capitals);
  return line ? std::string(trim(unescape(line->value))) : "";
}

void Component::set(std::string_view capitals, std::string line) {
  const auto is_it = [&](const std::string& one) { return is_property(one, capitals); };
  const auto first = std::find_if(lines.begin(), lines.end(), is_it);
  if (first == lines.end()) {
    lines.push_back(std::move(line));
    return;
  }
  lines.erase(std::remove_if(first + 1, lines.end(), is_it), lines.end());
  *first = std::move(line);
}

void Component::remove(std::string_view capitals) {
  std::erase_if(lines, [&](const std::string& one) { return is_property(one, capitals); });
}

std::optional<Component> parse_component(std::string_view text) {
  std::vector<Component> open;
  std::optional<Component> whole;
  LineReader reader(text);
  while (const auto line = reader.next()) {
    const auto parsed = parse_line(*line);
    if (parsed && is_name(parsed->name, "BEGIN")) {
      if (whole || open.size() == kDeepest) return std::nullopt;
      open.push_back({.name = std::string(trim(parsed->value))});
    } else if (parsed && is_name(parsed->name, "END")) {
      if (open.empty() || lower_case(open.back().name) != lower_case(trim(parsed->value))) return std::nullopt;
      Component done = std::move(open.back());
      open.pop_back();
      if (open.empty()) whole = std::move(done);
      else open.back().components.push_back(std::move(done));
    } else if (!open.empty()) {
      open.back().lines.emplace_back(*line);
    }
  }
  return open.empty() ? std::move(whole) : std::nullopt;
}

std::string to_text(const Component& component) {
  std::string text;
  add(text, component);
  return text;
}

std::string escaped(std::string_view text) {
  std::string value;
  value.reserve(text.size());
  for (const char c : text) {
    if (c == '\n') value += "\\n";
    else if (c == '\\' || c == ';' || c == ',') value.append("\\").append(1, c);
    else if (c == '\t' || !is_control(c)) value += c;
  }
  return value;
}

std::string parameter(std::string_view name, std::string_view text) {
  std::string written = std::string(name) + "=\"";
  for (const char c : text) {
    if (c == '"') written += '\'';
    else if (c == '^') written += "^^";
    else if (!is_control(c)) written += c;
  }
  return written + '"';
}

std::string with_parameter(const ContentLine& line, std::string_view name, std::string_view written) {
  std::string changed(line.name);
  bool is_set = false;
  for (const std::string_view one : line.all_parameters()) {
    const bool is_it = is_name(trim(one.substr(0, one.find('='))), name);
    if (is_it && is_set) continue;
    changed.append(";").append(is_it ? written : one);
    is_set = is_set || is_it;
  }
  if (!is_set) changed.append(";").append(written);
  return changed.append(":").append(line.value);
}

}  // namespace calint::calendar
