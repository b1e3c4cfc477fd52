"""CPU time by program: what a busy machine hardly changes, unlike a rate."""

from __future__ import annotations

import os
import time
from pathlib import Path


def by_process(pid: int) -> dict[int, int]:
    """Nanoseconds on a CPU of a process and of each of its descendants, all threads, those that ended too."""
    found = {}
    try:
        found[pid] = time.clock_gettime_ns(~pid << 3 | 2)  # clock_getcpuclockid(3)
    except OSError:  # it ended meanwhile
        return found
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            for child in (task / "children").read_text().split():
                found |= by_process(int(child))
        except (FileNotFoundError, ProcessLookupError):  # so did it
            continue
    return found


def of_ended_children(pid: int) -> float:
    """Microseconds of CPU of the children that it has waited for, to the kernel's hundredth of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[13]) + int(fields[14])) * 1e6 / os.sysconf("SC_CLK_TCK")  # cutime and cstime, proc(5)


class Meter:
    """Microseconds of CPU by name since the meter was made. A process that ended meanwhile, such as an autovacuum
    worker, counts for nothing; one that came counts in full."""

    def __init__(self, pids: dict[str, int]) -> None:
        self._pids = pids
        self._before = {name: by_process(pid) for name, pid in pids.items()}

    def each(self, count: int) -> dict[str, float]:
        return {name: self._since(name) / 1000 / count for name in self._pids}

    def _since(self, name: str) -> int:
        before = self._before[name]
        return sum(spent - before.get(pid, 0) for pid, spent in by_process(self._pids[name]).items())
