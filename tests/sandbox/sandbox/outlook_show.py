"""An event as Graph shows it: complete, as an occurrence, or as the stub that delta has of one."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import NamedTuple

from . import outlook_body
from .accounts import Account, Calendar
from .outlook_prefer import Prefer
from .outlook_store import Event, Exceptional, mutable, occurrence_name
from .outlook_times import shown
from .shelf import Item
from .signing import base64url
from .zones import windows_name

NEVER = "0001-01-01T00:00:00Z"


class Reader(NamedTuple):
    account: Account
    calendar: Calendar
    prefer: Prefer


def stamp(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "0Z"


def change_key(item: Item) -> str:
    return base64url(hashlib.sha256(f"{item.id} {item.seq}".encode()).digest()[:16]) + "=="


def etag(item: Item) -> str:
    return f'W/"{change_key(item)}"'


def name_of(item: Item, reader: Reader, start: datetime | None = None) -> str:
    name = item.id if reader.prefer.immutable else mutable(reader.account, reader.calendar, item.id)
    return occurrence_name(name, start) if start else name


def uid_of(item: Item) -> str:
    return item.body.members.get("iCalUId") or (
        "040000008200E00074C5B7101A82E008" + hashlib.sha256(item.id.encode()).hexdigest()[:48].upper())


def whole(item: Item, reader: Reader, start: datetime | None = None) -> dict:
    """The event itself; with `start` that occurrence, or the exception in its place."""
    event: Event = item.body
    own: Exceptional | None = event.exceptions.get(start) if start else None
    members = own.members if own else event.members
    times, begin = (own.times, own.times.start) if own else (event.series.times, start or event.series.times.start)
    kind = ("exception" if own else "occurrence") if start else (
        "seriesMaster" if event.series.repeats else "singleInstance")
    content, mine = members.get("body", ""), is_mine(members, reader.account)
    online = event.waits != 0 or outlook_body.has_block(content, event.join_url)
    zone = windows_name(event.series.times.zone)
    body = {
        "@odata.etag": etag(item), "id": name_of(item, reader, start), "createdDateTime": stamp(item.created),
        "lastModifiedDateTime": stamp(item.updated), "changeKey": change_key(item), "categories": [],
        "transactionId": None, "originalStartTimeZone": zone, "originalEndTimeZone": zone, "iCalUId": uid_of(item),
        "reminderMinutesBeforeStart": 15, "isReminderOn": True, "hasAttachments": False, "subject": "",
        "importance": "normal", "sensitivity": "normal", "isAllDay": False, "isCancelled": False,
        "responseRequested": True, "showAs": "busy", "onlineMeetingUrl": None, "allowNewTimeProposals": True,
        "isDraft": False, "hideAttendees": False, "responseStatus": {
            "response": "organizer" if mine else "notResponded", "time": NEVER},
        "locations": [], **members,
        "bodyPreview": outlook_body.preview(content), "body": outlook_body.shown(content, reader.prefer.text_body),
        "isOrganizer": mine, "seriesMasterId": name_of(item, reader) if start else None, "type": kind,
        "webLink": "https://outlook.office365.com/owa/?itemid=EXAMPLE", "isOnlineMeeting": online,
        "onlineMeetingProvider": "teamsForBusiness" if online else "unknown",
        "onlineMeeting": {"joinUrl": event.join_url} if online and not event.waits else None,
        "recurrence": members.get("recurrence") if not start else None,
        "location": place(members.get("location") or {}),
        "attendees": [attendee(one) for one in members.get("attendees") or ()],
        "organizer": members.get("organizer") or person(reader.account.email, reader.account.name)}
    body["start"], body["end"] = shown(times, begin, reader.prefer.zone)
    if members.get("location") and not members.get("locations"):
        body["locations"] = [body["location"]]
    body.pop("singleValueExtendedProperties", None)
    return body


def stub(item: Item, reader: Reader, start: datetime) -> dict:
    """An occurrence in a delta answer: no more than when."""
    times = item.body.series.times
    begin, end = shown(times, start, reader.prefer.zone)
    return {"@odata.type": "#microsoft.graph.event", "@odata.etag": etag(item),
            "seriesMasterId": name_of(item, reader), "type": "occurrence", "id": name_of(item, reader, start),
            "start": begin, "end": end}


def removed(item: Item, reader: Reader) -> dict:
    return {"@odata.type": "#microsoft.graph.event", "id": name_of(item, reader), "@removed": {"reason": "deleted"}}


def person(address: str, name: str | None = None) -> dict:
    return {"emailAddress": {"name": name or address, "address": address}}


def is_mine(members: dict, account: Account) -> bool:
    organizer = members.get("organizer")
    return organizer is None or organizer["emailAddress"]["address"].casefold() == account.email.casefold()


def attendee(known: dict) -> dict:
    address = known.get("emailAddress") or {}
    return {"type": known.get("type") or "required",
            "status": known.get("status") or {"response": "none", "time": NEVER},
            "emailAddress": {"name": address.get("name") or address.get("address"), "address": address.get("address")}}


def place(known: dict) -> dict:
    name = known.get("displayName") or ""
    unique = {"uniqueId": name, "uniqueIdType": "private"} if name else {
        "uniqueIdType": "unknown", "address": {}, "coordinates": {}}
    return {"displayName": name, "locationType": "default", **unique, **known}


def with_properties(body: dict, item: Item, wanted: set[str]) -> dict:
    """With the extended properties that $expand names."""
    known = item.body.members.get("singleValueExtendedProperties") or ()
    chosen = [one for one in known if one.get("id") in wanted]
    return {**body, "singleValueExtendedProperties": chosen} if chosen else body
