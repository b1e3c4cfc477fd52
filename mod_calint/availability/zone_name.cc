#include "availability/zone_name.h"

#include "availability/rails_zones.h"
#include "calendar/content_line.h"
#include "calendar/windows_zones.h"
#include "calendar/zones.h"

namespace calint::availability {
namespace {

// As it stands: calendars put IANA's names behind prefixes, and blanks around them.
std::optional<std::string> iana(std::string_view name) {
  const auto found = calendar::plain_iana_name(name);
  const std::string asked = calendar::lower_case(name);
  if (!found || calendar::lower_case(*found) == asked) return found;
  return asked == "gmt" || asked == "etc/gmt" || asked == "etc/utc" ? found : std::nullopt;
}

}  // namespace

std::optional<std::string> zone_name(std::string_view name) {
  if (const auto found = iana(name)) return found;
  if (const auto rails = rails_zone(name); !rails.empty()) return iana(rails);
  return iana(calendar::windows_zone(name));
}

}  // namespace calint::availability
