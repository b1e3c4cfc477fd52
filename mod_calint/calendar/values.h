// Values of iCalendar (RFC 5545 3.3) as they are written, and somewhat beyond: what can be understood is.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "calendar/series.h"

namespace calint::calendar {

// Years 1 to 9999.
std::optional<LocalTime> local_time(int64_t year, unsigned month, unsigned day, unsigned second_of_day = 0);

// DATE or DATE-TIME, told apart by their form, as VALUE is often wrong: 20261224, 20261224T090000, 20261224T090000Z;
// also with '-' and ':', without seconds, with a fraction, with an offset, and 24:00. `zone` is its TZID, which UTC
// ("Z") beats. Second 60 is 59 (3.3.12).
std::optional<WrittenTime> parse_time(std::string_view text, std::string_view zone = {});

// DURATION: P15DT5H0M20S, P7W, -PT15M. At most some 10,000 years.
std::optional<WrittenDuration> parse_duration(std::string_view text);

// UTC-OFFSET: +0100, -023017; also +01:00. Less than 26 hours.
std::optional<std::chrono::seconds> parse_offset(std::string_view text);

// A number without sign of at most nine digits.
std::optional<int64_t> parse_number(std::string_view digits);

// 2026-12-24T09:00:00Z.
std::string to_text(SysTime instant);
// 20261224T090000Z (3.3.5).
std::string utc_text(SysTime instant);
// The forms that parse_time reads.
std::string to_text(const WrittenTime& time);
std::string to_text(const WrittenDuration& duration);

}  // namespace calint::calendar
