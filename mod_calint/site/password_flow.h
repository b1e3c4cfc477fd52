// Connecting a provider that has no OAuth: the user types a password that they made for us, and it is tried before
// anything is stored.
#pragma once

#include <string>

#include "site/visitor.h"

namespace calint::site {

// GET and POST /calendar/auth/{provider}: its page, and the trial of what was typed there.
Response password_flow(Runtime& runtime, const Visit& visit, ProviderId provider);

// How a user is asked to name that password at the provider, and finds it again to withdraw it.
std::string password_label(const Runtime& runtime, const Visit& visit);

}  // namespace calint::site
