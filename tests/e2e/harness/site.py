"""An ATS's site: a database, a keyset, one or more httpds over them, and what a test wants to know of it."""

from __future__ import annotations

import contextlib
import json
import subprocess
from dataclasses import replace
from pathlib import Path

import psycopg2

from . import clocks, places
from .httpd import Httpd
from .httpd_config import Config
from .paths import callback_path
from .people import EVERYONE, Person, add_people, crowd
from .postgres import Cluster
from .process import free_port
from .session import Client

CLIENT_ID = "1234567890-example.apps.googleusercontent.com"
CLIENT_SECRET = "GOCSPX-recognisable-client-secret"
OUTLOOK_CLIENT_ID = "00001111-aaaa-2222-bbbb-3333cccc4444"
OUTLOOK_CLIENT_SECRET = "recognisable-outlook-secret"
OWN_TABLES = ("calendar_integration_calendars", "calendar_syncs", "calendar_series", "calendar_busy_intervals",
              "calendar_read_items", "calendar_read_series", "calendar_read_intervals", "calendar_integrations",
              "calendar_grants", "calendar_jobs", "calendar_hold_people", "calendar_holds",
              "calendar_event_people", "calendar_events",
              "calendar_changes", "calendar_used_states", "calendar_organization_settings",
              "calendar_oauth_clients", "calendar_nodes", "calendar_password_tries", "calendar_breakers",
              "calendar_quotas")
TABLES_OF_A_TEST = (*OWN_TABLES, "audit_logs", "users")


def prepare_template(cluster: Cluster, by=None) -> str:
    """A migrated database that others are copied from. `by` is another way to the cluster."""
    name = cluster.create_database()
    done = subprocess.run([places.CALINTCTL, "--database", (by or cluster).conninfo(name), "migrate",
                           "--with-ats-tables"], capture_output=True, text=True)
    assert done.returncode == 0, f"calintctl migrate: {done.stdout}{done.stderr}"
    return name


def section(provider: str, **directives: str) -> str:
    lines = [f"    {name} {value}" for name, value in directives.items() if value]
    return "\n".join([f"<CalIntProvider {provider}>", *lines, "</CalIntProvider>"])


class Site:
    def __init__(self, folder: Path, cluster: Cluster, template: str, sandbox) -> None:
        self.folder, self.cluster, self.sandbox = folder, cluster, sandbox
        folder.mkdir(mode=0o755)
        self.database = cluster.create_database(template)
        self.key_file = folder / "keys.json"
        self.service_key_file = folder / "service-keys"
        self.service_key_file.write_text("# the ATS's keys\n", encoding="ascii")
        self.secret_file = self._secret("client-secret", CLIENT_SECRET)
        self.outlook_secret_file = self._secret("outlook-secret", OUTLOOK_CLIENT_SECRET)
        self.nodes: list[Httpd] = []
        #: The provider's addresses as the directives name them; a test may change them before the start.
        self.urls = dict(sandbox.http["google"])
        self.outlook_urls = dict(sandbox.http["outlook"])
        self.apple_urls = dict(sandbox.http.get("icloud") or {"api_url": "", "api_hosts": ""})
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.redirect_uri = self.url + callback_path("google")
        self.outlook_redirect_uri = self.url + callback_path("outlook")
        self._connection = None
        add_people(self)
        self.ctl("keys", "generate")

    def _secret(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text + "\n", encoding="ascii")
        path.chmod(0o600)
        return path

    # httpd

    def google_section(self, **further: str) -> str:
        return section("google", CalIntClientID=CLIENT_ID, CalIntClientSecret=f"file:{self.secret_file}",
                       CalIntAuthorizeURL=self.urls["authorize_url"], CalIntTokenURL=self.urls["token_url"],
                       CalIntRevokeURL=self.urls["revoke_url"], CalIntApiURL=self.urls["api_url"], **further)

    def outlook_section(self, **changes: str) -> str:
        """A change replaces a directive, or adds it; an empty one takes it out."""
        wanted = {"CalIntClientID": OUTLOOK_CLIENT_ID, "CalIntClientSecret": f"file:{self.outlook_secret_file}",
                  "CalIntAuthorizeURL": self.outlook_urls["authorize_url"],
                  "CalIntTokenURL": self.outlook_urls["token_url"], "CalIntApiURL": self.outlook_urls["api_url"]}
        return section("outlook", **{**wanted, **changes})

    def apple_section(self, **changes: str) -> str:
        """Its client needs no registration. A change replaces a directive, or adds it; an empty one takes it out."""
        wanted = {"CalIntApiURL": self.apple_urls["api_url"], "CalIntApiHosts": self.apple_urls["api_hosts"]}
        return section("apple", **{**wanted, **changes})

    def directives(self, **changes: str) -> str:
        """The CalInt directives of a working site with all providers. A change replaces a directive, or adds it; an
        empty one takes it out. Jobs stay queued, for tests to look at them."""
        wanted = {"CalIntDatabase": f'"{self.cluster.conninfo(self.database)}"', "CalIntKeyFile": str(self.key_file),
                  "CalIntServiceKeyFile": str(self.service_key_file),
                  "CalIntPublicURL": self.url, "CalIntAllowInsecureLoopback": "on", "CalIntWorker": "off", **changes}
        providers = wanted.pop("provider", f"{self.google_section()}\n{self.outlook_section()}\n{self.apple_section()}")
        return "\n".join([*(f"{name} {value}" for name, value in wanted.items() if value), providers])

    def start(self, config: Config | None = None, **changes: str) -> "Site":
        """Starts the first node, with changed directives where wanted."""
        self.add_node(config, port=self.port, **changes)
        self.register()
        return self

    def add_node(self, config: Config | None = None, port: int = 0, clock_ahead: int | Path = 0, launch: bool = True,
                 **changes: str) -> Httpd:
        node = Httpd(self.folder / f"node{len(self.nodes) + 1}", [person.login for person in EVERYONE], port)
        node.write(replace(config or Config(), calint=self.directives(**changes)))
        self.nodes.append(node)
        return node.start(clock_ahead) if launch else node

    def rewrite(self, config: Config | None = None, **changes: str) -> None:
        """A new configuration for the first node, in force from its next restart."""
        self.httpd.write(replace(config or Config(), calint=self.directives(**changes)))

    def add_crowd(self, size: int) -> list[Person]:
        """Further interviewers, known to the ATS and to the nodes that run."""
        people = crowd(size)
        add_people(self, people)
        for node in self.nodes:
            node.know(person.login for person in people)
        return people

    @property
    def httpd(self) -> Httpd:
        return self.nodes[0]

    @property
    def log(self):
        return self.httpd.log

    def stop(self) -> None:
        for node in self.nodes:
            node.stop()
        self.leave_database()

    def leave_database(self) -> None:
        """Ends the test's own connection; the next look makes another one."""
        if self._connection:
            self._connection.close()

    def register(self) -> None:
        """Tells the sandbox of this site's OAuth clients, as developer consoles would."""
        self.sandbox.add_client(CLIENT_ID, secret=CLIENT_SECRET, redirect_uris=[self.redirect_uri])
        self.sandbox.add_client(OUTLOOK_CLIENT_ID, secret=OUTLOOK_CLIENT_SECRET, certificate="",
                                redirect_uris=[self.outlook_redirect_uri])

    def reset(self) -> None:
        """As just started, for the next test."""
        self.execute("; ".join(f"DELETE FROM {table}" for table in TABLES_OF_A_TEST))
        add_people(self)
        self.sandbox.reset()
        self.register()
        for node in self.nodes:
            node.log.mark()

    def complaints(self) -> list[str]:
        return [complaint for node in self.nodes for complaint in node.log.complaints()]

    def stacks(self) -> list[str]:
        return [stack for node in self.nodes for stack in node.stacks()]

    def client(self, person=None, node: Httpd | None = None, keep_alive: bool = False, hurried: bool = False) -> Client:
        """A browser, whose user waits for as long as the site wants before submitting a form again, unless they are
        hurried."""
        return Client((node or self.httpd).url, person.login if person else None, keep_alive=keep_alive,
                      wait=None if hurried else self._let_pauses_end)

    def _let_pauses_end(self) -> None:
        with contextlib.suppress(psycopg2.Error):  # a test has taken the database away
            clocks.least_pauses_over(self)

    # calintctl

    def _ctl_command(self, *arguments: str, conninfo: str | None = None) -> list[str]:
        return [str(places.CALINTCTL), "--database", conninfo or self.cluster.conninfo(self.database), "--key-file",
                str(self.key_file), *arguments]

    def run_ctl(self, *arguments: str, conninfo: str | None = None) -> subprocess.CompletedProcess:
        return subprocess.run(self._ctl_command(*arguments, conninfo=conninfo), capture_output=True, text=True,
                              timeout=60)

    def ctl(self, *arguments: str) -> str:
        done = self.run_ctl(*arguments)
        assert done.returncode == 0, f"calintctl {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    def _run_jobs(self) -> list[str]:
        return ["--json", "jobs", "run", "--allow-insecure-loopback", "--revoke-url",
                f"google={self.urls['revoke_url']}"]

    def run_jobs(self) -> subprocess.CompletedProcess:
        """Works off what is due and needs no OAuth client."""
        return self.run_ctl(*self._run_jobs())

    def start_jobs(self, conninfo: str | None = None) -> subprocess.Popen:
        """The same, beside the test; by another way to the database where wanted."""
        return subprocess.Popen(self._ctl_command(*self._run_jobs(), conninfo=conninfo), stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)

    # The database

    def execute(self, sql: str, *values) -> list[dict]:
        try:
            return self._execute(sql, values)
        except psycopg2.DatabaseError as error:
            # The server was stopped and started since; the test meant that. One that ended at once left no code.
            if error.pgcode and not isinstance(error, psycopg2.OperationalError):
                raise
            self._connection = None
            return self._execute(sql, values)

    def _execute(self, sql: str, values: tuple) -> list[dict]:
        if self._connection is None or self._connection.closed:
            self._connection = self.cluster.connect(self.database)
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return cursor.fetchall() if cursor.description is not None else []

    rows = execute

    def sessions_of_others(self) -> list[int]:
        """PostgreSQL's processes for connections to this database but for the test's own."""
        return [row["pid"] for row in self.rows("SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                                                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'")]

    @contextlib.contextmanager
    def locked(self, sql: str):
        """As long as it lasts, a transaction of another session has run this."""
        with contextlib.closing(psycopg2.connect(self.cluster.conninfo(self.database))) as session:
            with session.cursor() as cursor:
                cursor.execute(sql)
            yield
            session.rollback()

    def row(self, sql: str, *values) -> dict:
        found = self.rows(sql, *values)
        assert len(found) == 1, f"{len(found)} rows: {sql}"
        return found[0]

    def count(self, table: str) -> int:
        return self.row(f"SELECT count(*) AS n FROM {table}")["n"]

    def read_no_calendar(self) -> None:
        """From now on nobody's calendars are ticked, and background work reads none."""
        self.execute("UPDATE calendar_integration_calendars SET sync = false")

    def integrations(self, person) -> list[dict]:
        """Every integration of this person, the newest last."""
        return self.rows("SELECT * FROM calendar_integrations WHERE user_id = %s ORDER BY id", person.id)

    def integration(self, person) -> dict:
        """The person's active integration."""
        found = [row for row in self.integrations(person) if row["active"]]
        assert len(found) == 1, f"{len(found)} active integrations of {person.login}"
        return found[0]

    def refresh(self, person) -> dict | None:
        """When the person's tokens are refreshed next, and what became of it so far."""
        wanted = self.integration(person)["id"]
        return next((row for row in self.jobs("refresh") if row["integration_id"] == wanted), None)

    def jobs(self, kind: str) -> list[dict]:
        return self.rows("SELECT * FROM calendar_jobs WHERE kind = %s AND given_up_at IS NULL ORDER BY id", kind)

    def audit(self, action: str | None = None) -> list[dict]:
        """Audit rows in order, `action` without its prefix."""
        found = self.rows("SELECT * FROM audit_logs ORDER BY id")
        for row in found:
            if isinstance(row["metadata"], str):
                row["metadata"] = json.loads(row["metadata"])
        return [row for row in found if action is None or row["action"] == f"calendar_integration.{action}"]

    @contextlib.contextmanager
    def nothing_written(self, *but: str):
        """The block may write to the tables named in `but` and to no other. Nodes tell of themselves at any
        time."""
        tables = [table for table in TABLES_OF_A_TEST if table not in (*but, "calendar_nodes")]
        before = {table: self._rows_of(table) for table in tables}
        yield
        for table in tables:
            assert self._rows_of(table) == before[table], f"{table} was written to"

    def _rows_of(self, table: str) -> list[dict]:
        """All but those of least pauses, which every form may leave."""
        return [row for row in self.rows(f"SELECT * FROM {table} ORDER BY 1, 2")
                if not str(row.get("subject", "")).startswith("pause/")]
