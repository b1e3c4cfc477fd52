"""events.list: a full pass or what has changed since, as masters and exceptions or as single events."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from typing import Iterator

from . import cursors
from .google_errors import Refusal
from .google_query import Question
from .google_shelves import GoogleShelves
from .google_show import Reader, cancelled, full, shown_event
from .shelf import Item, Shelf

#: How far an open series is expanded where the call gives no end.
EXPANDED = timedelta(days=730)
#: A deleted series' occurrences are called off no further than this (google-api-ruby-client #860).
CALLED_OFF = timedelta(days=183)


class Listing:
    """One call."""

    def __init__(self, shelves: GoogleShelves, reader: Reader, question: Question) -> None:
        self._shelves, self._reader, self._question = shelves, reader, question
        self._shelf: Shelf = shelves.of(reader.calendar.id)
        self._now = shelves.clock.now()
        bound = shelves.bound(reader.calendar.id)
        role = reader.calendar.role
        self._sync_seal = cursors.seal(bound, role, question.bound)
        self._page_seal = cursors.seal(bound, role, question.paged)

    def page(self, shorter: int | None = None, link: str = "") -> dict:
        """items, and nextPageToken or nextSyncToken. `shorter`: no more on it than that, and another page follows;
        `link`: loop, endless or a token, as the fault next_link says. Raises Refusal."""
        since = self._since()
        place, skipped, until, turn = self._position(since)
        size = self._question.size if shorter is None else min(shorter, self._question.size)
        items, following = self._collect(since, place, skipped, until, size, shorter is not None)
        if link == "loop":
            return {"nextPageToken": self._question.page or self._page_token(place, skipped, until, 0), "items": items}
        if link:
            again = self._page_token(place, skipped, until, turn + 1)
            return {"nextPageToken": again if link == "endless" else link, "items": items}
        if following is not None:
            return {"nextPageToken": self._page_token(*following, until, 0), "items": items}
        if not self._question.gives_sync_token:
            return {"items": items}
        return {"nextSyncToken": cursors.write("sync", self._sync_seal, until), "items": items}

    def _since(self) -> int | None:
        """The change after which the answer begins; None for a full pass."""
        if not self._question.sync:
            return None
        found = cursors.read("sync", self._sync_seal, self._question.sync, 1)
        if found is None:
            raise Refusal("fullSyncRequired")
        return found[0]

    def _position(self, since: int | None) -> list[int]:
        """Where the page begins: the place (or the change) and how much of what stands there is told already; the last
        change that the whole pass is about; and how often this page was given under another link."""
        if not self._question.page:
            return [since or 0, 0, self._shelf.seq, 0]
        found = cursors.read("page", self._page_seal, self._question.page, 4)
        if found is None:
            raise Refusal.of_parameter("pageToken", self._question.page)
        return found

    def _page_token(self, place: int, skipped: int, until: int, turn: int) -> str:
        return cursors.write("page", self._page_seal, place, skipped, until, turn)

    def _collect(self, since: int | None, place: int, skipped: int, until: int, size: int,
                 goes_on: bool) -> tuple[list[dict], tuple[int, int] | None]:
        """The page's items, and where the next page begins; None where there is none. `goes_on`: there is one even
        where nothing more comes."""
        if self._question.order:
            return self._sorted(place, size)
        items: list[dict] = []
        for at, item in self._candidates(since, place, until):
            told = skipped if at == place else 0
            for one in islice(self._told(item, since is not None), told, None):
                if len(items) == size:
                    return items, (at, told)
                items.append(one)
                told += 1
        end = until if since is not None else self._shelf.size
        return items, (end, 0) if goes_on else None

    def _candidates(self, since: int | None, place: int, until: int) -> Iterator[tuple[int, Item]]:
        """With where each stands: its place, or before its change."""
        if since is None:
            yield from ((item.place, item) for item in self._shelf.walk(place))
            return
        for item in self._shelf.since(place):
            if item.seq > until:
                return
            yield item.seq - 1, item

    def _sorted(self, offset: int, size: int) -> tuple[list[dict], tuple[int, int] | None]:
        found = [one for item in self._shelf.walk() for one in self._told(item, False)]
        if self._question.order == "updated":
            found.sort(key=lambda one: one.get("updated", ""))
        else:
            found.sort(key=start_key)
        end = offset + size
        return found[offset:end], (end, 0) if end < len(found) else None

    # What an item is to the reader

    def _told(self, item: Item, incremental: bool) -> Iterator[dict]:
        if not self._question.wants(item, self._reader):
            return
        if self._question.single and item.body.series is not None and item.body.series.repeats:
            yield from self._expanded(item, incremental)
        elif self._is_shown(item, incremental) and self._in_window(item):
            yield shown_event(item, self._reader)

    def _is_shown(self, item: Item, incremental: bool) -> bool:
        event, deleted = item.body, incremental or self._question.deleted
        series = self._shelf.get(event.master) if event.master else None
        if series is not None and series.gone:
            # The deletion of a series is one item, that of the series.
            return self._question.single and deleted
        if event.is_cancelled:
            return deleted or not self._question.single
        return deleted or not item.gone

    def _in_window(self, item: Item) -> bool:
        low, high = self._question.low, self._question.high
        if (low is None and high is None) or item.body.series is None:
            return True
        return next(item.body.series.starts(low, high), None) is not None

    def _expanded(self, item: Item, incremental: bool) -> Iterator[dict]:
        low, high = self._question.low, self._question.high or self._now + EXPANDED
        if item.gone:
            if not (incremental or self._question.deleted):
                return
            low, high = low or self._now, min(high, self._now + CALLED_OFF)
        for start in item.body.series.starts(low, high):
            if start in item.body.exceptions:
                continue
            one = full(item, self._reader, start)
            yield called_off(item, one) if item.gone else one


def called_off(item: Item, one: dict) -> dict:
    return {**cancelled(item), "id": one["id"], "recurringEventId": item.id,
            "originalStartTime": one["originalStartTime"]}


def start_key(one: dict) -> datetime:
    start = one.get("start") or one.get("originalStartTime")
    text = start.get("dateTime") or f"{start['date']}T00:00:00+00:00"
    return datetime.fromisoformat(text)
