// PostgreSQL's timestamptz as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace calint::postgres {

// RFC 3339 in UTC with microseconds: "2026-11-25T07:30:00.123456Z". Pure.
std::string instant_text(Instant instant);

// What the server prints with DateStyle ISO in any time zone: "2026-11-25 07:30:00.123456+05:30". nullopt for
// anything else, also "infinity", years BC and text without an offset. Pure.
std::optional<Instant> parse_instant(std::string_view text);

}  // namespace calint::postgres
