// The id_token of a code exchange (OpenID Connect Core 1.0, sections 2 and 3.1.3.7).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "oauth/tokens.h"

namespace calint::oauth {

struct IdTokenChecks {
  std::vector<std::string> issuers;  // one of them
  std::string client_id;             // in aud; and in azp where that is there, as it must be for several audiences
  std::string nonce;
};

// Who granted. The signature isn't looked at: the token came straight from the token endpoint over verified TLS
// (3.1.3.7, number 6). corrupt with code "id_token" for anything that doesn't parse or isn't for this flow. Pure.
Result<Subject> parse_id_token(const Secret& id_token, const IdTokenChecks& checks, Instant now);

// A claim that is text of at most 255 bytes, believed or not: good enough to find out who else may hold the same grant
// before it is given up. Empty where there is none.
std::string claimed(const Secret& id_token, const char* claim);

}  // namespace calint::oauth
