// Refusals of the Calendar API and of the revocation endpoint, as Errors. Pure.
#pragma once

#include "base/error.h"
#include "base/result.h"
#include "net/transport.h"

namespace calint::google {

// An answer of the Calendar API other than success, by the table of providers.md, 2.13: first by the reason in the
// body, then by the status. Error::code is the reason where it is a plain word. Detail::refused for an access token.
// What isn't JSON didn't come from the API and is unavailable, whatever 4xx it says (401 and 429 excepted).
// No other text of the answer gets into the Error.
Error api_error(const HttpResponse& response, Instant now);

// The same for one that writes or reads a single event. Whether the account is connected isn't in question: forbidden
// where a right is missing. conflict for an id that is taken, and for an event that changed meanwhile. bad_input where
// Google will never take what is written, with Detail::no_room where it makes no room in that calendar.
Error event_error(const HttpResponse& response, Instant now);

// The answer to a revocation (2.6): done, also where the token was dead already (invalid_token). rate_limited for
// 429, operator_fault for a refused client, bug for a request that can't be read, unavailable for all else.
Status parse_revocation(const HttpResponse& response, Instant now);

}  // namespace calint::google
