// What requests to all providers with OAuth have in common. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/form.h"
#include "provider/provider.h"

namespace calint::provider {

// The query of an authorization request with PKCE (RFC 6749, 4.1.1; RFC 7636, 4.3), and what the provider wants
// besides.
std::vector<FormField> authorize_parameters(const AuthorizeParameters& parameters, std::string scope,
                                            const std::vector<FormField>& besides);

}  // namespace calint::provider
