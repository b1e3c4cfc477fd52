// A private key with the certificate that others know it by.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace calint::crypto {

// RSA, as PS256 needs it. Immutable; safe to use from any thread and after a fork.
class CertifiedKey {
 public:
  // From PEM (RFC 7468); of a chain the first certificate counts. operator_fault, with a message that says what to do,
  // where one of them can't be read, the key has a passphrase, isn't RSA of 2,048 to 16,384 bits, or isn't the
  // certificate's.
  static Result<std::shared_ptr<const CertifiedKey>> parse(std::string_view certificate_pem, const Secret& key_pem);

  // SHA-256 of the certificate's DER: what x5t#S256 names it by (RFC 7515, 4.1.8).
  const std::string& thumbprint() const { return thumbprint_; }

  // RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes: PS256 (RFC 7518, 3.5). Throws
  // std::runtime_error only where OpenSSL has no memory or no random bytes.
  std::string sign_ps256(std::string_view bytes) const;

 private:
  struct Release {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  CertifiedKey() = default;
  std::unique_ptr<EVP_PKEY, Release> key_;
  std::string thumbprint_;
};

}  // namespace calint::crypto
