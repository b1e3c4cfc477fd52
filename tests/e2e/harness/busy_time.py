"""People whose calendars are read, and what the database then has of their time."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from harness import clocks
from harness.people import IVY
from harness.process import wait_until
from harness.providers import APPLE
from harness.session import notice_of

#: A Tuesday in three weeks or so; calendars of the sandbox are in Berlin's time, which has no change of clocks near it.
TUESDAY = date.today() + timedelta(days=21 + (1 - date.today().weekday()) % 7)
ACCOUNTS = {"google": "avery@example.com", "outlook": "avery@contoso.example", "apple": APPLE.email}
#: The call that reads, and how it says that the calendar isn't there.
READS = {"google": "events.list", "outlook": "outlook.delta", "apple": "icloud.sync"}
LISTS = {"google": "calendarList", "outlook": "outlook.calendars", "apple": "icloud.home"}
GONE = {"google": {"error": "notFound"}, "outlook": {"error": "ErrorItemNotFound", "status": 404},
        "apple": {"error": "404"}}
#: Those whose answers have links or tokens of pages, and tokens that expire.
OAUTH = pytest.mark.parametrize("person", ["google", "outlook"], indirect=True)


def at(hour: int, day: int = 0) -> str:
    """On the wall, so many days after that Tuesday."""
    return (datetime.combine(TUESDAY, datetime.min.time()) + timedelta(days=day, hours=hour)).isoformat()


def utc(text: str) -> str:
    """The same moment as the database has it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(timezone.utc).strftime(
        "%Y-%m-%d %H:%M")


def hours(*spans: tuple[int, int, int]) -> list[tuple[str, str]]:
    """Intervals of (day, from, to)."""
    return sorted((utc(at(begin, day)), utc(at(end, day))) for day, begin, end in spans)


class Person:
    """Ivy, connected to a provider, and her calendar in the test's hand."""

    def __init__(self, site, sandbox, provider: str) -> None:
        self.site, self.sandbox, self.provider = site, sandbox, provider
        shelf = "icloud" if provider == "apple" else provider
        self.calendar, self.reads = sandbox.calendar(shelf, ACCOUNTS[provider]), READS[provider]
        self.browser = site.client(IVY)

    def connect(self) -> "Person":
        if self.provider == "apple":
            answer = self.browser.type_password(APPLE.email, APPLE.client_secret)
        else:
            answer = self.browser.connect(self.sandbox, ACCOUNTS[self.provider], provider=self.provider)
        assert notice_of(answer) == "connected"
        return self

    def busy(self) -> list[tuple[str, str]]:
        return [(row["a"], row["b"]) for row in self.site.rows(
            "SELECT to_char(starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS a,"
            " to_char(ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS b"
            " FROM calendar_busy_intervals ORDER BY 1, 2")]

    def sync(self) -> dict:
        """How far the one ticked calendar was read."""
        return self.site.row("SELECT * FROM calendar_syncs")

    def read_again(self, seconds: float = 15) -> None:
        """Asks for a look and waits for its end, whatever it brings."""
        (before,) = self.site.jobs("sync")
        assert before["lease_owner"] is None
        self.site.execute("UPDATE calendar_jobs SET due_at = now(), retry_at = NULL WHERE kind = 'sync'")

        def is_over() -> bool:
            (job,) = self.site.jobs("sync")
            return job["lease_owner"] is None and job["due_at"] > datetime.now(timezone.utc)

        wait_until(is_over, "a look at the calendar", seconds)

    def expect(self, *spans, seconds: float = 15) -> None:
        wait_until(lambda: self.busy() == hours(*spans), f"busy time {hours(*spans)}", seconds)

    def changes(self) -> int:
        return self.site.row("SELECT count(*) AS n FROM calendar_changes WHERE change = 'availability_changed'")["n"]


def two_calendars(person) -> tuple:
    """Connected, with a second calendar ticked, which is in the test's hand as well."""
    person.connect()
    form = person.browser.page().form("Save calendars")
    second = form.box("Hiring" if person.provider == "apple" else "Interviews")
    second.ticked = True
    clocks.least_pauses_over(person.site)
    assert notice_of(person.browser.submit(form)) == "saved"
    wait_until(lambda: person.site.row("SELECT count(last_synced_at) AS n FROM calendar_syncs")["n"] == 2, "both")
    name, shelf = second.value, person.provider
    if shelf == "apple":
        name, shelf = name.rstrip("/").rsplit("/", 1)[1], "icloud"
    return second.value, person.sandbox.calendar(shelf, ACCOUNTS[person.provider], name)


def read_all(person, where: str = "true") -> None:
    """A look at each, in the order of chance; at Apple one after the other."""
    site = person.site
    due = {row["subject"] for row in site.rows(f"SELECT subject FROM calendar_jobs WHERE kind = 'sync' AND {where}")}

    def looks() -> dict:
        return {row["calendar_id"]: (row["last_synced_at"], row["tried_at"])
                for row in site.rows("SELECT * FROM calendar_syncs") if row["calendar_id"] in due}

    before = looks()
    site.execute(f"UPDATE calendar_jobs SET due_at = now(), retry_at = NULL WHERE kind = 'sync' AND {where}")
    wait_until(lambda: all(job["lease_owner"] is None for job in site.jobs("sync"))
               and all(look != before[calendar] for calendar, look in looks().items()), "a look at the calendars")
