// Sending a user to the provider's consent page. Nothing is written to the database: everything the callback needs
// travels sealed in `state`.
#pragma once

#include <optional>

#include "site/visitor.h"

namespace calint::site {

// GET and POST /calendar/auth/{provider} of a provider with OAuth.
Response start_flow(Runtime& runtime, const Visit& visit, ProviderId provider);

// The answer where the provider isn't configured, or the organisation doesn't offer it; nullopt otherwise.
std::optional<Response> unless_offered(Runtime& runtime, const Visit& visit, const Visitor& visitor,
                                       ProviderId provider);

}  // namespace calint::site
