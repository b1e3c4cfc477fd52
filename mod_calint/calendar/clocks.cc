#include "calendar/clocks.h"

#include <algorithm>

#include "calendar/content_line.h"
#include "calendar/left_out.h"
#include "calendar/zone_rules.h"
#include "calendar/zones.h"

namespace calint::calendar {
namespace {

SysTime as_utc(LocalTime local) { return SysTime(local.time_since_epoch()); }

}  // namespace

std::string zone_key(std::string_view name) {
  std::string key = lower_case(trim(name));
  std::erase_if(key, [](char c) { return c == '\\' || c == '"'; });
  return key;
}

Clocks::Clocks(const Series& series, std::string_view zone, const Window& window, Budget& budget,
               std::vector<LeftOut>& left_out)
    : series_(series),
      calendar_zone_(series.zone.empty() ? std::string(zone) : series.zone),
      span_(window),
      budget_(budget),
      left_out_(left_out) {
  for (const Event& event : series.events) {
    span_.from = std::min(span_.from, as_utc(event.start.local));
    span_.to = std::max(span_.to, as_utc(event.start.local));
  }
  span_.from -= std::chrono::days(2);
  span_.to += std::chrono::days(2);
}

const Zone& Clocks::of(const std::string& name) {
  if (const auto known = known_.find(name); known != known_.end()) return *known->second;
  const Zone* zone = resolve(name.empty() ? calendar_zone_ : name);
  if (zone == nullptr) {
    leave_out(left_out_, series_.key, "a time zone that nobody knows: its times are read in the calendar's");
    zone = name.empty() || name == calendar_zone_ ? find_zone(kUtc) : &floating();
  }
  known_.emplace(name, zone);
  return *zone;
}

const Zone* Clocks::resolve(const std::string& name) {
  if (name == kUtc) return find_zone(name);
  const auto plain = plain_iana_name(name);
  if (plain && name.find('/') != std::string::npos) return find_zone(*plain);
  if (const Zone* defined = define(name)) return defined;
  const auto known = iana_name(name);
  return known ? find_zone(*known) : nullptr;
}

const Zone* Clocks::define(const std::string& name) {
  const std::string key = zone_key(name);
  for (const auto& definition : series_.zones) {
    if (!definition || zone_key(definition->name) != key) continue;
    auto zone = make_zone(*definition, span_, budget_);
    const std::string& doubt = zone ? zone->doubt : zone.error().what;
    if (!doubt.empty()) leave_out(left_out_, series_.key, doubt);
    if (!zone) continue;
    owned_.push_back(std::make_unique<Zone>(std::move(zone->zone)));
    return owned_.back().get();
  }
  return nullptr;
}

}  // namespace calint::calendar
