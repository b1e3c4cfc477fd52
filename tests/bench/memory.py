"""What a child weighs after load."""

from __future__ import annotations

from ground import Ground
from harness import children, driver
from harness.httpd import Httpd
from harness.httpd_config import Config
from measure import Effort, table

AIM_KB = 16 * 1024
#: As many threads as Debian gives a child.
DEBIAN = "StartServers 2\nServerLimit 2\nThreadLimit 25\nThreadsPerChild 25\nMaxRequestWorkers 50\nMaxSpareThreads 50\n"


def heaviest(node: Httpd) -> driver.Weight:
    return max((driver.weigh(pid) for pid in children.pids(node)), key=lambda weight: weight.rss)


def measure(ground: Ground, effort: Effort) -> str:
    bare = Httpd(ground.folder / "bare")
    bare.write(Config(with_module=False, log_level="notice", extra=DEBIAN))
    bare.start()
    node = ground.calint_node(tls=True, extra=DEBIAN)
    idle, fresh = heaviest(bare), heaviest(node)
    flows = round(2000 * effort.seconds)
    weights = []
    for _ in range(2):
        driver.drive_flows(node.port, first=ground.people(flows), count=flows, concurrency=8)
        weights.append(heaviest(node))
    driver.drive("get", bare.port, "/ready.txt", status=200, count=flows, concurrency=8)
    loaded = heaviest(bare)
    bare.stop()

    def row(what: str, weight: driver.Weight, verdict: str = "") -> list[str]:
        return [what, f"{weight.rss / 1024:.1f}", f"{weight.pss / 1024:.1f}", f"{weight.private / 1024:.1f}",
                str(weight.descriptors), verdict]

    last = weights[-1]
    return table("Memory of the heavier of two children of 25 threads",
                 ["", "RSS, MB", "PSS, MB", "private, MB", "descriptors", ""],
                 [row("httpd without mod_calint, idle", idle),
                  row(f"httpd without mod_calint, after {flows} files", loaded),
                  row("with mod_calint, idle", fresh),
                  row(f"after {flows} flows over TLS, 8 at once", weights[0]),
                  row(f"after {2 * flows}", last, f"aim 16 MB RSS, {'met' if last.rss < AIM_KB else 'missed'}")],
                 "RSS counts every page of the shared libraries, PSS the child's part of what is shared, private what "
                 "would be free without it.")
