// A zone as a calendar defines it itself: VTIMEZONE (RFC 5545 3.6.5).
#pragma once

#include <string>

#include "base/result.h"
#include "calendar/recurrence.h"
#include "calendar/series.h"
#include "calendar/zone.h"

namespace calint::calendar {

struct DefinedZone {
  Zone zone;
  std::string doubt = {};  // what of its rules couldn't be read; empty mostly
};

// The table of the definition, good for the span; beyond, the clock stays as it is at that end. Before the first onset
// it shows what that observance changed from. bad_input for a definition without observances, or with too many onsets.
Result<DefinedZone> make_zone(const ZoneDefinition& definition, const Window& span, Budget& budget);

}  // namespace calint::calendar
