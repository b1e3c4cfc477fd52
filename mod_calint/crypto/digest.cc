#include "crypto/digest.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include "crypto/openssl.h"
#include "crypto/parts.h"

namespace calint::crypto {
namespace {

constexpr size_t kDigestBytes = 32;

OSSL_PARAM octet_parameter(const char* name, std::string_view bytes) {
  return OSSL_PARAM_construct_octet_string(name, const_cast<unsigned char*>(octets(bytes)), bytes.size());
}

}  // namespace

std::string sha256(std::string_view bytes) {
  ErrorScope errors;
  std::string digest(kDigestBytes, '\0');
  require(EVP_Digest(octets(bytes), bytes.size(), octets(digest), nullptr, EVP_sha256(), nullptr) == 1, "EVP_Digest");
  return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  ErrorScope errors;
  std::string mac(kDigestBytes, '\0');
  size_t length = 0;
  require(EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, octets(key), key.size(), octets(bytes), bytes.size(),
                    octets(mac), mac.size(), &length) != nullptr &&
              length == kDigestBytes,
          "EVP_Q_mac");
  return mac;
}

std::string hmac_sha256_parts(std::string_view key, std::initializer_list<std::string_view> parts) {
  size_t size = 0;
  for (std::string_view part : parts) size += sizeof(uint32_t) + part.size();
  std::string joined;
  joined.reserve(size);
  for (std::string_view part : parts) append_part(joined, part);
  std::string mac = hmac_sha256(key, joined);
  wipe(joined);
  return mac;
}

Secret hkdf_sha256(std::string_view key, std::string_view salt, std::string_view info, size_t bytes) {
  ErrorScope errors;
  const Kdf kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  require(kdf != nullptr, "EVP_KDF_fetch");
  const KdfContext context(EVP_KDF_CTX_new(kdf.get()));
  require(context != nullptr, "EVP_KDF_CTX_new");
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
                                   octet_parameter(OSSL_KDF_PARAM_KEY, key), octet_parameter(OSSL_KDF_PARAM_SALT, salt),
                                   octet_parameter(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  std::string derived(bytes, '\0');
  require(EVP_KDF_derive(context.get(), octets(derived), derived.size(), parameters) == 1, "EVP_KDF_derive");
  return Secret(std::move(derived));
}

}  // namespace calint::crypto
