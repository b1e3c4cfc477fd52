#include "oauth/pkce.h"

#include "support/check.h"

using namespace calint;
using namespace calint::oauth;

namespace {

const Secret kKey(std::string(32, 'k'));

bool is_base64url(std::string_view text) {
  return text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
         std::string_view::npos;
}

}  // namespace

CALINT_TEST(the_code_challenge_is_that_of_rfc_7636_appendix_b) {
  CHECK_EQUAL(code_challenge(Secret(std::string_view("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))),
              "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

CALINT_TEST(flow_secrets_are_the_same_at_start_and_callback) {
  const FlowSecrets start = derive_flow_secrets(kKey, "flow");
  const FlowSecrets callback = derive_flow_secrets(kKey, "flow");
  CHECK_EQUAL(start.code_verifier.reveal(), callback.code_verifier.reveal());
  CHECK_EQUAL(start.nonce, callback.nonce);
}

CALINT_TEST(flow_secrets_are_43_characters_of_base64url) {
  const FlowSecrets secrets = derive_flow_secrets(kKey, "flow");
  CHECK_EQUAL(secrets.code_verifier.size(), 43);
  CHECK(is_base64url(secrets.code_verifier.reveal()));
  CHECK_EQUAL(secrets.nonce.size(), 43);
  CHECK(is_base64url(secrets.nonce));
}

CALINT_TEST(flow_secrets_differ_between_flows_keys_and_uses) {
  const FlowSecrets secrets = derive_flow_secrets(kKey, "flow");
  const FlowSecrets other_flow = derive_flow_secrets(kKey, "flow2");
  const FlowSecrets other_key = derive_flow_secrets(Secret(std::string(32, 'K')), "flow");
  for (const FlowSecrets* other : {&other_flow, &other_key}) {
    CHECK(!secrets.code_verifier.equals(other->code_verifier.reveal()));
    CHECK(secrets.nonce != other->nonce);
  }
  // The nonce is public in the authorization request and must not give the verifier away.
  CHECK(!secrets.code_verifier.equals(secrets.nonce));
}
