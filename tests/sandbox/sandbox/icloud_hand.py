"""What people do in Apple's Calendar, by the hand of a test."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import icalendar

from . import ics
from .desk import Hand
from .icloud_accounts import IcloudAccount, IcloudAccounts
from .icloud_calendars import IcloudCalendar
from .icloud_guests import Guests, answered
from .icloud_store import IcloudStore
from .ics import Timing
from .meeting import Filling, Meeting, Moved
from .recurrence import Series
from .shelf import Item


class Place(NamedTuple):
    account: IcloudAccount
    calendar: IcloudCalendar


class IcloudHand(Hand):
    """An event's id is its name in the collection, its own terms are the text of the object."""

    def __init__(self, accounts: IcloudAccounts, store: IcloudStore, guests: Guests) -> None:
        self._accounts, self._store, self._guests = accounts, store, guests

    def place(self, account: str, calendar: str | None) -> Place:
        owner = self._accounts.named({"apple_id": account})
        found = next((one for one in owner.calendars if calendar in (None, one.id)), None)
        if found is None:
            raise LookupError(f"{account} has no calendar {calendar}")
        return Place(owner, found)

    def put(self, place: Place, event, name: str | None, odd: bool) -> str:
        """`odd`: the text needn't be iCalendar."""
        if not isinstance(event, str):
            raise ValueError("an event is the text of an object")
        parsed = ics.parse_or_none(event)
        if parsed is None and not odd:
            raise ValueError("not iCalendar")
        name = name or f"{ics.uid_of(parsed) if parsed else self._store.new_uid(place.account)}.ics"
        self._write(place, name, event)
        return name

    def _write(self, place: Place, name: str, text: str) -> None:
        known = self._store.get(place.account, place.calendar, name)
        self._store.put(place.account, place.calendar, name, text)
        self._guests.spread(place.account, known.body.text if known else None, text)

    def add(self, place: Place, wanted: Meeting) -> str:
        uid = wanted.uid or self._store.new_uid(place.account)
        self._write(place, f"{uid}.ics", ics.written(uid, wanted, self._store.clock.now(), place.account.apple_id))
        return f"{uid}.ics"

    def change(self, place: Place, name: str, members: dict) -> None:
        """`text` is the whole object; other members are properties of the first event, such as SUMMARY."""
        text = members.get("text", self._alive(place, name).body.text)
        changes = {key: value for key, value in members.items() if key != "text"}
        if changes:
            parsed = ics.parse(text)
            event = ics.events(parsed)[0]
            for key, value in changes.items():
                event.pop(key, None)
                event.add(key, value)
            text = parsed.to_ical().decode()
        self._write(place, name, text)

    def remove(self, place: Place, name: str) -> None:
        item = self._alive(place, name)
        self._store.remove(place.account, place.calendar, item)
        self._guests.spread(place.account, item.body.text, None)

    def move(self, place: Place, name: str, to: Place) -> str:
        item = self._alive(place, name)
        self._store.remove(place.account, place.calendar, item)
        self._store.put(to.account, to.calendar, name, item.body.text)
        return name

    def set_occurrence(self, place: Place, name: str, start: datetime, to: Moved | None) -> None:
        parsed = ics.parse(self._alive(place, name).body.text)
        master = next((one for one in ics.events(parsed) if "RECURRENCE-ID" not in one), None)
        series = ics.series_of(master, place.account.time_zone) if master is not None else None
        own = override_of(parsed, start)
        if series is None or not (series.has(start) or own is not None):
            raise LookupError(f"the series has no occurrence at {start.isoformat()}")
        if own is not None:
            parsed.subcomponents.remove(own)
        original = like(master["DTSTART"].dt, start)
        if to is None:
            master.add("EXDATE", original)
        else:
            parsed.add_component(override(master, original, to))
        self._write(place, name, parsed.to_ical().decode())

    def answer(self, place: Place, name: str, email: str, answer: str) -> None:
        item = self._alive(place, name)
        self._write(place, name, answered(item.body.text, email, answer))

    def fill(self, place: Place, filling: Filling) -> None:
        for number, times in filling:
            uid = f"FILL-{number:08d}"
            self._store.put(place.account, place.calendar, f"{uid}.ics", ics.filled(uid, number, *times.span()),
                            Timing((Series(times),)), uid)

    def events(self, place: Place) -> list[dict]:
        return [{"name": item.id, "text": item.body.text}
                for item in self._store.of(place.account, place.calendar).shelf.alive()]

    def expire_cursors(self, place: Place) -> None:
        self._store.of(place.account, place.calendar).shelf.generation += 1

    def _alive(self, place: Place, name: str) -> Item:
        item = self._store.get(place.account, place.calendar, name)
        if item is None:
            raise LookupError("no such object")
        return item


def like(value, moment: datetime):
    """A date or a time of the same kind and zone as another one."""
    if not isinstance(value, datetime):
        return moment.date()
    return value.tzinfo.localize(moment) if hasattr(value.tzinfo, "localize") else moment.replace(tzinfo=value.tzinfo)


def override_of(calendar: icalendar.Calendar, start: datetime) -> icalendar.Event | None:
    for event in ics.events(calendar):
        value = getattr(event.get("RECURRENCE-ID"), "dt", None)
        if value == like(value, start) if value is not None else False:
            return event
    return None


def override(master: icalendar.Event, original, to: Moved) -> icalendar.Event:
    event = icalendar.Event()
    for name, value in master.items():
        if name not in ("RRULE", "EXDATE", "RDATE", "DTSTART", "DTEND", "DURATION"):
            event[name] = value
    event.add("RECURRENCE-ID", original)
    event.add("DTSTART", like(master["DTSTART"].dt, to.start))
    event.add("DTEND", like(master["DTSTART"].dt, to.end))
    return event
