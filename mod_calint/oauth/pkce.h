// What a flow keeps to itself: derived from its id, so that nothing has to be stored between start and callback.
#pragma once

#include <string>
#include <string_view>

#include "base/secret.h"

namespace calint::oauth {

struct FlowSecrets {
  Secret code_verifier;  // RFC 7636, 4.1: 43 characters of base64url
  std::string nonce;     // OpenID Connect Core 1.0, 3.1.2.1
};

// By HKDF from the sealing key that the state names and the flow's id.
FlowSecrets derive_flow_secrets(const Secret& key, std::string_view flow_id);

// S256 (RFC 7636, 4.2).
std::string code_challenge(const Secret& code_verifier);

}  // namespace calint::oauth
