// The last line of a zone's file (RFC 8536 3.3; POSIX.1 8.3): how its clock goes on after the last transition that is
// listed. The zone library reads the list alone, which mostly ends in 2037.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "calendar/zone.h"

namespace calint::calendar {

// The transitions of "CET-1CEST,M3.5.0,M10.5.0/3" in the years from `first` to `last`, in order. Empty for a rule
// without daylight saving time, and for the forms that tzdata doesn't use (days of the year).
std::vector<Transition> posix_transitions(std::string_view rule, int first, int last);

}  // namespace calint::calendar
