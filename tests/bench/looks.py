"""What it costs to look at calendars in which nothing is new."""

from __future__ import annotations

import statistics
import time
from datetime import datetime

import requests

import refresh
from cpu import Meter
from ground import Ground
from harness import driver
from harness.process import wait_until
from measure import Effort, at_most, in_turn, table
from statements import Log

#: Of a node in a minute; of one core; bytes.
RATE_AIM, CORE_AIM, WAL_AIM = 10_000, 0.5, 300
ANSWERS_AFTER = 50
MOST, LEAST = 3_000, 400
PATIENCE = 180.0
WAITS = "SELECT 1 FROM calendar_jobs WHERE kind = 'sync' AND (due_at <= now() OR lease_until IS NOT NULL) LIMIT 1"


class Calendars:
    """A site whose users have a calendar each, which was read."""

    def __init__(self, ground: Ground, effort: Effort) -> None:
        self._ground, self.site = ground, ground.new_site("looks")
        self.size = max(LEAST, round(MOST * effort.seconds))
        node = ground.calint_node(site=self.site)
        driver.drive_flows(node.port, first=ground.people(self.size, self.site), count=self.size, concurrency=8)
        node.stop()
        # No token is refreshed meanwhile, and no list read.
        self.site.execute("DELETE FROM calendar_jobs WHERE kind <> 'sync'")
        self.site.execute("UPDATE calendar_chores SET due_at = now() + interval '1 day'")
        self.start()
        wait_until(lambda: not self.site.rows(WAITS), "the first reads", PATIENCE, 0.1)
        self.stop()
        self.site.execute("VACUUM ANALYZE")
        self.site.execute("CREATE EXTENSION IF NOT EXISTS pg_walinspect; CHECKPOINT")

    def start(self, after: int = 0) -> None:
        url = self._ground.provider.http["google"]["api_url"]
        self.node = self._ground.calint_node(
            site=self.site, alone=True, CalIntWorker="on",
            api_url=url.replace("/calendar/", f"/after/{after}/calendar/") if after else "")

    def stop(self) -> None:
        assert not self.node.log.complaints(), self.node.log.complaints()
        self.node.stop()

    def asked(self) -> int:
        url = self._ground.provider.http["google"]["token_url"].replace("/token", "/reads")
        return int(requests.get(url, timeout=30).text)

    def make_due(self, count: int, at: str = "now()") -> datetime:
        """So many, at once or later; what the database's clock said before."""
        before = self.site.row("SELECT clock_timestamp() AS now")["now"]
        self.site.execute(f"UPDATE calendar_jobs SET due_at = {at} WHERE (organization_id, id) IN"
                          " (SELECT organization_id, id FROM calendar_jobs WHERE kind = 'sync' ORDER BY id LIMIT %s)",
                          count)
        return before

    def rate(self, count: int, since: datetime) -> float:
        """Looks a minute at so many, from the first that is stored to the last, once all are."""
        wait_until(lambda: not self.site.rows(WAITS), f"{count} looks", PATIENCE, 0.1)
        seen = self.site.row("SELECT count(*) AS n,"
                             " extract(epoch FROM max(last_synced_at) - min(last_synced_at)) AS took"
                             " FROM calendar_syncs WHERE last_synced_at > %s", since)
        assert seen["n"] == count, f"{seen['n']} of {count} were looked at"
        return 60 * count / float(seen["took"])

    def look(self, count: int) -> float:
        return self.rate(count, self.make_due(count))


def wal_end(site) -> str:
    time.sleep(1)  # what isn't waited for is there within three times wal_writer_delay, 0.6 s
    return site.row("SELECT pg_current_wal_flush_lsn()::text AS lsn")["lsn"]


def cost(calendars: Calendars, count: int) -> tuple[float, float, float]:
    """Of a look: requests, statements, bytes of WAL without full pages."""
    site, log, asked = calendars.site, Log(calendars.site), calendars.asked()
    with refresh.every_statement_logged(site):
        calendars.look(count)
    executed = [each.sql for each in log.executed() if "calendar_" in each.sql]
    claims = sum("SKIP LOCKED" in sql for sql in executed)
    stored = sum("UPDATE calendar_syncs" in sql for sql in executed)
    asked = calendars.asked() - asked
    since = calendars.make_due(count, "now() + interval '3 seconds'")
    before = wal_end(site)
    wait_until(lambda: site.rows(WAITS), "the first that is due")
    calendars.rate(count, since)
    wal = site.row("SELECT sum(combined_size) - sum(fpi_size) AS size FROM pg_get_wal_stats(%s, %s)", before,
                   wal_end(site))
    return asked / count, (claims + stored) / count, float(wal["size"]) / count


def measure(ground: Ground, effort: Effort) -> str:
    calendars = Calendars(ground, effort)
    meters = []

    def looked() -> float:
        meter = Meter({"httpd": calendars.node.pid, "PostgreSQL": ground.cluster.pid})
        rate = calendars.look(calendars.size)
        meters.append(meter.each(calendars.size))
        return rate

    calendars.start(ANSWERS_AFTER)
    calendars.look(LEAST)  # warms connections and caches up
    (found,) = in_turn(effort, {"looks a minute": looked}, "looks").values()
    cpu = {name: statistics.median(each[name] for each in meters) for name in meters[0]}
    core = sum(cpu.values()) * RATE_AIM / 60e6
    asked, executed, wal = cost(calendars, calendars.size)
    calendars.stop()
    verdict = "met" if found.median >= RATE_AIM else "missed"
    return table(f"Looks at {calendars.size:,} calendars without news, all due at once, of one node at a provider that"
                 f" takes {ANSWERS_AFTER} ms to answer",
                 ["", "", "aim"], [
                     ["looks a minute", found.text(), f"{RATE_AIM:,}, {verdict}"],
                     [f"cores for {RATE_AIM:,} in a minute, httpd and PostgreSQL", "", at_most(core, CORE_AIM)],
                     ["requests of a look", f"{asked:.3f}", "1"],
                     ["statements of a look, its share of claims included", f"{executed:.2f}", ""],
                     ["WAL of a look in bytes, without full pages", "", at_most(wal, WAL_AIM, 0)]],
                 f"CPU of a look in microseconds: {', '.join(f'{name} {spent:,.0f}' for name, spent in cpu.items())}.")
