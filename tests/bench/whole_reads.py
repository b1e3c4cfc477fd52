"""What it costs to read a calendar with very many events as a whole."""

from __future__ import annotations

import io
import time
from datetime import date
from pathlib import Path

from ground import Ground
from harness import children
from harness.busy_time import ACCOUNTS, READS
from harness.httpd_config import Config
from harness.people import IVY
from harness.process import wait_until
from harness.providers import APPLE
from harness.session import notice_of
from measure import Effort, at_most, table

from client import Sandbox  # tests/sandbox, found by way of harness.places

MOST, LEAST = 100_000, 2_000
MEMORY_AIM = 64
PATIENCE = 600.0
CALLS = {**{provider: (call,) for provider, call in READS.items()}, "apple": ("icloud.sync", "icloud.multiget")}


def resident(pid: int, name: str) -> float:
    """VmRSS or VmHWM, its peak, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith(f"{name}:")).split()[1]) / 1024


class Account:
    """Ivy's, whose calendar was read while it was empty."""

    def __init__(self, ground: Ground, sandbox: Sandbox, provider: str) -> None:
        sandbox.reset()
        sandbox.mode(google_per_minute=0, outlook_per_ten_minutes=0, outlook_at_once=0)
        self.sandbox, self.provider = sandbox, provider
        self.site = ground.site_of(f"whole-{provider}", sandbox)
        self.site.start(Config(log_level="notice", extra="LogLevel notice calint:info\n"), CalIntWorker="on",
                        CalIntDatabase=f'"{ground.conninfo(self.site)}"')
        browser = self.site.client(IVY)
        answer = (browser.type_password(APPLE.email, APPLE.client_secret) if provider == "apple" else
                  browser.connect(sandbox, ACCOUNTS[provider], provider=provider))
        assert notice_of(answer) == "connected"
        self._wait_for_read()

    def _wait_for_read(self) -> None:
        wait_until(lambda: self.site.rows("SELECT 1 FROM calendar_syncs"
                                          " WHERE full_read_at > coalesce(asked_at, '-infinity')"),
                   "the read", PATIENCE, 0.05)

    def read(self, count: int) -> tuple[float, float, float]:
        """Seconds of it, seconds that the provider took of these, MB that the child grew by."""
        shelf = "icloud" if self.provider == "apple" else self.provider
        self.sandbox.calendar(shelf, ACCOUNTS[self.provider]).fill(count, first=f"{date.today()}T08:00:00", every=3,
                                                                    length=2)
        before = {call: len(self.sandbox.requests_of(call)) for call in CALLS[self.provider]}
        pid = children.worker(self.site.httpd)
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")
        weight = resident(pid, "VmRSS")
        self.site.execute("UPDATE calendar_syncs SET cursor = '', asked_at = clock_timestamp()")
        self.site.execute("UPDATE calendar_jobs SET due_at = now() WHERE kind = 'sync'")
        self._wait_for_read()
        ended = time.monotonic()
        assert self.site.count("calendar_busy_intervals") == count
        asked = [one for call, known in before.items() for one in self.sandbox.requests_of(call)[known:]]
        begun = min(one["began"] for one in asked)  # of the same clock
        return ended - begun, sum(one["ended"] - one["began"] for one in asked), resident(pid, "VmHWM") - weight

    def copy(self) -> float:
        """Seconds that COPY takes for the same intervals, into a table with the same indexes."""
        connection = self.site.cluster.connect(self.site.database)
        with connection.cursor() as cursor:
            rows = io.StringIO()
            cursor.copy_expert("COPY calendar_busy_intervals TO STDOUT", rows)
            rows.seek(0)
            cursor.execute("CREATE TABLE copied (LIKE calendar_busy_intervals INCLUDING ALL)")
            begun = time.monotonic()
            cursor.copy_expert("COPY copied FROM STDIN", rows)
            took = time.monotonic() - begun
        connection.close()
        return took


def measure(ground: Ground, effort: Effort) -> str:
    count = max(LEAST, round(MOST * effort.seconds))
    rows = []
    with Sandbox() as sandbox:
        for provider in ACCOUNTS:
            account = Account(ground, sandbox, provider)
            took, waited, grown = account.read(count)
            copied = account.copy()
            account.site.stop()
            ours, copy = count / (took - waited), count / copied
            rows.append([provider, at_most(grown, MEMORY_AIM, 1), f"{took:.1f}", f"{waited:.1f}", f"{ours:,.0f}",
                         f"{copy:,.0f}", f"{ours / copy:.2f}"])
    return table(f"A calendar of {count:,} single events, read as a whole",
                 ["", "the child's peak grew by, MB", "seconds", "of these the provider's own",
                  "events a second without them", "COPY of the same intervals", "ratio"], rows,
                 "The provider is tests/sandbox. Events a second: got, parsed, put aside, evaluated and stored.")
