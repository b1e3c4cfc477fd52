"""httpd's children: which one serves a connection, which one works in the background, and killing them."""

from __future__ import annotations

import os
import re
import signal

from .httpd import Httpd
from .process import children_of, is_dead, wait_until
from .session import Client

#: Many children with few threads: a killed one is replaced within a second, and others serve meanwhile.
MANY = ("StartServers 12\nServerLimit 16\nThreadsPerChild 4\nThreadLimit 4\nMaxRequestWorkers 64\nMinSpareThreads 48\n"
        "MaxSpareThreads 64\nKeepAliveTimeout 60")
#: Another child takes over while the parent starts one for the killed.
TWO = "StartServers 2\nServerLimit 4\nMaxRequestWorkers 100\nMinSpareThreads 50\nMaxSpareThreads 100"
ROW = re.compile(r"<td>(\d+)</td><td>[^<]*</td><td><b>W</b>.*?GET /server-status", re.DOTALL)


def pids(httpd: Httpd) -> list[int]:
    """The children that live."""
    return children_of(httpd.pid)


def pid_of(client: Client) -> int:
    """The child that serves this client's kept connection (mod_status shows the request that asks)."""
    rows = client.get("/server-status").text.split("<tr>")
    found = [int(match[1]) for match in map(ROW.search, rows) if match]
    assert len(found) == 1, f"{len(found)} children show a request for their status"
    return found[0]


def worker(httpd: Httpd) -> int | None:
    """The child that does the background work, as the log says; None before it says so."""
    lines = httpd.log.with_tag("CALINT0109")
    return int(re.search(r"\[pid (\d+)", lines[-1].text)[1]) if lines else None


def at_work(httpd: Httpd) -> int | None:
    """The one of them that lives; None between a kill and the next one's start."""
    pid = worker(httpd)
    return pid if pid in pids(httpd) else None


def kill(httpd: Httpd, pid: int) -> bool:
    """Ends this child at once; returns when it is gone. False where it had ended by itself."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    wait_until(lambda: is_dead(pid), "a killed child to be gone", pause=0.005)
    return True
