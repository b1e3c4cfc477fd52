"""What was written at the providers: each change that came by their interfaces, as it came."""

from __future__ import annotations

from collections import deque

from .clock import Clock

KEPT = 20_000
#: Headers that say how a write was meant.
HEADERS = ("If-Match", "If-None-Match", "Prefer", "Content-Type", "Depth", "Schedule-Reply")


class Ledger:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.reset()

    def reset(self) -> None:
        self._kept: deque[dict] = deque(maxlen=KEPT)
        self._count = 0

    def write(self, provider: str, http, method: str, **members) -> dict:
        """Keeps it; what is known of its outcome only later may be put into what this returns."""
        self._count += 1
        entry = {"number": self._count, "at": self._clock.now().isoformat(), "provider": provider, "call": method,
                 "method": http.method, "path": http.rel_url.raw_path,
                 "headers": {name: http.headers[name] for name in HEADERS if name in http.headers},
                 "query": dict(http.query), "status": None, "id": None, "mails": {}, **members}
        self._kept.append(entry)
        return entry

    def as_list(self, wishes: dict) -> list[dict]:
        """The oldest first; of one `provider`, `account`, `calendar`, `call` or `id` where these are named."""
        known = ("provider", "account", "calendar", "call", "id")
        if unknown := wishes.keys() - set(known):
            raise ValueError(f"writes are not chosen by {sorted(unknown)}")
        return [one for one in self._kept if all(one.get(name) == value for name, value in wishes.items())]
