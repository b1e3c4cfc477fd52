#include "crypto/certified_key.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "crypto/digest.h"
#include "crypto/openssl.h"

namespace calint::crypto {
namespace {

constexpr int kFewestBits = 2048;
constexpr int kMostBits = 16384;
constexpr int kSaltBytes = 32;

struct BioRelease {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct CertificateRelease {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct DigestContextRelease {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Bio = std::unique_ptr<BIO, BioRelease>;
using Certificate = std::unique_ptr<X509, CertificateRelease>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, DigestContextRelease>;

Error unusable(std::string what) { return Error{.fault = Fault::operator_fault, .what = std::move(what)}; }

Bio reader_of(std::string_view text) {
  Bio bio(BIO_new_mem_buf(octets(text), static_cast<int>(text.size())));
  require(bio != nullptr, "BIO_new_mem_buf");
  return bio;
}

// OpenSSL would ask on the terminal.
int no_passphrase(char*, int, int, void* was_asked) {
  *static_cast<bool*>(was_asked) = true;
  return -1;
}

std::string der_of(const X509* certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  require(size > 0, "i2d_X509");
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

}  // namespace

Result<std::shared_ptr<const CertifiedKey>> CertifiedKey::parse(std::string_view certificate_pem,
                                                                const Secret& key_pem) {
  ErrorScope errors;
  const Bio certificate_reader = reader_of(certificate_pem);
  const Certificate certificate(PEM_read_bio_X509(certificate_reader.get(), nullptr, nullptr, nullptr));
  if (!certificate) return unusable("the certificate can't be read; write it as PEM, beginning with BEGIN CERTIFICATE");

  bool asked = false;
  std::shared_ptr<CertifiedKey> made(new CertifiedKey());
  const Bio key_reader = reader_of(key_pem.reveal());
  made->key_.reset(PEM_read_bio_PrivateKey(key_reader.get(), nullptr, no_passphrase, &asked));
  EVP_PKEY* key = made->key_.get();
  if (key == nullptr && asked)
    return unusable("the key has a passphrase; write it without one, in a file that only root can read");
  if (key == nullptr) return unusable("the key can't be read; write it as PEM, beginning with BEGIN PRIVATE KEY");
  if (!EVP_PKEY_is_a(key, "RSA"))
    return unusable("the key isn't RSA, which the signature PS256 needs; make one with openssl genrsa 3072");
  if (EVP_PKEY_get_bits(key) < kFewestBits || EVP_PKEY_get_bits(key) > kMostBits)
    return unusable(fmt::format("the key has {} bits; make one of {} at least", EVP_PKEY_get_bits(key), kFewestBits));
  if (X509_check_private_key(certificate.get(), key) != 1)
    return unusable("the key isn't the certificate's; write the two that belong together");
  made->thumbprint_ = sha256(der_of(certificate.get()));
  return std::shared_ptr<const CertifiedKey>(std::move(made));
}

std::string CertifiedKey::sign_ps256(std::string_view bytes) const {
  ErrorScope errors;
  const DigestContext context(EVP_MD_CTX_new());
  require(context != nullptr, "EVP_MD_CTX_new");
  EVP_PKEY_CTX* options = nullptr;  // belongs to the context
  require(EVP_DigestSignInit(context.get(), &options, EVP_sha256(), nullptr, key_.get()) == 1 &&
              EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
              EVP_PKEY_CTX_set_rsa_mgf1_md(options, EVP_sha256()) == 1 &&
              EVP_PKEY_CTX_set_rsa_pss_saltlen(options, kSaltBytes) == 1,
          "EVP_DigestSignInit");
  size_t size = static_cast<size_t>(EVP_PKEY_get_size(key_.get()));
  std::string signature(size, '\0');
  require(EVP_DigestSign(context.get(), octets(signature), &size, octets(bytes), bytes.size()) == 1, "EVP_DigestSign");
  signature.resize(size);
  return signature;
}

}  // namespace calint::crypto
