"""The part of the control API that is iCloud's: accounts, app-specific passwords, and what came to its hosts."""

from __future__ import annotations

AVERY, AVERY_PASSWORD = "avery@icloud.example", "khzt-wmqe-ravo-plix"
SAM, SAM_PASSWORD = "sam@icloud.example", "bogu-tynd-cleh-marw"


class IcloudClient:
    def __init__(self, sandbox) -> None:
        self._sandbox = sandbox

    def _call(self, path: str, **wishes) -> dict:
        return self._sandbox.control("POST", f"icloud/{path}", wishes)

    def account(self, apple_id: str = AVERY) -> dict:
        return self._call("account", apple_id=apple_id)

    def put_account(self, apple_id: str = AVERY, **members) -> dict:
        """`calendars` is a number or a list; see the README."""
        return self._call("accounts", apple_id=apple_id, **members)

    def put_calendar(self, calendar_id: str, apple_id: str = AVERY, **members) -> dict:
        """Adds a calendar, or changes the members given."""
        return self._call("calendars", apple_id=apple_id, id=calendar_id, **members)

    def remove_calendar(self, calendar_id: str, apple_id: str = AVERY) -> dict:
        return self._call("calendars", apple_id=apple_id, id=calendar_id, gone=True)

    def make_password(self, apple_id: str = AVERY, label: str = "mod_calint", **text: str) -> str:
        """An app-specific password; one of the same label ends."""
        return self._call("passwords", apple_id=apple_id, label=label, **text)["password"]

    def revoke_passwords(self, apple_id: str = AVERY, label: str | None = None) -> int:
        """The user revokes one app-specific password, or all; how many ended."""
        return self._call("revoke-passwords", apple_id=apple_id, label=label)["revoked"]

    def requests(self, host: str | None = None) -> list[dict]:
        """What came to the hosts (or to one), the oldest first."""
        return self._call("requests", host=host)["requests"]

    def hosts_with_credentials(self) -> set[str]:
        """The hosts that ever got an Authorization header."""
        return {one["host"] for one in self.requests() if one["authorization"] != "none"}
