#include "calendar/series_text.h"

#include <fmt/format.h>

#include <optional>

#include "calendar/content_line.h"
#include "calendar/values.h"

namespace calint::calendar {
namespace {

constexpr std::string_view kHeader = "series 1";

// A line is a letter and what it has. Line ends and backslashes within are escaped.
void put(std::string& text, char letter, std::string_view value) {
  text += letter;
  for (char c : value) {
    if (c == '\\') text += "\\\\";
    else if (c == '\n') text += "\\n";
    else text += c;
  }
  text += '\n';
}

// "20261224T090000 Europe/Berlin"; nothing behind the blank is a floating time or a date.
std::string time_text(const WrittenTime& time) {
  std::string text = to_text(time);
  if (!time.is_date && time.zone != kUtc) text += " " + time.zone;
  return text;
}

std::optional<WrittenTime> parse_written(std::string_view text) {
  const size_t blank = std::min(text.find(' '), text.size());
  return parse_time(text.substr(0, blank), text.substr(std::min(blank + 1, text.size())));
}

std::string observance_text(const Observance& observance) {
  return fmt::format("{} {} {}", to_text({.local = observance.start}), observance.from.count(), observance.to.count());
}

std::optional<std::chrono::seconds> parse_seconds(std::string_view text) {
  const bool negative = text.starts_with('-');
  const auto number = parse_number(text.substr(negative ? 1 : 0));
  if (!number) return std::nullopt;
  return std::chrono::seconds(negative ? -*number : *number);
}

std::optional<Observance> parse_observance(std::string_view text) {
  const auto parts = split(text, ' ');
  if (parts.size() != 3) return std::nullopt;
  const auto start = parse_time(parts[0]);
  const auto from = parse_seconds(parts[1]), to = parse_seconds(parts[2]);
  if (!start || !from || !to) return std::nullopt;
  return Observance{.start = start->local, .from = *from, .to = *to};
}

// Builds a series line by line.
class Builder {
 public:
  // False for a line that no serialize() writes.
  bool take(char letter, const std::string& value);
  Series finish();

 private:
  Series series_;
  std::vector<ZoneDefinition> zones_;
};

bool Builder::take(char letter, const std::string& value) {
  Event* event = series_.events.empty() ? nullptr : &series_.events.back();
  ZoneDefinition* zone = zones_.empty() ? nullptr : &zones_.back();
  Observance* observance = zone && !zone->observances.empty() ? &zone->observances.back() : nullptr;
  switch (letter) {
    case 'k': series_.key = value; return true;
    case 'z': series_.zone = value; return true;
    case 'm': series_.memory = value; return true;
    case 'U': series_.uid = value; return true;
    case 'Z': zones_.push_back({.name = value}); return true;
    case 'O': {
      const auto parsed = parse_observance(value);
      if (zone && parsed) zone->observances.push_back(*parsed);
      return zone && parsed;
    }
    case 'R':
      if (observance) observance->recurrence.push_back(value);
      return observance != nullptr;
    case 'e': series_.events.push_back({.id = value}); return true;
    default: break;
  }
  if (!event) return false;
  if (letter == 'w') {
    const auto standing = standing_from(value);
    if (standing) event->standing = *standing;
    return standing.has_value();
  }
  if (letter == 'r') {
    event->recurrence.push_back(value);
    return true;
  }
  if (letter == 'd') return (event->duration = parse_duration(value)).has_value();
  const auto time = parse_written(value);
  if (!time) return false;
  if (letter == 's') event->start = *time;
  else if (letter == 'u') event->end = time;
  else if (letter == 'i' || letter == 'I') event->recurrence_id = time;
  else return false;
  event->and_future = event->and_future || letter == 'I';
  return true;
}

Series Builder::finish() {
  for (ZoneDefinition& zone : zones_) series_.zones.push_back(std::make_shared<ZoneDefinition>(std::move(zone)));
  return std::move(series_);
}

}  // namespace

std::string serialize(const Series& series) {
  std::string text(kHeader);
  text += '\n';
  put(text, 'k', series.key);
  if (!series.zone.empty()) put(text, 'z', series.zone);
  if (!series.memory.empty()) put(text, 'm', series.memory);
  if (!series.uid.empty()) put(text, 'U', series.uid);
  for (const auto& zone : series.zones) {
    put(text, 'Z', zone->name);
    for (const Observance& observance : zone->observances) {
      put(text, 'O', observance_text(observance));
      for (const std::string& line : observance.recurrence) put(text, 'R', line);
    }
  }
  for (const Event& event : series.events) {
    put(text, 'e', event.id);
    if (event.standing != Standing::busy) put(text, 'w', to_string(event.standing));
    put(text, 's', time_text(event.start));
    if (event.end) put(text, 'u', time_text(*event.end));
    if (event.duration) put(text, 'd', to_text(*event.duration));
    for (const std::string& line : event.recurrence) put(text, 'r', line);
    if (event.recurrence_id) put(text, event.and_future ? 'I' : 'i', time_text(*event.recurrence_id));
  }
  return text;
}

Result<Series> parse_series(std::string_view text) {
  const Error corrupt{.fault = Fault::corrupt, .what = "a stored series can't be read"};
  Builder builder;
  bool has_header = false;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos || end == 0) return corrupt;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (!has_header && line != kHeader) return corrupt;
    if (has_header && !builder.take(line[0], unescape(line.substr(1)))) return corrupt;
    has_header = true;
  }
  if (!has_header) return corrupt;
  return builder.finish();
}

}  // namespace calint::calendar
