// SHA-256, HMAC (RFC 2104) and HKDF (RFC 5869), all over SHA-256 and OpenSSL EVP. 32 raw bytes each unless
// said otherwise. They throw std::runtime_error only where OpenSSL has no memory.
#pragma once

#include <string>
#include <string_view>

#include "base/secret.h"

namespace calint::crypto {

std::string sha256(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes);
// HMAC over parts, each with its length in front (4 bytes, big endian), so that parts can't run into each other.
std::string hmac_sha256_parts(std::string_view key, std::initializer_list<std::string_view> parts);
Secret hkdf_sha256(std::string_view key, std::string_view salt, std::string_view info, size_t bytes = 32);

}  // namespace calint::crypto
