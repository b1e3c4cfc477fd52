"""Counts of what each endpoint was asked and answered, and the request log."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict, deque
from typing import TextIO


#: Requests that `requests` of the control API can tell one by one.
KEPT = 20_000


class Traffic:
    def __init__(self, log: TextIO | None) -> None:
        self._log = log
        self._in_flight: Counter = Counter()
        self.reset()

    def reset(self) -> None:
        """Counts start at zero; requests still in flight stay known."""
        self._requests: Counter = Counter()
        self._details: Counter = Counter()
        self._statuses: dict[str, Counter] = defaultdict(Counter)
        self._peak: Counter = Counter(self._in_flight)
        self._handshakes = 0
        self._kept: deque[dict] = deque(maxlen=KEPT)

    def handshake(self) -> None:
        """A connection over TLS begins."""
        self._handshakes += 1

    def begin(self, endpoint: str) -> None:
        self._requests[endpoint] += 1
        self._in_flight[endpoint] += 1
        self._peak[endpoint] = max(self._peak[endpoint], self._in_flight[endpoint])

    def detail(self, endpoint: str, features: dict[str, str]) -> None:
        """Counts a kind of request of an endpoint: `token.refresh_token`, and `events.list.page` (a later one),
        `events.list.cursor` (from a cursor on) or `events.list.full`."""
        if features.get("grant_type"):
            self._details[f"{endpoint}.{features['grant_type']}"] += 1
        if "page" in features:
            kind = "page" if features["page"] == "later" else "cursor" if features["cursor"] == "with" else "full"
            self._details[f"{endpoint}.{kind}"] += 1

    def end(self, endpoint: str, method: str, status: int | None, seconds: float,
            faults: list[str], features: dict[str, str]) -> None:
        """`status` is None where the connection ended without a whole answer."""
        told, now = {name: value for name, value in features.items() if value}, time.monotonic()
        self._kept.append({"endpoint": endpoint, "method": method, "status": status, "faults": faults,
                           "began": now - seconds, "ended": now, **told})
        self._in_flight[endpoint] -= 1
        self._statuses[endpoint][str(status) if status else "none"] += 1
        if self._log:
            # Endpoint names instead of paths: no query, header or body ever reaches the log.
            line = {"time": round(time.time(), 3), "method": method, "endpoint": endpoint,
                    "status": status, "ms": round(seconds * 1000, 1), "faults": faults}
            self._log.write(json.dumps(line) + "\n")
            self._log.flush()

    def as_dict(self) -> dict:
        return {"requests": dict(self._requests), "details": dict(self._details),
                "answers": {name: dict(counts) for name, counts in self._statuses.items()},
                "in_flight": {name: n for name, n in self._in_flight.items() if n},
                "peak_in_flight": dict(self._peak), "handshakes": self._handshakes}

    def requests(self, wishes: dict) -> list[dict]:
        """Each that is over, the oldest first, of those whose members are as wished."""
        known = ("endpoint", "method", "status", "account", "calendar", "id", "page", "cursor", "limit", "grant_type")
        if unknown := wishes.keys() - set(known):
            raise ValueError(f"requests are not chosen by {sorted(unknown)}")
        return [one for one in self._kept if all(one.get(name) == value for name, value in wishes.items())]
