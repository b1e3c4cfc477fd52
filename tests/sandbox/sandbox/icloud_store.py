"""The objects of iCloud's calendars, by their names in the collection."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass

from . import cursors, ics
from .clock import Clock
from .icloud_accounts import IcloudAccount
from .icloud_calendars import IcloudCalendar
from .ics import Timing
from .shelf import Item, Shelf

#: What Apple's sync tokens begin with.
TOKEN = "HwoQEgwAAA"


@dataclass(slots=True)
class Object:
    text: str
    uid: str
    timing: Timing
    #: The change before its last one, for lists that lag behind.
    before: int = 0


class Collection:
    """A calendar's objects."""

    def __init__(self, key: str) -> None:
        self.shelf, self.key = Shelf(), key
        digest = hashlib.sha256(key.encode()).digest()[:16]
        self.uuid = str(uuid.UUID(bytes=digest))
        #: Grows with each change but for those that a lying ctag passes over.
        self.ctag = 0

    def etag(self, item: Item, lags: bool = False) -> str:
        return f'"C={(item.body.before if lags else 0) or item.seq}@U={self.uuid}"'

    def token(self, phase: int, at: int, since: int) -> str:
        """A sync token: of the state after a change, or in the middle of a first pass."""
        return TOKEN + cursors.write("sync", self._bound, phase, at, since)

    def read(self, text: str) -> list[int] | None:
        return cursors.read("sync", self._bound, text[len(TOKEN):], 3) if text.startswith(TOKEN) else None

    @property
    def _bound(self) -> str:
        return cursors.seal(self.key, self.shelf.generation)


class IcloudStore:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._incarnation = 0
        self.reset()

    def reset(self) -> None:
        self._collections: dict[tuple[str, str], Collection] = {}
        #: Where each UID of an account is: iCloud has it once in all its calendars.
        self._uids: dict[tuple[str, str], tuple[str, str]] = {}
        self._incarnation += 1
        self._made = 0

    def of(self, account: IcloudAccount, calendar: IcloudCalendar) -> Collection:
        key = (account.dsid, calendar.id)
        if key not in self._collections:
            self._collections[key] = Collection(f"{self._incarnation} {account.dsid} {calendar.id}")
        return self._collections[key]

    def place_of(self, account: IcloudAccount, uid: str) -> tuple[str, str] | None:
        """The calendar's id and the object's name."""
        return self._uids.get((account.dsid, uid))

    def new_uid(self, account: IcloudAccount) -> str:
        """The same in each run."""
        self._made += 1
        digest = hashlib.sha256(f"{account.dsid} {self._made}".encode()).digest()[:16]
        return str(uuid.UUID(bytes=digest, version=4)).upper()

    def get(self, account: IcloudAccount, calendar: IcloudCalendar, name: str) -> Item | None:
        item = self.of(account, calendar).shelf.get(name)
        return item if item is not None and not item.gone else None

    def put(self, account: IcloudAccount, calendar: IcloudCalendar, name: str, text: str,
            timing: Timing | None = None, uid: str | None = None) -> Item:
        """`timing` and `uid` where the text needn't be read for them. A text that is no calendar at all has no UID and
        is in every window."""
        if timing is None:
            try:
                parsed = ics.parse(text)
                timing, uid = ics.timing_of(parsed, account.time_zone), ics.uid_of(parsed)
            except ics.NotCalendar:
                timing, uid = Timing(unsure=True), ""
        collection = self.of(account, calendar)
        known = collection.shelf.get(name)
        if known is not None:
            self._uids.pop((account.dsid, known.body.uid), None)
        before = known.seq if known is not None and not known.gone else 0
        item = collection.shelf.put(name, Object(text, uid or "", timing, before), self.clock.now())
        if uid:
            self._uids[account.dsid, uid] = (calendar.id, name)
        collection.ctag += 1
        return item

    def remove(self, account: IcloudAccount, calendar: IcloudCalendar, item: Item) -> None:
        collection = self.of(account, calendar)
        collection.shelf.remove(item, self.clock.now())
        self._uids.pop((account.dsid, item.body.uid), None)
        if not calendar.lying_ctag:
            collection.ctag += 1
