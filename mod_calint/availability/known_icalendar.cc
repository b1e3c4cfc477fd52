#include <fmt/format.h>

#include "availability/known.h"
#include "base/encoding.h"
#include "calendar/component.h"
#include "calendar/values.h"

namespace calint::availability {
namespace {

using calendar::utc_text;

std::string period(std::string_view type, const Span& span) {
  return fmt::format("FREEBUSY;FBTYPE={}:{}/{}", type, utc_text(span.start), utc_text(span.end));
}

calendar::Component free_busy_of(const UserAvailability& user, const Span& range, SysTime now) {
  const Knowledge& known = user.assessment.knowledge;
  const std::string id = percent_encode(user.user_id);
  calendar::Component component{.name = "VFREEBUSY",
                                .lines = {"UID:" + id + "@availability.mod-calint", "DTSTAMP:" + utc_text(now),
                                          "DTSTART:" + utc_text(range.start), "DTEND:" + utc_text(range.end),
                                          "ATTENDEE:urn:calint:user:" + id}};
  std::vector<std::string>& lines = component.lines;
  std::string said = fmt::format("COMMENT:status {}", to_string(known.status));
  if (known.reason != Reason::none) said += fmt::format("\\, {}", to_string(known.reason));
  if (known.as_of) said += fmt::format("\\, as of {}", utc_text(*known.as_of));
  lines.push_back(std::move(said));
  for (const UnknownPart& part : user.assessment.unknown)
    lines.push_back(fmt::format("COMMENT:unknown from {} to {}: {}", utc_text(part.span.start),
                                utc_text(part.span.end), to_string(part.reason)));
  for (const Span& span : user.busy) lines.push_back(period("BUSY", span));
  for (const UnknownPart& part : user.assessment.unknown) lines.push_back(period("BUSY-UNAVAILABLE", part.span));
  return component;
}

}  // namespace

std::string to_icalendar(const std::vector<UserAvailability>& users, const Span& range, SysTime now) {
  calendar::Component object{.name = "VCALENDAR", .lines = {"VERSION:2.0", "PRODID:-//mod_calint//availability//EN"}};
  for (const UserAvailability& user : users) object.components.push_back(free_busy_of(user, range, now));
  return calendar::to_text(object);
}

}  // namespace calint::availability
