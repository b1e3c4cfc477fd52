"""Google's way to say when: `{date}` or `{dateTime, timeZone}`, and lines of recurrence without DTSTART."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from .clock import parse_instant
from .recurrence import Series, Times
from .zones import UTC, iana, instant, wall


class Unfit(ValueError):
    """A time that Google refuses; `where` is the member."""

    def __init__(self, where: str, text: str) -> None:
        super().__init__(text)
        self.where = where


def is_all_day(member: dict) -> bool:
    return member.get("date") is not None


def local_of(member: dict, zone: str, where: str) -> tuple[datetime, str]:
    """The wall clock's time and its zone; an all-day one begins at midnight in the calendar's zone."""
    dated, timed = member.get("date"), member.get("dateTime")
    if (dated is None) == (timed is None):
        raise Unfit(where, "Start and end times must either both be date or both be dateTime.")
    own = member.get("timeZone") or zone
    try:
        iana(own)
        if dated is not None:
            return datetime.combine(date.fromisoformat(dated), datetime.min.time()), zone
        found = datetime.fromisoformat(timed)
        if found.tzinfo is None and not member.get("timeZone"):
            raise ValueError("Missing time zone definition.")
        return (found if found.tzinfo is None else wall(found, own)).replace(microsecond=0), own
    except ValueError as problem:
        raise Unfit(where, f"Invalid value for {where}: {problem}") from problem


def times_of(start: dict, end: dict, zone: str) -> Times:
    """`zone` is the calendar's. Unfit where the two don't go together."""
    begin, own = local_of(start, zone, "start")
    finish, other = local_of(end, zone, "end")
    if is_all_day(start) != is_all_day(end):
        raise Unfit("end", "Start and end times must either both be date or both be dateTime.")
    if is_all_day(start):
        length = finish - begin
    else:
        length = instant(finish, other) - instant(begin, own)
    if length < timedelta() or (is_all_day(start) and not length):
        raise Unfit("end", "The specified time range is empty.")
    return Times(begin, length, own, is_all_day(start))


def series_of(members: dict, zone: str) -> Series:
    """When an event takes place; Unfit where its recurrence can't be read."""
    times = times_of(members["start"], members["end"], zone)
    rules, added, left_out = [], [], set()
    try:
        for line in members.get("recurrence") or ():
            name, colon, value = line.partition(":")
            kind, _, parameters = name.partition(";")
            if not colon or kind.upper() not in ("RRULE", "EXRULE", "RDATE", "EXDATE"):
                raise ValueError(line)
            if kind.upper() == "RRULE":
                rules.append(value)
            elif kind.upper() in ("RDATE", "EXDATE"):
                dates = [listed(text, parameters, times) for text in value.split(",")]
                added.extend(dates) if kind.upper() == "RDATE" else left_out.update(dates)
        found = Series(times, tuple(rules), tuple(added), frozenset(left_out))
        found.check()
        return found
    except ValueError as problem:
        raise Unfit("recurrence", f"Invalid recurrence rule: {problem}") from problem


def listed(text: str, parameters: str, times: Times) -> datetime:
    """A date of RDATE or EXDATE, on the event's wall clock."""
    if len(text) == 8:
        return datetime.combine(datetime.strptime(text, "%Y%m%d").date(), times.start.time())
    if text.endswith("Z"):
        return wall(datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC), times.zone)
    found = datetime.strptime(text, "%Y%m%dT%H%M%S")
    zone = dict(one.split("=", 1) for one in parameters.split(";") if "=" in one).get("TZID", times.zone)
    return wall(instant(found, zone), times.zone)


def said(moment: datetime, zone: str, shown: str) -> dict:
    """`{dateTime, timeZone}` of a moment in UTC: in the zone in which the answer is, and the event's own."""
    text = moment.astimezone(iana(shown)).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"dateTime": text, "timeZone": zone}


def shown(times: Times, start: datetime, zone: str, end_zone: str) -> tuple[dict, dict]:
    """`start` and `end` of the occurrence that begins at `start` on the wall clock."""
    if times.all_day:
        return {"date": f"{start:%Y-%m-%d}"}, {"date": f"{start + times.length:%Y-%m-%d}"}
    begin, finish = times.span(start)
    return said(begin, times.zone, zone), said(finish, end_zone, zone)


def original(times: Times, start: datetime, zone: str) -> dict:
    """originalStartTime."""
    return shown(times, start, zone, times.zone)[0]


def instance_mark(times: Times, start: datetime) -> str:
    """What stands behind the series' id in the id of an occurrence."""
    return f"{start:%Y%m%d}" if times.all_day else f"{times.span(start)[0]:%Y%m%dT%H%M%SZ}"


def start_of_mark(times: Times, mark: str) -> datetime | None:
    """The wall clock's start behind such a mark."""
    try:
        if times.all_day:
            return datetime.strptime(mark, "%Y%m%d")
        return wall(datetime.strptime(mark, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC), times.zone)
    except ValueError:
        return None


def window_of(text: str, name: str) -> datetime | None:
    """A bound of a query; Unfit where it is no time with an offset."""
    try:
        return parse_instant(text) if text else None
    except ValueError as problem:
        raise Unfit(name, f"Invalid value for {name}: {text}") from problem
