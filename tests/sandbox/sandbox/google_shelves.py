"""The events of Google's calendars. A calendar is one for all who see it: what they may see is their list's matter."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Callable

from .accounts import Account, Accounts, Calendar
from .clock import Clock
from .google_times import instance_mark, series_of, start_of_mark, times_of
from .recurrence import Series
from .shelf import Item, Shelf


@dataclass(slots=True)
class Event:
    #: As Google stores them, without what it adds when it shows them.
    members: dict
    #: None for a cancelled exception, which has no time.
    series: Series | None
    #: Of a series: the occurrences that are events of their own, by their wall clock's start.
    exceptions: dict[datetime, str] = field(default_factory=dict)
    #: How often the event was read while its conference was being made.
    reads: int = 0

    @property
    def master(self) -> str | None:
        return self.members.get("recurringEventId")

    @property
    def is_cancelled(self) -> bool:
        return self.members.get("status") == "cancelled"


def event_of(members: dict, zone: str) -> Event:
    """Unfit where its times don't go together."""
    if members.get("recurringEventId") and members.get("status") == "cancelled":
        return Event(members, None)
    if members.get("recurringEventId"):
        return Event(members, Series(times_of(members["start"], members["end"], zone)))
    return Event(members, series_of(members, zone))


class GoogleShelves:
    def __init__(self, accounts: Accounts, clock: Clock) -> None:
        self.accounts, self.clock = accounts, clock
        #: Told of each change: the calendar's id and the item. What watches is put here by its owner.
        self.told: Callable[[str, Item], None] = lambda calendar_id, item: None
        self._incarnation = 0
        self.reset()

    def reset(self) -> None:
        self._shelves: dict[str, Shelf] = {}
        #: Calendars with events that a test made as no provider would.
        self.odd: set[str] = set()
        self._incarnation += 1
        self._made = 0

    def of(self, calendar_id: str) -> Shelf:
        return self._shelves.setdefault(calendar_id.casefold(), Shelf())

    def bound(self, calendar_id: str) -> str:
        """What cursors of this calendar are bound to, beside their query."""
        return f"{self._incarnation} {self.of(calendar_id).generation} {calendar_id.casefold()}"

    def find(self, account: Account, calendar_id: str) -> Calendar | None:
        """The calendar as it stands in the account's list; `primary` is the account's own."""
        if calendar_id == "primary":
            return next((one for one in account.calendars if one.primary), None)
        return next((one for one in account.calendars if one.id.casefold() == calendar_id.casefold()), None)

    def new_id(self, calendar_id: str) -> str:
        """As Google makes them, 26 characters of base32hex; the same in each run."""
        self._made += 1
        digest = hashlib.sha256(f"{calendar_id} {self._made}".encode()).digest()
        return "".join("0123456789abcdefghijklmnopqrstuv"[byte & 31] for byte in digest[:26])

    # Changes

    def put(self, calendar: Calendar, event_id: str, members: dict, series: Series | None = None) -> Item:
        """Adds an event or writes another in its place; Unfit where its times don't go together. `series` says them
        already."""
        shelf, now = self.of(calendar.id), self.clock.now()
        event = Event(members, series) if series else event_of(members, calendar.time_zone)
        known = shelf.get(event_id)
        if known is not None:
            event.exceptions, event.reads = known.body.exceptions, known.body.reads
        item = shelf.put(event_id, event, now)
        if event.master and (series := shelf.get(event.master)) and series.body.series:
            start = start_of_mark(series.body.series.times, event_id.removeprefix(f"{event.master}_"))
            if start is not None:
                series.body.exceptions[start] = event_id
        self.told(calendar.id, item)
        return item

    def put_odd(self, calendar: Calendar, event_id: str, members: dict) -> None:
        """An event that may be anything; where its times can't be read it is in every window."""
        self.odd.add(calendar.id)
        try:
            self.put(calendar, event_id, members)
        except (ValueError, LookupError, TypeError, AttributeError):
            self.told(calendar.id, self.of(calendar.id).put(event_id, Event(members, None), self.clock.now()))

    def remove(self, calendar: Calendar, item: Item) -> None:
        """A series takes its exceptions along: that isn't told of each."""
        shelf = self.of(calendar.id)
        for name in item.body.exceptions.values():
            if (own := shelf.get(name)) is not None:
                own.gone = True
        shelf.remove(item, self.clock.now())
        self.told(calendar.id, item)

    def touch(self, calendar: Calendar, item: Item) -> None:
        self.of(calendar.id).touch(item, self.clock.now())
        self.told(calendar.id, item)

    # Occurrences

    def occurrence(self, calendar_id: str, event_id: str) -> tuple[Item, datetime] | None:
        """The series and the wall clock's start behind the id of an occurrence that is no event of its own."""
        master_id, underscore, mark = event_id.rpartition("_")
        master = self.of(calendar_id).get(master_id) if underscore else None
        if master is None or master.body.series is None or not master.body.series.repeats:
            return None
        start = start_of_mark(master.body.series.times, mark)
        if start is None or not master.body.series.has(start):
            return None
        return master, start

    @staticmethod
    def occurrence_id(master: Item, start: datetime) -> str:
        return f"{master.id}_{instance_mark(master.body.series.times, start)}"
