#include "availability/zone_name.h"

#include <date/tz.h>

namespace calint::availability {

std::optional<std::string> zone_name(std::string_view name) {
  if (const std::string_view rails = rails_zone(name); !rails.empty()) name = rails;
  if (name == "localtime") return std::nullopt;
  try {
    return date::locate_zone(std::string(name))->name();
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

}  // namespace calint::availability
