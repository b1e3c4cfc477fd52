#include "oauth/client_assertion.h"

#include <jansson.h>

#include "base/encoding.h"
#include "base/json.h"
#include "crypto/random.h"

namespace calint::oauth {
namespace {

constexpr std::chrono::seconds kLifetime{300};
constexpr size_t kIdBytes = 16;

// One part of a JWS (RFC 7515, 3.1).
std::string encoded(const Json& object) {
  const std::unique_ptr<char, decltype(&free)> text(json_dumps(object.get(), JSON_COMPACT), &free);
  if (!text) throw std::bad_alloc();
  return base64url_encode(text.get());
}

void set(const Json& object, const char* name, const std::string& text) {
  json_object_set_new(object.get(), name, json_stringn(text.data(), text.size()));
}

void set(const Json& object, const char* name, Instant time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  json_object_set_new(object.get(), name, json_integer(seconds));
}

}  // namespace

Secret client_assertion(const crypto::CertifiedKey& key, const std::string& client_id, const std::string& audience,
                        Instant now) {
  const Json header(json_object());
  set(header, "alg", "PS256");
  set(header, "typ", "JWT");
  set(header, "x5t#S256", base64url_encode(key.thumbprint()));
  const Json claims(json_object());
  set(claims, "aud", audience);
  set(claims, "iss", client_id);
  set(claims, "sub", client_id);
  set(claims, "jti", crypto::random_token(kIdBytes));
  set(claims, "nbf", now);
  set(claims, "iat", now);
  set(claims, "exp", now + kLifetime);
  const std::string signing_input = encoded(header) + "." + encoded(claims);
  return Secret(signing_input + "." + base64url_encode(key.sign_ps256(signing_input)));
}

}  // namespace calint::oauth
