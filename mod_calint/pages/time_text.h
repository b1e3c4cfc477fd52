// Times as people and machines read them. Pure but for the system's zone files, which are read at the first
// call that needs a zone and kept; safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"

namespace calint::pages {

// "just now" (less than a minute away), "5 minutes ago", "in 2 hours", "3 days ago", "2 months ago". Months
// count 30 days and years 365; parts of a unit are dropped.
std::string relative_time(Instant then, Instant now);

// "24 November 2026, 14:05 (Europe/Berlin)". `zone` is an IANA name; "(UTC)" for an empty or unknown one, and
// where the system has no zone files.
std::string date_time_text(Instant at, std::string_view zone);

// RFC 3339 in UTC with whole seconds, rounded down: "2026-11-24T13:05:00Z".
std::string iso_text(Instant at);

}  // namespace calint::pages
