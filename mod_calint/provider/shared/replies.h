// What replies of all providers have in common.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "net/transport.h"
#include "oauth/tokens.h"
#include "provider/provider.h"

namespace calint::provider {

// The body where it is a JSON object and says so; nullptr otherwise.
Json json_body(const HttpResponse& response);

// A provider's code where it is one plain word of at most 64 characters, "malformed" where it isn't: foreign text
// never gets into a log.
std::string plain_word(std::string_view text);

// What a status other than success means where nothing else in the answer says more.
Fault fault_of_status(int status);

// An exchange that failed: there is no grant yet that could need a new connection, so the code was refused.
Error code_refused(Error error);

// What an exchange brought. Where the identity isn't believed, the grant keeps the key that the id_token claims.
Grant make_grant(oauth::Tokens tokens, Result<oauth::Subject> subject, std::string claimed_key);

}  // namespace calint::provider
