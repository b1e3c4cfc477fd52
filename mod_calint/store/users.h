// Who is signed in, and what they have connected: one query for every page and flow.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "postgres/pool.h"
#include "store/records.h"

namespace calint::store {

// A signed-in login. It names one person in the whole ATS, or within one organisation where logins are unique only
// there; that the organisation isn't known has no value here: then nobody is signed in.
struct Login {
  struct OfAnyOrganization {};
  std::string name;  // never empty
  std::variant<OfAnyOrganization, std::string> organization = OfAnyOrganization{};
};

struct SignedIn {
  User user;
  std::optional<Integration> integration;  // the active one (BR-455.1)
  std::vector<std::string> offered;        // providers that the organisation offers
  std::optional<ClientVersion> own_client;  // the organisation's, for `provider`
};

// The single active row of calint_users with this login. forbidden where there is none or more than one: a login must
// name one person. `provider` asks for the OAuth client that the organisation has for it.
Result<SignedIn> find_signed_in(postgres::Pool& pool, const Login& login, const std::optional<ProviderId>& provider,
                                Deadline deadline);

// An active integration by its id; nullopt where it is gone or no longer active.
Result<std::optional<Integration>> find_integration(postgres::Pool& pool, const std::string& organization, int64_t id,
                                                    Deadline deadline);

// The user's active integration, if any.
Result<std::optional<Integration>> find_active(postgres::Pool& pool, const std::string& organization, const std::string& user_id,
                                               Deadline deadline);

}  // namespace calint::store
