"""What iCloud takes in a PUT: RFC 4791, 5.3.2 and 4.1, RFC 5545, and what field reports say that it wants beside.

A complaint says which precondition isn't met, and what it is that isn't so.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import icalendar

from . import ics
from .icloud_accounts import IcloudAccount
from .icloud_xml import CALDAV, Name

VALID_DATA, VALID_OBJECT = Name(CALDAV, "valid-calendar-data"), Name(CALDAV, "valid-calendar-object-resource")
COMPONENT, TOO_LARGE = Name(CALDAV, "supported-calendar-component"), Name(CALDAV, "max-resource-size")
ORGANIZER = Name(CALDAV, "organizer-allowed")
LARGEST = 1024 * 1024

Complaint = tuple[Name, str]


def check(body: bytes, account: IcloudAccount) -> tuple[icalendar.Calendar | None, list[Complaint]]:
    """The object, None where there is none to be read, and the complaints."""
    if len(body) > LARGEST:
        return None, [(TOO_LARGE, "larger than a mebibyte")]
    try:
        calendar = ics.parse(body.decode())
    except (UnicodeDecodeError, ics.NotCalendar) as problem:
        return None, [(VALID_DATA, f"not iCalendar: {problem}")]
    found = [*lines(body), *whole(calendar)]
    for event in ics.events(calendar):
        found += one(event, calendar)
    return calendar, found + scheduling(calendar, account)


def lines(body: bytes) -> list[Complaint]:
    """RFC 5545, 3.1."""
    found = []
    if body.replace(b"\r\n", b"").count(b"\n") or not body.endswith(b"\r\n"):
        found.append((VALID_DATA, "a line doesn't end with CRLF"))
    if any(len(line) > ics.LINE for line in body.split(b"\r\n")):
        found.append((VALID_DATA, "a line has more than 75 octets"))
    return found


def whole(calendar: icalendar.Calendar) -> list[Complaint]:
    found, events = [], ics.events(calendar)
    others = {part.name for part in calendar.subcomponents} - {"VEVENT", "VTIMEZONE"}
    if str(calendar.get("VERSION")) != "2.0" or "PRODID" not in calendar:
        found.append((VALID_DATA, "VERSION is not 2.0, or PRODID is missing"))
    if "METHOD" in calendar:
        found.append((VALID_OBJECT, "METHOD in an object of a calendar"))
    if others or not events:
        found.append((COMPONENT, f"components other than VEVENT: {sorted(others)}"))
    if len({str(event.get("UID")) for event in events}) > 1:
        found.append((VALID_OBJECT, "more than one UID"))
    if sum("RECURRENCE-ID" not in event for event in events) > 1:
        found.append((VALID_OBJECT, "the same event twice"))
    return found


def one(event: icalendar.Event, calendar: icalendar.Calendar) -> list[Complaint]:
    found = [(VALID_DATA, f"{name} is missing") for name in ("UID", "DTSTAMP", "DTSTART") if name not in event]
    found += [(VALID_OBJECT, f"{name} is missing") for name in ("CREATED", "LAST-MODIFIED") if name not in event]
    for name in ("DTSTAMP", "CREATED", "LAST-MODIFIED"):
        value = getattr(event.get(name), "dt", None)
        if name in event and not (isinstance(value, datetime) and value.utcoffset() == timedelta()):
            found.append((VALID_DATA, f"{name} is not in UTC"))
    if "DTEND" in event and "DURATION" in event:
        found.append((VALID_DATA, "both DTEND and DURATION"))
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if rule.get("FREQ") == ["WEEKLY"] and "BYDAY" not in rule:
            found.append((VALID_OBJECT, "a weekly RRULE without BYDAY"))
    if (rules or "RECURRENCE-ID" in event) and "SEQUENCE" not in event:
        found.append((VALID_OBJECT, "SEQUENCE is missing from what recurs"))
    known = {str(part.get("TZID")) for part in calendar.subcomponents if part.name == "VTIMEZONE"}
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"):
        values = event.get(name, [])
        for value in values if isinstance(values, list) else [values]:
            if (zone := value.params.get("TZID")) and zone not in known:
                found.append((VALID_OBJECT, f"no VTIMEZONE for {zone}"))
    try:
        if "DTSTART" in event and ics.times_of(event, "UTC").length < timedelta():
            found.append((VALID_DATA, "an end before its start"))
        ics.series_of(event, "UTC").check()
    except (KeyError, ValueError, TypeError, AttributeError) as problem:
        found.append((VALID_DATA, f"times that can't be read: {problem}"))
    return found


def addresses(account: IcloudAccount) -> set[str]:
    """calendar-user-address-set."""
    return {f"mailto:{account.apple_id}".casefold(), f"/{account.dsid}/principal/", f"urn:uuid:{account.dsid}"}


def scheduling(calendar: icalendar.Calendar, account: IcloudAccount) -> list[Complaint]:
    """RFC 6638, 3.2.4: who invites must be the account, unless it is a guest itself."""
    found, own = [], addresses(account)
    for event in ics.events(calendar):
        if "ATTENDEE" in event and "ORGANIZER" not in event:
            found.append((VALID_OBJECT, "ATTENDEE without ORGANIZER"))
        invited = any(str(guest).casefold() in own for guest in attendees(event))
        if "ORGANIZER" in event and not invited and str(event["ORGANIZER"]).casefold() not in own:
            found.append((ORGANIZER, f"ORGANIZER is none of the account's addresses: {event['ORGANIZER']}"))
    return found


def attendees(event: icalendar.Event) -> list:
    found = event.get("ATTENDEE", [])
    return found if isinstance(found, list) else [found]
