"""The time by which calendars live: stamps, channels that end, rooms that are made. Tokens go by the machine's."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone


def parse_instant(text) -> datetime:
    """An RFC 3339 time with an offset, in UTC; ValueError for anything else."""
    if not isinstance(text, str) or len(text) > 40:
        raise ValueError(f"not a time: {text!r}")
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or "T" not in text.upper():
        raise ValueError(f"a time needs an offset: {text}")
    return found.astimezone(timezone.utc)


class Clock:
    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._ahead = timedelta()
        self._stopped: datetime | None = None

    def now(self) -> datetime:
        return self._stopped or datetime.fromtimestamp(time.time(), timezone.utc) + self._ahead

    def change(self, wishes: dict) -> None:
        """`now` (null for the machine's time), `stopped`, `advance` (seconds); ValueError says what doesn't fit."""
        if unknown := wishes.keys() - {"now", "stopped", "advance"}:
            raise ValueError(f"a clock has no {sorted(unknown)}")
        stopped, advance = wishes.get("stopped", self._stopped is not None), wishes.get("advance", 0)
        if not isinstance(stopped, bool) or isinstance(advance, bool) or not isinstance(advance, (int, float)):
            raise ValueError("stopped is true or false, advance a number of seconds")
        now = self.now()
        if "now" in wishes:
            now = parse_instant(wishes["now"]) if wishes["now"] is not None else datetime.now(timezone.utc)
        now += timedelta(seconds=advance)
        self._stopped = now if stopped else None
        self._ahead = now - datetime.now(timezone.utc)

    def as_dict(self) -> dict:
        return {"now": self.now().isoformat(), "stopped": self._stopped is not None}
