// Sealing: XAES-256-GCM (C2SP) under a keyset, with associated data whose parts are length-prefixed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "crypto/keyset.h"

namespace calint::crypto {

// What a sealed value belongs to; all parts must be given again to open it. The order is part of it.
using Context = std::vector<std::string_view>;

// version (1 byte, 0x01) | key id (4, big endian) | nonce (24, random) | ciphertext | tag (16), sealed by the
// primary key. Version, key id and each part of `context` with its length are associated data.
// Errors: bug where OpenSSL refuses.
Result<std::string> seal(const Keyset& keyset, const Context& context, const Secret& plaintext);

// corrupt for anything that wasn't sealed for exactly this context; operator_fault with
// Detail::unopened for a key id that the keyset doesn't have or has disabled.
Result<Secret> open(const Keyset& keyset, const Context& context, std::string_view envelope);

// The key id of an envelope; corrupt where it isn't one.
Result<uint32_t> envelope_key_id(std::string_view envelope);

}  // namespace calint::crypto
