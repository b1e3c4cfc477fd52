#include "runtime/client_mark.h"

#include "base/encoding.h"
#include "crypto/digest.h"

namespace calint {

std::optional<std::string> client_mark(const Runtime& runtime, ProviderId provider) {
  const ProviderSettings* settings = runtime.provider_settings(provider);
  if (settings == nullptr) return std::nullopt;
  const bool has_certificate = settings->certificate != nullptr;
  return base64url_encode(crypto::hmac_sha256_parts(
      runtime.keyset().index_key().reveal(),
      {"client mark", to_string(provider), settings->client_id, has_certificate ? "certificate" : "secret",
       has_certificate ? std::string_view(settings->certificate->thumbprint()) : settings->client_secret.reveal()}));
}

}  // namespace calint
