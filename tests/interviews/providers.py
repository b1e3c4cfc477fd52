"""Where test_written_events.py and test_apple_objects.py write: a calendar of the sandbox, and the program that calls our Events there."""

from __future__ import annotations

import html
import json
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("CALINT_BUILD", ROOT / "build"))
sys.path.insert(0, str(ROOT / "tests" / "sandbox"))

import icalendar  # noqa: E402

import flow  # noqa: E402
import icloud_client  # noqa: E402
import outlook_flow  # noqa: E402
from client import Sandbox  # noqa: E402

JANE, SAM = "jane@candidate.test", "sam@elsewhere.test"
CONTENT = {"title": "Interview: Jane Doe", "description": "Panel", "location": "Room 4",
           "start": "2027-01-21T09:00:00Z", "end": "2027-01-21T10:00:00Z", "zone": "Europe/Berlin",
           "guests": [{"email": JANE, "name": "Jane"}], "reminder": 15}


def shown(markup: str) -> str:
    """What a person sees of HTML."""
    text = re.sub(r"<head>.*?</head>|\r\n", "", markup, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", "", text.replace("<br>", "\n"))).replace("\xa0", " ")


class Events:
    """Of one calendar, the account's main one. `dialect` is what the sandbox calls the provider."""

    provider = dialect = ""
    memory = ""

    def __init__(self, sandbox: Sandbox, email: str, token: str, calendar: str) -> None:
        self.sandbox, self.email, self.token, self.calendar = sandbox, email, token, calendar
        self.renew()
        self.dialect = self.dialect or self.provider
        self.hand = sandbox.calendar(self.dialect, email)
        self.api_url = sandbox.http[self.dialect]["api_url"]

    def renew(self) -> None:
        """Another interview is meant from now on."""
        self.key = secrets.token_hex(16)

    def call(self, name: str, content: dict | None = None, **more) -> dict:
        asked = {"provider": self.provider, "api_url": self.api_url, "token": self.token, "account": self.email,
                 "memory": self.memory, "calendar": self.calendar, "key": self.key, "call": name,
                 "content": {**CONTENT, **(content or {})}, **more}
        done = subprocess.run([BUILD / "write_event"], input=json.dumps(asked), capture_output=True, text=True,
                              timeout=60, check=True)
        return json.loads(done.stdout)

    def create(self, is_repeated=False, **content) -> dict:
        return self.call("create", content, is_repeated=is_repeated)

    def change(self, event: dict, *parts: str, **content) -> dict:
        return self.call("change", content, id=event.get("id", ""), parts={part: True for part in parts})

    def cancel(self, event: dict, **content) -> dict:
        return self.call("cancel", content, id=event.get("id", ""))

    def find(self, event: dict, **elsewhere) -> dict:
        return self.call("find", id=event.get("id", ""), **elsewhere)

    def mails(self) -> list[dict]:
        """Of each write that anybody was written to for."""
        return [one["mails"] for one in self.sandbox.writes(provider=self.dialect) if one["mails"]]

    def alive(self) -> list[dict]:
        return [one for one in self.hand.events() if one.get("status") != "cancelled"]

    def shown(self, event: dict) -> str:
        """The description as a person sees it."""
        return shown(self.description(event))


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


class Apple(Events):
    provider, dialect = "apple", "icloud"
    insert = patch = "icloud.put"
    home = "/1234567890/calendars/"
    other = "5E7A0000-1111-4222-8333-444455556666"

    def __init__(self, sandbox: Sandbox, email: str = icloud_client.AVERY) -> None:
        super().__init__(sandbox, email, icloud_client.AVERY_PASSWORD, f"{self.home}personal/")
        self.hand = sandbox.calendar("icloud", email, "personal")
        self.memory = f"{sandbox.http['icloud']['p42']}{self.home} {email} /1234567890/principal/ urn:uuid:1234567890"

    def alive(self) -> list[dict]:
        return [one for item in self.hand.events()
                for one in icalendar.Calendar.from_ical(item["text"]).walk("VEVENT")]

    @staticmethod
    def title(event: dict) -> str:
        return str(event["SUMMARY"])

    @staticmethod
    def description(event: dict) -> str:
        return str(event["DESCRIPTION"])

    @staticmethod
    def shown(event: dict) -> str:
        return str(event["DESCRIPTION"])

    def rename(self, event: dict, title: str) -> None:
        self.hand.change(event["id"], SUMMARY=title)
