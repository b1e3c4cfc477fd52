#include "support/client_key.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "support/fail.h"

namespace calint::test {
namespace {

std::string text_of(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  std::string text(bytes, static_cast<size_t>(size));
  BIO_free(bio);
  return text;
}

Certificate self_signed(EVP_PKEY* key) {
  Certificate certificate(X509_new());
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>("client"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
  require(X509_sign(certificate.get(), key, EVP_sha256()) > 0, "a signature");
  return certificate;
}

}  // namespace

ClientKey client_key(PrivateKey key, const std::string& passphrase) {
  const Certificate certificate = self_signed(key.get());
  BIO* certificate_pem = BIO_new(BIO_s_mem());
  require(PEM_write_bio_X509(certificate_pem, certificate.get()) == 1, "a certificate");
  BIO* key_pem = BIO_new(BIO_s_mem());
  std::string phrase = passphrase;
  require(PEM_write_bio_PKCS8PrivateKey(key_pem, key.get(), phrase.empty() ? nullptr : EVP_aes_256_cbc(),
                                        phrase.empty() ? nullptr : phrase.data(), static_cast<int>(phrase.size()),
                                        nullptr, nullptr) == 1,
          "a key");
  return {.certificate_pem = text_of(certificate_pem), .key_pem = Secret(text_of(key_pem)), .key = std::move(key)};
}

ClientKey client_key(unsigned bits) { return client_key(PrivateKey(EVP_RSA_gen(bits))); }

bool is_ps256(EVP_PKEY* key, const std::string& text, const std::string& signature) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* options = nullptr;
  const bool valid =
      EVP_DigestVerifyInit(context, &options, EVP_sha256(), nullptr, key) == 1 &&
      EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
      EVP_PKEY_CTX_set_rsa_pss_saltlen(options, 32) == 1 &&
      EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                       reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
  EVP_MD_CTX_free(context);
  return valid;
}

}  // namespace calint::test
