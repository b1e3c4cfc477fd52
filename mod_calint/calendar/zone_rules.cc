#include "calendar/zone_rules.h"

#include <algorithm>

#include "calendar/content_line.h"
#include "calendar/values.h"

namespace calint::calendar {
namespace {

constexpr size_t kMostOnsets = 20'000;

struct Onset {
  SysTime at;
  std::chrono::seconds from;
  std::chrono::seconds to;
};

LocalTime as_local(SysTime instant) { return LocalTime(instant.time_since_epoch()); }
SysTime as_instant(LocalTime local, std::chrono::seconds offset) { return SysTime(local.time_since_epoch()) - offset; }

// The instants of the rule, on the clock before the change.
void add_rule(const Observance& observance, std::string_view value, const Window& span, Budget& budget,
              std::vector<LocalTime>& onsets, std::string& doubt) {
  const auto reading = parse_rule(value);
  if (!reading) {
    doubt = reading.error().what;
    return;
  }
  if (!reading->doubt.empty()) doubt = reading->doubt;
  const Rule& rule = reading->rule;
  LocalTime to = as_local(span.to) + std::chrono::days(1);
  if (rule.until) {
    LocalTime until = rule.until->local;
    if (rule.until->is_date) until += std::chrono::days(1) - std::chrono::seconds(1);
    else if (rule.until->zone == kUtc) until += observance.from;
    to = std::min(to, until);
  }
  // A yearly rule without COUNT was in force for some years before, or has ended: its last onset must be found then.
  LocalTime from = observance.start;
  if (rule.frequency == Frequency::yearly && rule.interval == 1 && !rule.count)
    from = std::max(from, std::min(as_local(span.from), to) - std::chrono::days(9 * 366));
  expand(rule, {.start = observance.start, .from = from, .to = to}, budget, onsets);
}

std::vector<LocalTime> onsets_of(const Observance& observance, const Window& span, Budget& budget, std::string& doubt) {
  std::vector<LocalTime> onsets{observance.start};
  for (const std::string& text : observance.recurrence) {
    const auto line = parse_line_of_times(text);
    if (!line) continue;
    if (is_name(line->name, "RRULE")) add_rule(observance, line->value, span, budget, onsets, doubt);
    if (!is_name(line->name, "RDATE")) continue;
    for (std::string_view date : split(line->value, ',')) {
      const auto time = parse_time(date.substr(0, date.find('/')));
      if (!time) doubt = "an onset of a zone can't be read";
      if (time) onsets.push_back(time->zone == kUtc ? time->local + observance.from : time->local);
    }
  }
  return onsets;
}

}  // namespace

Result<DefinedZone> make_zone(const ZoneDefinition& definition, const Window& span, Budget& budget) {
  std::vector<Onset> onsets;
  std::string doubt;
  for (const Observance& observance : definition.observances) {
    for (LocalTime onset : onsets_of(observance, span, budget, doubt))
      onsets.push_back({as_instant(onset, observance.from), observance.from, observance.to});
    if (!budget.spend() || onsets.size() > kMostOnsets)
      return Error{.fault = Fault::bad_input, .what = "a zone's rules have too many onsets"};
  }
  if (onsets.empty()) return Error{.fault = Fault::bad_input, .what = "a zone without a standard time"};
  std::stable_sort(onsets.begin(), onsets.end(), [](const Onset& a, const Onset& b) { return a.at < b.at; });
  std::vector<Transition> transitions;
  for (const Onset& onset : onsets) transitions.push_back({onset.at, onset.to});
  return DefinedZone{.zone = Zone(onsets.front().from, transitions), .doubt = std::move(doubt)};
}

}  // namespace calint::calendar
