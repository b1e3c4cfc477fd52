"""How many callbacks a second end a flow: code exchanged, tokens stored, calendars read."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from cpu import Meter, of_ended_children
from former import FormerCallbacks
from ground import BARE, Ground
from harness import driver
from harness.httpd import Httpd
from measure import Effort, Spread, against, at_most, in_turn, ratio, table
from statements import CallbackScript, Script

MOST = 4000  # flows in one round
CPU_AT = 8
#: The least ratios at 8 at once.
AIMS = {"TLS": 50, "0cabb24": 0.6}
#: The most that PostgreSQL may spend on one callback: kB of WAL, milliseconds of CPU, commits that wait for the disk.
WAL_AIM, CPU_AIM, DURABLE_AIM = 6, 0.8, 1


def calint_callbacks(ground: Ground, node: Httpd, count: int, concurrency: int) -> float:
    return driver.drive_flows(node.port, first=ground.people(count), count=count, concurrency=concurrency)["rate"]


def openidc_callbacks(node: Httpd, first: int, count: int, concurrency: int) -> float:
    return driver.drive("flow", node.port, "/oidc/page", callback="/oidc/callback", status=302, location="/oidc/page",
                      first=first, count=count, concurrency=concurrency)["rate"]


def sized(effort: Effort, run) -> int:
    """How many flows fill a round, from trials, which also warm connections and caches up."""
    rate = run(16)
    if rate > 100:
        rate = run(200)
    return max(16, min(MOST, round(rate * effort.seconds)))


def contenders(ground: Ground, effort: Effort, scripts: dict[str, Script], concurrency: int) -> dict:
    runs = {}
    for way in ("http", "TLS"):
        def ours(count, node=ground.calint[way]):
            return calint_callbacks(ground, node, count, concurrency)

        def theirs(count, node=ground.openidc[way]):
            return openidc_callbacks(node, 1, count, concurrency)

        runs[f"mod_calint, {way}"] = lambda run=ours, count=sized(effort, ours): run(count)
        runs[f"mod_auth_openidc, {way}"] = lambda run=theirs, count=sized(effort, theirs): run(count)

    for name, script in scripts.items():
        def pgbench(count, script=script):
            return script.run(ground, count, concurrency)

        runs[f"pgbench, {name}"] = lambda run=pgbench, count=sized(effort, pgbench): run(count)
    return runs


def row(concurrency: int, found: dict[str, Spread]) -> list[str]:
    def versus(way: str, theirs: str) -> str:
        return against(ratio(found[f"mod_calint, {way}"], found[theirs]), AIMS.get(theirs.split(", ")[-1])
                       if concurrency == 8 else None)

    return [str(concurrency),
            found["mod_calint, http"].text(), found["mod_auth_openidc, http"].text(),
            versus("http", "mod_auth_openidc, http"),
            found["mod_calint, TLS"].text(), found["mod_auth_openidc, TLS"].text(),
            versus("TLS", "mod_auth_openidc, TLS"),
            found["pgbench, now"].text(), versus("http", "pgbench, now"),
            found["pgbench, 0cabb24"].text(), versus("http", "pgbench, 0cabb24")]


def cpu_row(ground: Ground, effort: Effort, name: str, node: Httpd, run) -> list[str]:
    """CPU of a whole flow, by program: what sharing the machine changes least."""
    count = max(16, round(20 if name == "mod_auth_openidc, TLS" else 1000 * effort.seconds))
    run(count, CPU_AT)
    meter = Meter({"httpd": node.pid, "PostgreSQL": ground.cluster.pid, "provider": ground.provider.process.pid})
    run(count, CPU_AT)
    return [name, *(f"{microseconds:,.0f}" for microseconds in meter.each(count).values())]


def cpu_table(ground: Ground, effort: Effort) -> str:
    rows = []
    for way in ("http", "TLS"):
        ours, theirs = ground.calint[way], ground.openidc[way]
        rows.append(cpu_row(ground, effort, f"mod_calint, {way}", ours,
                            lambda count, at, node=ours: calint_callbacks(ground, node, count, at)))
        rows.append(cpu_row(ground, effort, f"mod_auth_openidc, {way}", theirs,
                            lambda count, at, node=theirs: openidc_callbacks(node, 1, count, at)))
    return table(f"CPU of one flow, start and callback, {CPU_AT} at once, in microseconds",
                 ["", "httpd", "PostgreSQL", "provider"], rows)


def wal_end(ground: Ground) -> str:
    """Up to where the write-ahead log is on the disk, once it is all there."""
    time.sleep(1)  # what isn't waited for is there within three times wal_writer_delay, 0.6 s
    return ground.site.row("SELECT pg_current_wal_flush_lsn()::text AS lsn")["lsn"]


@dataclass(frozen=True)
class Spent:
    """By PostgreSQL on one callback: WAL records, bytes of WAL and of full pages in it, microseconds of CPU."""

    records: float
    size: float
    pages: float
    cpu: float

    def row(self, what: str, aims: bool = True) -> list[str]:
        size, cpu = self.size / 1000, self.cpu / 1000
        return [what, f"{self.records:.1f}", at_most(size, WAL_AIM) if aims else f"{size:.2f}",
                f"{self.pages / 1000:.2f}", at_most(cpu, CPU_AIM) if aims else f"{cpu:.2f}"]


def spent(ground: Ground, count: int, run) -> Spent:
    """`run` brings connections of its own, or uses those that are there."""
    server = ground.cluster.pid
    before, meter, ended = wal_end(ground), Meter({"PostgreSQL": server}), of_ended_children(server)
    run()
    cpu = meter.each(count)["PostgreSQL"] + (of_ended_children(server) - ended) / count
    wal = ground.site.row("SELECT sum(count) AS records, sum(combined_size) AS size, sum(fpi_size) AS pages"
                          " FROM pg_get_wal_stats(%s, %s)", before, wal_end(ground))
    return Spent(*(float(wal[name]) / count for name in ("records", "size", "pages")), cpu)


def callbacks_alone(ground: Ground, effort: Effort) -> Spent:
    """Flows, less their starts, which write nothing."""
    node, count = ground.calint["http"], max(16, round(1000 * effort.seconds))
    first = ground.people(count)
    meter = Meter({"PostgreSQL": ground.cluster.pid})
    driver.drive("get", node.port, "/calendar/auth/google", status=302, count=count, concurrency=CPU_AT, first=first)
    starts = meter.each(count)["PostgreSQL"]
    whole = spent(ground, count, lambda: driver.drive_flows(node.port, first=first, count=count, concurrency=CPU_AT))
    return replace(whole, cpu=whole.cpu - starts)


def postgres_table(ground: Ground, effort: Effort, scripts: dict[str, Script]) -> str:
    ground.site.execute("CREATE EXTENSION IF NOT EXISTS pg_walinspect; CHECKPOINT")
    rows = [callbacks_alone(ground, effort).row("the first callbacks after a checkpoint", aims=False)]
    for _ in range(effort.rounds):
        rows.append(callbacks_alone(ground, effort).row("later callbacks"))
        for name, script in scripts.items():
            count = script.transactions(round(3000 * effort.seconds), CPU_AT)
            rows.append(spent(ground, count, lambda script=script: script.run(ground, count, CPU_AT)).row(
                f"pgbench, {name}", aims=False))
    durable = scripts["now"].durable_commits
    return table(f"What one callback costs PostgreSQL, {CPU_AT} at once",
                 ["", "WAL records", "WAL, kB", "of it full pages, kB", "CPU, ms"], rows,
                 f"Of its commits {durable} waits for the disk (aim {DURABLE_AIM}).")


def measure(ground: Ground, effort: Effort) -> str:
    script, former = CallbackScript.recorded(ground), FormerCallbacks(ground)
    # Plans and statistics of tables that have something in them, as on a site that lives.
    calint_callbacks(ground, ground.calint["http"], round(2000 * effort.seconds), 8)
    ground.site.execute("ANALYZE")
    former.run(ground, round(2000 * effort.seconds), 8)
    former.analyze()
    scripts = {"now": script, "0cabb24": former}
    rows = [row(concurrency, in_turn(effort, contenders(ground, effort, scripts, concurrency),
                                     f"callback, {concurrency} at once"))
            for concurrency in effort.concurrency]
    limit = driver.drive("get", ground.calint["http"].port, BARE, status=302, count=round(20000 * effort.seconds),
                       concurrency=8)["rate"]
    rates = table("Callbacks a second, each of another user",
                 ["at once", "mod_calint, http", "mod_auth_openidc, http", "ratio", "mod_calint, TLS",
                  "mod_auth_openidc, TLS", "ratio", "pgbench, the same statements", "http by pgbench",
                  "pgbench, those of 0cabb24", "http by pgbench"], rows,
                 f"{script.summary}. The driver itself gets {limit:,.0f} bare redirects a second from the same httpd.")
    return f"{rates}\n\n{postgres_table(ground, effort, scripts)}\n\n{cpu_table(ground, effort)}"
