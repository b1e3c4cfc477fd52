// OpenSSL's handles as values that release themselves, and the bounds of what a call leaves behind.
#pragma once

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace calint::crypto {

struct CipherContextRelease {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }  // wipes its key schedule
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, CipherContextRelease>;

struct KdfRelease {
  void operator()(EVP_KDF* kdf) const { EVP_KDF_free(kdf); }
};
using Kdf = std::unique_ptr<EVP_KDF, KdfRelease>;

struct KdfContextRelease {
  void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
};
using KdfContext = std::unique_ptr<EVP_KDF_CTX, KdfContextRelease>;

// Takes what the calls of its scope put on the thread's error queue off again: httpd's mod_ssl reads the
// same queue and would take a stranger's error for its own.
class ErrorScope {
 public:
  ErrorScope() { ERR_set_mark(); }
  ~ErrorScope() { ERR_pop_to_mark(); }
  ErrorScope(const ErrorScope&) = delete;
  ErrorScope& operator=(const ErrorScope&) = delete;
};

// Key material of a fixed size, wiped at the end of its scope.
template <size_t size>
struct WipedBytes : std::array<unsigned char, size> {
  WipedBytes() : std::array<unsigned char, size>{} {}
  ~WipedBytes() { OPENSSL_cleanse(this->data(), size); }
  WipedBytes(const WipedBytes&) = delete;
  WipedBytes& operator=(const WipedBytes&) = delete;
};

inline void require(bool succeeded, const char* call) {
  if (!succeeded) throw std::runtime_error(std::string("OpenSSL failed: ") + call);
}

// OpenSSL takes a null pointer for "not given", which an empty view may hold: never null here.
inline const unsigned char* octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.empty() ? "" : bytes.data());
}
inline unsigned char* octets(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

}  // namespace calint::crypto
