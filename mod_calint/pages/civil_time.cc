#include "pages/civil_time.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <stdexcept>

namespace calint::pages {
namespace {

using std::chrono::seconds;

// Of a local or a UTC time, whichever clock the time point names.
template <typename TimePoint>
CivilTime civil(TimePoint at, std::string zone) {
  const auto day = date::floor<date::days>(at);
  const date::year_month_day date(day);
  const date::hh_mm_ss time(date::floor<std::chrono::minutes>(at - day));
  return {.year = static_cast<int>(date.year()),
          .month = static_cast<unsigned>(date.month()),
          .day = static_cast<unsigned>(date.day()),
          .hour = static_cast<unsigned>(time.hours().count()),
          .minute = static_cast<unsigned>(time.minutes().count()),
          .zone = std::move(zone)};
}

// nullptr for a name that isn't in the system's zone files, and without such files. The library says both with
// std::runtime_error; the zones live as long as the process.
const date::time_zone* find_zone(std::string_view name) {
  if (name.empty()) return nullptr;
  try {
    return date::locate_zone(std::string(name));
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

}  // namespace

CivilTime civil_time(Instant at, std::string_view zone_name) {
  const date::time_zone* zone = find_zone(zone_name);
  return zone == nullptr ? civil(at, "UTC") : civil(zone->to_local(at), zone->name());
}

std::string iso_text(Instant at) {
  auto day = date::floor<date::days>(at);
  date::year_month_day date(day);
  date::hh_mm_ss time(date::floor<seconds>(at - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

}  // namespace calint::pages
