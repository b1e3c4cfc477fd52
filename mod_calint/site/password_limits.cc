#include "site/password_limits.h"

#include "base/encoding.h"
#include "crypto/digest.h"

namespace calint::site {
namespace {

// A person who mistypes needs two or three.
constexpr int kTriesOfPerson = 5;
constexpr int kTriesOfNode = 300;
constexpr int kTriesOfRefused = 3;

std::string hashed(const Runtime& runtime, std::string_view kind, ProviderId provider, std::string_view organization,
                   std::string_view name) {
  return base64url_encode(crypto::hmac_sha256_parts(runtime.keyset().index_key().reveal(),
                                                    {"password-try", kind, to_string(provider), organization, name}));
}

// Without what a provider may overlook: the blanks of a phone number, a dot at the end. That more than one account may
// look alike then only makes them share their tries.
std::string as_counted(std::string_view account) {
  constexpr std::string_view kOverlooked = " .-+()";
  std::string counted;
  for (const char c : account)
    if (kOverlooked.find(c) == std::string_view::npos) counted += c;
  return counted;
}

}  // namespace

std::vector<store::TryLimit> limits_of_typed(const Runtime& runtime, const store::User& user, ProviderId provider,
                                             const std::string& account) {
  return {{user.organization_id, hashed(runtime, "user", provider, user.organization_id, user.id), kTriesOfPerson},
          {"", hashed(runtime, "account", provider, "", as_counted(account)), kTriesOfPerson},
          {"", hashed(runtime, "node", provider, "", runtime.node_id()), kTriesOfNode}};
}

std::vector<store::TryLimit> limits_of_refused(const Runtime& runtime, const store::User& user, ProviderId provider) {
  return {{user.organization_id, hashed(runtime, "refused", provider, user.organization_id, user.id), kTriesOfRefused}};
}

}  // namespace calint::site
