// The system's random source, through OpenSSL's RAND_bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace calint::crypto {

// Throws std::runtime_error where the generator fails: nothing sensible can go on without it.
std::string random_bytes(size_t count);
// `bytes` random bytes as base64url.
std::string random_token(size_t bytes);
// Whether random_token(bytes) may have made this text: it came back from a browser.
bool is_random_token(std::string_view text, size_t bytes);
// Uniform in [0, 1), for jitter; not for secrets.
double random_unit();

}  // namespace calint::crypto
