#include "calendar/content_line.h"

#include <algorithm>

namespace calint::calendar {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v' || c == '\0'; }
bool is_name_character(char c) { return (upper(c) >= 'A' && upper(c) <= 'Z') || (c >= '0' && c <= '9') || c == '-'; }

// The place of the colon that parts parameters and value; npos where there is none.
size_t find_colon(std::string_view line, size_t from) {
  bool quoted = false;
  for (size_t i = from; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] == ':' && !quoted) return i;
  }
  return quoted ? line.find(':', from) : std::string_view::npos;
}

std::optional<ContentLine> parts(std::string_view line, size_t name_end, size_t colon) {
  if (colon == std::string_view::npos) return std::nullopt;
  ContentLine parsed{.name = trim(line.substr(0, name_end)),
                     .parameters = line.substr(name_end, colon - name_end),
                     .value = line.substr(colon + 1)};
  if (parsed.name.empty() || !std::all_of(parsed.name.begin(), parsed.name.end(), is_name_character))
    return std::nullopt;
  return parsed;
}

// Takes ';' and the parameter behind it off the text.
std::string_view take_parameter(std::string_view& rest) {
  rest.remove_prefix(1);
  bool quoted = false;
  size_t end = 0;
  for (; end < rest.size() && (quoted || rest[end] != ';'); ++end) {
    if (rest[end] == '"') quoted = !quoted;
  }
  if (quoted) end = std::min(rest.find(';'), rest.size());
  const std::string_view one = rest.substr(0, end);
  rest.remove_prefix(end);
  return one;
}

// 2026-12-01T09:00:00Z, which isn't iCalendar's form, but which some write.
bool is_extended(std::string_view time) { return time.size() > 4 && time[4] == '-'; }

}  // namespace

LineReader::LineReader(std::string_view text) : text_(text), line_feed_(std::min(text.find('\n'), text.size())) {
  if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
}

std::string_view LineReader::physical() {
  // The next LF is looked for once: a text may have CRs alone.
  if (line_feed_ < at_) line_feed_ = std::min(text_.find('\n', at_), text_.size());
  std::string_view line = text_.substr(at_, line_feed_ - at_);
  line = line.substr(0, line.find('\r'));
  at_ += line.size();
  if (text_.substr(at_, 2) == "\r\n") at_ += 2;
  else if (at_ < text_.size()) ++at_;
  ++physical_;
  return line;
}

std::optional<std::string_view> LineReader::next() {
  std::string_view line;
  while (line.empty()) {
    if (at_ >= text_.size()) return std::nullopt;
    line = physical();
  }
  number_ = physical_;
  bool folded = false;
  while (true) {
    const size_t ahead = text_.find_first_not_of("\r\n", at_);
    if (ahead == std::string_view::npos || (text_[ahead] != ' ' && text_[ahead] != '\t')) break;
    while (at_ < ahead) physical();
    if (!folded) unfolded_.assign(line);
    folded = true;
    unfolded_.append(physical().substr(1));
  }
  return folded ? std::string_view(unfolded_) : line;
}

std::vector<std::string_view> ContentLine::all_parameters() const {
  std::vector<std::string_view> all;
  for (std::string_view rest = parameters; !rest.empty();) all.push_back(take_parameter(rest));
  return all;
}

std::optional<std::string_view> ContentLine::parameter(std::string_view wanted) const {
  for (std::string_view rest = parameters; !rest.empty();) {
    const std::string_view one = take_parameter(rest);
    const size_t equals = one.find('=');
    if (equals == std::string_view::npos || !is_name(trim(one.substr(0, equals)), wanted)) continue;
    std::string_view text = trim(one.substr(equals + 1));
    if (text.starts_with('"')) {
      text.remove_prefix(1);
      text = text.substr(0, text.find('"'));
    }
    return trim(text);
  }
  return std::nullopt;
}

std::optional<ContentLine> parse_line(std::string_view line) {
  const size_t name_end = line.find_first_of(";:");
  if (name_end == std::string_view::npos) return std::nullopt;
  return parts(line, name_end, line[name_end] == ':' ? name_end : find_colon(line, name_end));
}

std::optional<ContentLine> parse_line_of_times(std::string_view line) {
  const auto parsed = parse_line(line);
  if (!parsed || parsed->value.find(':') == std::string_view::npos || is_extended(trim(parsed->value))) return parsed;
  return parts(line, parsed->name.size(), line.rfind(':'));
}

bool is_name(std::string_view text, std::string_view capitals) {
  return text.size() == capitals.size() &&
         std::equal(text.begin(), text.end(), capitals.begin(), [](char a, char b) { return upper(a) == b; });
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower_case(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
  return lowered;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> found;
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    if (const std::string_view part = trim(text.substr(0, end)); !part.empty()) found.push_back(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return found;
}

std::string unescape(std::string_view value) {
  std::string text;
  text.reserve(value.size());
  for (size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\\' || i + 1 == value.size()) {
      text += value[i];
      continue;
    }
    ++i;
    text += value[i] == 'n' || value[i] == 'N' ? '\n' : value[i];
  }
  return text;
}

}  // namespace calint::calendar
