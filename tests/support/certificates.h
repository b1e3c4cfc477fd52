// A certificate authority that lives for one test, and what it signs.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <chrono>
#include <memory>
#include <string>

namespace calint::test {

struct FreePkey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeX509 {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using PrivateKey = std::unique_ptr<EVP_PKEY, FreePkey>;
using Certificate = std::unique_ptr<X509, FreeX509>;

// A server's certificate and key.
struct ServerIdentity {
  PrivateKey key;
  Certificate certificate;
};

class CertificateAuthority {
 public:
  CertificateAuthority();
  ~CertificateAuthority();

  // For the host name, or the address where it is one. `valid_for` is negative for an expired one.
  ServerIdentity issue(const std::string& host, std::chrono::seconds valid_for = std::chrono::hours(1)) const;

  // The authority's certificate, PEM; removed with this object.
  const std::string& file() const { return file_; }

 private:
  ServerIdentity self_;
  std::string file_;
};

}  // namespace calint::test
