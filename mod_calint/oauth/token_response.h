// The token endpoint's answer (RFC 6749, 5.1 and 5.2), parsed. Pure.
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "net/transport.h"
#include "oauth/tokens.h"

namespace calint::oauth {

// What a provider says of a refusal beyond RFC 6749, 5.2: changes the error by the members of the answer's JSON.
using RefineRefusal = void (*)(const json_t* body, Error& error);

// Types are strict; doubled members, other token types than Bearer, and tokens that aren't 1 to 16,384 printable
// ASCII characters are refused. expires_in, which some servers write as a string, is taken between 1 second and 30
// days, and as an hour where it is missing (RFC 6749 recommends it, Google always sends it).
//
// Errors by the provider reference's table (providers.md, 2.4): reconnect for invalid_grant (with
// Detail::sign_in_policy where that asks for the user), operator_fault for invalid_client and its like, rate_limited
// for 429, unavailable for 5xx and everything that isn't JSON, corrupt for an answer that can't be used. Error::code is
// the provider's `error` where it is a plain word, "malformed" where it isn't. No other text of the answer gets into an
// Error.
Result<Tokens> parse_token_response(const HttpResponse& response, Instant now, RefineRefusal refine = nullptr);

}  // namespace calint::oauth
