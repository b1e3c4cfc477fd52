"""What a calendar holds, in the order in which it came and in the order in which it changed.

Both orders are lists that only grow, so a page of either costs what is on it, however large the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Iterator


@dataclass(slots=True)
class Item:
    id: str
    #: Its place among all that ever came, and the number of its last change.
    place: int
    seq: int
    body: Any
    created: datetime
    updated: datetime
    gone: bool = False


class Shelf:
    def __init__(self) -> None:
        self._items: dict[str, Item] = {}
        self._places: list[Item] = []
        #: What was changed by change number n stands at n - 1; it is out of date where the item has changed since.
        self._log: list[Item] = []
        #: Cursors of an earlier generation are refused.
        self.generation = 0

    @property
    def seq(self) -> int:
        """The number of the last change; 0 where there was none."""
        return len(self._log)

    @property
    def size(self) -> int:
        return len(self._places)

    @property
    def last(self) -> Item | None:
        """What was changed last."""
        return self._log[-1] if self._log else None

    def get(self, item_id: str) -> Item | None:
        """Also one that is gone."""
        return self._items.get(item_id)

    def put(self, item_id: str, body: Any, now: datetime) -> Item:
        """Adds an item, or changes one; one that was gone is back at its place."""
        item = self._items.get(item_id)
        if item is None:
            item = self._items[item_id] = Item(item_id, len(self._places), 0, body, now, now)
            self._places.append(item)
        item.body, item.gone = body, False
        return self.touch(item, now)

    def remove(self, item: Item, now: datetime) -> Item:
        """It stays known as gone, with what it was last."""
        item.gone = True
        return self.touch(item, now)

    def touch(self, item: Item, now: datetime) -> Item:
        self._log.append(item)
        item.seq, item.updated = len(self._log), now
        return item

    def walk(self, place: int = 0) -> Iterator[Item]:
        """Everything from that place on, also what is gone."""
        for number in range(place, len(self._places)):
            yield self._places[number]

    def since(self, seq: int) -> Iterator[Item]:
        """What has changed after that change, each once, the change longest ago first."""
        for number in range(seq, len(self._log)):
            if self._log[number].seq == number + 1:
                yield self._log[number]

    def alive(self) -> Iterator[Item]:
        return (item for item in self._places if not item.gone)
