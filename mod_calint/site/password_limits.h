// How often passwords may be sent to a provider within an hour: a provider may lock an account after a few that are
// wrong.
#pragma once

#include <string>
#include <vector>

#include "runtime/runtime.h"
#include "store/password_tries.h"
#include "store/records.h"

namespace calint::site {

// Of passwords that are typed: of the user, of the account, whoever tries it and however it is spelt, and of this node.
std::vector<store::TryLimit> limits_of_typed(const Runtime& runtime, const store::User& user, ProviderId provider,
                                             const std::string& account);

// Of the stored password that was refused, sent again because the user asks for it. Counted apart: it leaves the tries
// for a new one.
std::vector<store::TryLimit> limits_of_refused(const Runtime& runtime, const store::User& user, ProviderId provider);

}  // namespace calint::site
