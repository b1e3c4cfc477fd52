// XAES-256-GCM as C2SP specifies it: https://c2sp.org/XAES-256-GCM. The bare algorithm, for the published vectors and
// for seal().
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace calint::crypto {

inline constexpr size_t kXaesKeyBytes = 32;
inline constexpr size_t kXaesNonceBytes = 24;
inline constexpr size_t kTagBytes = 16;

// Ciphertext followed by the tag. bug for sizes that aren't the algorithm's; corrupt where the tag doesn't fit.
Result<std::string> xaes_encrypt(std::string_view key, std::string_view nonce, std::string_view plaintext,
                                 std::string_view associated_data);
Result<Secret> xaes_decrypt(std::string_view key, std::string_view nonce, std::string_view ciphertext_and_tag,
                            std::string_view associated_data);

}  // namespace calint::crypto
