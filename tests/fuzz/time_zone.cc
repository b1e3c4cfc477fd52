// calendar/zones and calendar/zone_rules: a zone's name on the first line, then the parts of a definition, one a line:
// "START FROM TO RECURRENCE".
#include "calendar/zones.h"

#include "calendar/content_line.h"
#include "calendar/values.h"
#include "calendar/zone_rules.h"
#include "fuzz.h"

using namespace calint;
using namespace calint::calendar;

namespace {

constexpr std::chrono::hours kFarthest{26};

SysTime in_year(int year) { return std::chrono::sys_days(std::chrono::year(year) / 7 / 1); }

// Whatever a zone's rules are, its clock and its instants belong together.
void check_zone(const Zone& zone) {
  for (int year : {1, 1601, 1970, 2026, 2037, 2038, 2500, 9999}) {
    for (int step = 0; step < 3; ++step) {
      const SysTime instant = in_year(year) + std::chrono::hours(step * 1453);
      const LocalTime local = zone.to_local(instant);
      const auto offset = local.time_since_epoch() - instant.time_since_epoch();
      MUST(offset <= kFarthest && offset >= -kFarthest);
      // The clock may have shown that time before.
      MUST(zone.to_instant(local) <= instant && zone.to_instant(local) >= instant - 2 * kFarthest);
    }
  }
}

std::optional<Observance> observance_of(std::string_view line) {
  const auto parts = split(line, ' ');
  if (parts.size() < 3) return std::nullopt;
  const auto start = parse_time(parts[0]);
  const auto from = parse_offset(parts[1]), to = parse_offset(parts[2]);
  if (!start || !from || !to) return std::nullopt;
  Observance observance{.start = start->local, .from = *from, .to = *to};
  for (size_t i = 3; i < parts.size(); ++i) observance.recurrence.emplace_back(parts[i]);
  return observance;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  ZoneDefinition definition;
  LineReader lines(input);
  while (const auto line = lines.next()) {
    if (definition.name.empty()) definition.name = std::string(*line);
    else if (auto observance = observance_of(*line)) definition.observances.push_back(std::move(*observance));
  }
  if (const auto name = iana_name(definition.name)) {
    // One name for each zone, and the zone is there.
    MUST(iana_name(*name) == name && find_zone(*name) != nullptr);
    check_zone(*find_zone(*name));
  }
  Budget budget(5'000);
  const auto zone = make_zone(definition, {in_year(2026), in_year(2028)}, budget);
  if (zone) check_zone(zone->zone);
  else MUST(zone.error().fault == Fault::bad_input && fuzz::fit_to_log(zone.error()));
  return 0;
}
