// What a token endpoint gave (RFC 6749, section 5.1), parsed.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "base/clock.h"
#include "base/secret.h"

namespace calint::oauth {

// Who granted, from the id_token (OpenID Connect Core 1.0, section 2).
struct Subject {
  std::string key;      // stable identity at the provider: google's sub, tid and oid at Microsoft
  std::string account;  // e-mail as shown to people; may be empty; never used to identify
};

struct Tokens {
  Secret access_token;
  std::optional<Secret> refresh_token;  // a refresh normally brings none: keep the stored one
  std::optional<Instant> expires_at;    // of the access token; null: it doesn't expire, as a password
  std::set<std::string> scopes;         // granted, normalised; empty where the answer named none
  Secret id_token;                      // empty where there was none
};

}  // namespace calint::oauth
