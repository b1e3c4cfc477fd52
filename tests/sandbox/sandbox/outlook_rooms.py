"""Teams: the room of an event, which may be there a while later than the event."""

from __future__ import annotations

import hashlib

from . import outlook_body
from .accounts import Account, Calendar
from .mode import Mode
from .outlook_store import Event, Found, OutlookStore

TEAMS = "teamsForBusiness"


class Rooms:
    def __init__(self, store: OutlookStore, mode: Mode) -> None:
        self._store, self._mode = store, mode
        self.reset()

    def reset(self) -> None:
        #: (account's sub, id) -> the events whose rooms are being made.
        self._waiting: dict[tuple[str, str], Found] = {}

    def ask(self, account: Account, found: Found) -> None:
        """A room for a new event, at once or after as many readings as Mode.conference_reads says."""
        event: Event = found.event
        if self._mode.conference == "failure":
            return
        digest = hashlib.sha256(found.item.id.encode()).hexdigest()
        event.join_url = f"https://teams.microsoft.com/l/meetup-join/19%3ameeting_{digest[:40]}%40thread.v2/0"
        event.waits = -1 if self._mode.conference == "pending" else self._mode.conference_reads
        if event.waits:
            self._waiting[account.sub, found.item.id] = found
        else:
            self._open(event)

    @staticmethod
    def _open(event: Event) -> None:
        content = outlook_body.with_block(event.members.get("body", ""), event.join_url)
        event.members = {**event.members, "body": content}

    def about_to_read(self, account: Account, found: Found) -> None:
        event: Event = found.event
        if (account.sub, found.item.id) not in self._waiting or event.waits < 0:
            return
        event.waits -= 1
        if event.waits == 0:
            del self._waiting[account.sub, found.item.id]
            self._open(event)
            self._store.touch(account, found)

    def about_to_list(self, account: Account, calendar: Calendar) -> None:
        for (sub, _), found in list(self._waiting.items()):
            if sub == account.sub and found.calendar is calendar and not found.item.gone:
                self.about_to_read(account, found)
