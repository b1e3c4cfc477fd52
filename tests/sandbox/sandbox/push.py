"""Sends what providers tell their clients without being asked, to addresses on this machine only."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from .clock import Clock

KEPT = 2_000
LOOPBACK = ("127.0.0.1", "localhost", "::1")
#: What providers try again, and how soon here; they themselves go on for hours.
RETRIED = (500, 502, 503, 504)
PAUSES = (0.1, 0.3, 1.0)


class Push:
    def __init__(self, clock: Clock, context: ssl.SSLContext | None = None) -> None:
        self._clock = clock
        #: What an https address must prove itself by; None for what the machine trusts.
        self.context = context
        self._tasks: set[asyncio.Task] = set()
        self._sent: deque[dict] = deque(maxlen=KEPT)

    def reset(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._sent.clear()

    def as_list(self) -> list[dict]:
        """What was sent, the oldest first; `status` is null while an answer is awaited, and 0 where none came."""
        return list(self._sent)

    @property
    def under_way(self) -> int:
        return len(self._tasks)

    async def send(self, provider: str, kind: str, url: str, headers: dict, body: bytes = b"",
                   seconds: float = 10.0) -> tuple[int, str, bytes]:
        """Status (0 where nothing answered), content type and body of the answer."""
        record = {"provider": provider, "kind": kind, "url": url, "headers": headers, "body": body.decode(),
                  "at": self._clock.now().isoformat(), "status": None}
        self._sent.append(record)
        if urlsplit(url).hostname not in LOOPBACK:
            record["status"] = 0
            return 0, "", b""
        try:
            timeout = aiohttp.ClientTimeout(total=seconds)
            async with aiohttp.ClientSession(timeout=timeout) as session:
                async with session.post(URL(url, encoded=True), data=body, headers=headers, ssl=self.context,
                                        allow_redirects=False) as answer:
                    text = await answer.content.read(100_000)
                    record["status"] = answer.status
                    return answer.status, answer.headers.get("Content-Type", ""), text
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            record["status"] = 0
            return 0, "", b""

    def tell(self, provider: str, url: str, headers: dict, body: bytes = b"") -> None:
        """Sends a notification while other work goes on, again where the answer asks for it."""
        async def deliver() -> None:
            for pause in (*PAUSES, None):
                status, _, _ = await self.send(provider, "notification", url, headers, body)
                if pause is None or (status and status not in RETRIED):
                    return
                await asyncio.sleep(pause)
        task = asyncio.get_running_loop().create_task(deliver())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
