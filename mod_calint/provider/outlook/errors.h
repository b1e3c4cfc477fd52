// Microsoft's refusals, by the reaction that each asks for (providers.md, 3.5 and 3.13). Pure.
#pragma once

#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "net/transport.h"

namespace calint::outlook {

// Refines a token endpoint's refusal by its AADSTS number. Microsoft may change the numbers, so `error` decides where
// none is known. Detail::sign_in_policy and Detail::admin_consent are for the user; Error::code becomes the number
// where the operator has to know it. Number and trace id get into Error::what.
void refine_refusal(const json_t* body, Error& error);

// Whether an authorization error says that an administrator must consent; often the description only tells.
bool asks_for_admin_consent(std::string_view error, std::string_view description);

// An answer of Graph other than success. reconnect with Detail::refused for an access token, with
// Detail::sign_in_policy where a policy asks for the user. forbidden with Detail::no_mailbox where the account has
// none, so no calendar. The request id gets into Error::what.
Error api_error(const HttpResponse& response, Instant now);

// The same for one that writes or reads a single event. conflict for a transactionId that is taken, and for an event
// that changed meanwhile; bad_input where Graph will never take what is written, with code kUnknownZone where it is
// the name of the zone.
Error event_error(const HttpResponse& response, Instant now);
inline constexpr std::string_view kUnknownZone = "TimeZoneNotSupportedException";

}  // namespace calint::outlook
