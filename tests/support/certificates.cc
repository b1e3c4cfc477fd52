#include "support/certificates.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "crypto/random.h"
#include "support/fail.h"

namespace calint::test {
namespace {

constexpr long kDay = 86400;

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  require(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1, "an extension");
  X509_EXTENSION_free(extension);
}

// Named but neither extended nor signed yet.
ServerIdentity unsigned_identity(const std::string& name, X509* issuer, std::chrono::seconds valid_for) {
  static long serial = 1;
  ServerIdentity identity{PrivateKey(EVP_EC_gen("P-256")), Certificate(X509_new())};
  X509* certificate = identity.certificate.get();
  require(identity.key != nullptr && certificate != nullptr, "a key pair");
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -2 * kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate), static_cast<long>(valid_for.count()));
  X509_set_pubkey(certificate, identity.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer == nullptr ? certificate : issuer));
  return identity;
}

void sign(X509* certificate, EVP_PKEY* key) {
  require(X509_sign(certificate, key, EVP_sha256()) > 0, "a signature");
}

bool is_address(const std::string& host) { return host.find_first_not_of("0123456789.") == std::string::npos; }

std::string random_name() { return crypto::random_token(9); }

std::string temporary_pem(X509* certificate) {
  std::string path = "/tmp/calint-ca-XXXXXX";
  const int fd = mkstemp(path.data());
  require(fd >= 0, "a temporary file");
  FILE* file = fdopen(fd, "w");
  require(file != nullptr && PEM_write_X509(file, certificate) == 1 && fclose(file) == 0, "a PEM file");
  return path;
}

}  // namespace

// Names differ, so that one isn't looked for by another's.
CertificateAuthority::CertificateAuthority()
    : self_(unsigned_identity("Authority " + random_name(), nullptr, std::chrono::hours(24))) {
  X509* certificate = self_.certificate.get();
  add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
  sign(certificate, self_.key.get());
  file_ = temporary_pem(certificate);
}

CertificateAuthority::~CertificateAuthority() { unlink(file_.c_str()); }

ServerIdentity CertificateAuthority::issue(const std::string& host, std::chrono::seconds valid_for) const {
  X509* issuer = self_.certificate.get();
  ServerIdentity identity = unsigned_identity(host, issuer, valid_for);
  X509* certificate = identity.certificate.get();
  add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate, issuer, NID_subject_alt_name, (is_address(host) ? "IP:" : "DNS:") + host);
  sign(certificate, self_.key.get());
  return identity;
}

}  // namespace calint::test
