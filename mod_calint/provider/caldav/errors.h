// Refusals of a CalDAV server, as Errors (providers.md, 4.9). Pure.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"
#include "net/transport.h"

namespace calint::caldav {

// An answer to PROPFIND that isn't a 207. Error::code is the status; reconnect with Detail::refused for 401. What is no
// refusal either, such as a 200 of something that isn't CalDAV, is corrupt with code "caldav". Nothing of the answer's
// text gets into the Error.
Error caldav_error(const HttpResponse& response, Instant now);

// The same for a resource that fails inside of a 207.
Error caldav_error(int status);

// The same of what is asked of one calendar, which can be gone and says nothing of the account: gone, or unavailable
// instead of bug and corrupt.
Error of_calendar(Error error);

// A PUT or DELETE that had no effect, whatever its status is: a 207 may say so inside, and where it doesn't say what
// became of the object, that is unavailable. conflict where the object isn't as the request wants it or its UID is in
// another one; gone; bad_input for content that the server will never take; rate_limited for no room, too; the rest as
// above. nullopt where it had its effect.
std::optional<Error> write_error(const HttpResponse& response, Instant now);

// unavailable with code "caldav", of a listing that says nothing of what isn't in it; `why` goes on after "a CalDAV
// listing".
Error not_whole(std::string_view why);

// The corrupt error of a redirect or an href to where the password may not go, with code "foreign_host".
Error foreign_host();

}  // namespace calint::caldav
