"""Graph's way to say when: `{dateTime, timeZone}`, and a pattern with a range for what comes again."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from .recurrence import Series, Times
from .zones import UTC, iana, iana_name, instant, known_to_graph, wall, windows_name

DAYS = {"MO": "monday", "TU": "tuesday", "WE": "wednesday", "TH": "thursday", "FR": "friday", "SA": "saturday",
        "SU": "sunday"}
DAY_MARKS = {name: mark for mark, name in DAYS.items()}
INDEX = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
WEEKS = {number: name for name, number in INDEX.items()}
BY_DAY = re.compile(r"([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)")
NUMBER_OF_DIGITS = 7


class ZoneUnknown(ValueError):
    """A name that Graph's list of time zones hasn't."""


def zone_of(name: str | None) -> str:
    """IANA's name of a zone that Graph takes."""
    if not name or not known_to_graph(name):
        raise ZoneUnknown(name or "")
    return iana_name(name)


def local_of(member: dict) -> tuple[datetime, str]:
    """The wall clock's time and its zone, by IANA's name. ValueError where there is none."""
    zone = zone_of((member or {}).get("timeZone") or "UTC")
    text = re.sub(r"(\.\d{6})\d+", r"\1", (member or {}).get("dateTime") or "")
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo is None else wall(found, zone)).replace(microsecond=0), zone


def times_of(members: dict) -> Times:
    """ValueError where start and end don't go together."""
    begin, zone = local_of(members["start"])
    finish, other = local_of(members["end"])
    if members.get("isAllDay"):
        midnight = datetime.min.time()
        if (begin.time(), finish.time()) != (midnight, midnight) or zone != other or finish <= begin:
            raise ValueError("An all-day event begins and ends at midnight in one time zone.")
        return Times(begin, finish - begin, zone, all_day=True)
    length = instant(finish, other) - instant(begin, zone)
    if length < timedelta():
        raise ValueError("The end of an event can't come before its start.")
    return Times(begin, length, zone)


def text_of(local: datetime) -> str:
    return local.replace(microsecond=0, tzinfo=None).isoformat() + "." + "0" * NUMBER_OF_DIGITS


def shown(times: Times, start: datetime, zone: str) -> tuple[dict, dict]:
    """`start` and `end` of the occurrence that begins then, in the zone that is asked for, by the name it is asked by.
    All-day ones are midnight to midnight under that name, whatever it is."""
    begin, end = (start, start + times.length) if times.all_day else times.span(start)
    if not times.all_day:
        own = iana(iana_name(zone))
        begin, end = begin.astimezone(own), end.astimezone(own)
    return {"dateTime": text_of(begin), "timeZone": zone}, {"dateTime": text_of(end), "timeZone": zone}


def rule_of(recurrence: dict, zone: str) -> str:
    """RRULE's value of a patternedRecurrence; ValueError where it isn't one."""
    try:
        pattern, span = recurrence["pattern"], recurrence["range"]
        days = ",".join(DAY_MARKS[day] for day in pattern.get("daysOfWeek") or ())
        index = INDEX[pattern.get("index") or "first"]
        day, month = pattern.get("dayOfMonth"), pattern.get("month")
        parts = {
            "daily": ["FREQ=DAILY"], "weekly": ["FREQ=WEEKLY", f"BYDAY={days}"],
            "absoluteMonthly": ["FREQ=MONTHLY", f"BYMONTHDAY={day}"],
            "relativeMonthly": ["FREQ=MONTHLY", f"BYDAY={days}", f"BYSETPOS={index}"],
            "absoluteYearly": ["FREQ=YEARLY", f"BYMONTH={month}", f"BYMONTHDAY={day}"],
            "relativeYearly": ["FREQ=YEARLY", f"BYMONTH={month}", f"BYDAY={days}", f"BYSETPOS={index}"],
        }[pattern["type"]] + [f"INTERVAL={pattern['interval']}"]
        if pattern["type"] == "weekly":
            parts.append(f"WKST={DAY_MARKS[pattern.get('firstDayOfWeek') or 'sunday']}")
        date.fromisoformat(span["startDate"])
        if span["type"] == "numbered":
            parts.append(f"COUNT={span['numberOfOccurrences']}")
        elif span["type"] == "endDate":
            last = datetime.combine(date.fromisoformat(span["endDate"]), datetime.max.time())
            parts.append(f"UNTIL={instant(last, zone):%Y%m%dT%H%M%SZ}")
        return ";".join(parts)
    except (KeyError, TypeError) as problem:
        raise ValueError(f"recurrence: {problem}") from problem


def series_of(members: dict) -> Series:
    """ValueError where times or recurrence can't be read."""
    times, recurrence = times_of(members), members.get("recurrence")
    if not recurrence:
        return Series(times)
    named = (recurrence.get("range") or {}).get("recurrenceTimeZone")
    found = Series(times, (rule_of(recurrence, zone_of(named) if named else times.zone),))
    found.check()
    return found


def pattern_of(rule: str, times: Times) -> dict:
    """The patternedRecurrence of an RRULE's value; ValueError for one that Outlook has no words for."""
    parts = dict(one.split("=", 1) for one in rule.upper().split(";"))
    days = [BY_DAY.fullmatch(one) for one in parts.get("BYDAY", "").split(",") if one]
    kind, start = parts.get("FREQ"), times.start
    known = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST"}
    if not parts.keys() <= known or None in days or kind not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise ValueError(f"Outlook has no pattern for {rule}")
    numbers = {one.group(1) for one in days}
    if len(numbers) > 1 or (kind in ("DAILY", "WEEKLY") and numbers - {None}):
        raise ValueError(f"Outlook has no pattern for {rule}")
    named = [DAYS[one.group(2)] for one in days] or [list(DAYS.values())[start.weekday()]]
    relative = bool(days) and kind in ("MONTHLY", "YEARLY")
    name = {"DAILY": "daily", "WEEKLY": "weekly", "MONTHLY": "relativeMonthly" if relative else "absoluteMonthly",
            "YEARLY": "relativeYearly" if relative else "absoluteYearly"}[kind]
    pattern = {"type": name, "interval": int(parts.get("INTERVAL", "1")),
               "month": int(parts.get("BYMONTH", start.month)) if kind == "YEARLY" else 0,
               "dayOfMonth": 0 if relative or kind in ("DAILY", "WEEKLY") else int(parts.get("BYMONTHDAY", start.day)),
               "daysOfWeek": named if relative or kind == "WEEKLY" else [],
               "firstDayOfWeek": DAYS[parts.get("WKST", "SU")],
               "index": WEEKS[int(numbers.pop() or 1)] if relative else "first"}
    span = {"type": "noEnd", "startDate": f"{start:%Y-%m-%d}", "endDate": "0001-01-01",
            "recurrenceTimeZone": windows_name(times.zone), "numberOfOccurrences": 0}
    if "COUNT" in parts:
        span |= {"type": "numbered", "numberOfOccurrences": int(parts["COUNT"])}
    elif "UNTIL" in parts:
        span |= {"type": "endDate", "endDate": f"{until(parts['UNTIL'], times.zone):%Y-%m-%d}"}
    return {"pattern": pattern, "range": span}


def until(text: str, zone: str) -> datetime:
    if not text.endswith("Z"):
        return datetime.strptime(text[:8], "%Y%m%d")
    return wall(datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC), zone)


def moment(text: str) -> datetime:
    """A bound of a window, in UTC where it has no offset. ValueError where it is no time."""
    found = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
