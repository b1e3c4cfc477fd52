#include "calendar/zones.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "calendar/content_line.h"
#include "calendar/posix_rule.h"
#include "calendar/values.h"
#include "calendar/windows_zones.h"

namespace calint::calendar {
namespace {

constexpr int kCycleYears = 401;  // the Gregorian calendar repeats after 400

// The zones of the system, in order of their names; empty where there are none. The library says that with
// std::runtime_error, and keeps them as long as the process lives.
const std::vector<date::time_zone>& system_zones() {
  static const std::vector<date::time_zone>* const zones = [] {
    try {
      return &date::get_tzdb().zones;
    } catch (const std::runtime_error&) {
      return new const std::vector<date::time_zone>();
    }
  }();
  return *zones;
}

const date::time_zone* system_zone(std::string_view name) {
  const auto& zones = system_zones();
  const auto found = std::lower_bound(zones.begin(), zones.end(), name,
                                      [](const date::time_zone& zone, std::string_view n) { return zone.name() < n; });
  if (found == zones.end() || found->name() != name || name == "localtime") return nullptr;
  return &*found;
}

std::optional<std::string> system_name(std::string_view name) {
  if (system_zone(name) != nullptr) return std::string(name);
  // In lower case; made once.
  using Names = std::map<std::string, std::string>;
  static const Names* const names = [] {
    auto* made = new Names;
    for (const date::time_zone& zone : system_zones()) made->emplace(lower_case(zone.name()), zone.name());
    made->erase("localtime");
    return made;
  }();
  std::string key = lower_case(name);
  std::erase(key, '\\');
  std::replace(key.begin(), key.end(), ' ', '_');
  const auto found = names->find(key);
  if (found == names->end()) return std::nullopt;
  return found->second;
}

// What the zone's file says of the time after its last transition. Only names of the system's zones come here.
std::string last_line(const std::string& name) {
  std::ifstream file("/usr/share/zoneinfo/" + name, std::ios::binary);
  std::string line, last;
  while (std::getline(file, line)) last = line;
  return last;
}

std::unique_ptr<const Zone> read_zone(const date::time_zone& zone) {
  const date::sys_seconds end = date::sys_days(date::year(9999) / 1 / 1);
  date::sys_info info = zone.get_info(date::sys_seconds(date::sys_days(date::year(-9999) / 1 / 1)));
  const std::chrono::seconds before = info.offset;
  std::vector<Transition> transitions;
  while (info.end < end) {
    info = zone.get_info(info.end);
    transitions.push_back({info.begin, info.offset});
  }
  const SysTime last = transitions.empty() ? SysTime() : transitions.back().at;
  const int year = static_cast<int>(date::year_month_day(date::floor<date::days>(last)).year());
  bool repeats = false;
  for (const Transition& transition : posix_transitions(last_line(zone.name()), year, year + kCycleYears)) {
    if (transition.at > last) transitions.push_back(transition);
    repeats = true;
  }
  auto table = std::make_unique<Zone>(before, transitions);
  if (repeats) table->repeat();
  return table;
}

// "UTC+05:30", "GMT-8", "UTC+0200", and "+01:00" alone: the hours east of UTC.
std::optional<std::chrono::seconds> named_offset(std::string_view name) {
  if (is_name(name.substr(0, 3), "UTC") || is_name(name.substr(0, 3), "GMT")) name = trim(name.substr(3));
  if (name.size() < 2 || (name[0] != '+' && name[0] != '-')) return std::nullopt;
  std::string digits(name);
  if (digits.find_first_of(":.") == 2 || digits.size() == 2) digits.insert(1, "0");
  std::replace(digits.begin(), digits.end(), '.', ':');
  if (digits.size() == 3) digits += "00";
  return parse_offset(digits);
}

std::string offset_name(std::chrono::seconds offset) {
  if (offset.count() == 0) return kUtc;
  const auto size = std::abs(offset.count());
  return fmt::format("UTC{}{:02}:{:02}:{:02}", offset.count() < 0 ? '-' : '+', size / 3600, size / 60 % 60, size % 60);
}

bool is_utc(std::string_view lowered) {
  return lowered == "utc" || lowered == "z" || lowered == "gmt" || lowered == "etc/utc" || lowered == "etc/gmt" ||
         lowered == "tzone://microsoft/utc" || lowered == "(utc)" || lowered == "(gmt)";
}

}  // namespace

std::optional<std::string> plain_iana_name(std::string_view name) {
  name = trim(name);
  if (is_utc(lower_case(name))) return kUtc;
  if (auto known = system_name(name)) return known;
  if (!name.starts_with('/')) return std::nullopt;
  // Behind a prefix: the longest end of the path that is a name.
  for (size_t slash = name.find('/'); slash != std::string_view::npos; slash = name.find('/', slash + 1)) {
    const std::string_view end = name.substr(slash + 1);
    if (std::count(end.begin(), end.end(), '/') > 2) continue;
    if (is_utc(lower_case(end))) return kUtc;
    if (auto known = system_name(end)) return known;
  }
  return std::nullopt;
}

std::optional<std::string> iana_name(std::string_view name) {
  name = trim(name);
  if (name.size() > 200) return std::nullopt;
  if (auto plain = plain_iana_name(name)) return plain;
  if (const auto windows = windows_zone(name); !windows.empty()) return system_name(windows);
  if (const auto offset = named_offset(name)) return offset_name(*offset);
  // "(UTC+01:00) a city that no table has".
  if (name.starts_with('(')) {
    if (const auto offset = named_offset(trim(name.substr(1, name.find(')') - 1)))) return offset_name(*offset);
  }
  return std::nullopt;
}

const Zone* find_zone(std::string_view iana_name) {
  static std::mutex* const guard = new std::mutex;
  static auto* const read = new std::map<std::string, std::unique_ptr<const Zone>, std::less<>>;
  const std::lock_guard lock(*guard);
  if (const auto found = read->find(iana_name); found != read->end()) return found->second.get();
  std::unique_ptr<const Zone> zone;
  if (const date::time_zone* system = system_zone(iana_name)) zone = read_zone(*system);
  else if (iana_name == kUtc) zone = std::make_unique<Zone>(std::chrono::seconds(0));
  else if (const auto offset = named_offset(iana_name)) zone = std::make_unique<Zone>(*offset);
  if (!zone) return nullptr;
  return read->emplace(iana_name, std::move(zone)).first->second.get();
}

std::optional<SysTime> to_instant(LocalTime local, std::string_view zone) {
  const auto name = iana_name(zone);
  const Zone* found = name ? find_zone(*name) : nullptr;
  if (found == nullptr) return std::nullopt;
  return found->to_instant(local);
}

std::optional<LocalTime> to_local(SysTime instant, std::string_view zone) {
  const auto name = iana_name(zone);
  const Zone* found = name ? find_zone(*name) : nullptr;
  if (found == nullptr) return std::nullopt;
  return found->to_local(instant);
}

}  // namespace calint::calendar
