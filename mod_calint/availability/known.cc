#include "availability/known.h"

#include <algorithm>
#include <array>
#include <map>

#include "availability/zone_name.h"

namespace calint::availability {
namespace {

// Which reason is told where there are several, the first one.
constexpr std::array kPrecedence = {Reason::not_connected,       Reason::disconnected,  Reason::expired,
                                    Reason::no_calendar_ticked,  Reason::error,         Reason::never_synced,
                                    Reason::calendar_unreadable, Reason::too_old,       Reason::outside_window,
                                    Reason::calendar_truncated};

using ByReason = std::map<Reason, Spans>;

// Why nothing at all is known, whatever was read before.
Reason reason_of_connection(const PersonRead& person) {
  switch (person.connection) {
    case Connection::none: return Reason::not_connected;
    case Connection::former: return Reason::disconnected;
    case Connection::expired: return Reason::expired;
    case Connection::error:
    case Connection::works: break;
  }
  return person.calendars.empty() ? person.connection == Connection::error ? Reason::error : Reason::no_calendar_ticked
                                  : Reason::none;
}

void add_unknown(const CalendarRead& calendar, Connection connection, const Span& range, const Ages& ages, SysTime now,
                 ByReason& unknown) {
  const auto add = [&](Reason reason, const Span& span) { unknown[reason].push_back(span); };
  if (calendar.is_unreadable) add(Reason::calendar_unreadable, range);
  if (!calendar.last_read || !calendar.known_from || !calendar.known_until) {
    add(connection == Connection::error ? Reason::error : Reason::never_synced, range);
    return;
  }
  if (now - *calendar.last_read > ages.unknown_after) add(Reason::too_old, range);
  add(Reason::outside_window, {range.start, *calendar.known_from});
  add(Reason::outside_window, {*calendar.known_until, range.end});
  if (calendar.unknown_from) add(Reason::calendar_truncated, {*calendar.unknown_from, range.end});
}

std::optional<SysTime> oldest_read(const PersonRead& person) {
  std::optional<SysTime> oldest;
  for (const CalendarRead& calendar : person.calendars) {
    if (!calendar.last_read) return std::nullopt;
    if (!oldest || *calendar.last_read < *oldest) oldest = calendar.last_read;
  }
  return oldest;
}

}  // namespace

Assessment assess(const PersonRead& person, const Span& range, const Ages& ages, SysTime now) {
  Assessment made;
  made.knowledge.as_of = oldest_read(person);
  ByReason unknown;
  if (const Reason reason = reason_of_connection(person); reason != Reason::none) unknown[reason].push_back(range);
  for (const CalendarRead& calendar : person.calendars)
    add_unknown(calendar, person.connection, range, ages, now, unknown);

  Spans told;
  for (const Reason reason : kPrecedence) {
    const Spans parts = subtract(clip(merge(unknown[reason]), range), told);
    for (const Span& part : parts) made.unknown.push_back({part, reason});
    if (!parts.empty() && made.knowledge.reason == Reason::none) made.knowledge.reason = reason;
    told = merge(std::move(told), parts);
  }
  std::sort(made.unknown.begin(), made.unknown.end(),
            [](const UnknownPart& a, const UnknownPart& b) { return a.span.start < b.span.start; });
  if (!made.unknown.empty()) made.knowledge.status = Status::unknown;
  else if (now - *made.knowledge.as_of > ages.stale_after) made.knowledge.status = Status::stale;
  return made;
}

Person person_of(PersonRead person, const Span& range, const Span& needed, const Ages& ages, SysTime now) {
  Person made{.user_id = person.user_id,
              .time_zone = person.time_zone,
              .knowledge = assess(person, range, ages, now).knowledge};
  for (const UnknownPart& part : assess(person, needed, ages, now).unknown) made.unknown.push_back(part.span);
  for (CalendarRead& calendar : person.calendars)
    made.busy.insert(made.busy.end(), std::make_move_iterator(calendar.busy.begin()),
                     std::make_move_iterator(calendar.busy.end()));
  made.interviews = std::move(person.interviews);
  made.holds = std::move(person.holds);
  return made;
}

UserAvailability availability_of(const PersonRead& person, const Span& range, const OrganizationRules& rules,
                                 const Ages& ages, SysTime now) {
  Spans busy = person.on_their_way;
  for (const CalendarRead& calendar : person.calendars)
    for (const BusyTime& one : calendar.busy) {
      if (one.kind == calendar::Kind::tentative && rules.tentative == Rule::free) continue;
      if (one.kind == calendar::Kind::unanswered && rules.unanswered == Rule::free) continue;
      busy.push_back(one.span);
    }
  return {.user_id = person.user_id,
          .time_zone = zone_name(person.time_zone).value_or(""),
          .assessment = assess(person, range, ages, now),
          .busy = clip(merge(std::move(busy)), range)};
}

}  // namespace calint::availability
