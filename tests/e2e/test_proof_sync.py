"""Calendars that change all the time, whose reads are cut off, refused and killed: what the database has of them in the
end is what a fresh read of everything finds. And two nodes read each change once."""

from __future__ import annotations

import collections
import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests

from harness import children, clocks
from harness.busy_time import ACCOUNTS, READS, TUESDAY
from harness.httpd_config import Config
from harness.page import Page
from harness.paths import SETTINGS
from harness.people import IAN, IVY
from harness.process import wait_until
from harness.providers import APPLE
from harness.session import notice_of
from harness.soak import Owner

SEED = int(os.environ.get("CALINT_SEED") or random.SystemRandom().randrange(1_000_000))
SECOND = {"google": "Interviews", "outlook": "Interviews", "apple": "Hiring"}
LOUD = ("CALINT0229", "CALINT0232", "CALINT0214", "CALINT02[0-3][0-9]", "CALINT0205", "CALINT0208", "CALINT0220")

#: What goes wrong with the call that reads, and with others on the way; each at most once or twice in a row.
CUT = [("status", {"status": 500, "page": "later"}), ("status", {"status": 503}), ("reset", {}),
       ("reset", {"when": "after"}), ("html", {}), ("rate_limit", {"retry_after": "1"})]
LATE = [("short_page", {"items": 0}), ("short_page", {"items": 1}), ("short_page", {"items": 2})]
FAULTS = {
    "google": [*((READS["google"], *one) for one in CUT + LATE),
               (READS["google"], "malformed_json", {}), (READS["google"], "no_cursor", {}),
               (READS["google"], "next_link", {"link": "loop"}),
               (READS["google"], "error", {"error": "fullSyncRequired", "cursor": "with"}),
               ("token", "status", {"status": 503})],
    "outlook": [*((READS["outlook"], *one) for one in CUT + LATE),
                (READS["outlook"], "malformed_json", {}), (READS["outlook"], "no_cursor", {}),
                (READS["outlook"], "next_link", {"link": "loop"}),
                (READS["outlook"], "error", {"error": "SyncStateNotFound", "status": 410, "cursor": "with"}),
                (READS["outlook"], "error", {"error": "resyncRequired", "status": 410, "cursor": "with"}),
                ("outlook.token", "status", {"status": 503}), ("outlook.event", "status", {"status": 503})],
    "apple": [*((READS["apple"], *one) for one in CUT),
              (READS["apple"], "xml", {"shape": "cut"}),
              *((READS["apple"], "error", {"error": code, "cursor": "with"}) for code in ("410", "412", "507")),
              ("icloud.multiget", "status", {"status": 500}), ("icloud.multiget", "reset", {"when": "after"}),
              ("icloud.multiget", "inside", {"status": 503, "of": "first"}),
              ("icloud.multiget", "inside", {"status": 503, "of": "objects"}),
              ("icloud.multiget", "xml", {"shape": "cut"})]}


class Soaked:
    """A person at a provider whose calendars change, and whose connection ends and begins again."""

    def __init__(self, site, sandbox, person, provider: str) -> None:
        self.site, self.sandbox, self.person, self.provider = site, sandbox, person, provider
        self.browser = site.client(person)
        self.chance = random.Random(f"{SEED}/{provider}")
        self.owner: Owner | None = None
        self.counted: collections.Counter[str] = collections.Counter()

    def persist(self, act, what: str) -> None:
        """Again and again, as whoever serves it may be killed."""
        def done() -> bool:
            try:
                return bool(act())
            except requests.exceptions.RequestException:
                return False
        try:
            wait_until(done, what, 60, 0.2)
        except AssertionError as late:
            raise AssertionError(f"{self.provider}: {late}: {self._status()}, {self.site.jobs('validate')}") from late

    def _status(self) -> str | None:
        found = self.site.rows("SELECT status FROM calendar_integrations WHERE active AND user_id = %s", self.person.id)
        return found[0]["status"] if found else None

    def _connect(self) -> bool:
        make_due(self.site)
        if self._status() in (None, "expired"):
            clocks.least_pauses_over(self.site)
            if self.provider == "apple":
                clocks.passwords_were_tried(self.site, "1 hour")
                self.browser.type_password(APPLE.email, APPLE.client_secret)
            else:
                self.browser.connect(self.sandbox, ACCOUNTS[self.provider], provider=self.provider)
        return self._status() == "connected"

    def _tick(self) -> bool:
        """Both calendars are read; `calendars` knows them from the first time on."""
        page = Page(self.browser.get(SETTINGS).text)
        if not page.has_button("Save calendars"):
            return False
        form = page.form("Save calendars")
        second = form.box(SECOND[self.provider])
        if not second.ticked:
            second.ticked = True
            self.browser.submit(form)
        if self.owner is None:
            name = second.value.rstrip("/").rsplit("/", 1)[1] if self.provider == "apple" else second.value
            shelf = "icloud" if self.provider == "apple" else self.provider
            calendars = [self.sandbox.calendar(shelf, ACCOUNTS[self.provider], one) for one in (None, name)]
            self.owner = Owner(self.provider, calendars, self.chance)
        return len(self.syncs()) == 2

    def syncs(self) -> list[dict]:
        return self.site.rows("SELECT s.* FROM calendar_syncs s JOIN calendar_integrations i ON i.id = s.integration_id"
                              " WHERE i.active AND i.user_id = %s", self.person.id)

    def connect(self) -> "Soaked":
        self.persist(self._connect, "to connect")
        self.persist(self._tick, "both calendars")
        return self

    def _disconnect(self) -> bool:
        if self._status() is not None:
            self.browser.disconnect()
        return self._status() is None

    def reconnect(self) -> None:
        self.persist(self._disconnect, "to disconnect")
        self.connect()

    def live(self, changes: int, pause: float) -> None:
        """So many changes, and what comes in between."""
        for _ in range(changes):
            self.owner.change()
            time.sleep(self.chance.uniform(0, pause))
            if self.chance.random() < 0.3:
                make_due(self.site)
            if self.chance.random() < 0.1:
                endpoint, kind, params = self.chance.choice(FAULTS[self.provider])
                self.sandbox.fault(endpoint, kind, count=self.chance.choice((1, 1, 2)), **params)
                self.counted["faults"] += 1
            if self.chance.random() < 0.02:
                self.chance.choice(self.owner.calendars).expire_cursors()
                self.counted["refused cursors"] += 1
            if self.chance.random() < 0.01 and self.provider != "apple":
                self.sandbox.expire_access_tokens(ACCOUNTS[self.provider])
            if self.chance.random() < 0.01:
                self.reconnect()
                self.counted["reconnects"] += 1

    def busy(self) -> dict[str, list[tuple]]:
        """By calendar."""
        found = {row["calendar_id"]: [] for row in self.syncs()}
        for row in self.site.rows(
                "SELECT calendar_id, kind, starts_at, ends_at FROM calendar_busy_intervals b JOIN calendar_syncs s"
                " ON s.id = b.sync_id WHERE s.integration_id IN (SELECT id FROM calendar_integrations WHERE active"
                " AND user_id = %s) ORDER BY starts_at, ends_at, kind", self.person.id):
            found[row["calendar_id"]].append((row["kind"], str(row["starts_at"]), str(row["ends_at"])))
        return found


def make_due(site) -> None:
    """As if the time of each job had come that waits."""
    site.execute("UPDATE calendar_jobs SET due_at = now(), retry_at = NULL WHERE kind IN ('sync', 'validate')"
                 " AND (lease_until IS NULL OR lease_until < now()); NOTIFY calint_jobs")


def leases_of_the_dead_are_over(site) -> None:
    """And those of the living, which find that somebody else has their calendar."""
    site.execute("UPDATE calendar_jobs SET lease_until = now() WHERE kind IN ('sync', 'validate')"
                 " AND lease_until > now()")


def start_nodes(site) -> None:
    listen = f'"{site.cluster.conninfo(site.database)}"'
    site.start(Config(extra=children.TWO), CalIntWorker="on", CalIntDatabaseListen=listen)
    site.add_node(Config(extra=children.TWO), CalIntWorker="on", CalIntDatabaseListen=listen)
    wait_until(lambda: all(map(children.at_work, site.nodes)), "the workers")


def limits_are_off(sandbox) -> None:
    sandbox.mode(google_per_minute=0, outlook_per_ten_minutes=0, outlook_at_once=0)


def all_read(site) -> bool:
    """Each ticked calendar was looked at since; what was owed came."""
    make_due(site)
    return not site.rows("SELECT 1 FROM calendar_syncs WHERE trouble IS NOT NULL OR last_synced_at IS NULL"
                         " OR last_synced_at < %s", site.since)


def settle(site, seconds: float = 60) -> None:
    leases_of_the_dead_are_over(site)
    site.since = site.row("SELECT clock_timestamp() AS now")["now"]
    wait_until(lambda: all_read(site), "all to be read", seconds, 0.3)


def kill_workers(site, chance: random.Random, over, pause: float) -> int:
    """Those that work, one after the other, until all changes were made."""
    kills = 0
    while not over():
        time.sleep(chance.uniform(0, pause))
        node = chance.choice(site.nodes)
        pid = children.at_work(node)
        if pid and not over():
            kills += children.kill(node, pid)
            time.sleep(chance.uniform(0, 0.5))
            leases_of_the_dead_are_over(site)
    return kills


def forget_what_series_say(site) -> None:
    """As if the window had to move on, with no interval that a stored series could give."""
    site.execute("UPDATE calendar_syncs SET known_from = known_from - interval '28 days',"
                 " known_until = known_until - interval '28 days'")
    site.execute("DELETE FROM calendar_busy_intervals b USING calendar_series s WHERE body IS NOT NULL"
                 " AND (b.organization_id, b.sync_id, b.series_key) = (s.organization_id, s.sync_id, s.series_key)")


def assert_same(one: Soaked, other: Soaked) -> None:
    ours, theirs = one.busy(), other.busy()
    assert ours.keys() == theirs.keys() and len(ours) == 2
    for calendar, intervals in theirs.items():
        stale, missing = sorted(set(ours[calendar]) - set(intervals)), sorted(set(intervals) - set(ours[calendar]))
        assert ours[calendar] == intervals, (
            f"{one.provider}, {calendar}: {stale} too much, {missing} missing, CALINT_SEED={SEED}")


@pytest.fixture
def two_sites(make_site, sandbox):
    """The one that lives through all of it, and one that comes afterwards."""
    print(f"CALINT_SEED={SEED}")
    site, fresh = make_site(start=False), make_site(start=False)
    start_nodes(site)
    limits_are_off(sandbox)
    for node in site.nodes:
        node.log.allow_kills()
        node.log.allow(*LOUD)
    return site, fresh


def test_what_is_stored_is_what_a_fresh_read_finds(two_sites, sandbox, proof):
    site, fresh = two_sites
    changes, pause = proof.size((300, 0.12), (10_000, 0.05))
    (ann,) = site.add_crowd(1)
    people = {"google": IVY, "outlook": IAN, "apple": ann}
    all_of_them = [Soaked(site, sandbox, person, provider).connect() for provider, person in people.items()]
    settle(site)
    sandbox.mode(icloud_page=7)
    with ThreadPoolExecutor(len(all_of_them)) as pool:
        lives = [pool.submit(one.live, changes, pause) for one in all_of_them]
        kills = kill_workers(site, random.Random(SEED), lambda: all(life.done() for life in lives),
                             proof.size(8, 20))
        for life in lives:
            life.result()
    sandbox.clear_faults()
    settle(site)
    looks = sum(len(node.log.with_tag("CALINT0230")) for node in site.nodes)
    sandbox.mode(icloud_page=0)
    fresh.start(CalIntWorker="on")
    fresh.add_crowd(1)
    others = [Soaked(fresh, sandbox, one.person, one.provider).connect() for one in all_of_them]
    settle(fresh)
    for one, other in zip(all_of_them, others):
        assert_same(one, other)
    for each in site, fresh:
        forget_what_series_say(each)
    for each in site, fresh:
        settle(each)
    for one, other in zip(all_of_them, others):
        assert_same(one, other)
    said = "; ".join(f"{one.provider}: {sum(map(len, one.busy().values()))} intervals after " + ", ".join(
        f"{number} {what}" for what, number in one.counted.items()) for one in all_of_them)
    proof.figure(f"seed {SEED}: {changes} changes at each provider, {kills} kills of the working child, {looks} reads "
                 f"that brought something ({said}): the same as a fresh read finds, and once more from the series that "
                 "are stored")


# Two nodes

#: What one look asks that finds something.
CALLS = {"google": ("events.list",), "outlook": ("outlook.delta",), "apple": ("icloud.sync", "icloud.multiget")}


class Crowd:
    """People of all providers, each with a calendar of their own, and what their calendars' service was asked."""

    def __init__(self, site, sandbox, size: int) -> None:
        self.site, self.sandbox = site, sandbox
        self.accounts: dict[str, tuple[str, str]] = {}
        self.calendars = {}
        for number, person in enumerate(site.add_crowd(size)):
            provider = list(ACCOUNTS)[number % 3]
            account = f"crowd{number}@{ACCOUNTS[provider].partition('@')[2]}"
            assert notice_of(self._connect(site.client(person), provider, account)) == "connected"
            self.accounts[person.id] = (provider, account)
            self.calendars[person.id] = sandbox.calendar("icloud" if provider == "apple" else provider, account)

    def _connect(self, browser, provider: str, account: str) -> requests.Response:
        if provider != "apple":
            return browser.connect(self.sandbox, account, provider=provider)
        clocks.passwords_were_tried(self.site, "1 hour")
        self.sandbox.icloud.put_account(account)
        return browser.type_password(account, self.sandbox.icloud.make_password(account))

    def requests(self) -> collections.Counter:
        """By account and call."""
        return collections.Counter((one["account"], call) for calls in CALLS.values() for call in calls
                                   for one in self.sandbox.requests_of(call) if one.get("account"))

    def at_once(self) -> int:
        """How many requests for a calendar began while another one for it was under way."""
        spans: dict[str, list] = collections.defaultdict(list)
        for calls in CALLS.values():
            for call in calls:
                for one in self.sandbox.requests_of(call):
                    spans[one.get("account")].append((one["began"], one["ended"]))
        return sum(later[0] < earlier[1] for each in map(sorted, spans.values())
                   for earlier, later in zip(each, each[1:]))

    def told(self) -> collections.Counter:
        """Changes that the ATS hears of, by user."""
        return collections.Counter(row["user_id"] for row in self.site.rows(
            "SELECT user_id FROM calendar_changes WHERE change = 'availability_changed'"))

    def busy(self) -> collections.Counter:
        return collections.Counter(row["user_id"] for row in self.site.rows(
            "SELECT i.user_id FROM calendar_busy_intervals b JOIN calendar_syncs s ON s.id = b.sync_id"
            " JOIN calendar_integrations i ON i.id = s.integration_id"))

    def add(self, number: int) -> None:
        start = TUESDAY + timedelta(days=number // 20)
        for calendar in self.calendars.values():
            calendar.add(f"{start}T{number % 20:02d}:00:00", f"{start}T{number % 20:02d}:30:00")


def all_looked_at(site) -> bool:
    return not site.rows("SELECT 1 FROM calendar_jobs WHERE kind = 'sync'"
                         " AND (due_at <= now() OR lease_owner IS NOT NULL)")


def test_two_nodes_read_each_change_once(make_site, sandbox, proof):
    size, rounds = proof.size((18, 3), (150, 20))
    site = make_site(start=False)
    start_nodes(site)
    limits_are_off(sandbox)
    crowd = Crowd(site, sandbox, size)
    wait_until(lambda: all_looked_at(site) and site.row("SELECT count(last_synced_at) AS n FROM calendar_syncs")["n"]
               == size, "the first reads", 60)
    for call in {call for calls in CALLS.values() for call in calls}:
        sandbox.fault(call, "latency", count=-1, seconds=0.1)
    before, told = crowd.requests(), crowd.told()
    for number in range(rounds):
        crowd.add(number)
        make_due(site)
        wait_until(lambda: all_looked_at(site), "a look at each calendar", 60)
    asked = crowd.requests() - before
    assert asked == {(account, call): rounds for provider, account in crowd.accounts.values()
                     for call in CALLS[provider]}
    assert crowd.told() - told == {user: rounds for user in crowd.accounts}
    assert crowd.busy() == {user: rounds for user in crowd.accounts}

    # Due again and again while they are being read.
    number = rounds + proof.size(6, 40)
    for one in range(rounds, number):
        crowd.add(one)
        for _ in range(5):
            site.execute("UPDATE calendar_jobs SET due_at = clock_timestamp() WHERE kind = 'sync'; NOTIFY calint_jobs")
            time.sleep(0.05)
    wait_until(lambda: all_looked_at(site), "the last looks", 60)
    assert crowd.at_once() == 0
    assert crowd.busy() == {user: number for user in crowd.accounts}
    assert max((crowd.told() - told).values()) <= number
    shares = [len(node.log.with_tag("CALINT0230")) for node in site.nodes]
    assert min(shares) > 0
    proof.figure(f"{size} calendars of three providers, {rounds} changes of each, two nodes: each change cost the "
                 f"requests of one look and was told once; then {number - rounds} changes of each while all were due "
                 f"all the time: no calendar was read twice at once, the nodes' shares {shares[0]} and {shares[1]}")
