"""Time zones by their IANA names and by those of Windows."""

from __future__ import annotations

from datetime import datetime, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from tzlocal.windows_tz import tz_win, win_tz

UTC = timezone.utc
#: Younger than the list of IANA names that Graph knows (microsoft-graph-docs #4242, #4758).
UNKNOWN_TO_GRAPH = {"Europe/Kyiv", "America/Ciudad_Juarez"}


@lru_cache
def iana(name: str) -> ZoneInfo:
    """ValueError for a name that isn't one of IANA's."""
    try:
        return ZoneInfo(name)
    except (LookupError, OSError, ValueError) as problem:
        raise ValueError(f"no such time zone: {name}") from problem


def windows_name(name: str) -> str:
    """UTC stays UTC, and what Windows has no name for stays as it is."""
    return name if name in win_tz else tz_win.get(name, name)


def iana_name(name: str) -> str:
    """Of a name of either kind."""
    return win_tz.get(name, name)


def known_to_graph(name: str) -> bool:
    return name in win_tz or (name in tz_win and name not in UNKNOWN_TO_GRAPH)


def instant(local: datetime, zone: str) -> datetime:
    """A wall clock's time in UTC (RFC 5545, 3.3.5): in a gap by the offset before, of two the first, unless its fold
    says the second."""
    return local.replace(tzinfo=iana(zone)).astimezone(UTC)


def wall(moment: datetime, zone: str) -> datetime:
    """What a wall clock shows, without a zone; its fold says which of two it is."""
    return moment.astimezone(iana(zone)).replace(tzinfo=None)
