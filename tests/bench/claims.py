"""What a look for due work, and a claim of it, cost among a million integrations that aren't due."""

from __future__ import annotations

import math
import random
import re
import statistics
import time
from dataclasses import dataclass

from ground import Ground
from harness.process import wait_until
from harness.site import Site
from measure import Effort, table
from statements import Executed, Log

ORGANIZATIONS = 1000
JOB_OF_EVERY = 98  # has a validation and a revocation; even, so of Google
#: Longer than a node waits between two looks.
A_LOOK = 2.5
DUE = 64
AIM_MS = 5
WARM_UP = 6  # PostgreSQL plans the first five executions anew
#: A handful of rows, which any plan may look through.
SMALL = {"calendar_chores"}
#: Of other organisations than the idle ones: one of each kind of work, to see how a node claims it. Nothing here can
#: be opened.
ONE_OF_EACH = """
UPDATE calendar_chores SET due_at = now() + interval '1 day' WHERE chore <> 'announcement';
INSERT INTO calendar_integrations (organization_id, user_id, provider, account_key, seal_id, status, token_expires_at,
    access_token_encrypted, refresh_token_encrypted)
  VALUES ('one', 'one', 'google', 'key', 'seal', 'error', now(), 'sealed', 'sealed');
INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, account_key, token_encrypted,
    grant_organization_id, grant_generation)
  SELECT organization_id, kind, id, user_id, provider, account_key, 'sealed', '', 1
    FROM calendar_integrations, unnest(ARRAY['refresh', 'validate', 'revoke']) AS kind
"""
#: Rows as long as real ones, of providers in turn; refreshes, validations and revocations that will be due in an hour.
IDLE = f"""
DELETE FROM calendar_integrations;
INSERT INTO calendar_integrations (organization_id, user_id, provider, account, account_key, seal_id, status, scopes,
    access_token_encrypted, refresh_token_encrypted, token_expires_at, connected_at)
  SELECT (n %% {ORGANIZATIONS})::text, n::text, (ARRAY['google', 'outlook'])[1 + n %% 2], 'user' || n || '@example.com',
         md5(n::text) || md5(n::text), md5(n::text), 'connected', 'openid email calendar.events calendar.freebusy',
         decode(repeat(md5(n::text), 17), 'hex'), decode(repeat(md5(n::text), 9), 'hex'), now() + interval '2 hours',
         now()
    FROM generate_series(1, %s) AS n;
INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, due_at)
  SELECT organization_id, 'refresh', id, user_id, provider,
    now() + interval '1 hour' + user_id::bigint * interval '1 ms'
    FROM calendar_integrations;
INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, account_key, due_at)
  SELECT organization_id, kind, id, user_id, provider, account_key, now() + interval '1 hour' + id * interval '1 ms'
    FROM calendar_integrations, unnest(ARRAY['validate', 'revoke']) AS kind
    WHERE user_id::bigint %% {JOB_OF_EVERY} = 0;
INSERT INTO calendar_changes (organization_id, user_id, integration_id, change, announced)
  SELECT organization_id, user_id, id, 'connected', true
    FROM calendar_integrations WHERE user_id::bigint %% {JOB_OF_EVERY} = 1
"""
MAKE_ALL_WAIT = ("UPDATE calendar_jobs SET due_at = now() + interval '1 hour', attempts = 0"
                 " WHERE due_at < now() + interval '5 minutes'")
NAMES = {"refresh": "refreshes", "validate": "validations", "revoke": "revocations"}


@dataclass(frozen=True)
class Work:
    """What a node executes where nothing is due, and each kind's claim."""

    look: list[Executed]
    claims: dict[str, Executed]


def kind_of(claim: Executed) -> str:
    return next(kind for kind in NAMES if kind in claim.values)


def is_claim(executed: Executed) -> bool:
    return "SKIP LOCKED" in executed.sql and "lease_owner" in executed.sql


def seen_at_work(ground: Ground, site: Site) -> Work:
    """From the server's log, whatever the node does."""
    log, claims = Log(site), {}
    site.execute(ONE_OF_EACH)
    conninfo = site.cluster.conninfo(site.database)
    node = ground.calint_node(site=site, CalIntWorker="on", CalIntDatabase=f'"{conninfo} options=-clog_statement=all"')

    def all_claimed() -> bool:
        for each in log.executed():
            if is_claim(each):
                claims.setdefault(kind_of(each), each)
        return len(claims) == 3

    wait_until(all_claimed, "a claim of each kind")
    site.execute("DELETE FROM calendar_jobs; DELETE FROM calendar_integrations")
    time.sleep(A_LOOK)  # what was begun ends
    log.executed()
    time.sleep(A_LOOK)
    look = list({each.sql: each for each in log.executed() if each.sql not in ("BEGIN", "COMMIT")}.values())
    node.stop()
    assert look and not any(map(is_claim, look)), f"with nothing due it executes {look}"
    return Work(look, claims)


class Prepared:
    """Statements as a node prepares them, each committed by itself."""

    def __init__(self, site: Site, name: str, statements: list[Executed]) -> None:
        self._cursor = site.cluster.connect(site.database).cursor()
        self._calls = []
        self.most_rows = 0  # that came of the last of them
        for number, each in enumerate(statements):
            self._cursor.execute(f"PREPARE {name}{number} AS {each.sql}")
            values = ", ".join("NULL" if value is None else self._cursor.mogrify("%s", (value,)).decode()
                               for value in each.values)
            self._calls.append(f"EXECUTE {name}{number}" + (f"({values})" if values else ""))

    def close(self) -> None:
        self._cursor.connection.close()

    def milliseconds(self) -> float:
        begun = time.perf_counter()
        for call in self._calls:
            self._cursor.execute(call)
        ended = time.perf_counter()
        self.most_rows = max(self.most_rows, self._cursor.rowcount)
        return 1000 * (ended - begun)

    def tables_looked_through(self) -> set[str]:
        found = set()
        for call in self._calls:
            self._cursor.execute(f"EXPLAIN (COSTS OFF) {call}")
            plan = "\n".join(row["QUERY PLAN"] for row in self._cursor.fetchall())
            found |= set(re.findall(r"Seq Scan on (\w+)", plan))
        return found - SMALL


class Idle:
    """A database in which so many integrations and jobs wait."""

    def __init__(self, site: Site, size: int) -> None:
        self.site, self.size = site, size
        site.execute("SET synchronous_commit = off")  # of this connection: nothing of it is timed
        site.execute(IDLE, size)
        self.vacuum()

    def vacuum(self) -> None:
        for table_name in ("calendar_integrations", "calendar_jobs", "calendar_changes"):
            self.site.execute(f"VACUUM ANALYZE {table_name}")

    def some(self, step: int) -> tuple[tuple[str, str], ...]:
        """Organisation and user of some, anywhere among them: of Google, every `step`th of whom is left."""
        numbers = random.sample(range(step, self.size + 1, step), DUE)
        return tuple((str(number % ORGANIZATIONS), str(number)) for number in numbers)

    def set_due(self, kind: str, some: tuple, due: bool) -> None:
        """Whether this work of theirs is due or waits; nobody has begun it."""
        at = "now() - interval '1 second'" if due else "now() + interval '1 hour'"
        theirs = ("(organization_id, user_id) IN %s" if kind == "revoke" else
                  "given_up_at IS NULL AND (organization_id, integration_id) IN (SELECT organization_id, id"
                  # As the indexes have it.
                  " FROM calendar_integrations WHERE active AND (organization_id, user_id) IN %s)")
        self.site.execute(f"UPDATE calendar_jobs SET due_at = {at}, attempts = 0, lease_owner = NULL,"
                          f" lease_until = NULL WHERE {theirs} AND kind = '{kind}'", some)

    def make_outlooks_due(self, count: int) -> None:
        self.site.execute("UPDATE calendar_jobs SET due_at = now() - interval '1 minute' + id * interval '1 us'"
                          " WHERE kind = 'refresh' AND provider = 'outlook' AND user_id::bigint <= %s", 2 * count)


def timed(idle: Idle, what: str, statements: list[Executed], kind: str | None, times: int) -> list[str]:
    """A row: what the statements take, with some of `kind` due each time, or nothing."""
    prepared = Prepared(idle.site, re.sub(r"\W", "_", what), statements)
    found, plans = [], set()
    for number in range(WARM_UP + times):
        some = idle.some(JOB_OF_EVERY if kind in ("validate", "revoke") else 2)
        if kind:
            idle.set_due(kind, some, True)
        if number in (0, WARM_UP):
            plans |= prepared.tables_looked_through()
        found.append(prepared.milliseconds())
        if kind:
            assert prepared.most_rows > 1, f"{what} takes {prepared.most_rows} where {DUE} are due"
            idle.set_due(kind, some, False)
    prepared.close()
    found = sorted(found[WARM_UP:])
    median, late = statistics.median(found), found[math.ceil(0.99 * len(found)) - 1]
    verdict = "met" if late < AIM_MS else "met by the median" if median < AIM_MS else "missed"
    assert "calendar_integrations" not in plans, f"{what} looks through all of them"
    return [what, str(prepared.most_rows), f"{median:.2f}", f"{late:.2f}", ", ".join(sorted(plans)) or "none",
            f"aim under {AIM_MS} ms, {verdict}"]


def measure(idle: Idle, work: Work, effort: Effort) -> str:
    times = max(20, round(200 * effort.seconds))
    rows = [timed(idle, "a look, nothing due", work.look, None, times)]
    for kind in ("refresh", "validate", "revoke"):
        rows.append(timed(idle, f"a claim of {NAMES[kind]}", [work.claims[kind]], kind, times))
    crowd = idle.size // 10
    idle.make_outlooks_due(crowd)
    rows.append(timed(idle, f"a look, {crowd:,} of Outlook due", work.look, None, times))
    rows.append(timed(idle, f"a claim of Google's refreshes, {crowd:,} of Outlook due", [work.claims["refresh"]],
                      "refresh", times))
    idle.site.execute(MAKE_ALL_WAIT)
    idle.vacuum()
    return table(f"Looking for work among {idle.size:,} integrations of {ORGANIZATIONS:,} organisations",
                 ["", "rows", "median, ms", "99th percentile", "tables looked through", ""], rows,
                 f"{DUE} of the kind are due at each claim; the node's own statements, prepared, with their commits.")
