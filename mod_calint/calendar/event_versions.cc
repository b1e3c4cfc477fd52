#include "calendar/event_versions.h"

#include <algorithm>
#include <tuple>

#include "calendar/clocks.h"
#include "calendar/values.h"

namespace calint::calendar {
namespace {

constexpr size_t kMostZones = 50;  // of a series; times in further ones are read as those of unknown zones

}  // namespace

void EventVersions::add(EventDraft draft, const std::vector<std::shared_ptr<const ZoneDefinition>>& zones,
                     const std::string& file) {
  std::string key = draft.uid;
  // Without a UID nothing says that two events belong together.
  if (key.empty()) key = "no UID " + std::to_string(++nameless_);
  const auto [found, is_new] = places_.emplace(key, all_.size());
  if (is_new) all_.push_back({.uid = std::move(key), .file = file});
  Versions& versions = all_[found->second];
  for (const auto& zone : zones) {
    if (versions.zones.size() >= kMostZones) break;
    const auto same = [&](const auto& other) { return zone_key(other->name) == zone_key(zone->name); };
    if (std::none_of(versions.zones.begin(), versions.zones.end(), same)) versions.zones.push_back(zone);
  }
  for (Event& event : draft.free_busy) versions.events.push_back({.event = std::move(event)});
  if (draft.is_free_busy) return;
  if (draft.end) draft.duration.reset();
  versions.events.push_back({.event = {.id = std::move(draft.uid),
                                       .standing = draft.attendance.standing(),
                                       .start = std::move(*draft.start),
                                       .end = std::move(draft.end),
                                       .duration = draft.duration,
                                       .recurrence = std::move(draft.recurrence),
                                       .recurrence_id = std::move(draft.recurrence_id),
                                       .and_future = draft.and_future},
                             .sequence = draft.sequence,
                             .stamp = std::move(draft.stamp)});
}

// The later version stands (RFC 5546 2.1.5). Of events that aren't overrides SEQUENCE alone tells versions apart: some
// writers give one UID to all events.
void EventVersions::keep_latest(std::vector<Version>& events) {
  const auto instance = [](const Version& version) {
    return version.event.recurrence_id ? to_text(*version.event.recurrence_id) + version.event.recurrence_id->zone : "";
  };
  using Order = std::tuple<int64_t, std::string>;
  std::unordered_map<std::string, Order> latest;
  const auto order = [](const Version& version) {
    return Order(version.sequence, version.event.recurrence_id ? version.stamp : "");
  };
  for (const Version& version : events) {
    const auto [found, is_new] = latest.emplace(instance(version), order(version));
    if (!is_new) found->second = std::max(found->second, order(version));
  }
  std::erase_if(events, [&](const Version& version) { return order(version) < latest[instance(version)]; });
}

std::vector<Series> EventVersions::finish() {
  std::vector<Series> series;
  series.reserve(all_.size());
  for (Versions& versions : all_) {
    if (versions.events.size() > 1) keep_latest(versions.events);
    Series& one = series.emplace_back(Series{
        .key = std::move(versions.uid), .zones = std::move(versions.zones), .file = std::move(versions.file)});
    for (Version& version : versions.events) one.events.push_back(std::move(version.event));
  }
  return series;
}

}  // namespace calint::calendar
