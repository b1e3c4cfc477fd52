// OAuth clients that organisations bring for themselves: versioned, one active per provider, older ones kept for those
// who are connected through them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "postgres/pool.h"
#include "store/records.h"

namespace calint::store {

// The version with this number; nullopt where the organisation has none such.
Result<std::optional<ClientVersion>> find_client_version(postgres::Pool& pool, const std::string& organization,
                                                         ProviderId provider, int64_t version, Deadline deadline);

// The active version, if it has the same client id and tenant as `client` and is another version: a provider ties a
// refresh token to these, so a newer secret serves older tokens too.
Result<std::optional<ClientVersion>> find_newer_secret(postgres::Pool& pool, const ClientVersion& client,
                                                       Deadline deadline);

// How an organisation stands with a provider, for its page.
struct ClientUse {
  ProviderId provider = ProviderId::google;
  std::optional<ClientVersion> own;  // that new connections are made with; nullopt: the server's
  std::optional<Instant> since;      // when it was saved
  int64_t latest_version = 0;        // of any own client, also a removed one; 0: there was none
  int64_t people = 0;                // connected through the present client
  int64_t people_before = 0;         // connected through another
  int64_t refused = 0;               // those for whom the provider refuses an own client
};
// Google and Outlook, in this order.
Result<std::vector<ClientUse>> list_client_use(postgres::Pool& pool, const std::string& organization,
                                               Deadline deadline);

// Which active version the administrator had before their eyes (0: the server's), and who they are.
struct ClientChange {
  int64_t seen_version = 0;
  Actor actor;
};

// Makes `client` the organisation's for its provider; its version must follow the latest one. Audited. conflict where
// another administrator changed something since it was seen.
Status save_client(postgres::Pool& pool, const ClientVersion& client, const ClientChange& change, Deadline deadline);

// New connections are made with the server's client again. Audited; conflict as above.
Status remove_client(postgres::Pool& pool, const std::string& organization, ProviderId provider,
                     const ClientChange& change, Deadline deadline);

}  // namespace calint::store
