"""Answers that wait until a test lets them go."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from itertools import count as counter


@dataclass
class Hold:
    id: str
    fault: str
    endpoint: str
    when: str
    since: float = field(default_factory=time.monotonic)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    def as_dict(self) -> dict:
        return {"id": self.id, "fault": self.fault, "endpoint": self.endpoint,
                "when": self.when, "seconds": round(time.monotonic() - self.since, 3)}


class Holds:
    def __init__(self) -> None:
        self._ids = counter(1)
        self._waiting: dict[str, Hold] = {}

    def all(self) -> list[Hold]:
        return list(self._waiting.values())

    async def wait(self, fault: str, endpoint: str, when: str, seconds: float) -> None:
        """Returns when it is released, or by itself after `seconds`."""
        hold = Hold(f"h{next(self._ids)}", fault, endpoint, when)
        self._waiting[hold.id] = hold
        try:
            await asyncio.wait_for(hold.go.wait(), seconds)
        except asyncio.TimeoutError:
            pass
        finally:
            self._waiting.pop(hold.id, None)

    def release(self, name: str | None = None) -> int:
        """Lets go one wait by its id, all waits of a fault by that fault's id, or everything.
        Returns how many; a released wait leaves the list at once."""
        chosen = [hold for hold in self.all() if name in (None, hold.id, hold.fault)]
        for hold in chosen:
            hold.go.set()
            self._waiting.pop(hold.id, None)
        return len(chosen)
