#include "oauth/client_assertion.h"

#include "base/encoding.h"
#include "base/json_writer.h"
#include "crypto/random.h"

namespace calint::oauth {
namespace {

constexpr std::chrono::seconds kLifetime{300};
constexpr size_t kIdBytes = 16;

int64_t seconds_of(Instant time) { return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count(); }

}  // namespace

Secret client_assertion(const crypto::CertifiedKey& key, const std::string& client_id, const std::string& audience,
                        Instant now) {
  const JsonObject header = JsonObject()
                                .add("alg", "PS256")
                                .add("typ", "JWT")
                                .add("x5t#S256", base64url_encode(key.thumbprint()));
  const JsonObject claims = JsonObject()
                                .add("aud", audience)
                                .add("iss", client_id)
                                .add("sub", client_id)
                                .add("jti", crypto::random_token(kIdBytes))
                                .add("nbf", seconds_of(now))
                                .add("iat", seconds_of(now))
                                .add("exp", seconds_of(now + kLifetime));
  const std::string signing_input = base64url_encode(header.text()) + "." + base64url_encode(claims.text());
  return Secret(signing_input + "." + base64url_encode(key.sign_ps256(signing_input)));
}

}  // namespace calint::oauth
