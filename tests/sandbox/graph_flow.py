"""What the tests of Graph's events share: a client's calls done by hand."""

from __future__ import annotations

import requests

from client import Sandbox
from outlook_flow import AVERY, connect

PREFER = 'IdType="ImmutableId", outlook.timezone="UTC", odata.maxpagesize={size}'
WINDOW = {"startDateTime": "2027-01-01T00:00:00Z", "endDateTime": "2027-04-01T00:00:00Z"}


class Graph:
    """One calendar (the default one without a name), with the token of one account."""

    def __init__(self, sandbox: Sandbox, calendar: str | None = None, email: str = AVERY,
                 token: str | None = None) -> None:
        self.sandbox, self.email = sandbox, email
        self.api = sandbox.http["outlook"]["api_url"]
        self.token = token or connect(sandbox, email)["access_token"]
        self.hand = sandbox.calendar("outlook", email, calendar)
        listed = self.send("GET", f"{self.api}/me/calendars", **{"$top": 100}).json()["value"]
        self.id = calendar or next(one["id"] for one in listed if one["isDefaultCalendar"])
        self.url = f"{self.api}/me/calendars/{self.id}"

    def send(self, method: str, url: str, headers: dict | None = None, json=None, prefer: str | None = PREFER.format(
            size=100), **query) -> requests.Response:
        sent = {"Authorization": f"Bearer {self.token}", **({"Prefer": prefer} if prefer else {}), **(headers or {})}
        return requests.request(method, url, params=query, json=json, headers=sent, timeout=20)

    def delta(self, link: str | None = None, size: int = 100, **query) -> requests.Response:
        if link:
            return self.send("GET", link, prefer=PREFER.format(size=size))
        return self.send("GET", f"{self.url}/calendarView/delta", prefer=PREFER.format(size=size),
                         **{**WINDOW, **query})

    def round(self, link: str | None = None, size: int = 100, **query) -> tuple[list[dict], str]:
        """Every page's items, and the deltaLink at the end."""
        found, answer = [], self.delta(link, size, **query)
        while True:
            assert answer.status_code == 200, answer.text
            body = answer.json()
            found += body["value"]
            assert ("@odata.nextLink" in body) != ("@odata.deltaLink" in body)
            if "@odata.deltaLink" in body:
                return found, body["@odata.deltaLink"]
            answer = self.delta(body["@odata.nextLink"], size)

    def view(self, **query) -> requests.Response:
        return self.send("GET", f"{self.url}/calendarView", **{**WINDOW, **query})

    def get(self, name: str, **query) -> requests.Response:
        return self.send("GET", f"{self.api}/me/events/{name}", **query)

    def create(self, body: dict | None = None) -> requests.Response:
        return self.send("POST", f"{self.url}/events", json={**timed(), **(body or {})})

    def patch(self, name: str, body: dict, headers: dict | None = None) -> requests.Response:
        return self.send("PATCH", f"{self.api}/me/events/{name}", headers, body)

    def delete(self, name: str, headers: dict | None = None) -> requests.Response:
        return self.send("DELETE", f"{self.api}/me/events/{name}", headers)


def timed(start: str = "2027-01-21T09:00:00", end: str = "2027-01-21T10:00:00", zone: str = "UTC") -> dict:
    return {"start": {"dateTime": start, "timeZone": zone}, "end": {"dateTime": end, "timeZone": zone}}


def code(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def kinds(items: list[dict]) -> list[str]:
    """Each item's type, or removed."""
    return ["removed" if "@removed" in one else one["type"] for one in items]
