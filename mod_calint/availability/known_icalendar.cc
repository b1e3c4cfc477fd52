#include <fmt/format.h>

#include "availability/known.h"
#include "base/encoding.h"

namespace calint::availability {
namespace {

using namespace std::chrono;

// "20261207T080000Z".
std::string utc(SysTime at) {
  const auto day = floor<days>(at);
  const year_month_day date(day);
  const hh_mm_ss time(at - day);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

// RFC 5545, 3.1: lines of 75 bytes at most go on behind a blank. What is written here is ASCII.
void add_line(std::string& text, std::string_view line) {
  constexpr size_t kLongest = 75;
  text += line.substr(0, kLongest);
  for (size_t at = kLongest; at < line.size(); at += kLongest - 1) {
    text += "\r\n ";
    text += line.substr(at, kLongest - 1);
  }
  text += "\r\n";
}

void add_period(std::string& text, std::string_view type, const Span& span) {
  add_line(text, fmt::format("FREEBUSY;FBTYPE={}:{}/{}", type, utc(span.start), utc(span.end)));
}

void add_user(std::string& text, const UserAvailability& user, const Span& range, SysTime now) {
  const Knowledge& known = user.assessment.knowledge;
  const std::string id = percent_encode(user.user_id);
  add_line(text, "BEGIN:VFREEBUSY");
  add_line(text, "UID:" + id + "@availability.mod-calint");
  add_line(text, "DTSTAMP:" + utc(now));
  add_line(text, "DTSTART:" + utc(range.start));
  add_line(text, "DTEND:" + utc(range.end));
  add_line(text, "ATTENDEE:urn:calint:user:" + id);
  std::string said = fmt::format("COMMENT:status {}", to_string(known.status));
  if (known.reason != Reason::none) said += fmt::format("\\, {}", to_string(known.reason));
  if (known.as_of) said += fmt::format("\\, as of {}", utc(*known.as_of));
  add_line(text, said);
  for (const UnknownPart& part : user.assessment.unknown)
    add_line(text, fmt::format("COMMENT:unknown from {} to {}: {}", utc(part.span.start), utc(part.span.end),
                               to_string(part.reason)));
  for (const Span& span : user.busy) add_period(text, "BUSY", span);
  for (const UnknownPart& part : user.assessment.unknown) add_period(text, "BUSY-UNAVAILABLE", part.span);
  add_line(text, "END:VFREEBUSY");
}

}  // namespace

std::string to_icalendar(const std::vector<UserAvailability>& users, const Span& range, SysTime now) {
  std::string text;
  add_line(text, "BEGIN:VCALENDAR");
  add_line(text, "VERSION:2.0");
  add_line(text, "PRODID:-//mod_calint//availability//EN");
  for (const UserAvailability& user : users) add_user(text, user, range, now);
  add_line(text, "END:VCALENDAR");
  return text;
}

}  // namespace calint::availability
