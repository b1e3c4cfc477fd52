"""How many tokens a second one node refreshes in the background."""

from __future__ import annotations

import contextlib
import json
import math
import re
import statistics
import subprocess
import threading
import time
from pathlib import Path

import requests

from cpu import Meter
from former import FormerRefreshes
from ground import Ground
from harness import driver, places
from harness.httpd import Httpd
from harness.process import wait_until
from measure import Effort, against, in_turn, ratio, table
from refresh_script import Names, RefreshScript
from statements import Log

#: Background work fills half of the node's places for calls to providers.
CONCURRENCY = 128
PLACES = CONCURRENCY // 2
#: Of the first that is connected: no other number in a statement looks like one of these.
FIRST_ID = 900_000_001
MOST = 5000
LEAST = 3 * PLACES
ANSWERS_AFTER = 0.2
AIM = 0.8
#: What refreshes write to, and how many show how it wears.
ROWS = ("calendar_integrations", "calendar_jobs")
WORN = 100_000
#: One that is due or under way; a refreshed token is good for an hour. Asked often, so it is one look into an index.
WAITS = ("SELECT id FROM calendar_jobs WHERE kind = 'refresh' AND given_up_at IS NULL"
         " AND due_at < now() + interval '30 minutes' LIMIT 1")
#: Longer than any round takes; what is missing then is missing for good.
PATIENCE = 120.0


#: Parts that run beside each other share the server.
LOGGING = threading.Lock()


@contextlib.contextmanager
def every_statement_logged(site):
    """In the sessions that there are, too."""
    with LOGGING:
        site.execute("ALTER SYSTEM SET log_statement = 'all'")
        site.execute("SELECT pg_reload_conf(), pg_sleep(0.2)")
        yield
        site.execute("ALTER SYSTEM RESET log_statement")
        site.execute("SELECT pg_reload_conf()")


class Refreshes:
    """A site whose users are all connected, and what its tokens are refreshed by."""

    def __init__(self, ground: Ground, effort: Effort) -> None:
        self._ground = ground
        self.site = ground.new_site("refresh")
        self.size = max(LEAST, round(MOST * effort.seconds))
        self._connect_everyone()
        self.copy = ground.cluster.create_database(self._closed())
        self.node: Httpd | None = None

    def _connect_everyone(self) -> None:
        self.site.execute(f"ALTER TABLE calendar_integrations ALTER COLUMN id RESTART WITH {FIRST_ID}")
        node = self._ground.calint_node(site=self.site)
        driver.drive_flows(node.port, first=self._ground.people(self.size, self.site), count=self.size, concurrency=8)
        node.stop()
        found = self.site.row("SELECT count(*) AS n, max(id) - min(id) + 1 AS span FROM calendar_integrations")
        assert found["n"] == found["span"] == self.size, f"{found} of {self.size}"
        self.site.read_no_calendar()
        self.site.execute("VACUUM ANALYZE")

    def _closed(self) -> str:
        """The database, with nobody in it."""
        wait_until(lambda: not self.site.sessions_of_others(), "the node's connections to end")
        self.site.leave_database()
        return self.site.database

    def start(self, token_url: str = "") -> None:
        self.node = self._ground.calint_node(site=self.site, token_url=token_url, alone=True, CalIntWorker="on",
                                             CalIntProviderConcurrency=str(CONCURRENCY))

    def stop(self) -> None:
        assert not self.node.log.complaints(), self.node.log.complaints()
        self.node.stop()

    def run(self, count: int) -> float:
        """Refreshes a second while so many are worked off. The clock runs once the first are stored that may be at the
        provider at the same time: how soon the node looks, and how it warms up, is left out."""
        begun = self.site.row("SELECT clock_timestamp() AS now")["now"]
        self.site.execute("UPDATE calendar_jobs SET due_at = now() - interval '1 hour' + (integration_id - %s) *"
                          " interval '1 us' WHERE kind = 'refresh' AND integration_id < %s", FIRST_ID, FIRST_ID + count)
        wait_until(lambda: not self.site.rows(WAITS), f"{count} refreshes", PATIENCE, 0.1)
        ends = [float(row["at"]) for row in self.site.rows(
            "SELECT extract(epoch FROM i.updated_at) AS at FROM calendar_integrations i JOIN calendar_jobs j"
            " ON j.integration_id = i.id AND j.kind = 'refresh' WHERE i.updated_at > %s AND j.attempts = 0"
            " ORDER BY i.updated_at", begun)]
        assert len(ends) == count, f"{len(ends)} of {count} were refreshed"
        return (count - PLACES) / (ends[-1] - ends[PLACES - 1])

    def worn(self, table_name: str) -> dict[str, int]:
        """Updates so far, and bytes. A session tells its numbers with a delay."""
        time.sleep(1.5)
        return self.site.row("SELECT n_tup_upd AS updates, n_tup_hot_upd AS hot, pg_table_size(relid) AS table,"
                             " pg_indexes_size(relid) AS indexes FROM pg_stat_user_tables WHERE relname = %s", table_name)

    def sized(self, seconds: float) -> int:
        """How many take so long, from a trial, which also warms connections and caches up."""
        return max(LEAST, min(self.size, round(self.run(LEAST) * seconds)))

    def recorded(self, count: int) -> RefreshScript:
        """What the server executes for so many."""
        names, log = Names.of(self.site), Log(self.site)
        with every_statement_logged(self.site):
            self.run(count)
        names.random.update(Names.of(self.site).random)
        return RefreshScript.recorded(self._ground, log.executed(), names, self.copy, count)


def post_again(ground: Ground) -> Path:
    """A script of wrk that sends the refresh which the provider saw, head and body. The host is wrk's own."""
    raw = requests.get(ground.provider.http["google"]["token_url"].replace("/token", "/refresh"), timeout=30).text
    head, body = raw.split("\r\n\r\n", 1)
    request, *fields = head.split("\r\n")
    assert request.startswith("POST ") and "grant_type=refresh_token" in body, raw
    lines = ['wrk.method = "POST"', f"wrk.body = {json.dumps(body)}"]
    for field in fields:
        name, value = field.split(": ", 1)
        if name.lower() not in ("host", "content-length"):
            lines.append(f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}")
    path = ground.folder / "refresh.lua"
    path.write_text("\n".join([*lines, ""]), encoding="ascii")
    return path


def token_endpoint(ground: Ground, script: Path, seconds: float) -> float:
    """Answers a second to one load generator that asks for nothing else."""
    command = [places.program("wrk"), "-t1", f"-c{PLACES}", f"-d{max(1, round(seconds))}s", "-s", str(script),
               ground.provider.http["google"]["token_url"]]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Non-2xx" not in done.stdout and "Socket errors" not in done.stdout, done.stdout
    return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])


def at_once(ground: Ground, effort: Effort, tokens: Refreshes) -> str:
    """By a provider that answers at once: what the node and its database can do."""
    tokens.start()
    count = tokens.sized(4 * effort.seconds)
    script = tokens.recorded(max(LEAST, count // 4))
    # Nobody asks the node for a page: they are all of background work.
    connections = len(tokens.site.sessions_of_others())
    again, former = post_again(ground), FormerRefreshes(ground, tokens.size)
    ours, endpoint, statements, before = (
        "the node's background work", "the token endpoint, asked by wrk",
        f"pgbench, the same statements, {connections} clients", f"pgbench, those of 0cabb24, {connections} clients")
    meters = []

    def measured() -> float:
        meter = Meter({"httpd": tokens.node.pid, "PostgreSQL": ground.cluster.pid,
                       "provider": ground.provider.process.pid})
        rate = tokens.run(count)
        meters.append(meter.each(count))
        return rate

    found = in_turn(effort, {
        ours: measured,
        endpoint: lambda: token_endpoint(ground, again, effort.seconds),
        statements: lambda: script.run(ground, connections),
        before: lambda: former.run(ground, connections),
    }, "refresh")
    rows = [[ours, found[ours].text(), ""]]
    rows += [[name, found[name].text(), against(ratio(found[ours], found[name]), AIM if name == before else None)]
             for name in (endpoint, statements, before)]
    cpu = ", ".join(f"{name} {statistics.median(each[name] for each in meters):,.0f}" for name in meters[0])
    return table(f"Background refreshes of one node, {count} due at once, CalIntProviderConcurrency {CONCURRENCY}",
                 ["", "a second", "ours by theirs"], rows,
                 f"{script.summary}. CPU of a refresh in microseconds: {cpu}.")


def wear(effort: Effort, tokens: Refreshes) -> str:
    """What many refreshes leave behind, with autovacuum as PostgreSQL has it."""
    count = WORN if effort.seconds >= 1 else tokens.size
    before = {name: tokens.worn(name) for name in ROWS}
    for _ in range(math.ceil(count / tokens.size)):
        tokens.run(tokens.size)
    rows = []
    for name, first in before.items():
        last = tokens.worn(name)
        updates = last["updates"] - first["updates"]
        rows.append([name, f"{updates:,}", f"{100 * (last['hot'] - first['hot']) / updates:.1f} %",
                     f"{first['table'] / 1e6:.1f} to {last['table'] / 1e6:.1f} MB",
                     f"{first['indexes'] / 1e6:.1f} to {last['indexes'] / 1e6:.1f} MB"])
    return table(f"{count:,} refreshes of {tokens.size:,} connections in the database",
                 ["", "updates", "of them HOT", "table", "its indexes"], rows)


def after_a_while(ground: Ground, effort: Effort, tokens: Refreshes) -> str:
    """By a provider as far away as a real one: how many calls the node has under way."""
    milliseconds = round(1000 * ANSWERS_AFTER)
    url = ground.provider.http["google"]["token_url"]
    tokens.start(token_url=url.replace("/token", f"/after/{milliseconds}/token"))
    count = LEAST if effort.seconds < 1 else tokens.sized(4 * effort.seconds)
    ours, bound = "the node's background work", PLACES / ANSWERS_AFTER
    found = in_turn(effort, {ours: lambda: tokens.run(count)}, f"refresh, {milliseconds} ms")
    tokens.stop()
    rows = [[ours, found[ours].text(), ""],
            [f"{PLACES} calls at once, {milliseconds} ms each", f"{bound:,.0f}",
             against(found[ours].median / bound, None)]]
    return table(f"The same, {count} due at once, where the provider takes {milliseconds} ms to answer",
                 ["", "a second", "ours by that"], rows,
                 f"CalIntProviderConcurrency {CONCURRENCY}: background work fills half of the places.")


def measure(ground: Ground, effort: Effort) -> str:
    tokens = Refreshes(ground, effort)
    rates = at_once(ground, effort, tokens)
    worn = wear(effort, tokens)
    tokens.stop()
    return "\n\n".join([rates, worn, after_a_while(ground, effort, tokens)])
