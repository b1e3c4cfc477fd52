"""calendarView/delta: a window that is frozen in the links, series as a whole, and what is gone."""

from __future__ import annotations

from datetime import datetime, timezone
from itertools import chain
from typing import Iterator, NamedTuple

from . import cursors
from .outlook_errors import GraphRefusal
from .outlook_show import Reader, removed, stub, whole
from .outlook_store import Event, Mailbox, OutlookStore
from .shelf import Item

DEFAULT_PAGE = 10
WALK, CHANGES = 0, 1
#: Graph's links are long: more than 2 kB were seen.
FILLING = "." + "R0usmcFhAMAaIEgVlZ" * 120


class State(NamedTuple):
    """Where a round is. It first walks along everything, then tells what has changed since it began; a later round
    begins with the second."""

    phase: int
    #: The place, or the change, from which it goes on.
    at: int
    #: The change after which the first part began.
    since: int
    #: The window, in seconds since the epoch.
    low: int
    high: int
    #: How often the same was given under another link.
    turn: int = 0


class Page(NamedTuple):
    items: list[dict]
    state: State
    #: The round is over.
    done: bool


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc)


class Delta:
    def __init__(self, store: OutlookStore, mailbox: Mailbox, reader: Reader) -> None:
        self._shelf, self._reader = mailbox.shelf(reader.calendar), reader
        self._bound = cursors.seal(store.bound(mailbox, reader.calendar))

    def begin(self, low: datetime, high: datetime) -> State:
        return State(WALK, 0, self._shelf.seq, int(low.timestamp()), int(high.timestamp()))

    def read(self, kind: str, text: str) -> State:
        """Of a skiptoken or deltatoken. Raises GraphRefusal."""
        found = cursors.read(kind, self._bound, text.removesuffix(FILLING), len(State._fields))
        if found is None:
            raise GraphRefusal("SyncStateNotFound")
        return State(*found)

    def write(self, kind: str, state: State) -> str:
        return cursors.write(kind, self._bound, *state) + FILLING

    def page(self, state: State, size: int, at_most: int | None) -> Page:
        """No series is split; so a page may have more than `size`. `at_most`: so many, and another page follows."""
        items: list[dict] = []
        wanted = size if at_most is None else min(at_most, size)
        if wanted == 0:
            return Page([], state, False)
        while True:
            for following, block in self._blocks(state):
                items += block
                if len(items) >= wanted:
                    state = state._replace(at=following)
                    if at_most is not None or self._has_more(state):
                        return Page(items, state, False)
            if state.phase == CHANGES:
                return Page(items, state._replace(at=self._shelf.seq), at_most is None)
            state = state._replace(phase=CHANGES, at=state.since)

    def _has_more(self, state: State) -> bool:
        rest = self._blocks(state)
        if state.phase == WALK:
            rest = chain(rest, self._blocks(state._replace(phase=CHANGES, at=state.since)))
        return next(rest, None) is not None

    def _blocks(self, state: State) -> Iterator[tuple[int, list[dict]]]:
        """What each event is to this window, with where it goes on after it."""
        low, high = moment(state.low), moment(state.high)
        if state.phase == CHANGES:
            for item in self._shelf.since(state.at):
                yield item.seq, self.told(item, low, high) or [removed(item, self._reader)]
            return
        for item in self._shelf.walk(state.at):
            if block := self.told(item, low, high):
                yield item.place + 1, block

    def told(self, item: Item, low: datetime, high: datetime) -> list[dict]:
        """Nothing for what is gone or lies outside."""
        if item.gone:
            return []
        event: Event = item.body
        found = list(event.occurrences(low, high))
        if not event.series.repeats:
            return [self._whole(item)] if found else []
        if not found:
            return []
        return [self._whole(item), *(self._whole(item, start) if own else stub(item, self._reader, start)
                                     for start, own in sorted(found, key=lambda one: one[0]))]

    def _whole(self, item: Item, start: datetime | None = None) -> dict:
        return {"@odata.type": "#microsoft.graph.event", **whole(item, self._reader, start)}
