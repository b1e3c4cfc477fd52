"""Processes that end with the test run, whatever becomes of it, and ports of their own."""

from __future__ import annotations

import os
import pwd
import random
import socket
import subprocess
import time
from pathlib import Path

#: Below the range that the kernel takes ports of outgoing connections from.
PORTS = range(20000, 32000)
_taken: set[int] = set()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on and that this process gave to nobody else. Another process
    may still come first: who listens must look at its start's outcome and ask again."""
    for _ in range(1000):
        port = random.choice(PORTS)
        if port in _taken:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _taken.add(port)
        return port
    raise RuntimeError("no free port")


def as_root() -> bool:
    return os.geteuid() == 0


class Process:
    """One program in the foreground. The kernel ends it when its parent dies: `signal` names how (setpriv's
    names, without SIG). It gets a process group of its own, because httpd ends by a signal to its group."""

    def __init__(self, command: list[str], output: Path, *, signal: str = "TERM", user: str | None = None,
                 environment: dict[str, str] | None = None, umask: int = -1) -> None:
        wrapped = ["setpriv", "--pdeathsig", signal]
        if user and as_root():
            group = pwd.getpwnam(user).pw_gid
            wrapped += ["--reuid", user, "--regid", str(group), "--init-groups"]
        # What is preloaded is so by the program alone, as its user.
        changed = [f"{name}={value}" for name, value in (environment or {}).items()]
        self.output = output
        with open(output, "ab") as sink:
            self._popen = subprocess.Popen([*wrapped, "--", "env", *changed, *command], stdin=subprocess.DEVNULL,
                                           stdout=sink, stderr=sink, cwd="/", start_new_session=True, umask=umask)

    @property
    def pid(self) -> int:
        return self._popen.pid

    def exit_status(self) -> int | None:
        """None while it runs."""
        return self._popen.poll()

    def send(self, number: int) -> None:
        if self.exit_status() is None:
            self._popen.send_signal(number)

    def end(self, number: int, seconds: float = 20.0) -> int:
        """Sends the signal and waits; kills what doesn't obey within `seconds`."""
        self.send(number)
        try:
            return self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            return self._popen.wait()


def is_dead(pid: int) -> bool:
    """Also true of one that its parent hasn't noticed yet, or that goes while it is looked at."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rsplit(")", 1)[1].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def children_of(pid: int) -> list[int]:
    """Those that live."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [child for child in map(int, listed) if not is_dead(child)]


def wait_until(condition, what: str, seconds: float = 15.0, pause: float = 0.05):
    """The first true value of condition(); AssertionError, naming `what`, when there is none in time."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:g} s for: {what}")
        time.sleep(pause)


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
