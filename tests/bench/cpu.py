"""CPU time by program: what a busy machine hardly changes, unlike a rate."""

from __future__ import annotations

from pathlib import Path


def nanoseconds(pid: int) -> int:
    """Time on a CPU of a process and of the children that it has now, all threads."""
    total = 0
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            total += int((task / "schedstat").read_text().split()[0])
            for child in (task / "children").read_text().split():
                total += nanoseconds(int(child))
        except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            continue
    return total


class Meter:
    """Microseconds of CPU by name since the meter was made."""

    def __init__(self, pids: dict[str, int]) -> None:
        self._pids = pids
        self._before = {name: nanoseconds(pid) for name, pid in pids.items()}

    def each(self, count: int) -> dict[str, float]:
        return {name: (nanoseconds(pid) - self._before[name]) / 1000 / count for name, pid in self._pids.items()}
