"""What the tests of Google's events share: a client's calls done by hand."""

from __future__ import annotations

from urllib.parse import quote

import requests

from client import Sandbox
from flow import connect

AVERY = "avery@example.com"
INTERVIEWS = "c_0123456789abcdef@group.calendar.google.com"


class Events:
    """The events of one calendar, with the token of one account."""

    def __init__(self, sandbox: Sandbox, calendar: str = AVERY, email: str = AVERY, token: str | None = None) -> None:
        self.sandbox = sandbox
        self.api = sandbox.http["google"]["api_url"]
        self.token = token or connect(sandbox, email)["access_token"]
        self.url = f"{self.api}/calendars/{quote(calendar, safe='')}/events"
        self.hand = sandbox.calendar("google", email, calendar)

    def send(self, method: str, url: str, headers: dict | None = None, json=None, **query) -> requests.Response:
        return requests.request(method, url, params=query, json=json, timeout=20,
                                headers={"Authorization": f"Bearer {self.token}", **(headers or {})})

    def list(self, **query) -> requests.Response:
        return self.send("GET", self.url, **query)

    def all(self, **query) -> tuple[list[dict], str | None]:
        """Every page's items, and the sync token of the last."""
        found, page = [], {}
        while True:
            answer = self.list(**{**query, **page})
            assert answer.status_code == 200, answer.text
            body = answer.json()
            found += body["items"]
            assert not ("nextPageToken" in body and "nextSyncToken" in body)
            if "nextPageToken" not in body:
                return found, body.get("nextSyncToken")
            page = {"pageToken": body["nextPageToken"]}

    def get(self, event_id: str, **query) -> requests.Response:
        return self.send("GET", f"{self.url}/{event_id}", **query)

    def insert(self, body: dict | None = None, **query) -> requests.Response:
        return self.send("POST", self.url, json={**timed(), **(body or {})}, **query)

    def patch(self, event_id: str, body: dict, headers: dict | None = None, **query) -> requests.Response:
        return self.send("PATCH", f"{self.url}/{event_id}", headers, body, **query)

    def update(self, event_id: str, body: dict, headers: dict | None = None, **query) -> requests.Response:
        return self.send("PUT", f"{self.url}/{event_id}", headers, body, **query)

    def delete(self, event_id: str, headers: dict | None = None, **query) -> requests.Response:
        return self.send("DELETE", f"{self.url}/{event_id}", headers, **query)


def timed(start: str = "2027-01-21T10:00:00+01:00", end: str = "2027-01-21T11:00:00+01:00") -> dict:
    return {"start": {"dateTime": start, "timeZone": "Europe/Berlin"},
            "end": {"dateTime": end, "timeZone": "Europe/Berlin"}}


def reason(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["errors"][0]["reason"]


def starts(items: list[dict]) -> list[str]:
    return [(one["start"].get("dateTime") or one["start"]["date"])[:16] for one in items]
