"""Days pass, and the window of busy time moves on with them: for node and database by their own clocks."""

from __future__ import annotations

import collections
import tempfile
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from harness import clocks, places
from harness.busy_time import ACCOUNTS, READS
from harness.people import IAN, IVY
from harness.postgres import Cluster
from harness.process import wait_until
from harness.providers import APPLE
from harness.session import notice_of
from harness.site import prepare_template

DAYS = 54
PAST, FUTURE = timedelta(days=7), timedelta(days=181)
#: Further than the window and its margin ever reach in so many days.
FILLED = 300


@pytest.fixture
def clock(folder):
    place = Path(tempfile.mkdtemp(prefix="clock-", dir=folder))
    place.chmod(0o755)
    return clocks.MovingClock(place / "ahead")


@pytest.fixture
def aging(clock, make_site):
    """A site whose node and database go by that clock."""
    cluster = Cluster(clock.path.parent / "postgres", environment=places.clock(clock.path)).create().start()
    site = make_site(start=False, cluster=cluster, template=prepare_template(cluster))
    site.add_node(port=site.port, clock_ahead=clock.path, CalIntWorker="on",
                  CalIntDatabaseListen=f'"{cluster.conninfo(site.database)}"')
    site.register()
    yield site
    site.stop()
    cluster.stop(immediate=True)


class Diary:
    """A calendar with an event on each day and a series, and what it should say, in UTC."""

    def __init__(self, calendar, begins: date) -> None:
        self.calendar, self.begins = calendar, begins
        calendar.fill(FILLED, first=f"{begins}T08:00:00", every=24 * 60, length=60, time_zone="UTC")
        self.series = calendar.add(self.at(0, 10), self.at(0, 11), repeat="FREQ=WEEKLY", time_zone="UTC")
        self.times = {self.span(day, 8, 9) for day in range(FILLED)} | {
            self.span(day, 10, 11) for day in range(0, FILLED, 7)}

    def at(self, day: int, hour: int) -> str:
        return f"{self.begins + timedelta(days=day)}T{hour:02d}:00:00"

    def span(self, day: int, begin: int, end: int) -> tuple[datetime, datetime]:
        return tuple(datetime.fromisoformat(self.at(day, hour)).replace(tzinfo=timezone.utc) for hour in (begin, end))

    def add(self, day: int, hour: int) -> str:
        self.times.add(self.span(day, hour, hour + 1))
        return self.calendar.add(self.at(day, hour), self.at(day, hour + 1), time_zone="UTC")

    def remove(self, name: str, day: int, hour: int) -> None:
        self.times.remove(self.span(day, hour, hour + 1))
        self.calendar.remove(name)

    def move_occurrence(self, day: int, to: int, hour: int) -> None:
        self.times.remove(self.span(day, 10, 11))
        self.times.add(self.span(to, hour, hour + 1))
        self.calendar.set_occurrence(self.series, self.at(day, 10), self.at(to, hour), self.at(to, hour + 1))


class Reader:
    """Somebody whose diary is read."""

    def __init__(self, site, sandbox, person, provider: str) -> None:
        self.site, self.person, self.provider = site, person, provider
        shelf = "icloud" if provider == "apple" else provider
        self.diary = Diary(sandbox.calendar(shelf, ACCOUNTS[provider]), date.today())
        browser = site.client(person)
        answer = (browser.type_password(APPLE.email, APPLE.client_secret) if provider == "apple" else
                  browser.connect(sandbox, ACCOUNTS[provider], provider=provider))
        assert notice_of(answer) == "connected"

    def sync(self) -> dict:
        return self.site.row("SELECT s.* FROM calendar_syncs s JOIN calendar_integrations i ON i.id = s.integration_id"
                             " WHERE user_id = %s ORDER BY s.id LIMIT 1", self.person.id)

    def check(self, day: int) -> None:
        """What is kept on that day is known, and as the diary has it."""
        sync = self.sync()
        today = self.site.row("SELECT date_trunc('day', now(), 'UTC') AS today")["today"]
        low, high = today - PAST, today + FUTURE
        assert sync["known_from"] <= low and sync["known_until"] >= high, f"{self.provider}, day {day}"
        stored = {(row["starts_at"], row["ends_at"]) for row in self.site.rows(
            "SELECT starts_at, ends_at FROM calendar_busy_intervals WHERE sync_id = %s AND ends_at > %s"
            " AND starts_at < %s", sync["id"], low, high)}
        wanted = {span for span in self.diary.times if span[1] > low and span[0] < high}
        assert stored == wanted, f"{self.provider}, day {day}: {stored ^ wanted}"


def nothing_is_due(site) -> bool:
    return not site.rows("SELECT 1 FROM calendar_jobs WHERE given_up_at IS NULL AND (lease_until IS NOT NULL"
                         " OR due_at <= now())")


def tick_second(site, person, browser) -> None:
    form = browser.page().form("Save calendars")
    form.box("Interviews").ticked = True
    clocks.least_pauses_over(site)
    assert notice_of(browser.submit(form)) == "saved"


def full_reads(site) -> dict[int, datetime]:
    """When each of Outlook's calendars was read as a whole last."""
    return {row["id"]: row["full_read_at"] for row in site.rows(
        "SELECT s.id, full_read_at FROM calendar_syncs s JOIN calendar_integrations i ON i.id = s.integration_id"
        " WHERE provider = 'outlook'")}


def reads(sandbox) -> collections.Counter:
    """How each provider was asked: from a cursor on, or for everything."""
    details = sandbox.state()["details"]
    return collections.Counter({(provider, kind): details.get(f"{call}.{kind}", 0)
                                for provider, call in READS.items() for kind in ("cursor", "full")})


def change(diary: Diary, day: int) -> None:
    """What an owner does that evening, behind window and margin."""
    if day == 10:
        diary.late = diary.add(232, 12)
    elif day == 15:
        diary.move_occurrence(231, 230, 16)
    elif day == 20:
        diary.remove(diary.late, 232, 12)
        diary.add(233, 14)


def test_the_window_moves_on_day_by_day_and_nothing_enters_it_unseen(aging, clock, sandbox):
    site = aging
    (ann,) = site.add_crowd(1)
    readers = {provider: Reader(site, sandbox, person, provider)
               for provider, person in (("google", IVY), ("outlook", IAN), ("apple", ann))}
    tick_second(site, IAN, site.client(IAN))
    wait_until(lambda: nothing_is_due(site) and site.row(
        "SELECT count(last_synced_at) AS n FROM calendar_syncs")["n"] == 4, "the first reads", 60)
    # Among them is a look at the account's list, which would have calendars read once more.
    site.execute("UPDATE calendar_chores SET due_at = now() + interval '1 year'")
    for reader in readers.values():
        reader.check(0)
    before, got, anew, read_at = reads(sandbox), sandbox.requests("icloud.multiget"), {}, full_reads(site)
    # The first of Outlook's calendars to be read anew waits for its answer, the next one has none that day.
    sandbox.fault("outlook.delta", "hold", when="after", cursor="without", page="first")
    sandbox.fault("outlook.delta", "status", cursor="without", page="first", skip=1)
    site.log.expect("CALINT0229")
    held = 0
    for day in range(1, DAYS + 1):
        for reader in readers.values():
            change(reader.diary, day)
        clock.move(timedelta(days=day))
        site.execute("NOTIFY calint_jobs")
        wait_until(lambda: nothing_is_due(site) or sandbox.held(), f"the looks of day {day}", 30, 0.02)
        if sandbox.held():
            held += 1
            readers["outlook"].check(day)
            sandbox.release()
            wait_until(lambda: nothing_is_due(site), f"the looks of day {day}", 30, 0.02)
        for reader in readers.values():
            reader.check(day)
        for name, moment in full_reads(site).items():
            if moment != read_at[name]:
                anew.setdefault(name, []).append(day)
        read_at = full_reads(site)

    assert held == 1
    asked = reads(sandbox) - before
    assert asked["google", "cursor"] == DAYS and not asked["google", "full"], "the window asks nobody"
    assert asked["apple", "full"] == DAYS and not asked["apple", "cursor"], "a comparison a day"
    assert sandbox.requests("icloud.multiget") == got + 3, "what changed, and nothing else"
    assert asked["outlook", "cursor"] + asked["outlook", "full"] == 2 * DAYS
    assert asked["outlook", "full"] == 5, "each calendar twice, and one answer that failed"
    first, second = anew.values()
    assert len(first) == len(second) == 2 and not set(first) & set(second), "each on days of its own"
