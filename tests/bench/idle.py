"""What background work costs while nothing is due."""

from __future__ import annotations

import time

import claims
from cpu import by_process
from ground import Ground
from harness import children
from harness.httpd import Httpd
from harness.process import wait_until
from harness.site import Site
from measure import Effort, table

SIZE = 1_000_000
#: Of one core.
AIM = 0.001


class Spent:
    """CPU time of a node's processes, of the one among them that works, and of those of PostgreSQL that it has a
    connection to."""

    def __init__(self, node: Httpd, working: list[int], backends: list[int]) -> None:
        self._pids = {"node": [node.pid], "working": working, "PostgreSQL": backends}
        self._begun, self._before = time.monotonic(), self._now()

    def _now(self) -> dict[str, int]:
        return {name: sum(sum(by_process(pid).values()) for pid in pids) for name, pids in self._pids.items()}

    def shares(self) -> dict[str, float]:
        """Of one core, since it was made."""
        elapsed = time.monotonic() - self._begun
        return {name: (spent - self._before[name]) / 1e9 / elapsed for name, spent in self._now().items()}


def percent(share: float) -> str:
    return f"{100 * share:.3f} %"


def worker(ground: Ground, site: Site, seconds: float) -> str:
    """Both nodes at the same time: what disturbs the machine disturbs both."""
    off = ground.calint_node(site=site)
    on = ground.calint_node(site=site, extra="LogLevel notice calint:info\n", CalIntWorker="on")
    wait_until(lambda: site.sessions_of_others(), "the worker's first look")
    time.sleep(claims.A_LOOK)
    backends = site.sessions_of_others()
    meters = {"CalIntWorker off": Spent(off, [], []),
              "CalIntWorker on": Spent(on, [children.worker(on)], backends)}
    time.sleep(seconds)
    shares = {name: meter.shares() for name, meter in meters.items()}
    assert site.sessions_of_others() == backends, "the worker's connections changed meanwhile"
    for node in (off, on):
        assert not node.log.complaints(), node.log.complaints()
        node.stop()
    found = {name: [percent(share["node"]), percent(share["PostgreSQL"])] for name, share in shares.items()}
    working = shares["CalIntWorker on"]["working"]
    verdict = f"aim under {percent(AIM)}, {'met' if working < AIM else 'missed'}"
    return table(f"CPU of a node in {seconds:.0f} s with nothing due, of one core",
                 ["", "the node's processes", "PostgreSQL for it", ""],
                 [[name, *cells, ""] for name, cells in found.items()] +
                 [["of it, the process that works", percent(working),
                   percent(shares["CalIntWorker on"]["PostgreSQL"]), verdict]],
                 f"{len(backends)} connection{'s' * (len(backends) != 1)} to the database of the table before.")


def measure(ground: Ground, effort: Effort) -> str:
    site = ground.new_site("idle")
    work = claims.seen_at_work(ground, site)
    idle = claims.Idle(site, round(max(0.1, effort.seconds) * SIZE))
    return f"{claims.measure(idle, work, effort)}\n\n{worker(ground, site, max(10, 60 * effort.seconds))}"
