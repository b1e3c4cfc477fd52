#include "calendar/icalendar.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "calendar/attendance.h"
#include "calendar/clocks.h"
#include "calendar/content_line.h"
#include "calendar/event_versions.h"
#include "calendar/values.h"
#include "calendar/zones.h"

namespace calint::calendar {
namespace {

constexpr size_t kDeepest = 64;
constexpr size_t kMostRecurrence = 1 << 20;  // bytes of an event's lines
constexpr size_t kMostNames = 50;            // of zones in an event
constexpr size_t kMostReports = 1000;        // of a source

enum class Component { calendar, event, zone, observance, free_busy, other };

Component component_of(std::string_view name) {
  if (is_name(name, "VCALENDAR")) return Component::calendar;
  if (is_name(name, "VEVENT")) return Component::event;
  if (is_name(name, "VTIMEZONE")) return Component::zone;
  if (is_name(name, "STANDARD") || is_name(name, "DAYLIGHT")) return Component::observance;
  if (is_name(name, "VFREEBUSY")) return Component::free_busy;
  return Component::other;
}

std::string bad_lines(size_t count) {
  return count == 1 ? "a line that isn't iCalendar" : std::to_string(count) + " lines that aren't iCalendar";
}

void once(std::vector<std::string>& list, std::string_view text) {
  if (list.size() < kMostNames && std::find(list.begin(), list.end(), text) == list.end()) list.emplace_back(text);
}

class SourceReader {
 public:
  SourceReader(const Source& source, const Owner& owner, EventVersions& versions, Reading& reading)
      : source_(source), owner_(owner), versions_(versions), reading_(reading) {}

  void run();

 private:
  struct Open {
    Component component;
    std::string name;
  };

  void take(std::string_view line);
  void begin(std::string_view name);
  void end(std::string_view name);
  void close();  // the innermost component
  void close_event();
  void close_zone();
  void close_observance();
  void close_calendar();
  void take_event_line(const ContentLine& line, std::string_view text);
  void take_free_busy_line(const ContentLine& line);
  void take_zone_line(const ContentLine& line, std::string_view text);
  bool is_open(Component component) const;
  std::optional<WrittenTime> time_of(std::string_view text, std::string_view what);
  void leave_out(std::string id, std::string why);

  const Source& source_;
  const Owner& owner_;
  EventVersions& versions_;
  Reading& reading_;
  std::vector<Open> open_;
  size_t too_deep_ = 0;
  size_t left_out_ = 0;
  size_t bad_lines_ = 0;
  bool found_any_ = false;

  // Of the calendar that is open: zones may come behind the events that use them.
  bool cancels_ = false;
  std::vector<EventDraft> drafts_;
  std::unordered_map<std::string, std::shared_ptr<const ZoneDefinition>> zones_;  // by zone_key()

  EventDraft draft_;
  std::shared_ptr<ZoneDefinition> zone_;
  Observance observance_;
  bool has_from_ = false, has_to_ = false, has_start_ = false;
};

void SourceReader::leave_out(std::string id, std::string why) {
  if (++left_out_ > kMostReports) return;
  if (left_out_ == kMostReports) why = "more of it couldn't be read";
  reading_.left_out.push_back({.id = std::move(id), .why = std::move(why), .file = source_.name});
}

bool SourceReader::is_open(Component component) const {
  return std::any_of(open_.begin(), open_.end(), [&](const Open& one) { return one.component == component; });
}

void SourceReader::run() {
  if (source_.text.starts_with("\xFF\xFE") || source_.text.starts_with("\xFE\xFF"))
    return leave_out("", "it is UTF-16, not UTF-8");
  LineReader lines(source_.text);
  while (const auto line = lines.next()) take(*line);
  if (too_deep_ > 0) leave_out("", "its components are nested too deeply");
  if (is_open(Component::event)) draft_.doubts.push_back("the text ends within it");
  else if (!open_.empty()) leave_out("", "the text ends before the calendar does");
  while (!open_.empty()) close();
  close_calendar();
  if (found_any_) reading_.is_calendar = true;
  if (!found_any_) leave_out("", "there is no iCalendar object in it");
  else if (bad_lines_ > 0) leave_out("", bad_lines(bad_lines_));
}

void SourceReader::take(std::string_view text) {
  const auto line = parse_line(text);
  if (!line) {
    if (open_.empty() || open_.back().component == Component::calendar) ++bad_lines_;
    else if (open_.back().component != Component::other) ++draft_.bad_lines;
    return;
  }
  if (is_name(line->name, "BEGIN")) return begin(trim(line->value));
  if (is_name(line->name, "END")) return end(trim(line->value));
  if (open_.empty() || too_deep_ > 0) return;
  switch (open_.back().component) {
    case Component::event: return take_event_line(*line, text);
    case Component::free_busy: return take_free_busy_line(*line);
    case Component::zone:
    case Component::observance: return take_zone_line(*line, text);
    case Component::calendar:
      if (is_name(line->name, "METHOD")) cancels_ = is_name(trim(line->value), "CANCEL");
      return;
    case Component::other: return;
  }
}

void SourceReader::begin(std::string_view name) {
  if (too_deep_ > 0 || open_.size() >= kDeepest) {
    ++too_deep_;
    return;
  }
  const Component component = component_of(name);
  // None of these lies within another but a calendar: what is open has lost its end.
  if (component == Component::event || component == Component::zone || component == Component::free_busy) {
    while (!open_.empty() && open_.back().component != Component::calendar) close();
  } else if (component == Component::calendar) {
    while (!open_.empty()) close();
  } else if (component == Component::observance && !open_.empty() && open_.back().component == Component::observance) {
    close();
  }
  if (component != Component::other) found_any_ = true;
  if (component == Component::event || component == Component::free_busy) draft_ = EventDraft();
  if (component == Component::zone) zone_ = std::make_shared<ZoneDefinition>();
  if (component == Component::observance) {
    observance_ = Observance();
    has_from_ = has_to_ = has_start_ = false;
  }
  open_.push_back({component, lower_case(name.substr(0, 64))});
}

void SourceReader::end(std::string_view name) {
  if (too_deep_ > 0) {
    --too_deep_;
    return;
  }
  const std::string lowered = lower_case(name.substr(0, 64));
  const auto opened = [&](const Open& one) { return one.name == lowered; };
  if (std::none_of(open_.begin(), open_.end(), opened)) {
    ++bad_lines_;
    return;
  }
  while (open_.back().name != lowered) close();
  close();
}

void SourceReader::close() {
  const Component component = open_.back().component;
  open_.pop_back();
  if (component == Component::event || component == Component::free_busy) close_event();
  if (component == Component::zone) close_zone();
  if (component == Component::observance) close_observance();
  if (component == Component::calendar) close_calendar();
}

std::optional<WrittenTime> SourceReader::time_of(std::string_view text, std::string_view what) {
  const auto line = parse_line_of_times(text);
  if (!line) return std::nullopt;
  const std::string_view zone = line->parameter("TZID").value_or("");
  auto time = parse_time(line->value, zone);
  if (!time) {
    once(draft_.doubts, std::string(what) + " can't be read");
    return std::nullopt;
  }
  if (!time->is_date && !time->zone.empty() && time->zone != kUtc) once(draft_.zones, time->zone);
  return time;
}

void SourceReader::take_event_line(const ContentLine& line, std::string_view text) {
  if (is_name(line.name, "DTSTART")) {
    if (!draft_.start) draft_.start = time_of(text, "its DTSTART");
  } else if (is_name(line.name, "DTEND")) {
    if (!draft_.end) draft_.end = time_of(text, "its DTEND");
  } else if (is_name(line.name, "DURATION")) {
    draft_.duration = parse_duration(line.value);
    if (!draft_.duration) once(draft_.doubts, "its DURATION can't be read");
  } else if (is_name(line.name, "UID")) {
    draft_.uid = std::string(trim(unescape(line.value)));
  } else if (is_name(line.name, "RECURRENCE-ID")) {
    draft_.recurrence_id = time_of(text, "its RECURRENCE-ID");
    const auto range = line.parameter("RANGE");
    draft_.and_future = range && is_name(*range, "THISANDFUTURE");
    if (!draft_.recurrence_id) draft_.recurrence_id = WrittenTime{};  // an override of nobody knows which instance
  } else if (is_name(line.name, "RRULE") || is_name(line.name, "EXRULE") || is_name(line.name, "RDATE") ||
             is_name(line.name, "EXDATE")) {
    draft_.recurrence_size += text.size();
    if (draft_.recurrence_size > kMostRecurrence) return once(draft_.doubts, "its recurrence is too long");
    draft_.recurrence.emplace_back(text);
    const auto times = parse_line_of_times(text);
    if (const auto zone = times ? times->parameter("TZID") : std::nullopt) once(draft_.zones, *zone);
  } else if (is_name(line.name, "SEQUENCE")) {
    draft_.sequence = parse_number(trim(line.value)).value_or(0);
  } else if (is_name(line.name, "DTSTAMP")) {
    if (const auto stamp = parse_time(line.value)) draft_.stamp = to_text(*stamp);
  } else {
    draft_.attendance.take(line, owner_);
  }
}

// FREEBUSY;FBTYPE=BUSY-TENTATIVE:19970308T160000Z/PT3H,... (RFC 5545 3.8.2.6).
void SourceReader::take_free_busy_line(const ContentLine& line) {
  draft_.is_free_busy = true;
  if (is_name(line.name, "UID")) draft_.uid = std::string(trim(unescape(line.value)));
  if (!is_name(line.name, "FREEBUSY")) return;
  const std::string_view type = line.parameter("FBTYPE").value_or("BUSY");
  if (is_name(type, "FREE")) return;
  for (std::string_view period : split(line.value, ',')) {
    const size_t slash = std::min(period.find('/'), period.size());
    const auto start = parse_time(period.substr(0, slash));
    const std::string_view rest = period.substr(std::min(slash + 1, period.size()));
    Event event{.standing = is_name(type, "BUSY-TENTATIVE") ? Standing::tentative : Standing::busy,
                .start = start.value_or(WrittenTime{}),
                .end = parse_time(rest),
                .duration = parse_duration(rest)};
    if (start && (event.end || event.duration)) draft_.free_busy.push_back(std::move(event));
    else once(draft_.doubts, "a period of its can't be read");
  }
}

void SourceReader::take_zone_line(const ContentLine& line, std::string_view text) {
  if (!zone_) return;
  if (open_.back().component == Component::zone) {
    if (!is_name(line.name, "TZID")) return;
    // A second name begins a second zone, which has lost its BEGIN.
    if (!zone_->name.empty()) close_zone();
    if (!zone_) zone_ = std::make_shared<ZoneDefinition>();
    zone_->name = std::string(trim(unescape(line.value)));
    return;
  }
  if (is_name(line.name, "DTSTART")) {
    const auto time = parse_time(line.value);
    has_start_ = time.has_value();
    if (time) observance_.start = time->local;
  } else if (is_name(line.name, "TZOFFSETFROM") || is_name(line.name, "TZOFFSETTO")) {
    const auto offset = parse_offset(line.value);
    const bool from = is_name(line.name, "TZOFFSETFROM");
    (from ? has_from_ : has_to_) = offset.has_value();
    if (offset) (from ? observance_.from : observance_.to) = *offset;
  } else if (is_name(line.name, "RRULE") || is_name(line.name, "RDATE")) {
    observance_.recurrence.emplace_back(text);
  }
}

void SourceReader::close_observance() {
  if (!zone_) return;
  if (!has_to_) return leave_out(zone_->name, "a part of a time zone has no offset that can be read");
  if (!has_from_) observance_.from = observance_.to;
  if (!has_start_) observance_.start = *local_time(1601, 1, 1);
  zone_->observances.push_back(std::move(observance_));
}

void SourceReader::close_zone() {
  if (zone_ && !zone_->observances.empty()) zones_.emplace(zone_key(zone_->name), std::move(zone_));
  zone_.reset();
}

void SourceReader::close_event() {
  if (draft_.recurrence_id && *draft_.recurrence_id == WrittenTime{}) draft_.recurrence_id = draft_.start;
  // An override that only says which instance is cancelled.
  if (!draft_.start && draft_.recurrence_id && (cancels_ || draft_.attendance.standing() == Standing::cancelled))
    draft_.start = draft_.recurrence_id;
  if (draft_.bad_lines > 0)
    draft_.doubts.push_back(bad_lines(draft_.bad_lines));
  if (!draft_.start && !draft_.is_free_busy && draft_.doubts.empty()) draft_.doubts.push_back("it has no DTSTART");
  if (!draft_.doubts.empty()) leave_out(draft_.uid, fmt::format("{}", fmt::join(draft_.doubts, "; ")));
  if (draft_.start || draft_.is_free_busy) drafts_.push_back(std::move(draft_));
  draft_ = EventDraft();
}

void SourceReader::close_calendar() {
  for (EventDraft& draft : drafts_) {
    std::vector<std::shared_ptr<const ZoneDefinition>> zones;
    for (const std::string& name : draft.zones) {
      if (name.find('/') != std::string::npos && plain_iana_name(name)) continue;
      if (const auto zone = zones_.find(zone_key(name)); zone != zones_.end()) zones.push_back(zone->second);
    }
    if (cancels_) draft.attendance.cancel();
    versions_.add(std::move(draft), zones, source_.name);
  }
  drafts_.clear();
  zones_.clear();
  cancels_ = false;
}

}  // namespace

Reading read_icalendar(const std::vector<Source>& sources, const Accounts& accounts) {
  Reading reading;
  const Owner owner(accounts);
  EventVersions versions;
  for (const Source& source : sources) SourceReader(source, owner, versions, reading).run();
  reading.series = versions.finish();
  return reading;
}

}  // namespace calint::calendar
