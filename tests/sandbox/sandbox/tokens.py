"""Tokens as text. They are remembered as SHA-256 only, so nothing that reports the state can leak one."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Callable

from aiohttp import web

from .mode import Mode


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def random_text(mode: Mode, length: int) -> str:
    mark = f"{mode.token_prefix}-" if mode.token_prefix else ""
    return mark + secrets.token_urlsafe(length)[: max(32, length - len(mark))]


def bearer_of(http: web.Request) -> str | None:
    scheme, _, token = http.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token else None


@dataclass
class Access:
    grant: Any
    expires_at: float


class AccessTokens:
    """Each with the grant that it is of."""

    def __init__(self) -> None:
        self._all: OrderedDict[str, Access] = OrderedDict()

    def add(self, text: str, grant, seconds: float) -> str:
        self._all[digest_of(text)] = Access(grant, time.time() + seconds)
        return text

    def find(self, text: str):
        """The grant of one that hasn't expired."""
        found = self._all.get(digest_of(text))
        return found.grant if found and found.expires_at > time.time() else None

    def expire(self, email: str | None) -> int:
        """Those of an account, or all; how many there were."""
        chosen = [digest for digest, access in self._all.items() if email in (None, access.grant.email)]
        for digest in chosen:
            del self._all[digest]
        return len(chosen)

    def forget_oldest(self, is_dead: Callable[[Any], bool]) -> None:
        """Up to the first that is good: hasn't expired, and isn't of a grant that is dead."""
        now = time.time()
        while self._all:
            oldest = next(iter(self._all.values()))
            if oldest.expires_at > now and not is_dead(oldest.grant):
                break
            self._all.popitem(last=False)
