"""Who comes first on the machine's cores. For proofs that measure time: a site's users and the providers, here in
processes beside it, have machines of their own."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def come_first(pid: int) -> None:
    """From now on the process, its descendants and what they start run before everything else, and take turns among
    themselves. That takes root (CAP_SYS_NICE); without it all stays as it was."""
    _schedule(pid, os.SCHED_RR, 1)


def step_back(pid: int) -> None:
    """As before come_first."""
    _schedule(pid, os.SCHED_OTHER, 0)


def _schedule(pid: int, policy: int, priority: int) -> None:
    with contextlib.suppress(PermissionError):
        for task in _tasks(pid):
            with contextlib.suppress(ProcessLookupError):
                os.sched_setscheduler(task, policy, os.sched_param(priority))


def _tasks(pid: int):
    """Threads of the process and of its descendants. One that is made meanwhile inherits its maker's place."""
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            yield int(task.name)
            for child in (task / "children").read_text("ascii").split():
                yield from _tasks(int(child))
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return
