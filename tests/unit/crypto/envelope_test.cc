// The bytes of a sealed value, taken apart with the bare algorithm: rows in databases hold them, so neither
// the layout nor the associated data may ever change under version 1.
#include <openssl/err.h>

#include <stdexcept>
#include <string>

#include "crypto/digest.h"
#include "crypto/seal.h"
#include "crypto/xaes.h"
#include "support/check.h"

using namespace calint;
using namespace calint::crypto;

namespace {

std::string with_length(std::string_view part) {
  return std::string("\0\0\0", 3) + static_cast<char>(part.size()) + std::string(part);
}

}  // namespace

CALINT_TEST(an_envelope_of_version_1_is_xaes_over_its_head_and_context) {
  const Keyset keyset = Keyset::generate(SystemClock().now()).value();
  const std::string envelope =
      seal(keyset, {"calendar_integrations", "", "42"}, Secret(std::string_view("token"))).value();
  const std::string_view bytes = envelope;
  const std::string data = with_length("\x01") + with_length(bytes.substr(1, 4)) +
                           with_length("calendar_integrations") + with_length("") + with_length("42");
  auto opened = xaes_decrypt(keyset.primary().bytes.reveal(), bytes.substr(5, 24), bytes.substr(29), data);
  CHECK_OK(opened);
  CHECK_EQUAL(opened->reveal(), "token");
}

CALINT_TEST(an_envelope_relabelled_to_an_equal_key_with_another_id_does_not_open) {
  constexpr std::string_view kKeys =
      R"({"version":1,"index_key":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","keys":[
        {"id":"00000001","status":"primary","key":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI","created_at":"2026-11-25T07:30:00Z"},
        {"id":"00000002","status":"enabled","key":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI","created_at":"2026-11-25T07:30:00Z"}]})";
  const Keyset keyset = Keyset::parse(kKeys).value();
  std::string envelope = seal(keyset, {"42"}, Secret(std::string_view("token"))).value();
  CHECK_OK(open(keyset, {"42"}, envelope));
  envelope[4] = 2;
  CHECK_FAULT(open(keyset, {"42"}, envelope), Fault::corrupt);
}

CALINT_TEST(failures_leave_the_threads_openssl_error_queue_alone) {
  const Keyset keyset = Keyset::generate(SystemClock().now()).value();
  std::string envelope = seal(keyset, {"42"}, Secret(std::string_view("token"))).value();
  ERR_clear_error();
  CHECK_FAULT(open(keyset, {"43"}, envelope), Fault::corrupt);
  bool thrown = false;
  try {
    (void)hkdf_sha256("key", "", "", 0);  // no key of no bytes: OpenSSL refuses and leaves an error
  } catch (const std::runtime_error&) {
    thrown = true;
  }
  CHECK(thrown);
  CHECK_EQUAL(ERR_peek_error(), 0);
  ERR_raise(ERR_LIB_USER, 7);  // another module's
  CHECK_FAULT(open(keyset, {"43"}, envelope), Fault::corrupt);
  CHECK_EQUAL(ERR_GET_REASON(ERR_get_error()), 7);
}
