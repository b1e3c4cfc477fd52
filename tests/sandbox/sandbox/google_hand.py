"""What people do in Google's own pages, by the hand of a test."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from .accounts import Account, Calendar
from .desk import Hand
from .google_guests import Guests
from .google_shelves import Event, GoogleShelves
from .google_show import Reader, full, shown_event
from .google_times import original, said
from .google_writes import merged
from .meeting import Filling, Meeting, Moved
from .published import Published
from .recurrence import Series, Times
from .shelf import Item
from .zones import instant

ANSWER = {"accepted": "accepted", "declined": "declined", "tentative": "tentative", "needs_action": "needsAction"}


class Place(NamedTuple):
    account: Account
    calendar: Calendar


def member(moment: datetime, zone: str, all_day: bool) -> dict:
    return {"date": f"{moment:%Y-%m-%d}"} if all_day else said(instant(moment, zone), zone, zone)


def members_of(place: Place, wanted: Meeting) -> dict:
    zone, own = wanted.time_zone, place.calendar.id
    members = {"summary": wanted.title, "start": member(wanted.start, zone, wanted.all_day),
               "end": member(wanted.end, zone, wanted.all_day),
               "organizer": {"email": wanted.organizer or own}, "creator": {"email": wanted.organizer or own}}
    if wanted.repeat:
        members["recurrence"] = [f"RRULE:{wanted.repeat}"]
    if wanted.show == "free":
        members["transparency"] = "transparent"
    if wanted.show == "oof":
        members["eventType"] = "outOfOffice"
    members["status"] = "cancelled" if wanted.cancelled else "tentative" if wanted.show == "tentative" else "confirmed"
    if wanted.private:
        members["visibility"] = "private"
    if wanted.uid:
        members["iCalUID"] = wanted.uid
    people = [{"email": one} for one in wanted.guests]
    if wanted.answer:
        people = [{"email": wanted.organizer, "responseStatus": "accepted"},
                  {"email": own, "responseStatus": ANSWER[wanted.answer]}, *people]
    if people:
        members["attendees"] = people
    return members


class GoogleHand(Hand):
    def __init__(self, shelves: GoogleShelves, guests: Guests) -> None:
        self._shelves, self._guests = shelves, guests
        self._published = Published("google")

    def place(self, account: str, calendar: str | None) -> Place:
        owner = self._shelves.accounts.ensure(account)
        found = self._shelves.find(owner, calendar or "primary")
        if found is None:
            raise LookupError(f"{account} has no calendar {calendar}")
        return Place(owner, found)

    def put(self, place: Place, event, name: str | None, odd: bool) -> str:
        complaints = self._published.complaints(event, "Event", "event", null=False)
        if not isinstance(event, dict) or (complaints and not odd):
            raise ValueError(complaints[0])
        event_id = name or event.get("id") or self._shelves.new_id(place.calendar.id)
        members = {key: value for key, value in event.items() if key not in ("id", "kind", "etag")}
        members.setdefault("organizer", {"email": place.calendar.id})
        if members.get("status") == "cancelled" and not members.get("recurringEventId"):
            self.remove(place, event_id)
            return event_id
        if not odd:
            self._shelves.put(place.calendar, event_id, members)
            return event_id
        self._shelves.put_odd(place.calendar, event_id, members)
        return event_id

    def add(self, place: Place, wanted: Meeting) -> str:
        event_id, calendar = self._shelves.new_id(place.calendar.id), place.calendar
        item = self._shelves.put(calendar, event_id, members_of(place, wanted))
        self._guests.spread(calendar, item, None)
        for start in wanted.skipped:
            self.set_occurrence(place, event_id, start, None)
        for start, to in wanted.moved.items():
            self.set_occurrence(place, event_id, start, to)
        if wanted.cancelled:
            self._shelves.remove(calendar, item)
        return event_id

    def change(self, place: Place, name: str, members: dict) -> None:
        item = self._alive(place, name)
        complaints = self._published.complaints(members, "Event", "members")
        if complaints:
            raise ValueError(complaints[0])
        known = item.body.members
        item = self._shelves.put(place.calendar, name, merged(known, members))
        self._guests.spread(place.calendar, item, known)

    def remove(self, place: Place, name: str) -> None:
        item = self._alive(place, name)
        if item.body.master:
            kept = ("recurringEventId", "originalStartTime", "organizer")
            members = {key: value for key, value in item.body.members.items() if key in kept}
            self._shelves.put(place.calendar, name, {"status": "cancelled", **members})
            return
        self._shelves.remove(place.calendar, item)
        self._guests.spread(place.calendar, item, item.body.members)

    def move(self, place: Place, name: str, to: Place) -> str:
        """A series takes its exceptions along."""
        item = self._alive(place, name)
        shelf = self._shelves.of(place.calendar.id)
        own = [one for one in map(shelf.get, item.body.exceptions.values()) if one is not None]
        self._shelves.remove(place.calendar, item)
        for one in (item, *own):
            self._shelves.put(to.calendar, one.id, {**one.body.members, "organizer": {"email": to.calendar.id}})
        return name

    def set_occurrence(self, place: Place, name: str, start: datetime, to: Moved | None) -> None:
        item = self._alive(place, name)
        event: Event = item.body
        if not event.series.repeats or not event.series.has(start):
            raise LookupError(f"the series has no occurrence at {start.isoformat()}")
        times: Times = event.series.times
        members = {"recurringEventId": name, "originalStartTime": original(times, start, times.zone),
                   "organizer": event.members["organizer"]}
        if to is None:
            members["status"] = "cancelled"
        else:
            kept = {key: value for key, value in event.members.items() if key != "recurrence"}
            members = {**kept, "iCalUID": f"{name}@google.com", **members,
                       "start": member(to.start, times.zone, times.all_day),
                       "end": member(to.end, times.zone, times.all_day)}
        self._shelves.put(place.calendar, self._shelves.occurrence_id(item, start), members)

    def answer(self, place: Place, name: str, email: str, answer: str) -> None:
        item = self._alive(place, name)
        if email.casefold() not in {one.get("email", "").casefold() for one in item.body.members.get("attendees", ())}:
            raise LookupError(f"{email} is no guest")
        self._guests.answer(place.account, place.calendar, item, email, ANSWER[answer])

    def fill(self, place: Place, filling: Filling) -> None:
        zone = filling.time_zone
        for number, times in filling:
            start, end = (said(one, zone, zone) for one in times.span())
            self._shelves.put(place.calendar, f"fill{number:08d}", {
                "summary": f"Event {number}", "start": start, "end": end}, Series(times))

    def events(self, place: Place) -> list[dict]:
        reader = Reader(place.account, place.calendar, place.calendar.time_zone)
        return [full(item, reader) if item.body.series else shown_event(item, reader)
                for item in self._shelves.of(place.calendar.id).alive()]

    def expire_cursors(self, place: Place) -> None:
        self._shelves.of(place.calendar.id).generation += 1

    def _alive(self, place: Place, name: str) -> Item:
        item = self._shelves.of(place.calendar.id).get(name)
        if item is None or item.gone:
            raise LookupError("no such event")
        return item
