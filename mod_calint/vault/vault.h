// The one place where a stored token becomes plain. Every sealed value is bound to its table, column,
// organisation, user, provider, seal id and generation: copied anywhere else, it doesn't open.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/secret.h"
#include "crypto/keyset.h"
#include "oauth/tokens.h"
#include "store/records.h"
#include "store/revocations.h"

namespace calint::vault {

// Whose tokens, and under which generation of the row they are written.
struct Owner {
  std::string organization_id;
  std::string user_id;
  ProviderId provider = ProviderId::google;
  int64_t generation = 1;
};

struct PlainTokens {
  Secret access_token;
  std::optional<Secret> refresh_token;
};

// Under a new seal id, which makes every earlier sealed value of the row useless. `kept_refresh_token` stands in
// where the answer brought none (a refresh normally doesn't).
Result<store::SealedTokens> seal_tokens(const crypto::Keyset& keyset, const Owner& owner, const oauth::Tokens& tokens,
                                        const std::optional<Secret>& kept_refresh_token = std::nullopt);

// With Detail::unopened: operator_fault for a key that this node doesn't have, corrupt for anything that doesn't belong
// to the row.
Result<PlainTokens> open_tokens(const crypto::Keyset& keyset, const store::Integration& integration);

// A grant, as calendar_grants knows it.
struct GrantKey {
  std::string organization_id;  // of the OAuth client; '' for the server's
  std::string account_key;
};

// A revocation's own copy of the token that ends the grant.
Result<store::Revocation> seal_revocation(const crypto::Keyset& keyset, const Owner& owner, const GrantKey& grant,
                                          const Secret& token);
Result<Secret> open_revocation(const crypto::Keyset& keyset, const store::RevocationJob& job);

// `client` with its secret sealed under a new seal id, bound to organisation, provider, client id and version.
Result<store::ClientVersion> seal_client_secret(const crypto::Keyset& keyset, store::ClientVersion client,
                                                const Secret& secret);
// Errors as open_tokens().
Result<Secret> open_client_secret(const crypto::Keyset& keyset, const store::ClientVersion& client);

// Knows an account again without naming it: HMAC over provider, OAuth client and the provider's stable id. For Google's
// clients the project stands for the client, because a revocation ends what the account granted to the whole project.
std::string account_key(const crypto::Keyset& keyset, ProviderId provider, const std::string& client_id,
                        const std::string& subject);

}  // namespace calint::vault
