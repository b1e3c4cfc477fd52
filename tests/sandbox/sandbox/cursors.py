"""Page and sync tokens: opaque to clients, and of no use to another list or query than they came from."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json


def seal(*bound) -> str:
    """What a cursor is bound to, in few characters."""
    return hashlib.sha256(json.dumps(bound, sort_keys=True).encode()).hexdigest()[:16]


def write(kind: str, bound: str, *parts: int) -> str:
    text = ":".join([kind, *map(str, parts), bound])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(kind: str, bound: str, text: str, count: int) -> list[int] | None:
    """The `count` numbers that were written, or None for a token of another kind or binding, or of nobody's."""
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
        first, *parts, last = found.split(":")
        numbers = [int(part) for part in parts]
    except (binascii.Error, ValueError):
        return None
    return numbers if (first, last, len(numbers)) == (kind, bound, count) else None
