"""Rounds in turn, medians and spreads, Markdown."""

from __future__ import annotations

import statistics
import sys
from dataclasses import dataclass
from typing import Callable


@dataclass(frozen=True)
class Effort:
    rounds: int = 5
    seconds: float = 1.0                            # of each contender in each round, about
    concurrency: tuple[int, ...] = (1, 8, 32)       # at which callbacks are measured


@dataclass(frozen=True)
class Spread:
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def text(self, digits: int = 0) -> str:
        return f"{self.median:,.{digits}f} ({min(self.values):,.{digits}f} .. {max(self.values):,.{digits}f})"


def in_turn(effort: Effort, contenders: dict[str, Callable[[], float]], what: str) -> dict[str, Spread]:
    """A, B, C, A, B, C ...: what disturbs the machine disturbs all of them."""
    values: dict[str, list[float]] = {name: [] for name in contenders}
    for round_number in range(effort.rounds):
        for name, run in contenders.items():
            values[name].append(run())
            print(f"{what}, round {round_number + 1}: {name} {values[name][-1]:,.1f}", file=sys.stderr)
    return {name: Spread(tuple(found)) for name, found in values.items()}


def ratio(ours: Spread, theirs: Spread) -> float:
    return ours.median / theirs.median


def against(value: float, aim: float | None, digits: int = 2) -> str:
    """A ratio beside the least that it should be."""
    if aim is None:
        return f"{value:.{digits}f}"
    return f"{value:.{digits}f} (aim {aim:g}, {'met' if value >= aim else 'missed'})"


def at_most(value: float, aim: float, digits: int = 2) -> str:
    """A figure beside the most that it should be."""
    return f"{value:.{digits}f} (aim {aim:g}, {'met' if value <= aim else 'missed'})"


def table(title: str, head: list[str], rows: list[list[str]], notes: str = "") -> str:
    lines = [f"**{title}**", "", "| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines + (["", notes] if notes else []))
