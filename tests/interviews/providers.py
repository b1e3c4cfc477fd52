"""Where test_interviews.py writes: a calendar of the sandbox, and the program that calls our Events there."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("CALINT_BUILD", ROOT / "build"))
sys.path.insert(0, str(ROOT / "tests" / "sandbox"))

import flow  # noqa: E402
import outlook_flow  # noqa: E402
from client import Sandbox  # noqa: E402

JANE, SAM = "jane@candidate.test", "sam@elsewhere.test"
CONTENT = {"title": "Interview: Jane Doe", "description": "Panel", "location": "Room 4",
           "start": "2027-01-21T09:00:00Z", "end": "2027-01-21T10:00:00Z", "zone": "Europe/Berlin",
           "guests": [{"email": JANE, "name": "Jane"}], "reminder": 15}


class Events:
    """Of one calendar, the account's main one."""

    provider = ""

    def __init__(self, sandbox: Sandbox, email: str, token: str, calendar: str) -> None:
        self.sandbox, self.email, self.token, self.calendar = sandbox, email, token, calendar
        self.key = secrets.token_hex(16)
        self.hand = sandbox.calendar(self.provider, email)
        self.api_url = sandbox.http[self.provider]["api_url"]

    def call(self, name: str, content: dict | None = None, **more) -> dict:
        asked = {"provider": self.provider, "api_url": self.api_url, "token": self.token, "account": self.email,
                 "calendar": self.calendar, "key": self.key, "call": name, "content": {**CONTENT, **(content or {})},
                 **more}
        done = subprocess.run([BUILD / "write_event"], input=json.dumps(asked), capture_output=True, text=True,
                              timeout=60, check=True)
        return json.loads(done.stdout)

    def create(self, **content) -> dict:
        return self.call("create", content)

    def change(self, event: dict, *parts: str, **content) -> dict:
        return self.call("change", content, id=event.get("id", ""), parts={part: True for part in parts})

    def cancel(self, event: dict, **content) -> dict:
        return self.call("cancel", content, id=event.get("id", ""))

    def find(self, event: dict) -> dict:
        return self.call("find", id=event.get("id", ""))

    def mails(self) -> list[dict]:
        """Of each write that anybody was written to for."""
        return [one["mails"] for one in self.sandbox.writes(provider=self.provider) if one["mails"]]

    def alive(self) -> list[dict]:
        return [one for one in self.hand.events() if one.get("status") != "cancelled"]


class Google(Events):
    provider = "google"
    insert, patch = "events.insert", "events.patch"

    def __init__(self, sandbox: Sandbox, email: str = "avery@example.com") -> None:
        super().__init__(sandbox, email, flow.connect(sandbox, email)["access_token"], email)

    @staticmethod
    def title(event: dict) -> str:
        return event["summary"]

    @staticmethod
    def description(event: dict) -> str:
        return event["description"]

    def rename(self, event: dict, title: str) -> None:
        self.hand.change(event["id"], summary=title)


class Outlook(Events):
    provider = "outlook"
    insert, patch = "outlook.create", "outlook.patch"

    def __init__(self, sandbox: Sandbox, email: str = outlook_flow.AVERY) -> None:
        token = outlook_flow.connect(sandbox, email)["access_token"]
        listed = outlook_flow.requests.get(f"{sandbox.http['outlook']['api_url']}/me/calendars", timeout=20,
                                           headers={"Authorization": f"Bearer {token}"}).json()["value"]
        super().__init__(sandbox, email, token, next(one["id"] for one in listed if one["isDefaultCalendar"]))
        self.others = [one["id"] for one in listed if one["canEdit"] and not one["isDefaultCalendar"]]

    @staticmethod
    def title(event: dict) -> str:
        return event["subject"]

    @staticmethod
    def description(event: dict) -> str:
        return event["body"]["content"] if isinstance(event["body"], dict) else event["body"]

    def rename(self, event: dict, title: str) -> None:
        self.hand.change(event["id"], subject=title)
