#include "base/encoding.h"

#include "support/check.h"
#include "support/random_bytes.h"

using namespace calint;
using calint::test::RandomBytes;

// RFC 4648, section 10, without the padding.
CALINT_TEST(base64url_has_the_vectors_of_rfc_4648) {
  const std::pair<const char*, const char*> vectors[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"}};
  for (const auto& [bytes, text] : vectors) {
    CHECK_EQUAL(base64url_encode(bytes), text);
    const auto decoded = base64url_decode(text);
    CHECK(decoded.has_value());
    CHECK_EQUAL(*decoded, bytes);
  }
}

CALINT_TEST(base64url_refuses_padding_other_alphabets_and_white_space) {
  for (std::string_view text :
       {"Zg==", "Zg=", "Zm8=", "=", "+/8", "-_8=", "Zm9v\n", " Zm9v", "Zm 9v", "Z", "Zm9vY", "Zm9v\x80g", "Zm\xc3\xa9"})
    CHECK(!base64url_decode(text).has_value());
  CHECK(!base64url_decode(std::string_view("Zm9v\0", 5)).has_value());
}

CALINT_TEST(base64url_has_one_spelling_for_each_value) {
  CHECK(!base64url_decode("Zh").has_value());
  CHECK(!base64url_decode("Zm9").has_value());
  size_t accepted = 0;
  for (int first = 0; first < 256; ++first)
    for (int second = 0; second < 256; ++second) {
      const std::string text = {static_cast<char>(first), static_cast<char>(second)};
      const auto bytes = base64url_decode(text);
      if (!bytes) continue;
      ++accepted;
      CHECK_EQUAL(base64url_encode(*bytes), text);
    }
  CHECK_EQUAL(accepted, 256);
}

CALINT_TEST(every_encoding_gives_back_what_it_was_given) {
  RandomBytes random(4648);
  for (size_t size = 0; size < 300; ++size) {
    const std::string bytes = random.bytes(size);
    CHECK_EQUAL(base64url_decode(base64url_encode(bytes)).value(), bytes);
    CHECK_EQUAL(hex_decode(hex_encode(bytes)).value(), bytes);
    CHECK_EQUAL(percent_decode(percent_encode(bytes)).value(), bytes);
  }
}

CALINT_TEST(hex_takes_both_cases_and_writes_lower) {
  CHECK_EQUAL(hex_encode(std::string_view("\x00\x0a\xff", 3)), "000aff");
  CHECK_EQUAL(hex_decode("0aFf").value(), "\x0a\xff");
  CHECK_EQUAL(hex_decode("").value(), "");
  for (const char* text : {"0", "0g", "g0", "0x", " 0", "000", "-1", "+1"}) CHECK(!hex_decode(text).has_value());
}

CALINT_TEST(percent_encode_leaves_only_unreserved_characters) {
  CHECK_EQUAL(percent_encode("AZaz09-._~"), "AZaz09-._~");
  CHECK_EQUAL(percent_encode(" /?#[]@!$&'()*+,;=%"), "%20%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B%2C%3B%3D%25");
  CHECK_EQUAL(percent_encode(std::string_view("\0\xc3\xbc\x7f", 4)), "%00%C3%BC%7F");
}

CALINT_TEST(percent_decode_decodes_once) {
  CHECK_EQUAL(percent_decode("%252f%2F%2f").value(), "%2f//");
  CHECK_EQUAL(percent_decode("a+b").value(), "a+b");
  CHECK_EQUAL(percent_decode("a+b%2B", true).value(), "a b+");
  CHECK_EQUAL(percent_decode("\xc3\xbc").value(), "\xc3\xbc");
}

CALINT_TEST(percent_decode_refuses_broken_escapes) {
  for (const char* text : {"%", "a%", "%2", "a%f", "%zz", "%2g", "%g2", "%%41", "%u0041", "% 41", "%+4", "%-1"})
    CHECK(!percent_decode(text).has_value());
}
