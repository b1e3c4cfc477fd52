"""Statements as the server saw them, and those of one callback as a script for pgbench.

Two flows of two users are recorded with log_statement. A value that both share is a constant of the script. Of the
others, the user's id is drawn anew for each transaction, and so is every further key (a flow's id, a claim, an account
key); sealed tokens and times stay those of the first flow. What mod_calint sends in one go is a pipeline here too.
"""

from __future__ import annotations

import itertools
import re
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import requests

from ground import Ground
from harness import driver, places
from harness.httpd import Httpd
from harness.paths import callback_path, start_path
from harness.session import query_of
from harness.site import Site

STATEMENT = re.compile(r" \[(?P<session>\d+)\] (?P<database>\S+) LOG:  execute [^:]+: (?P<sql>.+)")
PARAMETERS = re.compile(r" \[(?P<session>\d+)\] (?P<database>\S+) DETAIL:  parameters: (?P<values>.+)")
VALUE = re.compile(r"\$\d+ = (NULL|'(?:[^']|'')*')")
#: Values that differ from flow to flow and are no keys: times, sealed bytes, the milliseconds that are left.
NO_KEY = re.compile(r"\d{4}-\d\d-\d\d[T ]|\\x|\d{1,5}$")
#: A callback stores the row first and names it by the id that it got, which a pipeline of pgbench can't hand on.
OWN_ROW = "(SELECT id FROM calendar_integrations WHERE organization_id = '1' AND user_id = :user AND active)"

#: A client's first transactions: each new connection of pgbench parses the statements, and PostgreSQL plans the first
#: five executions anew.
WARM_UP = 6
#: So many of each client that all are warm at once for a while, whoever comes last on a busy machine.
LEAST = 60


@dataclass(frozen=True)
class Executed:
    sql: str
    values: tuple[str | None, ...]
    session: int = 0  # the server's process


class Log:
    """What the server executed in a site's database since this was made or read last."""

    def __init__(self, site: Site) -> None:
        self._path, self._database = Path(site.cluster.log), site.database
        self._read = self._path.stat().st_size

    def executed(self) -> list[Executed]:
        with open(self._path, "rb") as log:
            log.seek(self._read)
            text = log.read()
        text = text[:text.rfind(b"\n") + 1]
        self._read += len(text)
        found: list[Executed] = []
        for line in text.decode("utf-8", "replace").splitlines():
            if statement := STATEMENT.search(line):
                if statement["database"] == self._database:
                    found.append(Executed(statement["sql"], (), int(statement["session"])))
            elif (parameters := PARAMETERS.search(line)) and parameters["database"] == self._database and found:
                found[-1] = replace(found[-1], values=tuple(
                    None if value == "NULL" else value[1:-1].replace("''", "'")
                    for value in VALUE.findall(parameters["values"])))
        return found


def one_flow(ground: Ground, node: Httpd, user: int) -> tuple[list[Executed], int]:
    """What the callback of this user executed, and the id of the row that it stored."""
    headers = {"X-Bench-User": str(user)}
    with requests.Session() as browser:
        browser.trust_env = False
        begun = browser.get(f"{node.url}{start_path()}", headers=headers, allow_redirects=False, timeout=30)
        sent = query_of(begun.headers["Location"])
        log = Log(ground.site)
        ended = browser.get(f"{node.url}{callback_path()}", headers=headers, allow_redirects=False, timeout=30,
                            params={"code": f"{sent['nonce']}.{user}", "state": sent["state"], "iss": driver.ISSUER})
    assert "calint_notice=connected" in ended.headers.get("Location", ""), f"{ended.status_code} {ended.headers}"
    return log.executed(), ground.site.row("SELECT id FROM calendar_integrations WHERE user_id = %s", str(user))["id"]


def steady_rate(log: str) -> float:
    """Transactions a second from a log of pgbench, over the time in which every client ran and was warm."""
    ends: dict[str, list[float]] = {}
    for client, _, _, _, second, microsecond in map(str.split, log.splitlines()):
        ends.setdefault(client, []).append(int(second) + int(microsecond) / 1e6)
    begun = max(times[WARM_UP - 1] for times in ends.values())
    ended = min(times[-1] for times in ends.values())
    assert ended > begun, "pgbench's clients were never all warm at once: too few transactions"
    return sum(begun < time <= ended for times in ends.values() for time in times) / (ended - begun)


def pgbench(ground: Ground, database: str, scripts: dict[Path, int], variables: dict[str, str], clients: int,
            each: int) -> float:
    """Transactions a second of so many clients that run so many each, drawn from the scripts by their weights."""
    log = ground.folder / f"pgbench-{database}"
    for old in ground.folder.glob(f"{log.name}.*"):
        old.unlink()
    command = [places.postgres("pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(2, clients)),
               "-t", str(max(2 * WARM_UP, each)), "-l", f"--log-prefix={log}"]
    for path, weight in scripts.items():
        command += ["-f", f"{path}@{weight}"]
    for name, value in variables.items():
        command += ["-D", f"{name}={value}"]
    done = subprocess.run([*command, ground.cluster.conninfo(database)], capture_output=True, text=True)
    assert done.returncode == 0 and "failed transactions: 0 " in done.stdout, done.stdout + done.stderr
    return steady_rate("".join(path.read_text() for path in ground.folder.glob(f"{log.name}.*")))


class Script:
    """The statements of a callback for pgbench, over a database of this folder's cluster."""

    def __init__(self, path: Path, constants: dict[str, str]) -> None:
        self._path, self._constants = path, constants

    @staticmethod
    def transactions(count: int, concurrency: int) -> int:
        """How many are run where so many are asked for."""
        return max(LEAST, count // concurrency) * concurrency

    def run_in(self, ground: Ground, site, count: int, concurrency: int) -> float:
        """Callbacks' worth of statements a second, commits included."""
        each = self.transactions(count, concurrency) // concurrency
        first = ground.people(each * concurrency, site)
        variables = {**self._constants, "first": str(first), "each": str(each), "n": "-1"}
        return pgbench(ground, site.database, {self._path: 1}, variables, concurrency, each)


def round_trips(found: list[Executed]) -> list[list[Executed]]:
    """What goes to the server in one go: pipelines, and statements alone with the settings before them."""
    trips: list[list[Executed]] = [[]]
    for each in found:
        trips[-1].append(each)
        within = trips[-1][0].sql == "BEGIN" and each.sql != "COMMIT"
        if not within and not each.sql.startswith("SELECT set_config"):
            trips.append([])
    return trips[:-1]


def is_durable(trip: list[Executed]) -> bool:
    """Whether it writes and waits for the disk."""
    writes = any(not each.sql.startswith(("SELECT", "BEGIN", "COMMIT")) for each in trip)
    return writes and not any("synchronous_commit" in each.sql for each in trip)


class CallbackScript(Script):
    """As the module sends them today."""

    def __init__(self, path: Path, constants: dict[str, str], trips: list[list[Executed]]) -> None:
        super().__init__(path, constants)
        self.durable_commits = sum(map(is_durable, trips))
        self.summary = (f"A callback sends {sum(map(len, trips))} statements in {len(trips)} round trips, with "
                        f"{self.durable_commits} durable commit{'s' if self.durable_commits != 1 else ''}")

    @classmethod
    def recorded(cls, ground: Ground) -> "CallbackScript":
        ground.site.execute("ALTER ROLE calint_runtime SET log_statement = 'all'")
        node = ground.calint_node()
        try:
            first = ground.people(3)
            one_flow(ground, node, first)  # what a new connection says of itself
            (one, row), (other, _) = (one_flow(ground, node, user) for user in (first + 1, first + 2))
        finally:
            node.stop()
            ground.site.execute("ALTER ROLE calint_runtime RESET log_statement")
        assert [each.sql for each in one] == [each.sql for each in other], "two flows execute different statements"
        return cls._written(ground.folder / "callback.sql", one, other, {str(first + 1): ":user", str(row): OWN_ROW})

    @classmethod
    def _written(cls, path: Path, one: list[Executed], other: list[Executed],
                 known: dict[str, str]) -> "CallbackScript":
        constants: dict[str, str] = {}

        def word(value: str | None, counterpart: str | None) -> str:
            if not value:  # pgbench's variables hold neither
                return "NULL" if value is None else "''"
            if value == counterpart or NO_KEY.match(value) and value not in known:
                constants[f"c{len(constants)}"] = value
                return f":c{len(constants) - 1}"
            return known.setdefault(value, f":k{len(known)}")

        lines, values = [], iter(zip(one, other))
        trips = round_trips(one)
        for trip in trips:
            texts = []
            for mine, theirs in itertools.islice(values, len(trip)):
                words = [word(*pair) for pair in zip(mine.values, theirs.values, strict=True)]
                texts.append(re.sub(r"\$(\d+)", lambda number: words[int(number[1]) - 1], mine.sql) + ";")
            lines += texts if len(trip) == 1 else ["\\startpipeline", *texts, "\\endpipeline"]
        keys = [f"\\set {name[1:]} random(1, 9000000000000000000)" for name in known.values() if name.startswith(":k")]
        head = ["\\set n :n + 1", "\\set user :first + :client_id * :each + :n", *keys]
        path.write_text("\n".join([*head, *lines, ""]), encoding="utf-8")
        return cls(path, constants, trips)

    def run(self, ground: Ground, count: int, concurrency: int) -> float:
        return self.run_in(ground, ground.site, count, concurrency)
