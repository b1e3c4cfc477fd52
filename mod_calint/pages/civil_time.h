// A moment as clocks on the wall and machines show it. Pure but for the system's zone files, which are read at the
// first call that needs a zone and kept; safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"

namespace calint::pages {

struct CivilTime {
  int year;
  unsigned month, day, hour, minute;
  std::string zone;  // "Europe/Berlin"
};

// `zone` is an IANA name; UTC for an empty or unknown one, and where the system has no zone files.
CivilTime civil_time(Instant at, std::string_view zone);

// RFC 3339 in UTC with whole seconds, rounded down: "2026-11-24T13:05:00Z".
std::string iso_text(Instant at);

}  // namespace calint::pages
