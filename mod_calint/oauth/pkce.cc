#include "oauth/pkce.h"

#include "base/encoding.h"
#include "crypto/digest.h"

namespace calint::oauth {

FlowSecrets derive_flow_secrets(const Secret& key, std::string_view flow_id) {
  const Secret verifier = crypto::hkdf_sha256(key.reveal(), flow_id, "mod_calint code_verifier");
  const Secret nonce = crypto::hkdf_sha256(key.reveal(), flow_id, "mod_calint nonce");
  return {.code_verifier = Secret(base64url_encode(verifier.reveal())), .nonce = base64url_encode(nonce.reveal())};
}

std::string code_challenge(const Secret& code_verifier) {
  return base64url_encode(crypto::sha256(code_verifier.reveal()));
}

}  // namespace calint::oauth
