#include "crypto/digest.h"

#include "base/encoding.h"
#include "crypto/random.h"
#include "support/check.h"

using namespace calint;
using namespace calint::crypto;

namespace {

std::string hex(std::string_view text) { return hex_decode(text).value(); }

struct HmacVector {
  std::string key, bytes;
  const char* mac;
};

struct HkdfVector {
  std::string key, salt, info;
  size_t size;
  const char* derived;
};

// 00 01 02 ... as the vectors of RFC 5869 count.
std::string counting(int first, int last) {
  std::string bytes;
  for (int byte = first; byte <= last; ++byte) bytes += static_cast<char>(byte);
  return bytes;
}

}  // namespace

// FIPS 180-2, appendix B, and the empty message.
CALINT_TEST(sha256_has_the_vectors_of_fips_180) {
  CHECK_EQUAL(hex_encode(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK_EQUAL(hex_encode(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK_EQUAL(hex_encode(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

// RFC 4231, section 4, cases 1 to 4, 6 and 7.
CALINT_TEST(hmac_has_the_vectors_of_rfc_4231) {
  const HmacVector vectors[] = {
      {std::string(20, '\x0b'), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {std::string(20, '\xaa'), std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {counting(1, 25), std::string(50, '\xcd'), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {std::string(131, '\xaa'),
       "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
       "hashed "
       "before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"}};
  for (const HmacVector& vector : vectors) CHECK_EQUAL(hex_encode(hmac_sha256(vector.key, vector.bytes)), vector.mac);
}

CALINT_TEST(hmac_takes_an_empty_key_and_an_empty_message) {
  const char* expected = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
  CHECK_EQUAL(hex_encode(hmac_sha256({}, {})), expected);
  CHECK_EQUAL(hex_encode(hmac_sha256("", "")), expected);
}

// RFC 5869, appendix A, cases 1 to 3.
CALINT_TEST(hkdf_has_the_vectors_of_rfc_5869) {
  const HkdfVector vectors[] = {
      {std::string(22, '\x0b'), counting(0x00, 0x0c), counting(0xf0, 0xf9), 42,
       "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
      {counting(0x00, 0x4f), counting(0x60, 0xaf), counting(0xb0, 0xff), 82,
       "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
       "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"},
      {std::string(22, '\x0b'), "", "", 42,
       "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"}};
  for (const HkdfVector& vector : vectors)
    CHECK_EQUAL(hex_encode(hkdf_sha256(vector.key, vector.salt, vector.info, vector.size).reveal()), vector.derived);
}

CALINT_TEST(hkdf_gives_32_bytes_that_depend_on_each_input) {
  const Secret derived = hkdf_sha256("key", "salt", "info");
  CHECK_EQUAL(derived.size(), 32);
  CHECK(derived.equals(hkdf_sha256("key", "salt", "info").reveal()));
  CHECK(!derived.equals(hkdf_sha256("kez", "salt", "info").reveal()));
  CHECK(!derived.equals(hkdf_sha256("key", "sald", "info").reveal()));
  CHECK(!derived.equals(hkdf_sha256("key", "salt", "infp").reveal()));
}

CALINT_TEST(the_parts_of_an_hmac_do_not_run_into_each_other) {
  CHECK_EQUAL(hmac_sha256_parts("key", {"ab", "c"}),
              hmac_sha256("key", hex("00000002") + "ab" + hex("00000001") + "c"));
  CHECK_EQUAL(hmac_sha256_parts("key", {}), hmac_sha256("key", ""));
  CHECK(hmac_sha256_parts("key", {"ab", "c"}) != hmac_sha256_parts("key", {"a", "bc"}));
  CHECK(hmac_sha256_parts("key", {"abc"}) != hmac_sha256_parts("key", {"abc", ""}));
  CHECK(hmac_sha256_parts("key", {"", "abc"}) != hmac_sha256_parts("key", {"abc", ""}));
}

CALINT_TEST(random_values_have_their_size_and_differ) {
  CHECK(random_bytes(0).empty());
  CHECK_EQUAL(random_bytes(33).size(), 33);
  CHECK(random_bytes(16) != random_bytes(16));
  CHECK_EQUAL(random_token(32).size(), 43);
  CHECK_EQUAL(base64url_decode(random_token(32))->size(), 32);
}

CALINT_TEST(random_units_fill_the_interval_from_0_to_1) {
  int low = 0;
  for (int i = 0; i < 1000; ++i) {
    const double unit = random_unit();
    CHECK(unit >= 0 && unit < 1);
    if (unit < 0.5) ++low;
  }
  CHECK(low > 350 && low < 650);  // 9 standard deviations
}
