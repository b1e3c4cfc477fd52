"""When an event takes place (RFC 5545, 3.8.5): once, or again and again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from heapq import merge
from itertools import islice
from typing import Iterator

from dateutil.rrule import rrulestr

from .zones import UTC, instant, wall

#: No series is followed further.
MOST = 100_000
UNTIL = re.compile(r"UNTIL=(\d{8}T\d{6})Z", re.IGNORECASE)


@dataclass(frozen=True)
class Times:
    """One event's time: where it begins on the wall clock of `zone`, and its length. All-day ones begin at midnight,
    and their length is whole days of that clock."""

    start: datetime
    length: timedelta
    zone: str
    all_day: bool = False

    def span(self, start: datetime | None = None) -> tuple[datetime, datetime]:
        """[start, end) in UTC, of the occurrence that begins at `start` on the wall clock."""
        local = start or self.start
        begin = instant(local, self.zone)
        return begin, instant(local + self.length, self.zone) if self.all_day else begin + self.length


def overlaps(span: tuple[datetime, datetime], low: datetime | None, high: datetime | None) -> bool:
    """Whether it reaches into [low, high); an event without length does where it begins."""
    start, end = span
    return (high is None or start < high) and (low is None or end > low or (start == end == low))


@lru_cache(maxsize=4096)
def _rule(text: str, start: datetime, zone: str):
    def local_until(found: re.Match) -> str:
        until = datetime.strptime(found.group(1), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        return f"UNTIL={wall(until, zone):%Y%m%dT%H%M%S}"
    return rrulestr(UNTIL.sub(local_until, text), dtstart=start, cache=True)


@dataclass(frozen=True)
class Series:
    times: Times
    #: RRULE's values; further starts and starts left out, on the wall clock.
    rules: tuple[str, ...] = ()
    added: tuple[datetime, ...] = ()
    left_out: frozenset[datetime] = frozenset()

    @property
    def repeats(self) -> bool:
        return bool(self.rules or self.added)

    def check(self) -> None:
        """ValueError for a rule that can't be read."""
        for rule in self.rules:
            _rule(rule, self.times.start, self.times.zone)

    def starts(self, low: datetime | None = None, high: datetime | None = None) -> Iterator[datetime]:
        """The wall clock's starts of what reaches into [low, high), in order; without `high` as far as it goes, but
        never more than MOST."""
        if not self.repeats:
            if overlaps(self.times.span(), low, high):
                yield self.times.start
            return
        for start in islice(self._all(low, high), MOST):
            if start not in self.left_out and overlaps(self.times.span(start), low, high):
                yield start

    def has(self, start: datetime) -> bool:
        span = self.times.span(start)
        return any(one == start for one in self.starts(span[0], span[0] + timedelta(seconds=1)))

    def _all(self, low: datetime | None, high: datetime | None) -> Iterator[datetime]:
        """A day's margin on both sides covers every offset of a zone."""
        day = timedelta(days=1)
        after = wall(low, self.times.zone) - self.times.length - day if low else datetime.min
        before = wall(high, self.times.zone) + day if high else datetime.max
        given = {self.times.start, *self.added}
        lists = [sorted(one for one in given if after <= one <= before)]
        lists += [_rule(rule, self.times.start, self.times.zone).xafter(after, inc=True) for rule in self.rules]
        last = None
        for start in merge(*lists):
            if start > before:
                return
            if start != last:
                yield start
            last = start
