#include <jansson.h>

#include "base/utf8.h"
#include "support/check.h"
#include "support/random_bytes.h"

using namespace calint;
using calint::test::RandomBytes;

namespace {

constexpr size_t kPlenty = 65536;

// An opinion from elsewhere: jansson refuses ill-formed UTF-8.
bool is_utf8(std::string_view text) {
  json_t* value = json_stringn(text.data(), text.size());
  json_decref(value);
  return value != nullptr;
}

std::string code_point(uint32_t c) {
  const auto tail = [c](int shift) { return static_cast<char>(0x80 | (c >> shift & 63)); };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xC0 | c >> 6), tail(0)};
  if (c < 0x10000) return {static_cast<char>(0xE0 | c >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | c >> 18), tail(12), tail(6), tail(0)};
}

}  // namespace

CALINT_TEST(only_what_can_be_seen_is_visible) {
  for (const char* text : {"", " ", "\t\r\n", "\u00a0\u2003\u2028", "\u200b", "\ufeff\u2060\u00ad", "\u200e\u202e",
                           "\u3164\u115f", "\u2800", "\x7f"})
    ck_assert_msg(!has_visible(text), "%s", text);
  for (const char* text : {"a", "  . ", "\u200b\u05d0", "\U0001f389", "\u0301", "\uFFFD", "\xff"})
    CHECK(has_visible(text));
}

CALINT_TEST(a_clean_text_is_well_formed_and_has_bounds) {
  for (const char* text : {"a", "17", "J\u00fcrgen", "\u202e", "a b"}) CHECK(is_clean_utf8(text, 255));
  for (const char* text : {"", "\xff", "\xc3(", "\xed\xa0\x80", "a\x01", "\x7f", "a\n"})
    CHECK(!is_clean_utf8(text, 255));
  CHECK(!is_clean_utf8(std::string_view("a\0b", 3), 255));
  CHECK(is_clean_utf8("\u00fc", 2));
  CHECK(!is_clean_utf8("\u00fc", 1));
}

CALINT_TEST(every_character_but_c0_controls_stays) {
  // 256 in a text: one call each would take valgrind two minutes.
  std::string text;
  for (uint32_t c = 0x20; c <= 0x10FFFF; ++c) {
    if (c == 0xD800) c = 0xE000;
    text += code_point(c);
    if ((c & 0xFF) != 0xFF) continue;
    CHECK_EQUAL(clean_utf8(text, kPlenty), text);
    text.clear();
  }
}

CALINT_TEST(c0_controls_and_nul_are_dropped) {
  CHECK_EQUAL(clean_utf8(std::string_view("a\0b\x01\tc\r\nd\x1f"
                                          "e\x7f",
                                          12),
                         kPlenty),
              "abcde\x7f");
}

CALINT_TEST(surrogates_and_what_lies_beyond_unicode_are_replaced) {
  for (uint32_t c = 0xD800; c <= 0xDFFF; ++c) CHECK(clean_utf8(code_point(c), kPlenty) != code_point(c));
  for (uint32_t c = 0x110000; c <= 0x1FFFFF; c += 0x111) CHECK(is_utf8(clean_utf8(code_point(c), kPlenty)));
  CHECK_EQUAL(clean_utf8("\xF4\x90\x80\x80", kPlenty), "\uFFFD\uFFFD\uFFFD\uFFFD");
  CHECK_EQUAL(clean_utf8("\xED\xA0\x80", kPlenty), "\uFFFD\uFFFD\uFFFD");
}

CALINT_TEST(overlong_forms_are_replaced) {
  CHECK_EQUAL(clean_utf8("\xC0\xAF", kPlenty), "\uFFFD\uFFFD");
  CHECK_EQUAL(clean_utf8("\xC1\xBF", kPlenty), "\uFFFD\uFFFD");
  CHECK_EQUAL(clean_utf8("\xE0\x80\xAF", kPlenty), "\uFFFD\uFFFD\uFFFD");
  CHECK_EQUAL(clean_utf8("\xE0\x9F\xBF", kPlenty), "\uFFFD\uFFFD\uFFFD");
  CHECK_EQUAL(clean_utf8("\xF0\x8F\xBF\xBF", kPlenty), "\uFFFD\uFFFD\uFFFD\uFFFD");
}

// The Unicode Standard's example of maximal subparts (section 3.9, table 3-11): one replacement for each.
CALINT_TEST(a_cut_off_character_is_replaced_once_and_takes_nothing_with_it) {
  CHECK_EQUAL(clean_utf8("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF"
                         "A",
                         kPlenty),
              "\uFFFD\uFFFD\uFFFD\uFFFDA");
  CHECK_EQUAL(clean_utf8("\xC3", kPlenty), "\uFFFD");
  CHECK_EQUAL(clean_utf8("\xC3\"x", kPlenty), "\uFFFD\"x");
  CHECK_EQUAL(clean_utf8("\xE2\x82<b>", kPlenty), "\uFFFD<b>");
}

CALINT_TEST(each_pair_of_first_bytes_is_judged_as_by_another_library) {
  for (int first = 0x20; first < 256; ++first)
    for (int second = 0x20; second < 256; ++second)
      for (const char* rest : {"", "\x80", "\xBF\x80", "\x80\x80\x80", "a"}) {
        const std::string text = std::string{static_cast<char>(first), static_cast<char>(second)} + rest;
        const std::string clean = clean_utf8(text, kPlenty);
        CHECK(is_utf8(clean));
        CHECK_EQUAL((clean == text), is_utf8(text));
      }
}

CALINT_TEST(any_bytes_become_well_formed_and_stay_in_bounds) {
  RandomBytes random(3629);
  for (int round = 0; round < 5000; ++round) {
    const std::string bytes = random.bytes(random.below(40));
    const size_t limit = random.below(40);
    const std::string clean = clean_utf8(bytes, limit);
    CHECK(clean.size() <= limit);
    CHECK(is_utf8(clean));
    CHECK_EQUAL(clean.find('\0'), std::string::npos);
    CHECK_EQUAL(clean_utf8(clean, limit), clean);
    CHECK(clean_utf8(bytes, kPlenty).starts_with(clean));
  }
}

CALINT_TEST(text_is_cut_at_the_edge_of_a_character) {
  const std::string text = "a\u00FC\u20AC\U0001F4C5";  // 1, 2, 3 and 4 bytes
  const size_t edges[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
  for (size_t limit = 0; limit < std::size(edges); ++limit)
    CHECK_EQUAL(clean_utf8(text, limit), text.substr(0, edges[limit]));
}
