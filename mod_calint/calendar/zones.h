// Zones of the system's tzdata, by every name that calendars use for them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "calendar/zone.h"

namespace calint::calendar {

// The name under which find_zone() has what a calendar calls a zone. Mostly an IANA name, in tzdata's spelling. Knows
// IANA names, old ones too, in any case and with blanks; the same behind a prefix
// ("/freeassociation.sourceforge.net/Europe/Berlin"); names of Windows ("W. Europe Standard Time"); Exchange's display
// names ("(UTC+01:00) Amsterdam, Berlin, ..."); offsets ("UTC+05:30"). nullopt: nobody knows it.
std::optional<std::string> iana_name(std::string_view name);

// The same for IANA names alone, with or without prefix: names whose meaning is certain.
std::optional<std::string> plain_iana_name(std::string_view name);

// The zone of a name that iana_name() gave; nullptr for others, and without tzdata. Lives as long as the process; read
// once by it. Any thread.
const Zone* find_zone(std::string_view iana_name);

// Between clock and instant in a zone of iana_name(): see Zone. nullopt where the zone is unknown.
std::optional<SysTime> to_instant(LocalTime local, std::string_view zone);
std::optional<LocalTime> to_local(SysTime instant, std::string_view zone);

}  // namespace calint::calendar
