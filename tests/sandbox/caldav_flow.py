"""What the tests of iCloud's objects share: a CalDAV client's calls done by hand."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import requests

from client import Sandbox
from icloud_client import AVERY, AVERY_PASSWORD
from icloud_flow import CALDAV, DAV, HOME, basic, send

#: Home, and another calendar of the same account.
PERSONAL, HIRING = "personal", "5E7A0000-1111-4222-8333-444455556666"
NAMES = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'


def event(uid: str = "U-1", *lines: str, start: str = "20270121T090000Z", end: str = "20270121T100000Z") -> str:
    """An object that iCloud takes."""
    own = [f"UID:{uid}", "DTSTAMP:20270101T000000Z", "CREATED:20270101T000000Z", "LAST-MODIFIED:20270101T000000Z",
           "SEQUENCE:0", f"DTSTART:{start}", f"DTEND:{end}", "SUMMARY:Interview", *lines]
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", "BEGIN:VEVENT", *own, "END:VEVENT",
             "END:VCALENDAR", ""]
    return "\r\n".join(whole)


class Calendar:
    def __init__(self, sandbox: Sandbox, calendar: str = PERSONAL, apple_id: str = AVERY,
                 password: str = AVERY_PASSWORD, home: str = HOME) -> None:
        self.sandbox, self.path = sandbox, f"{home}{calendar}/"
        self.hand = sandbox.calendar("icloud", apple_id, calendar)
        self._authorization = basic(apple_id, password)

    def send(self, method: str, name: str = "", body: str = "", depth: str | None = None,
             headers: dict | None = None) -> requests.Response:
        return send(self.sandbox, method, self.path + name, body.encode(), depth, "p42", self._authorization, headers)

    def report(self, body: str, depth: str = "1") -> requests.Response:
        return self.send("REPORT", body=body, depth=depth)

    def sync(self, token: str = "", limit: int | None = None) -> requests.Response:
        bound = f"<limit><nresults>{limit}</nresults></limit>" if limit is not None else ""
        return self.report(f"<sync-collection {NAMES}><sync-token>{token}</sync-token><sync-level>1</sync-level>{bound}"
                           "<prop><getetag/></prop></sync-collection>", "0")

    def multiget(self, *names: str) -> requests.Response:
        hrefs = "".join(f"<href>{self.path}{name}</href>" for name in names)
        return self.report(f"<C:calendar-multiget {NAMES}><prop><getetag/><C:calendar-data/></prop>{hrefs}"
                           "</C:calendar-multiget>")

    def query(self, start: str, end: str, depth: str = "1", within: str = "") -> requests.Response:
        return self.report(
            f'<C:calendar-query {NAMES}><prop><getetag/><C:calendar-data/></prop><C:filter><C:comp-filter '
            f'name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="{start}" end="{end}"/>{within}'
            "</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>", depth)

    def put(self, name: str, text: str, **headers: str) -> requests.Response:
        sent = {"Content-Type": "text/calendar; charset=utf-8",
                **{key.replace("_", "-"): value for key, value in headers.items()}}
        return self.send("PUT", name, text, headers=sent)

    def get(self, name: str) -> requests.Response:
        return self.send("GET", name)

    def delete(self, name: str, **headers: str) -> requests.Response:
        return self.send("DELETE", name, headers={key.replace("_", "-"): value for key, value in headers.items()})

    def properties(self, *names: str, depth: str = "0", name: str = "") -> ElementTree.Element:
        asked = "".join(f"<{one}/>" for one in names)
        body = f'<propfind {NAMES} xmlns:S="http://calendarserver.org/ns/"><prop>{asked}</prop></propfind>'
        answer = self.send("PROPFIND", name, body, depth)
        assert answer.status_code == 207, answer.text
        return ElementTree.fromstring(answer.content)

    def ctag(self) -> str:
        return self.properties("S:getctag").findtext(".//{http://calendarserver.org/ns/}getctag")

    def told(self, answer: requests.Response) -> dict[str, str]:
        """Name of each object -> the status of it; "" is the calendar itself."""
        assert answer.status_code == 207, answer.text
        found = {}
        for one in ElementTree.fromstring(answer.content).iter(f"{DAV}response"):
            line = one.findtext(f"{DAV}status") or one.findtext(f"{DAV}propstat/{DAV}status")
            found[one.findtext(f"{DAV}href").removeprefix(self.path)] = line.split()[1]
        return found


def token_of(answer: requests.Response) -> str:
    return ElementTree.fromstring(answer.content).findtext(f"{DAV}sync-token")


def data_of(answer: requests.Response) -> list[str]:
    return [one.text for one in ElementTree.fromstring(answer.content).iter(f"{CALDAV}calendar-data")]


def precondition(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, ElementTree.fromstring(answer.content)[0].tag.rpartition("}")[2]
