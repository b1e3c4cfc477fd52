#include "pages/time_text.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <array>
#include <stdexcept>

namespace calint::pages {
namespace {

using std::chrono::seconds;

struct Unit {
  seconds length;
  std::string_view name;
};

constexpr std::array<Unit, 5> kUnits = {{
    {std::chrono::hours(24 * 365), "year"},
    {std::chrono::hours(24 * 30), "month"},
    {std::chrono::hours(24), "day"},
    {std::chrono::hours(1), "hour"},
    {std::chrono::minutes(1), "minute"},
}};

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

// Of a local or a UTC time, whichever clock the time point names.
template <typename TimePoint>
std::string date_and_time(TimePoint at) {
  auto day = date::floor<date::days>(at);
  date::year_month_day date(day);
  date::hh_mm_ss time(date::floor<std::chrono::minutes>(at - day));
  return fmt::format("{} {} {}, {:02}:{:02}", static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     time.hours().count(), time.minutes().count());
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

std::string relative_time(Instant then, Instant now) {
  bool past = then <= now;
  auto apart = past ? now - then : then - now;
  for (const Unit& unit : kUnits) {
    auto count = apart / unit.length;
    if (count == 0) continue;
    std::string text = fmt::format("{} {}{}", count, unit.name, count == 1 ? "" : "s");
    return past ? text + " ago" : "in " + text;
  }
  return "just now";
}

std::string date_time_text(Instant at, std::string_view zone_name) {
  const date::time_zone* zone = find_zone(zone_name);
  if (zone == nullptr) return date_and_time(at) + " (UTC)";
  return fmt::format("{} ({})", date_and_time(zone->to_local(at)), zone->name());
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
