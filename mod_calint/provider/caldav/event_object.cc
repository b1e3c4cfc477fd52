#include "provider/caldav/event_object.h"

#include <fmt/format.h>

#include <algorithm>

#include "calendar/attendance.h"
#include "calendar/component.h"
#include "calendar/evaluate.h"
#include "calendar/icalendar.h"
#include "calendar/values.h"
#include "provider/caldav/guest_lines.h"
#include "provider/shared/event_texts.h"

namespace calint::caldav {
namespace {

using calendar::Component;
using calendar::is_name;
using calendar::SysTime;
using provider::EventContent;
using provider::EventParts;

SysTime seconds_of(Instant at) { return std::chrono::floor<std::chrono::seconds>(at); }

std::string utc(Instant at) { return calendar::utc_text(seconds_of(at)); }

Error unreadable() {
  return {.fault = Fault::unavailable, .what = "a CalDAV object isn't iCalendar that is whole", .code = "caldav"};
}

// Of an event whose URL is the ATS's link, that once more.
constexpr std::string_view kOurUrl = "X-CALINT-URL";

// Our reminder, among those of others.
std::string alarm_uid(const std::string& key) { return key + "-reminder"; }

Component alarm_of(const std::string& key, const EventContent& content) {
  return {.name = "VALARM",
          .lines = {"UID:" + alarm_uid(key), "ACTION:DISPLAY", fmt::format("TRIGGER:-PT{}M", *content.reminder),
                    "DESCRIPTION:" + calendar::escaped(content.title)}};
}

// iCloud has a UID of alarms by another name.
bool is_our_alarm(const Component& component, const std::string& key) {
  return component.is("VALARM") &&
         (component.text("UID") == alarm_uid(key) || component.text("X-WR-ALARMUID") == alarm_uid(key));
}

// The event of that UID: of a series its master.
Component* event_in(Component& object, const std::string& key) {
  Component* found = nullptr;
  for (Component& one : object.components) {
    if (!one.is("VEVENT") || one.text("UID") != key) continue;
    if (!one.property("RECURRENCE-ID")) return &one;
    if (found == nullptr) found = &one;
  }
  return found;
}

// The server may have invited under another of the owner's addresses than we know.
calendar::Accounts accounts_of(const Component& event, const Organizer& organizer) {
  calendar::Accounts accounts = organizer.accounts;
  if (const auto line = event.property("ORGANIZER")) accounts.push_back(address_in(*line));
  return accounts;
}

struct Times {
  SysTime start, end;
  bool operator==(const Times&) const = default;
};

// Of one event by itself, in the zones that its calendar defines.
std::optional<Times> times_of(const calendar::Series& series, const calendar::Event& event) {
  const SysTime about(event.start.local.time_since_epoch());
  const calendar::Window window{.from = about - std::chrono::days(2), .to = about + std::chrono::days(2)};
  const auto span = [&](std::optional<calendar::WrittenDuration> length) -> std::optional<Times> {
    calendar::Series alone{.zone = series.zone, .events = {{.start = event.start}}, .zones = series.zones};
    alone.events[0].duration = length ? length : event.duration;
    if (!length) alone.events[0].end = event.end;
    const auto shown = calendar::evaluate(alone, calendar::kUtc, window).events.at(0).first;
    if (shown.empty()) return std::nullopt;
    return Times{.start = shown.front().start, .end = shown.front().end};
  };
  if (auto times = span(std::nullopt)) return times;
  // It takes no time, and so isn't shown.
  auto times = span(calendar::WrittenDuration{.seconds = 1});
  if (times) times->end = times->start;
  return times;
}

struct Reading {
  std::optional<Times> times;
  calendar::Standing standing = calendar::Standing::busy;
};

// Of the event by itself: whatever else is in the object, this is what is changed.
Reading reading_of(const Component& object, const Component& event, const Organizer& organizer) {
  Component alone{.name = object.name, .lines = object.lines};
  for (const Component& one : object.components)
    if (one.is("VTIMEZONE")) alone.components.push_back(one);
  alone.components.push_back({.name = event.name, .lines = event.lines});
  alone.components.back().remove("RECURRENCE-ID");
  const calendar::Reading all = calendar::read_icalendar({{.name = "", .text = calendar::to_text(alone)}},
                                                         accounts_of(event, organizer));
  if (all.series.empty() || all.series[0].events.empty()) return {};
  const calendar::Event& read = all.series[0].events[0];
  return {.times = times_of(all.series[0], read), .standing = read.standing};
}

// Changes parts of an event.
class Edit {
 public:
  Edit(Component& event, const std::string& key, const EventContent& content, const Organizer& organizer)
      : event_(event), key_(key), content_(content), organizer_(organizer) {}

  // Whether anything has changed.
  bool apply(const EventParts& parts, const std::optional<Times>& times);

 private:
  void set(std::string_view name, std::string line);
  void remove(std::string_view name);
  std::string known_text(std::string_view name) const;  // with the blanks around it
  // What doesn't go with the new text goes. Whether it is another text.
  bool set_text(std::string_view name, const std::string& text);
  void set_description(const EventParts& parts);
  void set_location();
  void set_link();
  void set_time(const std::optional<Times>& times);
  void set_guests();
  void set_reminder();
  void set_alarm_text();
  calendar::Owner owner() const { return calendar::Owner(accounts_of(event_, organizer_)); }
  bool invites() const { return content_.notifies && !organizer_.address.empty(); }

  Component& event_;
  const std::string& key_;
  const EventContent& content_;
  const Organizer& organizer_;
  bool is_changed_ = false;
};

void Edit::set(std::string_view name, std::string line) {
  event_.set(name, std::move(line));
  is_changed_ = true;
}

void Edit::remove(std::string_view name) {
  if (!event_.property(name)) return;
  event_.remove(name);
  is_changed_ = true;
}

std::string Edit::known_text(std::string_view name) const {
  const auto known = event_.property(name);
  return known ? calendar::unescape(known->value) : "";
}

bool Edit::set_text(std::string_view name, const std::string& text) {
  if (known_text(name) == text) return false;
  const auto known = event_.property(name);
  if (text.empty()) {
    remove(name);
    return true;
  }
  std::string line(name);
  // Another representation (ALTREP) or language of the text that goes says nothing of the new one.
  for (const std::string_view one : known ? known->all_parameters() : std::vector<std::string_view>()) {
    const std::string_view parameter = calendar::trim(one.substr(0, one.find('=')));
    if (!is_name(parameter, "ALTREP") && !is_name(parameter, "LANGUAGE")) line.append(";").append(one);
  }
  set(name, line + ":" + calendar::escaped(text));
  return true;
}

void Edit::set_description(const EventParts& parts) {
  std::string text = parts.description ? provider::description_of(content_)
                                       : provider::without_named_guests(known_text("DESCRIPTION"));
  if (!invites())
    text = provider::with_guests_named(std::move(text), uninvited(event_.lines, content_.guests, owner()));
  if (!set_text("DESCRIPTION", text)) return;
  // The same text in HTML, as Exchange and RFC 9073 have it.
  remove("X-ALT-DESC");
  remove("STYLED-DESCRIPTION");
}

void Edit::set_location() {
  if (!set_text("LOCATION", provider::location_of(content_))) return;
  remove("GEO");
  remove("X-APPLE-STRUCTURED-LOCATION");
}

// A URL that somebody else gave the event stays: ours stands in the text, too. Which one is ours, the object says itself
// (RFC 4791, 5.3.3: a server keeps what it doesn't know).
void Edit::set_link() {
  const std::string url = event_.text("URL"), ours = event_.text(kOurUrl);
  const std::string wanted = provider::link_from(content_.conference_url);
  if (url == wanted) return;
  const bool is_theirs = !url.empty() && url != ours;
  if (is_theirs || wanted.empty()) remove(kOurUrl);
  if (is_theirs) return;
  if (wanted.empty()) {
    remove("URL");
  } else {
    set("URL", "URL:" + wanted);
    // As TEXT, which servers take it for whatever it says (RFC 5545, 3.8.8.2), and may cut at a comma.
    set(kOurUrl, fmt::format("{}:{}", kOurUrl, calendar::escaped(wanted)));
  }
}

void Edit::set_time(const std::optional<Times>& times) {
  if (times == Times{.start = seconds_of(content_.start), .end = seconds_of(content_.end)}) return;
  set("DTSTART", "DTSTART:" + utc(content_.start));
  set("DTEND", "DTEND:" + utc(content_.end));
  remove("DURATION");
  const int64_t sequence = calendar::parse_number(event_.text("SEQUENCE")).value_or(0);
  set("SEQUENCE", fmt::format("SEQUENCE:{}", sequence + 1));
}

void Edit::set_guests() {
  if (!invites()) return;
  std::vector<std::string> lines = guest_lines(event_.lines, content_.guests, owner());
  if (lines == event_.lines) return;
  event_.lines = std::move(lines);
  is_changed_ = true;
  if (event_.property("ATTENDEE") && !event_.property("ORGANIZER"))
    set("ORGANIZER", organizer_line(organizer_.address));
}

void Edit::set_reminder() {
  auto& inner = event_.components;
  const auto ours = std::find_if(inner.begin(), inner.end(), [&](const auto& one) { return is_our_alarm(one, key_); });
  if (!content_.reminder) {
    if (ours == inner.end()) return;
    inner.erase(ours);
  } else if (ours == inner.end()) {
    inner.push_back(alarm_of(key_, content_));
  } else {
    const auto trigger = calendar::parse_duration(ours->text("TRIGGER"));
    const calendar::WrittenDuration wanted{.seconds = -60 * int64_t{*content_.reminder}};
    if (trigger == wanted) return;
    ours->set("TRIGGER", fmt::format("TRIGGER:-PT{}M", *content_.reminder));
    ours->remove("ACKNOWLEDGED");
  }
  is_changed_ = true;
}

void Edit::set_alarm_text() {
  for (Component& one : event_.components)
    if (is_our_alarm(one, key_)) one.set("DESCRIPTION", "DESCRIPTION:" + calendar::escaped(content_.title));
}

bool Edit::apply(const EventParts& parts, const std::optional<Times>& times) {
  if (parts.title && set_text("SUMMARY", content_.title)) set_alarm_text();
  if (parts.description || (parts.guests && !invites())) set_description(parts);
  if (parts.location) set_location();
  if (parts.description || parts.location) set_link();
  if (parts.time) set_time(times);
  if (parts.guests) set_guests();
  if (parts.reminder) set_reminder();
  return is_changed_;
}

}  // namespace

std::string written_object(const std::string& key, const EventContent& content, const Organizer& organizer,
                           Instant now) {
  const std::string stamp = utc(now);
  Component event{.name = "VEVENT",
                  .lines = {"UID:" + key, "DTSTAMP:" + stamp, "CREATED:" + stamp, "LAST-MODIFIED:" + stamp,
                            "SEQUENCE:0", "DTSTART:" + utc(content.start), "DTEND:" + utc(content.end),
                            "STATUS:CONFIRMED", "TRANSP:OPAQUE"}};
  const Times times{.start = seconds_of(content.start), .end = seconds_of(content.end)};
  Edit(event, key, content, organizer)
      .apply({.title = true, .description = true, .location = true, .time = true, .guests = true, .reminder = true},
             times);
  return calendar::to_text({.name = "VCALENDAR",
                            .lines = {"VERSION:2.0", "PRODID:-//mod_calint//interviews//EN", "CALSCALE:GREGORIAN"},
                            .components = {std::move(event)}});
}

Result<std::string> changed_object(const std::string& text, const std::string& key, const EventContent& content,
                                   const EventParts& parts, const Organizer& organizer, Instant now) {
  auto object = calendar::parse_component(text);
  if (!object) return unreadable();
  Component* event = event_in(*object, key);
  if (event == nullptr) return Error{.fault = Fault::gone, .what = "the event isn't in the calendar any more"};
  const auto times = reading_of(*object, *event, organizer).times;
  if (!Edit(*event, key, content, organizer).apply(parts, times)) return text;
  event->set("DTSTAMP", "DTSTAMP:" + utc(now));
  event->set("LAST-MODIFIED", "LAST-MODIFIED:" + utc(now));
  return calendar::to_text(*object);
}

Result<std::optional<ReadEvent>> read_event(const std::string& text, const std::string& key,
                                            const Organizer& organizer) {
  auto object = calendar::parse_component(text);
  if (!object) return unreadable();
  const Component* event = event_in(*object, key);
  if (event == nullptr) return std::optional<ReadEvent>();
  const Reading reading = reading_of(*object, *event, organizer);
  if (!reading.times) return unreadable();
  return std::optional(ReadEvent{
      .event = {.place = {.calendar = {}, .key = key},
                .uid = key,
                .start = reading.times->start,
                .end = reading.times->end,
                .answers = guest_answers(event->lines, calendar::Owner(accounts_of(*event, organizer))),
                .organiser_declined = reading.standing == calendar::Standing::declined},
      .is_cancelled = reading.standing == calendar::Standing::cancelled});
}

}  // namespace calint::caldav
