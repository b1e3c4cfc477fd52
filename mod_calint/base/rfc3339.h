// Times as RFC 3339 writes them: an instant to the second, always with an offset. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace calint {

// "2026-12-07T09:00:00+01:00", "2026-12-07T08:00:00.25Z". A fraction is dropped. nullopt for anything else: no offset,
// a date that isn't in the calendar, a 60th second that no minute of UTC can have, a year outside 2 to 9998: what is some
// months away from a time in a request then still is a time of our era, which PostgreSQL writes without more words.
std::optional<std::chrono::sys_seconds> parse_rfc3339(std::string_view text);

// The same instant on a clock that is `offset` east of UTC: "2026-12-07T09:00:00+01:00". RFC 3339 has no offsets with
// seconds: such a one is cut to its minute, and the time is told by that.
std::string rfc3339_text(std::chrono::sys_seconds at, std::chrono::seconds offset);
// "2026-12-07T08:00:00Z".
std::string rfc3339_text(std::chrono::sys_seconds at);

}  // namespace calint
