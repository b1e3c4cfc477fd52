"""iCalendar objects (RFC 5545): read as a CalDAV server must, and written from a meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Iterator

import icalendar

from .meeting import Meeting, Moved
from .recurrence import Series, Times, overlaps
from .zones import UTC, iana, iana_name

LINE = 75
#: Observances of a VTIMEZONE are written for so many years.
YEARS = 6


class NotCalendar(ValueError):
    """The text is no iCalendar object."""


@dataclass(frozen=True)
class Timing:
    """When what an object holds takes place. `unsure`: there is something in it that can't be said, so it counts as
    being in every window."""

    series: tuple[Series, ...] = ()
    overrides: tuple[Times, ...] = ()
    unsure: bool = False

    def reaches_into(self, low: datetime | None, high: datetime | None) -> bool:
        return (self.unsure or any(next(one.starts(low, high), None) is not None for one in self.series)
                or any(overlaps(one.span(), low, high) for one in self.overrides))


def parse(text: str) -> icalendar.Calendar:
    try:
        found = icalendar.Calendar.from_ical(text)
    except (ValueError, IndexError, KeyError, TypeError) as problem:
        raise NotCalendar(str(problem)) from problem
    if found.name != "VCALENDAR":
        raise NotCalendar(f"a {found.name}")
    return found


def parse_or_none(text: str | None) -> icalendar.Calendar | None:
    try:
        return parse(text) if text else None
    except NotCalendar:
        return None


def events(calendar: icalendar.Calendar) -> list[icalendar.Event]:
    return [one for one in calendar.subcomponents if one.name == "VEVENT"]


def uid_of(calendar: icalendar.Calendar) -> str:
    return next((str(one["UID"]) for one in calendar.subcomponents if one.name != "VTIMEZONE" and "UID" in one), "")


def wall_of(value, parameters, floating: str) -> tuple[datetime, str, bool]:
    """The wall clock's time, its zone, and whether it is a day. ValueError for a zone that nobody knows."""
    if not isinstance(value, datetime):
        return datetime.combine(value, datetime.min.time()), floating, True
    name = iana_name(parameters.get("TZID", "")) if parameters.get("TZID") else ""
    zone = name or ("UTC" if value.tzinfo is not None else floating)
    iana(zone)
    return value.replace(tzinfo=None), zone, False


def times_of(event: icalendar.Event, floating: str) -> Times:
    start, zone, is_day = wall_of(event["DTSTART"].dt, event["DTSTART"].params, floating)
    if "DTEND" in event:
        end, other, _ = wall_of(event["DTEND"].dt, event["DTEND"].params, floating)
        length = end - start if is_day else (end.replace(tzinfo=iana(other)).astimezone(UTC)
                                             - start.replace(tzinfo=iana(zone)).astimezone(UTC))
    elif "DURATION" in event:
        length = event["DURATION"].dt
    else:
        length = timedelta(days=1) if is_day else timedelta()
    return Times(start, length, zone, is_day)


def listed(event: icalendar.Event, name: str, times: Times) -> Iterator[datetime]:
    """The dates of RDATE or EXDATE, on the event's wall clock."""
    found = event.get(name, [])
    for line in found if isinstance(found, list) else [found]:
        for one in line.dts:
            value = one.dt[0] if isinstance(one.dt, tuple) else one.dt
            if not isinstance(value, datetime):
                yield datetime.combine(value, times.start.time())
            elif value.tzinfo is None:
                yield value
            else:
                yield value.astimezone(iana(times.zone)).replace(tzinfo=None)


def series_of(event: icalendar.Event, floating: str) -> Series:
    times, rules = times_of(event, floating), event.get("RRULE", [])
    texts = tuple(one.to_ical().decode() for one in (rules if isinstance(rules, list) else [rules]))
    found = Series(times, texts, tuple(listed(event, "RDATE", times)), frozenset(listed(event, "EXDATE", times)))
    found.check()
    return found


def timing_of(calendar: icalendar.Calendar, floating: str = "Europe/Berlin") -> Timing:
    series, overrides, replaced, unsure = [], [], set(), False
    for event in events(calendar):
        try:
            if "RECURRENCE-ID" in event:
                overrides.append(times_of(event, floating))
                replaced.add(event["RECURRENCE-ID"].dt)
            else:
                series.append(series_of(event, floating))
        except (KeyError, ValueError, TypeError, AttributeError):
            unsure = True
    return Timing(tuple(without(one, replaced) for one in series), tuple(overrides), unsure)


def without(series: Series, replaced: set) -> Series:
    starts = set()
    for value in replaced:
        if isinstance(value, datetime) and value.tzinfo is not None:
            starts.add(value.astimezone(iana(series.times.zone)).replace(tzinfo=None))
        else:
            starts.add(value if isinstance(value, datetime) else datetime.combine(value, datetime.min.time()))
    return Series(series.times, series.rules, series.added, series.left_out | starts)


# Writing

def escaped(text: str) -> str:
    for mark, written in (("\\", "\\\\"), ("\n", "\\n"), (";", "\\;"), (",", "\\,")):
        text = text.replace(mark, written)
    return text


def folded(line: str) -> str:
    """With the line's end; no more than 75 octets on a line, and no character cut."""
    pieces, piece = [], b""
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > LINE:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]).decode() + "\r\n"


def said(moment: datetime, zone: str, all_day: bool) -> str:
    """What stands behind a property's name."""
    if all_day:
        return f";VALUE=DATE:{moment:%Y%m%d}"
    return f":{moment:%Y%m%dT%H%M%SZ}" if zone == "UTC" else f";TZID={zone}:{moment:%Y%m%dT%H%M%S}"


def offset(delta: timedelta) -> str:
    minutes = round(delta.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"


@lru_cache
def time_zone(zone: str, year: int) -> tuple[str, ...]:
    """A VTIMEZONE whose observances are named one by one."""
    own, lines = iana(zone), ["BEGIN:VTIMEZONE", f"TZID:{zone}"]
    moment = datetime(year - 1, 1, 1, tzinfo=timezone.utc)
    changes = [(moment, moment.astimezone(own).utcoffset())]
    for hour in range(24 * 366 * YEARS):
        at = moment + timedelta(hours=hour)
        if at.astimezone(own).utcoffset() != changes[-1][1]:
            changes.append((at, at.astimezone(own).utcoffset()))
    for number, (at, now) in enumerate(changes):
        before = changes[max(0, number - 1)][1]
        kind = "DAYLIGHT" if at.astimezone(own).dst() else "STANDARD"
        local = (at + before).replace(tzinfo=None)
        lines += [f"BEGIN:{kind}", f"DTSTART:{local:%Y%m%dT%H%M%S}", f"TZOFFSETFROM:{offset(before)}",
                  f"TZOFFSETTO:{offset(now)}", f"TZNAME:{at.astimezone(own).tzname()}", f"END:{kind}"]
    return *lines, "END:VTIMEZONE"


def event_lines(uid: str, wanted: Meeting, now: datetime, owner: str, times: Moved | None = None,
                original: datetime | None = None) -> list[str]:
    zone, day, stamp = wanted.time_zone, wanted.all_day, f"{now:%Y%m%dT%H%M%SZ}"
    start, end = (times.start, times.end) if times else (wanted.start, wanted.end)
    lines = ["BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{stamp}", f"CREATED:{stamp}", f"LAST-MODIFIED:{stamp}",
             "SEQUENCE:0", f"DTSTART{said(start, zone, day)}", f"DTEND{said(end, zone, day)}",
             f"SUMMARY:{escaped(wanted.title)}"]
    if original is not None:
        lines.append(f"RECURRENCE-ID{said(original, zone, day)}")
    elif wanted.repeat:
        lines.append(f"RRULE:{wanted.repeat}")
        lines += [f"EXDATE{said(one, zone, day)}" for one in wanted.skipped]
    if wanted.show == "free":
        lines.append("TRANSP:TRANSPARENT")
    status = "CANCELLED" if wanted.cancelled else "TENTATIVE" if wanted.show == "tentative" else "CONFIRMED"
    lines.append(f"STATUS:{status}")
    if wanted.private:
        lines.append("CLASS:PRIVATE")
    people = [(one, "NEEDS-ACTION") for one in wanted.guests]
    if wanted.answer:
        people.append((owner, wanted.answer.replace("_", "-").upper()))
    if people:
        lines.append(f"ORGANIZER:mailto:{wanted.organizer or owner}")
        lines += [f"ATTENDEE;PARTSTAT={status}:mailto:{address}" for address, status in people]
    return [*lines, "END:VEVENT"]


def written(uid: str, wanted: Meeting, now: datetime, owner: str) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Apple Inc.//iCloud Calendar//EN", "CALSCALE:GREGORIAN"]
    if not wanted.all_day and wanted.time_zone != "UTC":
        lines += time_zone(wanted.time_zone, wanted.start.year)
    lines += event_lines(uid, wanted, now, owner)
    for original, to in sorted(wanted.moved.items()):
        lines += event_lines(uid, wanted, now, owner, to, original)
    return "".join(map(folded, [*lines, "END:VCALENDAR"]))


def filled(uid: str, number: int, start: datetime, end: datetime) -> str:
    """A small object, in UTC."""
    return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Apple Inc.//iCloud Calendar//EN\r\n"
            f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:{start:%Y%m%dT%H%M%SZ}\r\n"
            f"DTEND:{end:%Y%m%dT%H%M%SZ}\r\nSUMMARY:Event {number}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
