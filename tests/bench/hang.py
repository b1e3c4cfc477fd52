"""How much slower a static page becomes while a provider hangs."""

from __future__ import annotations

import re
import statistics
import subprocess

from ground import Ground
from harness import places
from harness.callers import ask
from harness.hanging import WORKERS, Beside, returning_users, warm_up, workers_of
from harness.priority import come_first, step_back
from harness.site import CLIENT_ID, CLIENT_SECRET, Site
from measure import Effort, Spread, table

from client import Sandbox  # tests/sandbox, found by way of harness.places

AIM = 2
CONNECTIONS = 8
#: A callback is given up after so many seconds; the last one comes so long before the end.
GIVEN_UP = 4.5
#: Some thousand requests a second: a site that works, on a machine that isn't saturated by the question itself.
PAUSE = "function delay() return 5 end\n"
SECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


def percentile_99(site: Site, seconds: int) -> float:
    """Milliseconds within which 99 of 100 requests for a static page are answered."""
    script = site.folder / "pause.lua"
    script.write_text(PAUSE, encoding="ascii")
    with subprocess.Popen([places.program("wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", script, "--latency",
                           f"{site.url}/ready.txt"], stdout=subprocess.PIPE, text=True) as asking:
        come_first(asking.pid)
        said, _ = asking.communicate(timeout=seconds + 60)
    assert asking.returncode == 0
    # A kept connection that httpd closes is no failure of a request.
    assert "Non-2xx" not in said, said
    amount, unit = re.search(r"^\s+99%\s+([\d.]+)(us|ms|s)$", said, re.M).groups()
    return float(amount) * SECONDS[unit]


def rounds_of(site: Site, effort: Effort) -> list[tuple[float, float]]:
    """(before, during), milliseconds, each pair taken at the same state of the machine. Callbacks keep coming while the
    page is asked for, so that what they cost is spread over the time for which the provider hangs."""
    calm, busy, callbacks = (5, 12, 150) if effort.seconds >= 1 else (2, 6, 60)
    found = []
    for _ in range(effort.rounds):
        returning = returning_users(site, callbacks)
        before = percentile_99(site, calm)
        with Beside(lambda: percentile_99(site, busy)) as static:
            ask(returning, at_once=callbacks, seconds=busy - GIVEN_UP)
        found.append((before, static.result))
    return found


def row(ground: Ground, effort: Effort, sandbox: Sandbox, mpm: str) -> list[str]:
    workers, config = workers_of(mpm)
    sandbox.reset()
    site = Site(ground.folder / f"hang-{mpm}", ground.cluster, ground.template, sandbox).start(config)
    try:
        come_first(site.httpd.pid)
        warm_up(site, workers)
        sandbox.fault("token", "hang", count=-1)
        rounds = rounds_of(site, effort)
    finally:
        site.stop()
    ratios = Spread(tuple(during / before for before, during in rounds))
    return [f"{mpm}, {workers} workers", *(f"{statistics.median(values):.2f} ms" for values in zip(*rounds)),
            ratios.text(2), f"aim under {AIM}, {'met' if ratios.median < AIM else 'missed'}"]


def measure(ground: Ground, effort: Effort) -> str:
    come_first(ground.cluster.pid)
    try:
        with Sandbox(client_id=CLIENT_ID, client_secret=CLIENT_SECRET) as sandbox:
            rows = [row(ground, effort, sandbox, mpm) for mpm in (WORKERS if effort.seconds >= 1 else ["event"])]
    finally:
        step_back(ground.cluster.pid)
    return table("A static page's 99th percentile while a provider hangs", ["", "before", "during", "ratio", ""], rows)
