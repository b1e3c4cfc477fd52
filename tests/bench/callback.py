"""How many callbacks a second end a flow: code exchanged, tokens stored, calendars read."""

from __future__ import annotations

from cpu import Meter
from ground import BARE, Ground
from harness import driver
from harness.httpd import Httpd
from measure import Effort, Spread, against, in_turn, ratio, table
from statements import CallbackScript

MOST = 4000  # flows in one round
CPU_AT = 8
#: The least ratios at 8 at once.
AIMS = {"http": 1.5, "TLS": 40, "pgbench": 0.5}


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


def contenders(ground: Ground, effort: Effort, script: CallbackScript, concurrency: int) -> dict:
    runs = {}
    for way in ("http", "TLS"):
        def ours(count, node=ground.calint[way]):
            return calint_callbacks(ground, node, count, concurrency)

        def theirs(count, node=ground.openidc[way]):
            return openidc_callbacks(node, 1, count, concurrency)

        runs[f"mod_calint, {way}"] = lambda run=ours, count=sized(effort, ours): run(count)
        runs[f"mod_auth_openidc, {way}"] = lambda run=theirs, count=sized(effort, theirs): run(count)

    def pgbench(count):
        return script.run(ground, count, concurrency)

    runs["pgbench"] = lambda count=sized(effort, pgbench): pgbench(count)
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
            found["pgbench"].text(), versus("http", "pgbench")]


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


def measure(ground: Ground, effort: Effort) -> str:
    script = CallbackScript.recorded(ground)
    # Plans and statistics of tables that have something in them, as on a site that lives.
    calint_callbacks(ground, ground.calint["http"], round(2000 * effort.seconds), 8)
    ground.site.execute("ANALYZE")
    rows = [row(concurrency, in_turn(effort, contenders(ground, effort, script, concurrency),
                                     f"callback, {concurrency} at once"))
            for concurrency in effort.concurrency]
    limit = driver.drive("get", ground.calint["http"].port, BARE, status=302, count=round(20000 * effort.seconds),
                       concurrency=8)["rate"]
    rates = table("Callbacks a second, each of another user",
                 ["at once", "mod_calint, http", "mod_auth_openidc, http", "ratio", "mod_calint, TLS",
                  "mod_auth_openidc, TLS", "ratio", "pgbench, the same statements", "http by pgbench"], rows,
                 f"{script.summary}. The driver itself gets {limit:,.0f} bare redirects a second from the same httpd.")
    return f"{rates}\n\n{cpu_table(ground, effort)}"
