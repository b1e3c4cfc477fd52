"""Real CalDAV servers that aren't iCloud, each on a loopback port, with a storage folder and users of a test."""

from __future__ import annotations

import re
import shutil
import signal
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import requests

from . import places
from .postgres import SERVER_USER
from .process import Process, accepts, as_root, free_port, wait_until

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
XML = {"Content-Type": "text/xml; charset=utf-8"}
MKCALENDAR = """<?xml version="1.0" encoding="utf-8"?>
<C:mkcalendar xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
  <set><prop>{properties}</prop></set>
</C:mkcalendar>
"""
COLOUR = """<?xml version="1.0" encoding="utf-8"?>
<propertyupdate xmlns="DAV:"><set><prop>
  <calendar-color xmlns="http://apple.com/ns/ical/">{colour}</calendar-color>
</prop></set></propertyupdate>
"""


class CalDavServer:
    """`url` is what CalIntApiURL names."""

    name = ""
    #: What a calendar keeps of what is said at its making, and whether a user can be kept from writing to one.
    keeps_components = keeps_time_zone = has_rights = True
    #: Whether it has an address of each user's, and invites guests.
    invites = False
    #: Of sync-collection, one that it doesn't know.
    forgotten_token = ""
    #: Who runs it where the tests run as root.
    user: str | None = None

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        (folder / "collections").mkdir()
        self.log = folder / "log"
        self.port = 0
        self._passwords: dict[str, str] = {}
        self._process: Process | None = None
        self._write()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """While it runs."""
        return self._process.pid

    def home(self, login: str) -> str:
        """Below which a user's calendars are."""
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def script(self, name: str) -> list[str]:
        """By Debian's Python, which Debian's packages are for. Its user may not be let into the folder of the sources."""
        shutil.copy(places.ROOT / "tests" / "support" / name, self.folder)
        return ["/usr/bin/python3", str(self.folder / name), str(self.folder), str(self.port)]

    def start(self) -> "CalDavServer":
        """Returns when it answers. Keeps its port over restarts."""
        for _ in range(5):
            self.port = self.port or free_port()
            self._write()
            self._process = Process(self.command(), self.log, user=self.user)
            wait_until(lambda: self._process.exit_status() is not None or accepts(self.port),
                       f"{self.name} to start", 30)
            if self._process.exit_status() is None:
                return self
            self.port = 0
        raise RuntimeError(f"{self.name} did not start: {self.log.read_text()[-2000:]}")

    def stop(self) -> None:
        process, self._process = self._process, None
        if process:
            process.end(signal.SIGTERM)

    def add_user(self, login: str, password: str) -> None:
        """Adds a user with a home, or gives one another password; while it runs. It reads its users and rights at
        each request."""
        self._passwords[login] = password
        self._write()
        self._request("PROPFIND", login, self.home(login), headers={"Depth": "0"})

    def remove_user(self, login: str) -> None:
        """Their password is refused from now on; what they had stays."""
        del self._passwords[login]
        self._write()

    def make_calendar(self, login: str, calendar: str, name: str | None = None, colour: str = "",
                      components: tuple[str, ...] = ("VEVENT",), read_only: bool = False, time_zone: str = "") -> str:
        """Makes one below the user's home with MKCALENDAR, and returns its path."""
        wanted = "".join(f"<C:comp name={quoteattr(one)}/>" for one in components)
        properties = f"<C:supported-calendar-component-set>{wanted}</C:supported-calendar-component-set>"
        if name is not None:
            properties += f"<displayname>{escape(name)}</displayname>"
        if time_zone:
            properties += f"<C:calendar-timezone>{escape(time_zone)}</C:calendar-timezone>"
        path = f"{self.home(login)}{calendar}/"
        self._request("MKCALENDAR", login, path, MKCALENDAR.format(properties=properties), XML)
        if colour:
            self._request("PROPPATCH", login, path, COLOUR.format(colour=escape(colour)), XML)
        if read_only:
            self._keep_from_writing(login, calendar)
        return path

    def _keep_from_writing(self, login: str, calendar: str) -> None:
        """Where it has rights."""

    def remove_calendar(self, login: str, calendar: str) -> None:
        self._request("DELETE", login, f"{self.home(login)}{calendar}/")

    def put(self, login: str, path: str, text: str) -> None:
        """An object of iCalendar at a path, new or another one than before."""
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
        """Whatever it reads of users and rights."""
        users = "".join(f"{login}:{password}\n" for login, password in self._passwords.items())
        (self.folder / "users").write_text(users, "utf-8")


class Radicale(CalDavServer):
    """Principal and home of a user are both /LOGIN/."""

    name = "radicale"
    forgotten_token = "http://radicale.org/ns/sync/" + "0" * 64

    def __init__(self, folder: Path) -> None:
        self._read_only: list[tuple[str, str]] = []
        super().__init__(folder)

    def home(self, login: str) -> str:
        return f"/{login}/"

    def command(self) -> list[str]:
        return [places.program("radicale"), "--config", str(self.folder / "config")]

    def _keep_from_writing(self, login: str, calendar: str) -> None:
        self._read_only.append((login, calendar))
        self._write()

    def _write(self) -> None:
        super()._write()
        (self.folder / "config").write_text(CONFIGURATION.format(port=self.port, folder=self.folder), "utf-8")
        read_only = "".join(READ_ONLY.format(number=number, user=re.escape(login), calendar=re.escape(calendar))
                            for number, (login, calendar) in enumerate(self._read_only))
        (self.folder / "rights").write_text(RIGHTS.format(read_only=read_only), "utf-8")


class Xandikos(CalDavServer):
    """A user's principal is /LOGIN/; see tests/support/xandikos_for_people.py."""

    name = "xandikos"
    keeps_components = keeps_time_zone = has_rights = False
    forgotten_token = "0" * 40

    def home(self, login: str) -> str:
        return f"/{login}/calendars/"

    def command(self) -> list[str]:
        return self.script("xandikos_for_people.py")


class Cyrus(CalDavServer):
    """See tests/support/cyrus_for_people.py."""

    name = "cyrus"
    has_rights = False
    invites = True
    forgotten_token = "data:,1-1"
    user = SERVER_USER

    def home(self, login: str) -> str:
        return f"/dav/calendars/user/{login}/"

    def command(self) -> list[str]:
        if as_root():
            shutil.chown(self.folder, self.user)
        return self.script("cyrus_for_people.py")


SERVERS = (Radicale, Xandikos, Cyrus)
