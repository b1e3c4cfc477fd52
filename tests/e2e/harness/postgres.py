"""A private PostgreSQL cluster: a Unix socket and a loopback port; without durability, unless told otherwise."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import subprocess
from pathlib import Path

import psycopg2
import psycopg2.extras

from . import places
from .process import Process, as_root, children_of, free_port, is_dead, wait_until

#: PostgreSQL refuses to run as root.
SERVER_USER = "postgres"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "log_min_messages": "error",
    "lc_messages": "C",
}
#: What was committed outlives the server's processes, though not the machine's end.
DURABLE = {**SETTINGS, "synchronous_commit": "on"}


class Cluster:
    def __init__(self, folder: Path, settings: dict[str, str] = SETTINGS,
                 environment: dict[str, str] | None = None) -> None:
        self.folder, self.settings, self.environment = folder, settings, environment
        self.data = folder / "data"
        self.socket = folder / "socket"
        self.log = folder / "postgres.log"
        self.port = 0
        self._process: Process | None = None
        self._numbers = itertools.count(1)

    def create(self) -> "Cluster":
        return self._fill("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8",
                          "--locale=C.UTF-8")

    def create_replica(self, primary: "Cluster") -> "Cluster":
        """As a standby of that one, which runs."""
        return self._fill("pg_basebackup", "--no-sync", "--checkpoint=fast", "--write-recovery-conf", "--dbname",
                          primary.conninfo("postgres"))

    def wait_for_replica(self) -> None:
        """From now on a commit is answered when the replica, which runs, has it too. Returns once it follows."""
        with contextlib.closing(self.connect()) as admin, admin.cursor() as cursor:
            cursor.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            cursor.execute("SELECT pg_reload_conf()")

            def follows():
                cursor.execute("SELECT FROM pg_stat_replication WHERE sync_state = 'sync'")
                return cursor.fetchall()

            wait_until(follows, "the replica to follow")

    def promote(self) -> None:
        """Of a replica: returns when it takes writes."""
        with contextlib.closing(self.connect()) as admin, admin.cursor() as cursor:
            cursor.execute("SELECT pg_promote(true, 30) AS done")
            assert cursor.fetchone()["done"], "the replica was not promoted"

    def start(self) -> "Cluster":
        """Returns when it answers. Keeps its port over restarts."""
        for _ in range(5):
            self.port = self.port or free_port()
            self._process = Process(self._command(), self.log, signal="INT", user=SERVER_USER,
                                    environment=self.environment)
            wait_until(lambda: self._process.exit_status() is not None or self._answers(), "PostgreSQL to start", 30)
            if self._process.exit_status() is None:
                return self
            self.port = 0
        raise RuntimeError(f"PostgreSQL did not start: {self.log.read_text()[-2000:]}")

    def stop(self, immediate: bool = False) -> None:
        """Fast shutdown: connections are cut. An immediate one ends its processes where they stand, and the next start
        recovers."""
        process, self._process = self._process, None
        if process:
            process.end(signal.SIGQUIT if immediate else signal.SIGINT)

    def kill(self) -> None:
        """Ends all its processes where they stand: what only they knew is gone. The next start recovers."""
        process, self._process = self._process, None
        of_it = [process.pid, *children_of(process.pid)]
        for pid in of_it:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.end(signal.SIGKILL)
        wait_until(lambda: all(map(is_dead, of_it)), "PostgreSQL's processes to be gone")

    @property
    def pid(self) -> int:
        """Of the postmaster, while it runs."""
        return self._process.pid

    def conninfo(self, database: str) -> str:
        return f"host={self.socket} port={self.port} dbname={database} user=postgres"

    def connect(self, database: str = "postgres"):
        connection = psycopg2.connect(self.conninfo(database), cursor_factory=psycopg2.extras.RealDictCursor)
        connection.autocommit = True
        return connection

    def create_database(self, template: str = "template0") -> str:
        name = f"calint_{next(self._numbers)}"
        with contextlib.closing(self.connect()) as admin, admin.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def dump(self, database: str, *options: str) -> str:
        """The whole database as SQL text."""
        return subprocess.run([places.postgres("pg_dump"), "-d", self.conninfo(database), *options],
                              capture_output=True, text=True, check=True).stdout

    def _fill(self, program: str, *options: str) -> "Cluster":
        """Makes the folders, and the data in them by this program."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.socket.mkdir(mode=0o755)
        self.data.mkdir(mode=0o700)
        if as_root():
            subprocess.run(["chown", SERVER_USER, self.data, self.socket], check=True)
        command = [places.postgres(program), *options, "-D", str(self.data)]
        if as_root():
            command = ["runuser", "-u", SERVER_USER, "--", *command]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/")
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed: {done.stdout}{done.stderr}")
        return self

    def _command(self) -> list[str]:
        settings = {**self.settings, "port": str(self.port), "unix_socket_directories": str(self.socket)}
        command = [places.postgres("postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return command

    def _answers(self) -> bool:
        try:
            self.connect().close()
            return True
        except psycopg2.OperationalError:
            return False
