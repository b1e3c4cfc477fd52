"""An event as Google shows it to one reader: what it adds, and what the reader may not see."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import NamedTuple

from .accounts import Account, Calendar
from .google_shelves import Event, GoogleShelves
from .google_times import original, shown
from .shelf import Item

#: What is left of an event for readers who may know no more than when.
BUSY_ONLY = {"kind", "etag", "id", "status", "start", "end", "iCalUID", "recurringEventId", "originalStartTime",
             "recurrence", "transparency", "visibility", "eventType", "endTimeUnspecified", "sequence"}


class Reader(NamedTuple):
    account: Account
    calendar: Calendar
    #: The zone of the answer's times.
    zone: str
    #: The token opens times only (calendar.events.freebusy).
    times_only: bool = False
    most_attendees: int | None = None


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def etag(item: Item) -> str:
    return f'"{34 * 10 ** 14 + item.place * 1_000_000 + item.seq}"'


def cancelled(item: Item) -> dict:
    """What is left of a deleted event, or of an occurrence called off, in a list."""
    event: Event = item.body
    body = {"kind": "calendar#event", "etag": etag(item), "id": item.id, "status": "cancelled"}
    if event.master:
        body |= {"recurringEventId": event.master, "originalStartTime": event.members["originalStartTime"]}
    return body


def may_see_all(reader: Reader, members: dict) -> bool:
    if reader.times_only or reader.calendar.role == "freeBusyReader":
        return False
    return (members.get("visibility") not in ("private", "confidential")
            or reader.calendar.role in ("writer", "owner"))


def full(item: Item, reader: Reader, start: datetime | None = None) -> dict:
    """The whole event; with `start` that occurrence of the series."""
    event: Event = item.body
    members, own = event.members, reader.calendar.id.casefold()
    organizer = members.get("organizer") or {"email": reader.calendar.id}
    body = {"kind": "calendar#event", "etag": etag(item), "id": item.id, "status": "confirmed",
            "htmlLink": f"https://www.google.com/calendar/event?eid={short(item.id)}",
            "created": stamp(item.created), "updated": stamp(item.updated),
            "creator": person(members.get("creator") or organizer, own), "iCalUID": f"{item.id}@google.com",
            "sequence": 0, "reminders": {"useDefault": True}, "eventType": "default", **members,
            "organizer": person(organizer, own)}
    if event.series is not None:
        times = event.series.times
        body["start"], body["end"] = shown(times, start or times.start, reader.zone,
                                           members["end"].get("timeZone") or times.zone)
    if start is not None:
        body["id"] = GoogleShelves.occurrence_id(item, start)
        body |= {"recurringEventId": item.id, "originalStartTime": original(event.series.times, start, reader.zone)}
        body.pop("recurrence", None)
    if item.gone:
        body["status"] = "cancelled"
    if "attendees" in members:
        body["attendees"] = [attendee(one, own, organizer) for one in members["attendees"]]
        if reader.most_attendees is not None and len(body["attendees"]) > reader.most_attendees:
            body["attendees"] = [one for one in body["attendees"] if one.get("self")]
            body["attendeesOmitted"] = True
    if not may_see_all(reader, members):
        body = {name: value for name, value in body.items() if name in BUSY_ONLY}
        body["visibility"] = "private"
    return body


def short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def person(known: dict, own: str) -> dict:
    """`self` stands where it is the calendar's owner."""
    mine = {"self": True} if known.get("email", "").casefold() == own else {}
    return {**{name: value for name, value in known.items() if name != "self"}, **mine}


def attendee(known: dict, own: str, organizer: dict) -> dict:
    body = {"responseStatus": "needsAction", **person(known, own)}
    if known.get("email", "").casefold() == organizer.get("email", "").casefold():
        body["organizer"] = True
    return body


def shown_event(item: Item, reader: Reader) -> dict:
    """In a list: deleted ones and called-off occurrences with few members."""
    return cancelled(item) if item.gone or item.body.is_cancelled else full(item, reader)
