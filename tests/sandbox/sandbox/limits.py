"""How much one account may ask for: in a time that slides, and at once."""

from __future__ import annotations

import time
from collections import Counter, defaultdict, deque


class Limits:
    """By the machine's clock, so that a clock that stands still doesn't close the door for ever."""

    def __init__(self) -> None:
        self._in_flight: Counter = Counter()
        self.reset()

    def reset(self) -> None:
        """Requests that are under way stay known."""
        self._entered: dict[str, deque[float]] = defaultdict(deque)

    def enter(self, account: str, most: int, seconds: float, at_once: int = 0) -> str | None:
        """What is exceeded ("rate" or "concurrency"), or None where the request is let in. 0 is no limit."""
        now, entered = time.monotonic(), self._entered[account]
        while entered and entered[0] <= now - seconds:
            entered.popleft()
        if at_once and self._in_flight[account] >= at_once:
            return "concurrency"
        if most and len(entered) >= most:
            return "rate"
        entered.append(now)
        self._in_flight[account] += 1
        return None

    def leave(self, account: str) -> None:
        self._in_flight[account] -= 1
