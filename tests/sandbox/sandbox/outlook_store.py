"""The events of Microsoft's mailboxes. A series and its exceptions are one thing here, as Graph's delta tells them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Callable, Iterator, NamedTuple

from .accounts import Account, Accounts, Calendar
from .clock import Clock
from .outlook_calendars import calendar_id
from .outlook_times import series_of, times_of
from .recurrence import Series, Times, overlaps
from .shelf import Item, Shelf
from .signing import base64url
from .zones import UTC

#: In an occurrence's id between its series' id and its date.
OCCURRENCE = "OID"


@dataclass(slots=True)
class Exceptional:
    """An occurrence that is an event of its own."""

    members: dict
    times: Times


@dataclass(slots=True)
class Event:
    #: As Graph stores them, without what it adds when it shows them.
    members: dict
    series: Series
    #: By the wall clock's start in the series; what is left out of the series doesn't take place.
    exceptions: dict[datetime, Exceptional] = field(default_factory=dict)
    #: Of a meeting with Teams: its address, which stays also where a write has dropped it from the body.
    join_url: str = ""
    #: How many readings still find no address; negative for ever.
    waits: int = 0

    def occurrences(self, low: datetime, high: datetime) -> Iterator[tuple[datetime, Exceptional | None]]:
        """What reaches into [low, high), by the start in the series."""
        for start in self.series.starts(low, high):
            if start not in self.exceptions:
                yield start, None
        for start, one in sorted(self.exceptions.items()):
            if overlaps(one.times.span(), low, high):
                yield start, one

    def without(self, start: datetime) -> Series:
        series = self.series
        return Series(series.times, series.rules, series.added, series.left_out | {start})


class Found(NamedTuple):
    """An event of a mailbox, or one occurrence of a series."""

    calendar: Calendar
    item: Item
    start: datetime | None = None

    @property
    def event(self) -> Event:
        return self.item.body

    @property
    def exception(self) -> Exceptional | None:
        return self.event.exceptions.get(self.start) if self.start else None


class Mailbox:
    """One account's calendars. Ids are compared as they are: case matters."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.shelves: dict[str, Shelf] = {}
        #: Id of either kind -> the calendar's id, and the immutable id, under which the event is on the shelf.
        self.names: dict[str, tuple[str, str]] = {}
        #: What has no mutable id in `names` yet: nearly nobody asks for one.
        self.unnamed: list[tuple[Calendar, str]] = []
        self.transactions: dict[str, str] = {}
        self.made = 0

    def shelf(self, calendar: Calendar) -> Shelf:
        return self.shelves.setdefault(calendar_id(self.account, calendar), Shelf())


def mutable(account: Account, calendar: Calendar, name: str) -> str:
    """The id without IdType: another one in another calendar. Ids that a test chose are the same in both kinds."""
    if not name.startswith("AAkA"):
        return name
    digest = hashlib.sha256(f"{calendar_id(account, calendar)} {name}".encode()).digest()
    return f"AAMkA{base64url(digest * 3)[:90]}="


def occurrence_name(name: str, start: datetime) -> str:
    return f"{name.rstrip('=')}{OCCURRENCE}{start:%Y%m%d}="


class OutlookStore:
    def __init__(self, accounts: Accounts, clock: Clock) -> None:
        self.accounts, self.clock = accounts, clock
        #: Told of each change: mailbox, calendar, item, and created, updated or deleted.
        self.told: Callable[[Mailbox, Calendar, Item, str], None] = lambda *_: None
        self._incarnation = 0
        self.reset()

    def reset(self) -> None:
        self._mailboxes: dict[str, Mailbox] = {}
        #: Calendars with events that a test made as no provider would.
        self.odd: set[str] = set()
        self._incarnation += 1

    def mailbox(self, account: Account) -> Mailbox:
        return self._mailboxes.setdefault(account.sub, Mailbox(account))

    def bound(self, mailbox: Mailbox, calendar: Calendar) -> str:
        """What cursors of this calendar are bound to."""
        return f"{self._incarnation} {mailbox.shelf(calendar).generation} {calendar_id(mailbox.account, calendar)}"

    def calendar(self, account: Account, name: str | None) -> Calendar | None:
        """By Graph's id, or by that of the account's list; None names the default one."""
        if name is None:
            return next((one for one in account.calendars if one.primary), None)
        return next((one for one in account.calendars if name in (calendar_id(account, one), one.id)), None)

    def find(self, account: Account, name: str) -> Found | None:
        """By an id of either kind; also an occurrence. None for what is gone."""
        mailbox = self.mailbox(account)
        if (found := self._root(mailbox, name)) is not None:
            return found
        root, mark, day = name.rstrip("=").rpartition(OCCURRENCE)
        found = self._root(mailbox, f"{root}=") or self._root(mailbox, root) if mark else None
        if found is None:
            return None
        start = next((one for one in self._starts(found.event, day) if f"{one:%Y%m%d}" == day), None)
        return found._replace(start=start) if start else None

    @staticmethod
    def _starts(event: Event, day: str) -> Iterator[datetime]:
        """What may begin on that day."""
        yield from event.exceptions
        try:
            about = datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC)
        except ValueError:
            return
        if event.series.repeats:
            yield from event.series.starts(about - timedelta(days=2), about + timedelta(days=3))

    def _root(self, mailbox: Mailbox, name: str) -> Found | None:
        if name not in mailbox.names and name.startswith("AAMkA"):
            self._name_all(mailbox)
        calendar_name, own = mailbox.names.get(name, ("", ""))
        calendar = self.calendar(mailbox.account, calendar_name) if own else None
        item = mailbox.shelf(calendar).get(own) if calendar else None
        return Found(calendar, item) if item is not None and not item.gone else None

    # Changes

    def new_name(self, mailbox: Mailbox) -> str:
        """An immutable id, the same in each run."""
        mailbox.made += 1
        digest = hashlib.sha256(f"{mailbox.account.sub} {mailbox.made}".encode()).digest()
        return f"AAkALgAA{base64url(digest * 3)[:90]}="

    def put(self, account: Account, calendar: Calendar, name: str, members: dict,
            series: Series | None = None) -> Found:
        """Adds an event or writes another in its place; ValueError where its times can't be read. `series` says them
        already."""
        mailbox, event = self.mailbox(account), Event(members, series or series_of(members))
        shelf = mailbox.shelf(calendar)
        known = shelf.get(name)
        item = shelf.put(name, event, self.clock.now())
        mailbox.names[name] = (calendar_id(account, calendar), name)
        mailbox.unnamed.append((calendar, name))
        self.told(mailbox, calendar, item, "created" if known is None or known.gone else "updated")
        return Found(calendar, item)

    @staticmethod
    def _name_all(mailbox: Mailbox) -> None:
        for calendar, name in mailbox.unnamed:
            if mailbox.names[name][0] == calendar_id(mailbox.account, calendar):
                mailbox.names[mutable(mailbox.account, calendar, name)] = mailbox.names[name]
        mailbox.unnamed.clear()

    def change(self, account: Account, found: Found, members: dict) -> None:
        """New members of an event; a series keeps its exceptions where it takes place as before."""
        event = found.event
        series = series_of(members)
        if series.times != event.series.times or series.rules != event.series.rules:
            event.exceptions = {}
        else:
            series = event.series
        event.members, event.series = members, series
        self.touch(account, found)

    def set_exception(self, account: Account, found: Found, start: datetime, members: dict | None) -> None:
        """One occurrence as an event of its own, or with None not at all."""
        event = found.event
        event.exceptions.pop(start, None)
        if members is None:
            event.series = event.without(start)
        else:
            event.exceptions[start] = Exceptional(members, times_of(members))
        self.touch(account, found)

    def touch(self, account: Account, found: Found) -> None:
        mailbox = self.mailbox(account)
        mailbox.shelf(found.calendar).touch(found.item, self.clock.now())
        self.told(mailbox, found.calendar, found.item, "updated")

    def remove(self, account: Account, found: Found) -> None:
        mailbox = self.mailbox(account)
        mailbox.shelf(found.calendar).remove(found.item, self.clock.now())
        self.told(mailbox, found.calendar, found.item, "deleted")

    def move(self, account: Account, found: Found, to: Calendar) -> Found:
        """The immutable id stays; the other one doesn't."""
        mailbox, event = self.mailbox(account), found.event
        mailbox.names.pop(mutable(account, found.calendar, found.item.id), None)
        self.remove(account, found)
        moved = self.put(account, to, found.item.id, event.members)
        moved.item.body = event
        return moved
