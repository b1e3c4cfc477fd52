#include "base/form.h"
#include "support/check.h"
#include "support/random_bytes.h"

using namespace calint;
using calint::test::RandomBytes;

CALINT_TEST(a_form_is_encoded_as_browsers_do) {
  CHECK_EQUAL(form_encode({}), "");
  CHECK_EQUAL(form_encode({{"a", "1 2"}, {"", ""}, {"b&=", "*-._~+\n"}}), "a=1+2&=&b%26%3D=*-._%7E%2B%0A");
}

CALINT_TEST(fields_keep_their_order_and_their_doubles) {
  auto fields = form_decode("&a=1&&b&c=x=y&a=2&=z&");
  CHECK_OK(fields);
  const std::vector<FormField> expected = {{"a", "1"}, {"b", ""}, {"c", "x=y"}, {"a", "2"}, {"", "z"}};
  CHECK(*fields == expected);
  CHECK_EQUAL(count_field(*fields, "a"), 2);
  CHECK_EQUAL(count_field(*fields, "A"), 0);
  CHECK(single_field(*fields, "a") == nullptr);
  CHECK(single_field(*fields, "d") == nullptr);
  CHECK_EQUAL(*single_field(*fields, "c"), "x=y");
}

CALINT_TEST(plus_and_escapes_are_decoded_once) {
  auto fields = form_decode("a%20b=c+d%2B&e=%2526");
  CHECK_OK(fields);
  CHECK_EQUAL(*single_field(*fields, "a b"), "c d+");
  CHECK_EQUAL(*single_field(*fields, "e"), "%26");
}

CALINT_TEST(a_form_with_a_broken_escape_or_a_nul_byte_is_refused) {
  for (const char* text : {"a=%", "a=%2", "%=1", "a=%zz", "a=1&b=%4", "a=%00", "%00=1", "a=x%00y"})
    CHECK_FAULT(form_decode(text), Fault::bad_input);
  CHECK_FAULT(form_decode(std::string_view("a=\0", 3)), Fault::bad_input);
}

CALINT_TEST(a_form_is_bounded_in_fields_and_bytes) {
  CHECK_OK(form_decode("a=1&b=2", 2));
  CHECK_FAULT(form_decode("a=1&b=2&c=3", 2), Fault::bad_input);
  CHECK_OK(form_decode("&&&&a=1&&&&", 1));
  CHECK_OK(form_decode("a=12345", 1, 7));
  CHECK_FAULT(form_decode("a=12345", 1, 6), Fault::bad_input);
  CHECK_OK(form_decode("", 0, 0));
  CHECK_FAULT(form_decode(std::string(65537, 'a')), Fault::bad_input);
}

CALINT_TEST(an_error_about_a_form_holds_nothing_of_it) {
  for (const char* text : {"password=hunter2%", "hunter2=%00"}) {
    auto fields = form_decode(text);
    CHECK_EQUAL(fields.error().what.find("hunter2"), std::string::npos);
  }
}

CALINT_TEST(a_form_gives_back_what_it_was_given) {
  RandomBytes random(1866);
  for (int round = 0; round < 500; ++round) {
    std::vector<FormField> fields;
    for (size_t count = random.below(8) + 1; count > 0; --count) {
      fields.emplace_back(random.bytes(random.below(20)), random.bytes(random.below(200)));
      for (char& c : fields.back().first) c = c == '\0' ? 'n' : c;
      for (char& c : fields.back().second) c = c == '\0' ? 'v' : c;
    }
    auto decoded = form_decode(form_encode(fields));
    CHECK_OK(decoded);
    CHECK(*decoded == fields);
  }
}
