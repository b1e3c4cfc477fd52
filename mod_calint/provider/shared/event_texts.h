// What of an interview every provider is told in the same words, and how its guests are known again. Pure.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "provider/events.h"

namespace calint::provider {

// Plain, with the ATS's link behind it, unless that stands in it already.
std::string location_of(const EventContent& content);
std::string description_of(const EventContent& content);

// A description with the guests below, a line each behind a bullet: where a provider would write to whoever is a guest.
// And without the last such lines in it, as far as they follow each other.
std::string with_guests_named(std::string text, const std::vector<Guest>& guests);
std::string without_named_guests(std::string_view text);

// As text of HTML, which shows it as it was typed; lines end in <br>, and no blank is lost.
std::string escaped_lines(std::string_view text);

// Without regard to case (ASCII).
bool is_same_address(std::string_view a, std::string_view b);

// A wall clock at an instant, and where it stands. In UTC where nobody knows the zone.
struct ZonedTime {
  std::string local;             // "2027-01-21T10:00:00"
  std::chrono::seconds offset;   // east of UTC
  std::string zone;              // IANA
};
ZonedTime zoned(Instant at, const std::string& zone);

// The same interview, told in UTC.
EventContent in_utc(EventContent content);
bool is_in_utc(const EventContent& content);

// Foreign text that is kept with an event.
inline constexpr size_t kLongestUid = 1024;
inline constexpr size_t kLongestAddress = 320;
std::string link_from(std::string_view text);  // an absolute http(s) URL of at most 2,048 bytes; "" for anything else

}  // namespace calint::provider
