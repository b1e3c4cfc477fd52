"""Many connections whose tokens are refreshed in the background, each of an account of its own, of which no calendar is
read; and what became of each at the provider and in the database."""

from __future__ import annotations

import collections
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from . import clocks
from .people import add_people, crowd
from .process import wait_until
from .session import notice_of

REFRESHABLE = "i.active AND i.status <> 'expired' AND starts_with(i.account, 'fleet')"
CONNECTING_AT_ONCE = 2


class Fleet:
    """Connected by way of the site's first node; `organizations` take turns, or say whose each one is."""

    def __init__(self, site, sandbox, size: int, organizations: list[str] = ("1",)) -> None:
        self.site, self.sandbox, self.size = site, sandbox, size
        self.people = [replace(person, organization=organizations[number % len(organizations)])
                       for number, person in enumerate(crowd(size))]
        add_people(site, self.people)
        for node in site.nodes:
            node.know(person.login for person in self.people)
        sandbox.auto_approve("fleet{n}@example.com")
        with ThreadPoolExecutor(CONNECTING_AT_ONCE) as several:
            assert set(several.map(self._connect, self.people)) == {"connected"}
        sandbox.auto_approve(None)
        # What reads a calendar would refresh its token, too.
        site.read_no_calendar()
        assert len(self.refreshes()) == size

    def _connect(self, person) -> str:
        return notice_of(self.site.client(person).connect(self.sandbox, email=None))

    # What is due

    def make_due(self) -> None:
        """The access tokens have expired, and their refreshes are due, in an order of chance."""
        clocks.refreshes_expired_and_due(self.site, REFRESHABLE)

    def hasten(self) -> None:
        """What was put off, and nobody has, is due now."""
        clocks.refreshes_waited(self.site)

    def free_leases(self) -> None:
        """As if the leases of the dead were over. Nobody may be at work."""
        clocks.refresh_leases_over(self.site)
        self.hasten()

    def outdated(self) -> int:
        """How many have tokens that expired, and no end."""
        return self.site.row("SELECT count(*) AS n FROM calendar_integrations i"
                             f" WHERE {REFRESHABLE} AND token_expires_at < now()")["n"]

    def done(self) -> int:
        return self.size - self.outdated()

    def wait_until_done(self, seconds: float, hastened: bool = False) -> None:
        """Until none has expired tokens, and no refresh is under way; without the waits between attempts where
        `hastened`."""

        def is_done():
            if hastened:
                self.hasten()
            return not self.outdated() and not self.site.rows("SELECT FROM calendar_jobs WHERE lease_until > now()")

        wait_until(is_done, "the refreshes", seconds, pause=0.2)

    # What became of them

    def rows(self) -> dict[str, dict]:
        """The integrations by account."""
        return {row["account"]: row for row in self.site.rows(
            "SELECT i.*, attempts FROM calendar_integrations i LEFT JOIN calendar_jobs j ON j.integration_id = i.id"
            " AND kind = 'refresh' WHERE starts_with(account, 'fleet') ORDER BY i.id")}

    def with_status(self, status: str) -> set[str]:
        return {account for account, row in self.rows().items() if row["status"] == status}

    def refreshes(self) -> dict[str, int]:
        """How often the provider gave an account's grant new tokens."""
        return {grant["account"]: grant["refreshes"] for grant in self.sandbox.state()["grants"]
                if grant["account"].startswith("fleet")}

    def requests(self) -> int:
        """How many refreshes the provider was asked for."""
        return self.sandbox.state()["details"].get("token.refresh_token", 0)

    def check_expired(self, expired: set[str], reason: str = "access_withdrawn") -> None:
        """Exactly these are `expired`: with a reason, a row of audit that names it, and a row for the ATS."""
        rows = {account: row for account, row in self.rows().items() if row["status"] == "expired"}
        assert set(rows) == expired and all(row["last_error"] == reason for row in rows.values())
        audited = [(str(entry["auditable_id"]), entry["metadata"]["reason"]) for entry in self.site.audit("expired")]
        assert sorted(audited) == sorted((str(row["id"]), reason) for row in rows.values())
        told = self.site.rows("SELECT integration_id FROM calendar_changes WHERE change = 'expired'")
        assert sorted(row["integration_id"] for row in told) == sorted(row["id"] for row in rows.values())

    def check_use(self, seconds: float, times_before: int = 1) -> set[str]:
        """Every connection that isn't expired has the tokens of its last refresh: the next one, with the refresh token
        that is stored, works, once, at a provider where each refresh ends the token before. Returns their accounts."""
        assert self.sandbox.state()["mode"]["rotate"]
        good = self.with_status("connected")
        assert good | self.with_status("expired") == set(self.rows())
        asked, before = self.requests(), self.refreshes()
        assert {before[account] for account in good} == {times_before}
        self.make_due()
        self.wait_until_done(seconds)
        after = self.refreshes()
        assert collections.Counter(after[account] - before[account] for account in good) == {1: len(good)}
        assert self.with_status("connected") == good
        assert self.requests() - asked == len(good)
        return good
