#include "base/typed_text.h"

#include "support/check.h"

using namespace calint;

CALINT_TEST(line_breaks_of_every_kind_are_one) {
  CHECK_EQUAL(*typed_lines("a\r\nb\rc\nd\n\re"), "a\nb\nc\nd\n\ne");
  CHECK_EQUAL(*typed_lines("a\xc2\x85" "b\xe2\x80\xa8" "c\xe2\x80\xa9" "d\r"), "a\nb\nc\nd\n");
  CHECK_EQUAL(*typed_line("Room 5\r\nsecond floor"), "Room 5 second floor");
  CHECK_EQUAL(*typed_line(""), "");
}

CALINT_TEST(other_control_characters_are_none_of_a_text) {
  for (const std::string_view text : {"a\tb", "\x07", "a\x7f", "\x0b", "\xc2\x80", "\xc2\x9f", "\x1b[31m"})
    CHECK(!typed_lines(text));
  CHECK(!typed_lines(std::string_view("a\0b", 3)));
  // What isn't a control character stays, though nothing of it can be seen.
  CHECK_EQUAL(*typed_lines("\xe2\x80\xae\xc2\xa0\xf0\x9f\x98\x80"), "\xe2\x80\xae\xc2\xa0\xf0\x9f\x98\x80");
}

CALINT_TEST(characters_are_counted_and_not_bytes) {
  CHECK_EQUAL(count_characters(""), 0u);
  CHECK_EQUAL(count_characters("a\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80"), 4u);
}

CALINT_TEST(an_address_has_one_sign_a_name_and_a_domain) {
  for (const std::string_view address : {"jane@candidate.test", "Jane.O'Neil+x@a-b.example", "a..b@x", "a@[x", "x@y"})
    CHECK_EQUAL(is_mail_address(address), address != "a@[x");
  CHECK(is_mail_address("j\xc3\xbcrgen@b\xc3\xbc" "cher.example"));
  CHECK(is_mail_address(std::string(64, 'a') + "@" + std::string(189, 'b')));
  for (const std::string_view text :
       {"", "@", "a@", "@b", "a@b@c", "a b@c", "a@b ", " a@b", "a@b\n", "a@.b", "a@b.", "a@b..c", "<a@b>", "a,b@c",
        "a@b;c", "\"a\"@b", "mailto:a@b", "a\\@b", "a@b(c)", "a\xc2\xa0@b", "a@b\xe3\x80\x80", "a\xc2\x85@b", "jane"})
    CHECK(!is_mail_address(text));
  CHECK(!is_mail_address(std::string(65, 'a') + "@b"));
  CHECK(!is_mail_address("a@" + std::string(253, 'b')));
  CHECK(!is_mail_address(std::string_view("a\0@b", 4)));
}
