"""A PgBouncer in transaction mode before a cluster: a client has a server's connection for one transaction, and finds
another one at its next."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import psycopg2

from . import places
from .postgres import SERVER_USER, Cluster
from .process import Process, as_root, free_port, wait_until

CONFIGURATION = """[databases]
* = host={server} port={server_port}
[pgbouncer]
listen_addr =
listen_port = {port}
unix_socket_dir = {folder}
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = {pool}
max_client_conn = 500
"""


class PgBouncer:
    """On a Unix socket from start() on; `pool` is the most connections that it has to a database."""

    def __init__(self, folder: Path, cluster: Cluster, pool: int = 3) -> None:
        self.folder, self.port, self.pool = folder, free_port(), pool
        self.log = folder / "pgbouncer.log"
        self._process: Process | None = None
        folder.mkdir(mode=0o755)
        (folder / "users").write_text('"postgres" ""\n', encoding="ascii")
        (folder / "pgbouncer.ini").write_text(
            CONFIGURATION.format(server=cluster.socket, server_port=cluster.port, port=self.port, folder=folder,
                                 pool=pool), encoding="ascii")
        if as_root():
            subprocess.run(["chown", "-R", SERVER_USER, folder], check=True)

    def start(self) -> "PgBouncer":
        """Returns when it answers."""
        self._process = Process([places.program("pgbouncer"), str(self.folder / "pgbouncer.ini")], self.log,
                                user=SERVER_USER)
        wait_until(self._answers, "PgBouncer to start")
        return self

    def stop(self) -> None:
        process, self._process = self._process, None
        if process:
            process.end(signal.SIGTERM)

    def conninfo(self, database: str) -> str:
        return f"host={self.folder} port={self.port} dbname={database} user=postgres"

    def complaints(self) -> list[str]:
        """What it logged of errors."""
        return [line for line in self.log.read_text("utf-8", "replace").splitlines()
                if any(word in line for word in ("WARNING", "ERROR", "FATAL", "PANIC", "prepared statement"))]

    def _answers(self) -> bool:
        assert self._process.exit_status() is None, f"PgBouncer did not start: {self.log.read_text()[-2000:]}"
        try:
            psycopg2.connect(self.conninfo("postgres")).close()
            return True
        except psycopg2.OperationalError:
            return False
