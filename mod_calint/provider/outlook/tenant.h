// Tenants of the Microsoft identity platform, and who an id_token names (providers.md, 3.1 and 3.3). Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "oauth/tokens.h"

namespace calint::outlook {

// `url` with "{tenant}" replaced.
std::string at_tenant(std::string_view url, std::string_view tenant);

// The issuer of id_tokens that `tenant_id` signs: the token endpoint's origin, "/<tenant id>/v2.0". Empty, which no
// token names, where it isn't the id of a tenant that may sign in by way of `tenant`.
std::string issuer_of(std::string_view token_url, std::string_view tenant, std::string_view tenant_id);

// What an id_token claims, believed or not.
struct Identity {
  std::string tenant_id;  // tid; empty where it isn't a GUID
  std::string object_id;  // oid; likewise
  std::string username;   // preferred_username: for people to read, and as a login_hint
};
Identity claimed_identity(const Secret& id_token);

// tid and oid: `sub` differs from app to app, and addresses change. Empty where one of them is missing.
std::string account_of(const Identity& identity);

// `believed`, an id_token's subject, under Microsoft's own identity. corrupt with code "id_token" without one.
Result<oauth::Subject> subject_of(const Identity& identity, oauth::Subject believed);

}  // namespace calint::outlook
