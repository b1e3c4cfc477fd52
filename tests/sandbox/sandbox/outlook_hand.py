"""What people do in Outlook itself, by the hand of a test."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from . import outlook_body
from .accounts import Account, Calendar
from .desk import Hand
from .meeting import Filling, Meeting, Moved
from .outlook_guests import Guests
from .outlook_prefer import Prefer
from .outlook_show import NEVER, Reader, person, whole
from .outlook_store import Found, OutlookStore
from .outlook_times import pattern_of, text_of
from .published import Published
from .recurrence import Series, Times
from .zones import wall, windows_name

SHOWN = {"busy": "busy", "free": "free", "tentative": "tentative", "oof": "oof"}
ANSWER = {"accepted": "accepted", "declined": "declined", "tentative": "tentativelyAccepted",
          "needs_action": "notResponded"}


class Place(NamedTuple):
    account: Account
    calendar: Calendar


def member(moment: datetime, zone: str) -> dict:
    return {"dateTime": text_of(moment), "timeZone": windows_name(zone)}


def members_of(wanted: Meeting) -> dict:
    zone = wanted.time_zone
    members = {"subject": wanted.title, "start": member(wanted.start, zone), "end": member(wanted.end, zone),
               "showAs": SHOWN[wanted.show], "isAllDay": wanted.all_day, "body": ""}
    if wanted.repeat:
        members["recurrence"] = pattern_of(wanted.repeat, wanted.series.times)
    if wanted.private:
        members["sensitivity"] = "private"
    if wanted.uid:
        members["iCalUId"] = wanted.uid
    if wanted.organizer:
        members |= {"organizer": person(wanted.organizer), "responseStatus": {
            "response": ANSWER[wanted.answer or "needs_action"], "time": NEVER}}
    if wanted.cancelled:
        members |= {"isCancelled": True, "subject": f"Canceled: {wanted.title}", "showAs": "free"}
    if wanted.guests:
        members["attendees"] = [{**person(one), "type": "required"} for one in wanted.guests]
    return members


class OutlookHand(Hand):
    def __init__(self, store: OutlookStore, guests: Guests, published: Published) -> None:
        self._store, self._guests, self._published = store, guests, published

    def place(self, account: str, calendar: str | None) -> Place:
        owner = self._store.accounts.ensure(account)
        found = self._store.calendar(owner, calendar)
        if found is None:
            raise LookupError(f"{account} has no calendar {calendar}")
        return Place(owner, found)

    def put(self, place: Place, event, name: str | None, odd: bool) -> str:
        """`odd` members are laid over what Graph shows; the times must be such."""
        complaints = self._published.complaints(event, "event", "event")
        if not isinstance(event, dict) or (complaints and not odd):
            raise ValueError(complaints[0])
        mailbox = self._store.mailbox(place.account)
        event_id = name or event.get("id") or self._store.new_name(mailbox)
        members = {key: value for key, value in event.items() if key not in ("id", "type", "seriesMasterId")}
        if isinstance(event.get("body"), dict):
            members["body"] = outlook_body.kept(event["body"])
        self._store.put(place.account, place.calendar, event_id, members)
        if odd:
            self._store.odd.add(place.calendar.id)
        return event_id

    def add(self, place: Place, wanted: Meeting) -> str:
        mailbox = self._store.mailbox(place.account)
        found = self._store.put(place.account, place.calendar, self._store.new_name(mailbox), members_of(wanted))
        for start in wanted.skipped:
            self._store.set_exception(place.account, found, start, None)
        for start, to in wanted.moved.items():
            self._store.set_exception(place.account, found, start, self._moved(found, to))
        self._guests.spread(place.account, found, None)
        return found.item.id

    @staticmethod
    def _moved(found: Found, to: Moved) -> dict:
        times: Times = found.event.series.times
        kept = {key: value for key, value in found.event.members.items() if key != "recurrence"}
        return {**kept, "start": member(to.start, times.zone), "end": member(to.end, times.zone)}

    def change(self, place: Place, name: str, members: dict) -> None:
        found = self._alive(place, name)
        if complaints := self._published.complaints(members, "event", "members"):
            raise ValueError(complaints[0])
        if "body" in members:
            members = {**members, "body": outlook_body.kept(members["body"])}
        known = found.event.members
        self._store.change(place.account, found, {**known, **members})
        self._guests.spread(place.account, found, known)

    def remove(self, place: Place, name: str) -> None:
        found = self._alive(place, name)
        self._store.remove(place.account, found)
        self._guests.spread(place.account, found, found.event.members)

    def move(self, place: Place, name: str, to: Place) -> str:
        return self._store.move(place.account, self._alive(place, name), to.calendar).item.id

    def set_occurrence(self, place: Place, name: str, start: datetime, to: Moved | None) -> None:
        found = self._alive(place, name)
        series = found.event.series
        if not series.repeats or not (series.has(start) or start in found.event.exceptions):
            raise LookupError(f"the series has no occurrence at {start.isoformat()}")
        self._store.set_exception(place.account, found, start, self._moved(found, to) if to else None)

    def answer(self, place: Place, name: str, email: str, answer: str) -> None:
        if not self._guests.answer(place.account, self._alive(place, name), email, ANSWER[answer]):
            raise LookupError(f"{email} is no guest")

    def fill(self, place: Place, filling: Filling) -> None:
        for number, times in filling:
            start, end = (member(wall(one, times.zone), times.zone) for one in times.span())
            self._store.put(place.account, place.calendar, f"AAkAfill{number:08d}=", {
                "subject": f"Event {number}", "start": start, "end": end, "body": ""}, Series(times))

    def events(self, place: Place) -> list[dict]:
        """Series and single events; exceptions beside their series."""
        reader = Reader(place.account, place.calendar, Prefer(immutable=True))
        found = []
        for item in self._store.mailbox(place.account).shelf(place.calendar).alive():
            found.append(whole(item, reader))
            found += [whole(item, reader, start) for start in sorted(item.body.exceptions)]
        return found

    def expire_cursors(self, place: Place) -> None:
        self._store.mailbox(place.account).shelf(place.calendar).generation += 1

    def _alive(self, place: Place, name: str) -> Found:
        found = self._store.find(place.account, name)
        if found is None or found.calendar is not place.calendar:
            raise LookupError("no such event")
        return found
