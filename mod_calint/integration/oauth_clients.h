// Which OAuth client a flow or an integration goes through: the server's own, or a version of an organisation's.
#pragma once

#include <optional>
#include <string>

#include "provider/provider.h"
#include "runtime/call.h"
#include "runtime/runtime.h"
#include "store/users.h"

namespace calint::integration {

// What new connections are made with: the organisation's own present client, or else the server's, which is configured.
store::ClientVersion present_client(const Runtime& runtime, const std::optional<store::ClientVersion>& own,
                                    ProviderId provider);

// The client of a flow that began with this version (0: the server's), also where it is no longer the organisation's
// present one (`own`). bad_input where the organisation has no such version.
Result<store::ClientVersion> named_client(Runtime& runtime, const Call& call, ProviderId provider, int64_t version,
                                          const std::string& organization_id,
                                          const std::optional<store::ClientVersion>& own);

// With its secret or certificate, to call the provider with. operator_fault with code "unknown_client" where the
// server's client is no longer the configured one; otherwise errors as vault::open_client_secret().
Result<OAuthClient> credentials(const Runtime& runtime, const store::ClientVersion& client);

// For the log: whose client it is, and where its administrator mends it.
std::string describe(const store::ClientVersion& client);
std::string where_to_mend(const store::ClientVersion& client);

}  // namespace calint::integration
