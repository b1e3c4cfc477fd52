"""The providers, for tests that are the same for each."""

from __future__ import annotations

from dataclasses import dataclass

from .site import CLIENT_SECRET, OUTLOOK_CLIENT_SECRET

from icloud_client import AVERY, AVERY_PASSWORD  # noqa: E402  (tests/sandbox, found by way of harness.places)


@dataclass(frozen=True)
class Provider:
    id: str
    name: str
    email: str          # of somebody who has an account there
    client_secret: str  # at Apple the user's own app-specific password
    token: str          # the sandbox's endpoints: where a connection begins
    calendars: str
    authorize: str = ""

    def refreshes(self, sandbox) -> int:
        """How often the sandbox was asked for new tokens."""
        return sandbox.state()["details"].get(f"{self.token}.refresh_token", 0)

    @property
    def other(self) -> Provider:
        return OUTLOOK if self is GOOGLE else GOOGLE


GOOGLE = Provider("google", "Google Calendar", "avery@example.com", CLIENT_SECRET, "token", "calendarList",
                  "authorize")
OUTLOOK = Provider("outlook", "Microsoft Outlook", "avery@contoso.example", OUTLOOK_CLIENT_SECRET, "outlook.token",
                   "outlook.calendars", "outlook.authorize")
#: Has no OAuth: what is the same for each provider of PROVIDERS isn't for it.
APPLE = Provider("apple", "Apple Calendar", AVERY, AVERY_PASSWORD, "icloud.entry", "icloud.home")
PROVIDERS = (GOOGLE, OUTLOOK)
