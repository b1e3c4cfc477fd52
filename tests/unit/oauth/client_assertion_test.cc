#include "oauth/client_assertion.h"

#include "base/encoding.h"
#include "base/json.h"
#include "support/check.h"
#include "support/client_key.h"
#include "support/samples.h"

using namespace calint;
using namespace calint::oauth;

namespace {

const Instant kNow{std::chrono::seconds(1800000000)};
constexpr const char* kClient = "00001111-aaaa-2222-bbbb-3333cccc4444";
constexpr const char* kAudience =
    "https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/oauth2/v2.0/token";

struct Parts {
  Json header, claims;
  std::string signed_text, signature;
};

Parts parts_of(const Secret& assertion) {
  const std::string text(assertion.reveal());
  const size_t first = text.find('.'), second = text.find('.', first + 1);
  return {.header = parse_json_object(*base64url_decode(text.substr(0, first))),
          .claims = parse_json_object(*base64url_decode(text.substr(first + 1, second - first - 1))),
          .signed_text = text.substr(0, second),
          .signature = *base64url_decode(text.substr(second + 1))};
}

}  // namespace

CALINT_TEST(an_assertion_says_what_the_reference_says) {
  const Json sample = test::read_sample(CALINT_TEST_DATA "/microsoft/client-assertion.json");
  json_t* header = json_object_get(sample.get(), "header");
  json_t* claims = json_object_get(sample.get(), "payload");
  const test::ClientKey pair = test::client_key();
  auto key = crypto::CertifiedKey::parse(pair.certificate_pem, pair.key_pem);
  CHECK_OK(key);
  const Parts made = parts_of(client_assertion(**key, kClient, kAudience, kNow));

  json_object_set_new(header, "x5t#S256", json_string(base64url_encode((*key)->thumbprint()).c_str()));
  CHECK(json_equal(made.header.get(), header));
  CHECK(string_member(made.claims.get(), "jti")->size() >= 16);
  json_object_set(claims, "jti", json_object_get(made.claims.get(), "jti"));
  CHECK(json_equal(made.claims.get(), claims));
  CHECK(test::is_ps256(pair.key.get(), made.signed_text, made.signature));
}

CALINT_TEST(no_two_assertions_are_the_same) {
  const test::ClientKey pair = test::client_key();
  auto key = crypto::CertifiedKey::parse(pair.certificate_pem, pair.key_pem);
  const Parts first = parts_of(client_assertion(**key, kClient, kAudience, kNow));
  const Parts second = parts_of(client_assertion(**key, kClient, kAudience, kNow));
  CHECK(*string_member(first.claims.get(), "jti") != *string_member(second.claims.get(), "jti"));
}
