"""A proxy before PostgreSQL that counts round trips, and can stop or cut at any of them.

A group is what a client sends before it waits for ReadyForQuery: a start of a session, a pipeline up to its Sync,
a simple query (PostgreSQL's documentation, "Frontend/Backend Protocol"). An answer is what comes back for one group,
ReadyForQuery included; it is passed on as a whole.
"""

from __future__ import annotations

import collections
import contextlib
import socket
import threading

from .process import free_port

HOLD_REQUEST, HOLD_ANSWER, CUT_BEFORE, CUT_AFTER = "hold request", "hold answer", "cut before", "cut after"
#: No test means to wait longer than this.
PATIENCE = 60.0


class Step:
    """What is to happen at one group."""

    def __init__(self, action: str) -> None:
        self.action = action
        self._met, self._decided = threading.Event(), threading.Event()
        self._goes_on = True
        self._link: _Link | None = None

    def wait_until_met(self, seconds: float = 15.0) -> "Step":
        """Returns when the group is held or cut."""
        assert self._met.wait(seconds), f"no group came to {self.action!r} within {seconds:g} s"
        return self

    @property
    def is_met(self) -> bool:
        return self._met.is_set()

    def release(self) -> None:
        """Passes on what is held."""
        self._decided.set()

    def cut(self) -> None:
        """Ends the connection in place of what is held."""
        self._goes_on = False
        self._decided.set()

    def lose_client(self) -> None:
        """Ends the client's side alone: the request that is held may still reach the server."""
        _close(self._link.client)

    def _reach(self, link: "_Link", *actions: str) -> bool:
        """At a place where `actions` apply: waits where that is wanted; False where the connection ends here."""
        if self.action not in actions:
            return True
        self._link = link
        self._met.set()
        if self.action in (CUT_BEFORE, CUT_AFTER):
            return False
        self._decided.wait(PATIENCE)
        return self._goes_on


NO_STEP = Step("pass")


class PgProxy:
    """Listens on loopback from the start on; stop() ends it with all its connections."""

    def __init__(self, server_port: int) -> None:
        self.port, self.groups = free_port(), 0
        self._server = ("127.0.0.1", server_port)
        self._steps: dict[int, Step] = {}
        self._links: set[_Link] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def conninfo(self, database: str) -> str:
        return (f"host=127.0.0.1 port={self.port} dbname={database} user=postgres sslmode=disable "
                f"gssencmode=disable")

    def at(self, number: int, action: str) -> Step:
        """Arms one of the actions for the `number`-th group from now, the next being 1."""
        with self._lock:
            step = self._steps[self.groups + number] = Step(action)
        return step

    def clear(self) -> None:
        """Takes away what is armed and releases what is held."""
        with self._lock:
            steps, self._steps = self._steps, {}
        for step in steps.values():
            step.release()

    def stop(self) -> None:
        self.clear()
        _close(self._listener)
        for link in list(self._links):
            link.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            link = _Link(self, client)
            self._links.add(link)
            threading.Thread(target=link.run, args=(self._server,), daemon=True).start()

    def _next(self) -> Step:
        with self._lock:
            self.groups += 1
            return self._steps.get(self.groups, NO_STEP)


class _Link:
    """One client's connection and the server's beside it."""

    def __init__(self, proxy: PgProxy, client: socket.socket) -> None:
        self.proxy, self.client = proxy, client
        self.server: socket.socket | None = None
        self._steps: collections.deque[Step] = collections.deque()

    def run(self, address) -> None:
        with contextlib.suppress(OSError, EOFError):
            self.server = socket.create_connection(address)
            threading.Thread(target=self._answers, daemon=True).start()
            self._requests()
        self.close()

    def close(self) -> None:
        for end in (self.client, self.server):
            _close(end)
        self.proxy._links.discard(self)

    def _requests(self) -> None:
        with self.client.makefile("rb") as reader:
            group = _exactly(reader, 4)
            group += _exactly(reader, int.from_bytes(group, "big") - 4)
            self._pass_on(group)
            while True:
                kind, group = _message(reader)
                while kind not in (b"S", b"Q", b"F", b"X"):
                    kind, message = _message(reader)
                    group += message
                if kind == b"X":
                    self.server.sendall(group)
                    return
                self._pass_on(group)

    def _pass_on(self, group: bytes) -> None:
        step = self.proxy._next()
        if not step._reach(self, HOLD_REQUEST, CUT_BEFORE):
            raise EOFError
        self._steps.append(step)
        self.server.sendall(group)

    def _answers(self) -> None:
        answer = b""
        try:
            with self.server.makefile("rb") as reader:
                while True:
                    kind, message = _message(reader)
                    answer += message
                    if kind != b"Z":
                        continue
                    if not self._steps.popleft()._reach(self, HOLD_ANSWER, CUT_AFTER):
                        answer = b""
                        return
                    self.client.sendall(answer)
                    answer = b""
        except (OSError, EOFError):
            # A server that ends a session says why without ReadyForQuery.
            with contextlib.suppress(OSError):
                self.client.sendall(answer)
        finally:
            self.close()


def _message(reader) -> tuple[bytes, bytes]:
    """A message's type, and the whole of it."""
    head = _exactly(reader, 5)
    return head[:1], head + _exactly(reader, int.from_bytes(head[1:], "big") - 4)


def _exactly(reader, size: int) -> bytes:
    got = reader.read(size)
    if len(got) < size:
        raise EOFError
    return got


def _close(end: socket.socket | None) -> None:
    """Also wakes whoever reads from it."""
    if end is None:
        return
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
