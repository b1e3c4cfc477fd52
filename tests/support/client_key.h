// A key and a self-signed certificate, as an OAuth client registers them.
#pragma once

#include <string>

#include "base/secret.h"
#include "support/certificates.h"

namespace calint::test {

struct ClientKey {
  std::string certificate_pem;
  Secret key_pem;
  PrivateKey key;
};

// `passphrase` seals the key's PEM where it isn't empty.
ClientKey client_key(PrivateKey key, const std::string& passphrase = {});
// RSA of so many bits.
ClientKey client_key(unsigned bits = 2048);

// Whether `signature` is PS256's over `text`, with a salt of 32 bytes.
bool is_ps256(EVP_PKEY* key, const std::string& text, const std::string& signature);

}  // namespace calint::test
