// Zones of the system's tzdata, by every name that calendars use for them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "calendar/series.h"

namespace calint::calendar {

// The IANA name for what a calendar calls a zone: IANA names, old ones too and in any case; names of Windows
// ("W. Europe Standard Time"), Exchange's display names ("(UTC+01:00) Amsterdam, Berlin, ..."), names behind a prefix
// ("/freeassociation.sourceforge.net/Europe/Berlin"). "UTC" for all of its names. nullopt: nobody knows it.
std::optional<std::string> iana_name(std::string_view name);

// Between clock and instant in a zone of iana_name(). A time that a clock skips takes the offset before the gap; one
// that it shows twice is the first (RFC 5545 3.3.5). nullopt where the zone is unknown.
std::optional<SysTime> to_instant(LocalTime local, std::string_view zone);
std::optional<LocalTime> to_local(SysTime instant, std::string_view zone);

}  // namespace calint::calendar
