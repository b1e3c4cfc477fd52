// Windows' names of zones, which Exchange and Outlook write into calendars.
#pragma once

#include <string_view>

namespace calint::calendar {

// The IANA name for a name of the registry ("W. Europe Standard Time", also "... Daylight Time") or for one that
// Windows shows ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"), whatever its case, blanks and marks.
// Empty: unknown.
std::string_view windows_zone(std::string_view name);

}  // namespace calint::calendar
