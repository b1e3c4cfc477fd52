"""freebusy.query: times without events, by calendar; what can't be read says so inside a 200."""

from __future__ import annotations

from datetime import datetime, timedelta

from .accounts import Account
from .google_errors import Refusal
from .google_shelves import GoogleShelves
from .google_show import stamp
from .google_times import window_of
from .recurrence import overlaps
from .shelf import Shelf
from .zones import iana

LONGEST = timedelta(days=90)
MOST_CALENDARS = 50


def answer(shelves: GoogleShelves, account: Account, wishes: dict) -> dict:
    """Raises Refusal."""
    low, high = window_of(wishes.get("timeMin"), "timeMin"), window_of(wishes.get("timeMax"), "timeMax")
    for name, value in (("timeMin", low), ("timeMax", high)):
        if value is None:
            raise Refusal("required", message=f"Missing {name} parameter.")
    if high <= low:
        raise Refusal("timeRangeEmpty")
    if high - low > LONGEST:
        raise Refusal("timeRangeTooLong")
    zone, asked = wishes.get("timeZone") or "UTC", [one.get("id", "") for one in wishes.get("items") or ()]
    most = min(wishes.get("calendarExpansionMax") or MOST_CALENDARS, MOST_CALENDARS)
    calendars = {}
    for number, calendar_id in enumerate(asked):
        calendar = shelves.find(account, calendar_id)
        if number >= most:
            calendars[calendar_id] = failed("tooManyCalendarsRequested")
        elif calendar is None:
            calendars[calendar_id] = failed("notFound")
        else:
            spans = busy(shelves.of(calendar.id), low, high, calendar.id)
            calendars[calendar_id] = {"busy": [{"start": said(start, zone), "end": said(end, zone)}
                                               for start, end in spans]}
    return {"kind": "calendar#freeBusy", "timeMin": stamp(low), "timeMax": stamp(high), "calendars": calendars}


def failed(reason: str) -> dict:
    return {"errors": [{"domain": "global", "reason": reason}], "busy": []}


def said(moment: datetime, zone: str) -> str:
    return moment.astimezone(iana(zone)).isoformat(timespec="seconds").replace("+00:00", "Z")


def busy(shelf: Shelf, low: datetime, high: datetime, own: str) -> list[tuple[datetime, datetime]]:
    """Merged and clipped: what Google counts as busy for freebusy.query. `own` is the calendar's owner."""
    found = []
    for item in shelf.alive():
        event = item.body
        if event.series is None or not blocks(event.members, own):
            continue
        series = shelf.get(event.master) if event.master else None
        if series is not None and series.gone:
            continue
        for start in event.series.starts(low, high):
            if start not in event.exceptions:
                found.append(event.series.times.span(start))
    merged: list[tuple[datetime, datetime]] = []
    for start, end in sorted(span for span in found if overlaps(span, low, high) and span[0] < span[1]):
        start, end = max(start, low), min(end, high)
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def blocks(members: dict, own: str) -> bool:
    if members.get("status") == "cancelled" or members.get("transparency") == "transparent":
        return False
    if members.get("eventType") in ("workingLocation", "birthday"):
        return False
    mine = next((one for one in members.get("attendees", ()) if one.get("email", "").casefold() == own.casefold()), {})
    return mine.get("responseStatus") != "declined"
