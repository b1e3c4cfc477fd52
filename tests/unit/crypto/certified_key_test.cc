#include "crypto/certified_key.h"

#include <openssl/err.h>

#include "crypto/digest.h"
#include "support/check.h"
#include "support/client_key.h"

using namespace calint;
using namespace calint::crypto;

namespace {

auto parsed(const test::ClientKey& pair) { return CertifiedKey::parse(pair.certificate_pem, pair.key_pem); }

void check_refused(const Result<std::shared_ptr<const CertifiedKey>>& key, std::string_view says) {
  CHECK_FAULT(key, Fault::operator_fault);
  ck_assert_msg(key.error().what.find(says) != std::string::npos, "%s", key.error().what.c_str());
}

std::string der_of(std::string pem) {
  pem = pem.substr(pem.find('\n') + 1);
  pem = pem.substr(0, pem.find("-----"));
  std::string der(pem.size(), '\0');
  std::erase(pem, '\n');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(der.data()),
                                   reinterpret_cast<const unsigned char*>(pem.data()), static_cast<int>(pem.size()));
  der.resize(static_cast<size_t>(size) - (pem.ends_with("==") ? 2 : pem.ends_with("=") ? 1 : 0));
  return der;
}

}  // namespace

CALINT_TEST(a_certified_key_signs_as_ps256_says) {
  const test::ClientKey pair = test::client_key();
  auto key = parsed(pair);
  CHECK_OK(key);
  const std::string signature = (*key)->sign_ps256("header.claims");
  CHECK(test::is_ps256(pair.key.get(), "header.claims", signature));
  CHECK(!test::is_ps256(pair.key.get(), "header.claimz", signature));
  CHECK((*key)->sign_ps256("header.claims") != signature);
}

CALINT_TEST(a_certificate_is_named_by_the_digest_of_its_bytes) {
  const test::ClientKey pair = test::client_key();
  CHECK_EQUAL((*parsed(pair))->thumbprint(), sha256(der_of(pair.certificate_pem)));
}

CALINT_TEST(a_certificate_may_come_with_its_chain) {
  const test::ClientKey pair = test::client_key(), authority = test::client_key();
  auto key = CertifiedKey::parse("Bag Attributes\n" + pair.certificate_pem + authority.certificate_pem, pair.key_pem);
  CHECK_OK(key);
  CHECK_EQUAL((*key)->thumbprint(), sha256(der_of(pair.certificate_pem)));
}

CALINT_TEST(what_cannot_sign_is_refused_with_what_to_do) {
  const test::ClientKey pair = test::client_key();
  check_refused(CertifiedKey::parse("", pair.key_pem), "BEGIN CERTIFICATE");
  check_refused(CertifiedKey::parse(pair.key_pem.reveal(), pair.key_pem), "BEGIN CERTIFICATE");
  check_refused(CertifiedKey::parse(pair.certificate_pem, Secret()), "BEGIN PRIVATE KEY");
  check_refused(CertifiedKey::parse(pair.certificate_pem, Secret(std::string_view(pair.certificate_pem))),
                "BEGIN PRIVATE KEY");
  check_refused(CertifiedKey::parse(pair.certificate_pem, test::client_key().key_pem), "isn't the certificate's");
  check_refused(parsed(test::client_key(test::PrivateKey(EVP_EC_gen("P-256")))), "isn't RSA");
  check_refused(parsed(test::client_key(1024)), "1024 bits");
  check_refused(parsed(test::client_key(test::PrivateKey(EVP_RSA_gen(2048)), "secret phrase")), "passphrase");
}

// mod_ssl reads the same queue of errors.
CALINT_TEST(a_refused_key_leaves_no_error_behind) {
  check_refused(CertifiedKey::parse("nonsense", Secret(std::string_view("nonsense"))), "certificate");
  CHECK_EQUAL(ERR_peek_error(), 0);
}
