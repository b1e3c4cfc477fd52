"""A real httpd with a ServerRoot of its own."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import time
from pathlib import Path

import requests

from . import httpd_config, places
from .error_log import ErrorLog
from .httpd_config import Config
from .process import Process, accepts, free_port, wait_until

RUNNING = "resuming normal operations"


class Httpd:
    def __init__(self, root: Path, logins=(), port: int = 0) -> None:
        self.root = root
        self.port = port or free_port()
        self.logins = tuple(logins)
        self.log = ErrorLog(root / "logs" / "error.log")
        self.access_log = root / "logs" / "access.log"
        self._process: Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The parent's, while it runs."""
        return self._process.pid

    @property
    def configuration(self) -> Path:
        return self.root / "httpd.conf"

    def write(self, config: Config) -> None:
        for folder in ("logs", "run", "documents"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        cores = self.root / "cores"
        cores.mkdir(exist_ok=True)
        cores.chmod(0o777)
        (self.root / "documents" / "ready.txt").write_text("ready\n", encoding="ascii")
        (self.root / "documents" / "login.html").write_text(httpd_config.LOGIN_PAGE, encoding="ascii")
        (self.root / "users").write_text(httpd_config.users_file(self.logins), encoding="ascii")
        self.configuration.write_text(httpd_config.text(config, self.root, self.port), encoding="utf-8")

    def know(self, logins) -> None:
        """Further logins, in force at once: httpd reads the file at each request."""
        self.logins += tuple(logins)
        (self.root / "users").write_text(httpd_config.users_file(self.logins), encoding="ascii")

    def start(self, clock_ahead: int | Path = 0) -> "Httpd":
        """Returns when it serves; RuntimeError, with what it printed, when it ends instead. Its clock may be
        ahead, as places.clock() has it."""
        before = self._starts()
        self._process = Process(self._command("-DFOREGROUND"), self.root / "logs" / "stderr.log",
                                environment=places.httpd_environment(clock_ahead), umask=places.httpd_umask())
        wait_until(lambda: self._process.exit_status() is not None or (self._starts() > before and accepts(self.port)),
                   "httpd to run")
        if self._process.exit_status() is not None:
            raise RuntimeError(f"httpd did not start:\n{self.said()}{self.log.text()[-4000:]}")
        return self

    def stop(self) -> None:
        process, self._process = self._process, None
        if process:
            if process.exit_status() is None:
                _let_children_start(process.pid)
            process.end(signal.SIGTERM)

    def graceful(self) -> None:
        """Reads its configuration again while requests go on; returns when the new one is in force."""
        before = self._starts()
        self._process.send(signal.SIGUSR1)
        wait_until(lambda: self._starts() > before or not self.is_running(), "the graceful restart")

    def stacks(self) -> list[str]:
        """Of the children that crashed, where the machine writes cores into their folder."""
        show = ["gdb", "-batch", "-ex", "thread apply all backtrace 30", places.httpd()]
        return [subprocess.run([*show, core], capture_output=True, text=True, timeout=120).stdout[-20000:]
                for core in sorted((self.root / "cores").glob("core*"))]

    def is_running(self) -> bool:
        return self._process is not None and self._process.exit_status() is None

    def test_configuration(self) -> subprocess.CompletedProcess:
        """What `apachectl configtest` does."""
        return subprocess.run(self._command("-t"), capture_output=True, text=True, cwd="/", timeout=30,
                              env={**os.environ, **places.httpd_environment()}, umask=places.httpd_umask())

    def said(self) -> str:
        """What it printed rather than logged."""
        stderr = self.root / "logs" / "stderr.log"
        return stderr.read_text("utf-8", "replace") if stderr.exists() else ""

    def settle(self) -> None:
        """Returns when the answers that were given are in the access log, where they come after they were sent."""
        mark = secrets.token_hex(8)
        with requests.Session() as session:
            session.trust_env = False
            session.get(f"{self.url}/ready.txt?{mark}", timeout=30)
        wait_until(lambda: any(mark in line for line in self.access_lines()), "the access log")

    def access_lines(self) -> list[str]:
        return self.access_log.read_text("utf-8", "replace").splitlines()

    def _starts(self) -> int:
        path = self.log.path
        return path.read_text("utf-8", "replace").count(RUNNING) if path.exists() else 0

    def _command(self, *options: str) -> list[str]:
        return [places.httpd(), "-d", str(self.root), "-f", str(self.configuration), *options]


#: A child of the event MPM that is told to end while its listener starts may end by a segmentation fault of httpd's own
#: (mod_mpm_event asks apr_os_sock_get for a socket that isn't there yet), with this module's background work or
#: without.
_STARTED = 0.3


def _let_children_start(parent: int) -> None:
    """Waits until no child is younger than that; at most ten times as long, for those that never come to rest."""
    until = time.monotonic() + 10 * _STARTED
    while time.monotonic() < until and _youngest_child(parent) < _STARTED:
        time.sleep(0.02)


def _youngest_child(parent: int) -> float:
    """Its age in seconds."""
    try:
        pids = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()
        begun = [int(Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[19]) for pid in pids]
        up = float(Path("/proc/uptime").read_text("ascii").split()[0])
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return min((up - ticks / os.sysconf("SC_CLK_TCK") for ticks in begun), default=_STARTED)
