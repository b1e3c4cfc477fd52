"""The statements of background refreshes, as the server saw them, as scripts for pgbench.

All that a node executes while it works off many refreshes is recorded with log_statement. What names one integration is
a chain in its order (one script does the whole of it, for another integration each time); what names none or several,
such as a claim, is a script of its own. Chains and others that execute the same statements are one script, which is
drawn as often as they were seen. What the node sends in one go is a pipeline here too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ground import Ground
from harness.site import Site
from statements import NO_KEY, Executed, pgbench

#: What stands in a copied database for every value that is drawn at random, such as the owner of a lease.
ANY = "any"
#: Claims before the clock runs: from then on they are ahead of what finishes the claimed.
AHEAD = 20

Trip = tuple[Executed, ...]  # what goes to the server in one go
Chain = tuple[Trip, ...]


@dataclass(frozen=True)
class Names:
    """The values that stand for an integration, and those that are drawn at random."""

    integrations: dict[str, str]  # id -> its user
    random: set[str]

    @classmethod
    def of(cls, site: Site) -> "Names":
        rows = site.rows("SELECT id::text, user_id, seal_id FROM calendar_integrations")
        return cls({row["id"]: row["user_id"] for row in rows}, {row["seal_id"] for row in rows})

    def named(self, trip: Trip) -> set[str]:
        return {value for each in trip for value in each.values if value in self.integrations}


def trips(found: list[Executed]) -> list[Trip]:
    """Pipelines as one, in the order of their ends."""
    ended: list[Trip] = []
    open_ones: dict[int, list[Executed]] = {}
    for each in found:
        if each.sql == "BEGIN":
            open_ones[each.session] = [each]
        elif each.session in open_ones:
            open_ones[each.session].append(each)
            if each.sql in ("COMMIT", "ROLLBACK"):
                ended.append(tuple(open_ones.pop(each.session)))
        else:
            ended.append((each,))
    return ended


def chains(found: list[Executed], names: Names) -> list[Chain]:
    of_one: dict[str, list[Trip]] = {}
    others: list[Chain] = []
    for trip in trips(found):
        named = names.named(trip)
        if len(named) == 1:
            of_one.setdefault(named.pop(), []).append(trip)
        else:
            others.append((trip,))
    return [*map(tuple, of_one.values()), *others]


class Writer:
    """Writes the script of some chains that execute the same; `constants` are pgbench's variables for all scripts."""

    def __init__(self, alike: list[Chain], names: Names, constants: dict[str, str]) -> None:
        self._alike, self._names, self._constants = alike, names, constants
        self._integrations: list[str] = []  # that the first of them names
        self._users: set[int] = set()

    def text(self) -> str:
        lines = []
        for number, trip in enumerate(self._alike[0]):
            pipeline = len(trip) > 1
            lines += ["\\startpipeline"] if pipeline else []
            lines += [self._statement(number, place) for place in range(len(trip))]
            lines += ["\\endpipeline"] if pipeline else []
        return "\n".join([*self._head(), *lines, ""])

    def _head(self) -> list[str]:
        """Each of the clients goes through integrations of its own, in order: as claims do, the oldest first."""
        lines = []
        for place in range(len(self._integrations)):
            lines += ["\\set n :n + 1", f"\\set id{place} :first + (:client_id + :clients * :n) % :count"]
            if place in self._users:
                lines.append(f"\\set user{place} :user + :id{place} - :first")
        return lines

    def _statement(self, number: int, place: int) -> str:
        same = [chain[number][place] for chain in self._alike]
        words = [self._word([each.values[at] for each in same]) for at in range(len(same[0].values))]
        return re.sub(r"\$(\d+)", lambda found: words[int(found[1]) - 1], same[0].sql) + ";"

    def _word(self, values: list[str | None]) -> str:
        value = values[0]
        if not value:  # pgbench's variables hold neither
            return "NULL" if value is None else "''"
        if value in self._names.integrations:
            return f":id{self._place(value)}"
        for place, integration in enumerate(self._integrations):
            if self._names.integrations[integration] == value:
                self._users.add(place)
                return f":user{place}"
        assert not set(re.findall(r"\d{9,}", value)) & set(self._names.integrations), f"integrations within {value}"
        if value in self._names.random or not NO_KEY.match(value) and any(other != value for other in values):
            value = ANY
        for name, constant in self._constants.items():
            if constant == value:
                return f":{name}"
        name = f"c{len(self._constants)}"
        self._constants[name] = value
        return f":{name}"

    def _place(self, integration: str) -> int:
        if integration not in self._integrations:
            self._integrations.append(integration)
        return self._integrations.index(integration)


class RefreshScript:
    def __init__(self, database: str, refreshes: int) -> None:
        self._database, self._refreshes = database, refreshes
        self._constants: dict[str, str] = {}
        self._scripts: dict[Path, int] = {}
        self._ahead: dict[Path, int] = {}  # those that name no integration

    @classmethod
    def recorded(cls, ground: Ground, found: list[Executed], names: Names, database: str,
                 refreshes: int) -> "RefreshScript":
        """Of what the server executed while so many were refreshed. `database` is a copy of the recorded one, from
        before they were due."""
        script = cls(database, refreshes)
        groups: dict[tuple, list[Chain]] = {}
        for chain in chains(found, names):
            groups.setdefault(tuple(tuple(each.sql for each in trip) for trip in chain), []).append(chain)
        for number, alike in enumerate(groups.values()):
            path = ground.folder / f"refresh{number}.sql"
            path.write_text(Writer(alike, names, script._constants).text(), encoding="utf-8")
            script._scripts[path] = len(alike)
            if not any(map(names.named, alike[0])):
                script._ahead[path] = len(alike)
        round_trips = sum(len(alike[0]) * len(alike) for alike in groups.values())
        statements = sum(len(trip) * len(alike) for alike in groups.values() for trip in alike[0])
        script.summary = (f"A refresh costs {statements / refreshes:.1f} statements in {round_trips / refreshes:.1f}"
                          " round trips, its share of claims included")
        return script

    def run(self, ground: Ground, clients: int) -> float:
        """Refreshes' worth of statements a second, commits included, through each integration of the copy once."""
        with ground.cluster.connect(self._database) as copy, copy.cursor() as cursor:
            cursor.execute("UPDATE calendar_integrations SET seal_id = %s;"
                           " UPDATE calendar_jobs SET attempts = 0, lease_owner = NULL, lease_until = NULL, due_at ="
                           " now() - interval '1 hour' + integration_id %% 1000000 * interval '1 us'", (ANY,))
            cursor.execute("SELECT min(id) AS first, count(*) AS count, min(user_id::bigint) AS user"
                           " FROM calendar_integrations")
            variables = {name: str(value) for name, value in cursor.fetchone().items()}
        copy.close()
        drawn = sum(self._scripts.values())
        variables |= {**self._constants, "clients": str(clients), "n": "-1"}
        if self._ahead:
            pgbench(ground, self._database, self._ahead, variables, 1, AHEAD)
        each = int(int(variables["count"]) * drawn / self._refreshes / clients)
        return pgbench(ground, self._database, self._scripts, variables, clients, each) * self._refreshes / drawn
