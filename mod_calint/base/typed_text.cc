#include "base/typed_text.h"

#include <unicode/uchar.h>

#include <algorithm>

#include "base/utf8.h"

namespace calint {
namespace {

constexpr UChar32 kNextLine = 0x85, kLineSeparator = 0x2028, kParagraphSeparator = 0x2029;
// RFC 5321, 4.5.3.1; a path's angle brackets are counted in it.
constexpr size_t kLongestAddress = 254, kLongestLocalPart = 64, kLongestDomain = 253;

bool breaks_line(UChar32 c) {
  return c == '\n' || c == '\r' || c == kNextLine || c == kLineSeparator || c == kParagraphSeparator;
}

// What ends an address where one stands among others, or begins something else in it.
bool is_special(UChar32 c) {
  constexpr std::string_view kSpecial = "<>()[]\\,;:\"";
  return c < 0x80 && kSpecial.find(static_cast<char>(c)) != kSpecial.npos;
}

bool is_domain(std::string_view text) {
  return !text.empty() && text.size() <= kLongestDomain && text.front() != '.' && text.back() != '.' &&
         text.find("..") == text.npos;
}

}  // namespace

std::optional<std::string> typed_lines(std::string_view text) {
  std::string lines;
  lines.reserve(text.size());
  while (!text.empty()) {
    const std::string_view rest = text;
    const auto c = static_cast<UChar32>(take_character(text));
    if (breaks_line(c)) {
      if (c == '\r' && text.starts_with('\n')) text.remove_prefix(1);
      lines += '\n';
    } else if (u_charType(c) == U_CONTROL_CHAR) {
      return std::nullopt;
    } else {
      lines += rest.substr(0, rest.size() - text.size());
    }
  }
  return lines;
}

std::optional<std::string> typed_line(std::string_view text) {
  auto line = typed_lines(text);
  if (line) std::replace(line->begin(), line->end(), '\n', ' ');
  return line;
}

size_t count_characters(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

bool is_mail_address(std::string_view text) {
  const size_t at_sign = text.find('@');
  if (text.size() > kLongestAddress || at_sign == text.npos || at_sign == 0 || at_sign > kLongestLocalPart ||
      text.find('@', at_sign + 1) != text.npos || !is_domain(text.substr(at_sign + 1)))
    return false;
  while (!text.empty()) {
    const auto c = static_cast<UChar32>(take_character(text));
    if (u_isUWhiteSpace(c) || u_charType(c) == U_CONTROL_CHAR || is_special(c)) return false;
  }
  return true;
}

}  // namespace calint
