"""The providers, for tests that are the same for each."""

from __future__ import annotations

from dataclasses import dataclass

from .site import CLIENT_SECRET, OUTLOOK_CLIENT_SECRET


@dataclass(frozen=True)
class Provider:
    id: str
    name: str
    email: str          # of somebody who has an account there
    client_secret: str
    token: str          # the sandbox's endpoints
    calendars: str

    @property
    def other(self) -> Provider:
        return OUTLOOK if self is GOOGLE else GOOGLE


GOOGLE = Provider("google", "Google Calendar", "avery@example.com", CLIENT_SECRET, "token", "calendarList")
OUTLOOK = Provider("outlook", "Microsoft Outlook", "avery@contoso.example", OUTLOOK_CLIENT_SECRET, "outlook.token",
                   "outlook.calendars")
PROVIDERS = (GOOGLE, OUTLOOK)
