// ASCII text: what is around it and what is in it.
#include "base/text.h"

#include "support/check.h"

using namespace calint;

CALINT_TEST(blanks_and_line_ends_around_a_text_go) {
  CHECK_EQUAL(std::string(trimmed(" \t a b\r\n")), "a b");
  CHECK_EQUAL(std::string(trimmed(" \r\n")), "");
}

CALINT_TEST(a_byte_of_utf8_is_neither_a_control_nor_visible_ascii) {
  CHECK(is_control('\0') && is_control('\n') && is_control('\x7f'));
  CHECK(!is_control('\xc3') && !is_visible('\xc3') && !is_control(' ') && !is_visible(' ') && is_visible('~'));
}
