// Dates and times as the JSON interfaces of calendars write them (RFC 3339). Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "calendar/series.h"

namespace calint::provider {

// What a clock shows, and how far east of UTC it says that it stands.
struct ClockTime {
  calendar::LocalTime local{};
  std::optional<std::chrono::seconds> offset = {};  // none: the text has none
  bool has_fraction = false;                        // of a second, which `local` is without
};

// "2027-03-14"; nullopt for a day that no year has.
std::optional<calendar::LocalTime> parse_date(std::string_view text);

// "2027-03-14T09:00:00.0000000+01:00": the fraction, the seconds and the offset may be missing, "24:00" is the next
// day's midnight. nullopt for anything else.
std::optional<ClockTime> parse_date_time(std::string_view text);

// What the clock shows in UTC, or where it stands if that isn't said, so far within the years 1 to 9999 that every
// other clock is in them too. What ends by it never ends earlier than was written.
calendar::LocalTime start_of(const ClockTime& time);
calendar::LocalTime end_of(const ClockTime& time);

}  // namespace calint::provider
