// A client that proves itself by its key instead of a secret (RFC 7523, 2.2).
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/secret.h"
#include "crypto/certified_key.h"

namespace calint::oauth {

// nullptr: the client has a secret.
using ClientCertificate = std::shared_ptr<const crypto::CertifiedKey>;

// The form's client_assertion_type.
inline constexpr char kJwtBearer[] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

// A JWT signed with PS256 that names the certificate by x5t#S256, good for five minutes, with a random jti, so no two
// are the same. `audience` is the token endpoint as it is called.
Secret client_assertion(const crypto::CertifiedKey& key, const std::string& client_id, const std::string& audience,
                        Instant now);

}  // namespace calint::oauth
