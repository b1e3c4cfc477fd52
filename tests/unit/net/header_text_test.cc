#include "net/header_text.h"

#include "support/check.h"

using namespace calint;

CALINT_TEST(a_field_is_a_token_and_visible_text) {
  CHECK(is_field("Content-Type", "application/json; charset=utf-8"));
  CHECK(is_field("If-Match", "\"1700000000000001\""));
}

CALINT_TEST(nothing_that_could_begin_another_field_is_one) {
  for (const char* value : {"a\r\nX: y", "a\nb", "a\rb", "\x01", "caf\xc3\xa9", "a\tb", ""})
    ck_assert_msg(!is_field("X", value), "%s", value);
  for (const char* name : {"", "X:", "X Y", "X\r\n", "X\t", "(x)"}) ck_assert_msg(!is_field(name, "v"), "%s", name);
  CHECK(!is_field("X", std::string_view("a\0b", 3)));
}

CALINT_TEST(user_and_password_have_no_control_bytes_and_the_user_no_colon) {
  CHECK(is_basic_credentials("avery@example.com", "abcd-efgh-ijkl-mnop"));
  CHECK(is_basic_credentials("\xc3\xa9", "a:b \xc3\xa9"));
  CHECK(is_basic_credentials("u", ""));
  for (const char* user : {"", "a:b", ":", "a\r\n", "a\x7f"})
    ck_assert_msg(!is_basic_credentials(user, "p"), "%s", user);
  for (const char* password : {"a\n", "\x01", "\x7f"})
    ck_assert_msg(!is_basic_credentials("u", password), "%s", password);
  CHECK(!is_basic_credentials("u", std::string_view("a\0b", 3)));
}

CALINT_TEST(a_bearer_token_is_visible_ascii) {
  CHECK(is_bearer_token("ya29.a0-_~+/=:|"));
  for (const char* token : {"", "a b", "a\r\nX: y", "\x7f", "\xc3\xa9"})
    ck_assert_msg(!is_bearer_token(token), "%s", token);
}
