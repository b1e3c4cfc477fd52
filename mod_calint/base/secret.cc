#include "base/secret.h"

#include <openssl/crypto.h>

#include <utility>

namespace calint {

void wipe(std::string& bytes) {
  if (bytes.capacity() == 0) return;
  bytes.resize(bytes.capacity());
  OPENSSL_cleanse(bytes.data(), bytes.size());
  bytes.clear();
}

bool constant_time_equal(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

// The buffer is copied, not moved: a short string lives inside the object, so a move would leave
// its bytes behind in the source.
Secret::Secret(std::string&& bytes) : bytes_(bytes) { wipe(bytes); }
Secret::Secret(std::string_view bytes) : bytes_(bytes) {}
Secret::Secret(const Secret& other) = default;
Secret::Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { wipe(other.bytes_); }

Secret& Secret::operator=(const Secret& other) {
  if (this == &other) return *this;
  wipe(bytes_);
  bytes_ = other.bytes_;
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  wipe(bytes_);
  bytes_ = std::move(other.bytes_);
  wipe(other.bytes_);
  return *this;
}

Secret::~Secret() { wipe(bytes_); }

bool Secret::equals(std::string_view other) const { return constant_time_equal(bytes_, other); }

}  // namespace calint
