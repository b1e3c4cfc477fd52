"""A real CalDAV server that isn't iCloud: Radicale, on a loopback port, with a storage folder and users of a test."""

from __future__ import annotations

import re
import signal
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import requests

from . import places
from .process import Process, accepts, free_port, wait_until

CONFIGURATION = """[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[rights]
type = from_file
file = {folder}/rights
[storage]
filesystem_folder = {folder}/collections
[logging]
level = info
mask_passwords = True
"""
#: A user reads and writes below a path of their own, and only reads what is marked. The first rule that fits holds.
RIGHTS = """[root]
user: .+
collection:
permissions: R

[principal]
user: .+
collection: {{user}}
permissions: RW

{read_only}[calendars]
user: .+
collection: {{user}}/[^/]+
permissions: rw
"""
READ_ONLY = """[read only {number}]
user: {user}
collection: {{user}}/{calendar}
permissions: r

"""
MKCALENDAR = """<?xml version="1.0" encoding="utf-8"?>
<C:mkcalendar xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:A="http://apple.com/ns/ical/">
  <set><prop>{properties}</prop></set>
</C:mkcalendar>
"""


class Radicale:
    """`url` is what CalIntApiURL names; principal and home of a user are both /LOGIN/."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        (folder / "collections").mkdir()
        self.log = folder / "radicale.log"
        self.port = 0
        self._passwords: dict[str, str] = {}
        self._read_only: list[tuple[str, str]] = []
        self._process: Process | None = None
        self._write()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """While it runs."""
        return self._process.pid

    def start(self) -> "Radicale":
        """Returns when it answers. Keeps its port over restarts."""
        for _ in range(5):
            self.port = self.port or free_port()
            self._write()
            command = [places.program("radicale"), "--config", str(self.folder / "config")]
            self._process = Process(command, self.log)
            wait_until(lambda: self._process.exit_status() is not None or accepts(self.port), "Radicale to start", 30)
            if self._process.exit_status() is None:
                return self
            self.port = 0
        raise RuntimeError(f"Radicale did not start: {self.log.read_text()[-2000:]}")

    def stop(self) -> None:
        process, self._process = self._process, None
        if process:
            process.end(signal.SIGTERM)

    def add_user(self, login: str, password: str) -> None:
        """Adds a user with a home, or gives one another password; while it runs. It reads its users and rights at
        each request."""
        self._passwords[login] = password
        self._write()
        self._request("PROPFIND", login, f"/{login}/", headers={"Depth": "0"})

    def remove_user(self, login: str) -> None:
        """Their password is refused from now on; what they had stays."""
        del self._passwords[login]
        self._write()

    def make_calendar(self, login: str, calendar: str, name: str | None = None, colour: str = "",
                      components: tuple[str, ...] = ("VEVENT",), read_only: bool = False, time_zone: str = "") -> str:
        """Makes /LOGIN/CALENDAR/ with MKCALENDAR, and returns that path."""
        wanted = "".join(f"<C:comp name={quoteattr(one)}/>" for one in components)
        properties = f"<C:supported-calendar-component-set>{wanted}</C:supported-calendar-component-set>"
        if name is not None:
            properties += f"<displayname>{escape(name)}</displayname>"
        if colour:
            properties += f"<A:calendar-color>{escape(colour)}</A:calendar-color>"
        if time_zone:
            properties += f"<C:calendar-timezone>{escape(time_zone)}</C:calendar-timezone>"
        path = f"/{login}/{calendar}/"
        self._request("MKCALENDAR", login, path, MKCALENDAR.format(properties=properties))
        if read_only:
            self._read_only.append((login, calendar))
            self._write()
        return path

    def remove_calendar(self, login: str, calendar: str) -> None:
        self._request("DELETE", login, f"/{login}/{calendar}/")

    def put(self, login: str, path: str, text: str) -> None:
        """An object of iCalendar at /LOGIN/CALENDAR/NAME, new or another one than before."""
        self._request("PUT", login, path, text, {"Content-Type": "text/calendar; charset=utf-8"})

    def remove(self, login: str, path: str) -> None:
        self._request("DELETE", login, path)

    def get(self, login: str, path: str) -> str:
        """The object's text, its lines unfolded."""
        return self._request("GET", login, path).content.decode().replace("\r\n ", "")

    def _request(self, method: str, login: str, path: str, body: str = "",
                 headers: dict | None = None) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(method, self.url + path, data=body.encode(), headers=headers or {}, timeout=30,
                                     auth=(login.encode(), self._passwords.get(login, "").encode()))
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def _write(self) -> None:
        (self.folder / "config").write_text(CONFIGURATION.format(port=self.port, folder=self.folder), "utf-8")
        users = "".join(f"{login}:{password}\n" for login, password in self._passwords.items())
        (self.folder / "users").write_text(users, "utf-8")
        read_only = "".join(READ_ONLY.format(number=number, user=re.escape(login), calendar=re.escape(calendar))
                            for number, (login, calendar) in enumerate(self._read_only))
        (self.folder / "rights").write_text(RIGHTS.format(read_only=read_only), "utf-8")
