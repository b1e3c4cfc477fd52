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
// name one person; what isn't valid UTF-8 names nobody. operator_fault where calint_users isn't as about_users() has
// it. `provider` asks for the OAuth client that the organisation has for it.
Result<SignedIn> find_signed_in(postgres::Pool& pool, const Login& login, const std::optional<ProviderId>& provider,
                                Deadline deadline);

// Those of `user_ids` who are active users of the organisation, in any order. Errors as find_signed_in().
Result<std::vector<std::string>> find_active_users(postgres::Pool& pool, const std::string& organization,
                                                   const std::vector<std::string>& user_ids, Deadline deadline);

// What reads calint_users failed: where the ATS's columns are the reason (one is missing or of another type, or its
// text is in another encoding), an operator_fault that says so; the same error otherwise.
Error about_users(Error error);

}  // namespace calint::store
