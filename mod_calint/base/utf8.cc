#include "base/utf8.h"

#include <unicode/uchar.h>

#include <algorithm>

#include "base/text.h"

namespace calint {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

struct Sequence {
  size_t bytes;
  bool well_formed;
};

// The character at the front of `text` (not empty), by the Unicode Standard's table 3-7: no overlong form, no
// surrogate, nothing above U+10FFFF. Where it isn't well-formed, `bytes` is as much as can be the beginning
// of one, so that the next character isn't swallowed.
Sequence first_sequence(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  unsigned char least = 0x80;  // of the second byte
  unsigned char most = 0xbf;
  size_t following = 0;
  if (lead < 0x80) return {1, true};
  if (lead >= 0xc2 && lead <= 0xdf) {
    following = 1;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    following = 2;
    if (lead == 0xe0) least = 0xa0;
    if (lead == 0xed) most = 0x9f;
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    following = 3;
    if (lead == 0xf0) least = 0x90;
    if (lead == 0xf4) most = 0x8f;
  } else {
    return {1, false};
  }
  for (size_t at = 1; at <= following; ++at) {
    if (at == text.size()) return {at, false};
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < least || byte > most) return {at, false};
    least = 0x80;
    most = 0xbf;
  }
  return {following + 1, true};
}

// Takes the character at the front away; what isn't well-formed is U+FFFD.
std::string_view take_sequence(std::string_view& text) {
  const Sequence sequence = first_sequence(text);
  const std::string_view character = sequence.well_formed ? text.substr(0, sequence.bytes) : kReplacement;
  text.remove_prefix(sequence.bytes);
  return character;
}

// Of one well-formed sequence.
UChar32 code_point(std::string_view sequence) {
  const auto lead = static_cast<unsigned char>(sequence[0]);
  UChar32 code = sequence.size() == 1 ? lead : lead & (0x7f >> sequence.size());
  for (const char byte : sequence.substr(1)) code = code << 6 | (static_cast<unsigned char>(byte) & 0x3f);
  return code;
}

}  // namespace

std::string valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) valid += take_sequence(text);
  return valid;
}

std::string clean_utf8(std::string_view text, size_t max_bytes) {
  std::string clean;
  while (!text.empty()) {
    const std::string_view character = take_sequence(text);
    if (static_cast<unsigned char>(character[0]) < 0x20) continue;
    if (character.size() > max_bytes - clean.size()) break;
    clean += character;
  }
  return clean;
}

bool is_clean_utf8(std::string_view text, size_t most_bytes) {
  return !text.empty() && text.size() <= most_bytes && std::ranges::none_of(text, is_control) &&
         valid_utf8(text) == text;
}

char32_t take_character(std::string_view& text) { return static_cast<char32_t>(code_point(take_sequence(text))); }

bool has_visible(std::string_view text) {
  constexpr UChar32 kBlankBraille = 0x2800;
  while (!text.empty()) {
    const UChar32 character = code_point(take_sequence(text));
    if (u_isgraph(character) && !u_hasBinaryProperty(character, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) &&
        character != kBlankBraille)
      return true;
  }
  return false;
}

}  // namespace calint
