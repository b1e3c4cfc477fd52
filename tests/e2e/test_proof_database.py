"""The database restarts, or fails over to its replica, in the middle of refreshes: the work goes on by itself within
seconds, and no token that a provider gave is lost."""

import collections
import contextlib
import random
import tempfile
import time
from pathlib import Path

import pytest

from harness.invariants import check_rows, codes_presented
from harness.paths import SETTINGS
from harness.people import IVY
from harness.postgres import DURABLE, Cluster
from harness.process import wait_until
from harness.refreshes import Fleet
from harness.session import notice_of
from harness.site import prepare_template

#: From the moment in which the database takes writes again to the next refresh that is stored, and to the next page.
GOES_ON = 10.0
#: What an attempt that the database's absence ended may cost: its pause at most, and the lease before.
ATTEMPT_COMES_AGAIN = 120.0
AT_ONCE = 12
#: How long the database is away: longer than the refreshes that were under way take.
A_WHILE = 1.0
#: Said of a database that is away, by whoever asks it.
AWAY = ("CALINT0205", "CALINT0208", "CALINT0220")


@pytest.fixture
def clusters(folder):
    """Makes PostgreSQL clusters for a test alone."""
    with contextlib.ExitStack() as stack:
        def make():
            cluster = Cluster(Path(tempfile.mkdtemp(prefix="pg-", dir=folder)) / "c", DURABLE)
            cluster.folder.parent.chmod(0o755)
            stack.callback(cluster.stop)
            return cluster

        yield make


def fleet_on(site, sandbox, size, **directives):
    """As many connections, on a node that serves and one that works beside it. Each refresh ends the refresh token
    before, and takes a while."""
    site.start(**directives)
    fleet = Fleet(site, sandbox, size)
    sandbox.mode(rotate=True)
    for when in ("before", "after"):
        sandbox.fault("token", "latency", count=-1, seconds=0.15, when=when, grant_type="refresh_token")
    site.add_node(CalIntWorker="on", CalIntProviderConcurrency=str(AT_ONCE), provider=site.google_section(),
                  **directives)
    for node in site.nodes:
        node.log.allow(*AWAY)
    return fleet


def stored(fleet):
    """How many tokens of a refresh are in the database."""
    return fleet.done()


def come_to_the_middle(fleet, chance):
    """Some are stored, some are under way, and some will still be due."""
    before = stored(fleet)
    wait_until(lambda: stored(fleet) > before, "the refreshes to be under way", 60)
    time.sleep(chance.uniform(0, 1))
    assert fleet.outdated() > AT_ONCE


def goes_on(fleet, since):
    """Waits for the next refresh that is stored, and for a page; returns how long both took from `since` on."""
    before = stored(fleet)
    wait_until(lambda: stored(fleet) > before, "the refreshes to go on", GOES_ON - (time.monotonic() - since))
    browser = fleet.site.client(fleet.people[0])
    wait_until(lambda: browser.get(SETTINGS).status_code == 200, "the pages to come back",
               GOES_ON - (time.monotonic() - since))
    return time.monotonic() - since


def check_nothing_was_lost(fleet):
    """Each connection was refreshed exactly once, and has what came of it."""
    fleet.wait_until_done(ATTEMPT_COMES_AGAIN, hastened=True)
    fleet.sandbox.clear_faults()
    assert collections.Counter(row["status"] for row in fleet.rows().values()) == {"connected": fleet.size}
    assert collections.Counter(fleet.refreshes().values()) == {1: fleet.size}
    assert fleet.requests() == fleet.size
    assert not fleet.site.audit("expired")
    assert len(fleet.check_use(ATTEMPT_COMES_AGAIN)) == fleet.size
    check_rows(fleet.site)


@pytest.mark.parametrize("immediate", [False, True], ids=["fast", "immediate"])
def test_restarts_of_the_database_in_the_middle_of_refreshes(clusters, make_site, sandbox, proof, immediate):
    size, restarts = proof.size((80, 1), (1000, 6))
    chance = random.Random(1)
    cluster = clusters().create().start()
    site = make_site(start=False, cluster=cluster, template=prepare_template(cluster))
    fleet = fleet_on(site, sandbox, size)
    fleet.make_due()
    took = []
    for _ in range(restarts):
        come_to_the_middle(fleet, chance)
        cluster.stop(immediate)
        time.sleep(A_WHILE)
        cluster.start()
        took.append(goes_on(fleet, time.monotonic()))
    check_nothing_was_lost(fleet)
    proof.figure(f"{restarts} restarts during {size} refreshes: work and pages went on within {max(took):.1f} s; each "
                 "connection was refreshed once and has the tokens of that refresh")


def conninfo_of(database, *clusters):
    hosts, ports = (",".join(map(str, several)) for several in zip(*((one.socket, one.port) for one in clusters)))
    return f'"host={hosts} port={ports} dbname={database} user=postgres target_session_attrs=read-write"'


def test_a_primary_that_fails_over_to_its_replica(clusters, make_site, sandbox, proof):
    size = proof.size(80, 1000)
    primary = clusters().create().start()
    site = make_site(start=False, cluster=primary, template=prepare_template(primary))
    replica = clusters().create_replica(primary).start()
    primary.wait_for_replica()
    fleet = fleet_on(site, sandbox, size, CalIntDatabase=conninfo_of(site.database, primary, replica))
    browser = site.client(IVY)
    callback = browser.consent(sandbox)
    fleet.make_due()
    come_to_the_middle(fleet, random.Random(1))
    primary.stop(immediate=True)
    answer = browser.get(callback)
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    time.sleep(A_WHILE)
    replica.promote()
    promoted, site.cluster = time.monotonic(), replica
    took = goes_on(fleet, promoted)
    answer = wait_until(lambda: (answer := browser.get(callback)).status_code != 503 and answer, "the callback",
                        GOES_ON - (time.monotonic() - promoted))
    assert notice_of(answer) == "connected"
    assert codes_presented(sandbox) == size + 1
    check_nothing_was_lost(fleet)
    proof.figure(f"a primary killed during {size} refreshes, its replica promoted: work, pages and callbacks went on "
                 f"within {took:.1f} s; each connection was refreshed once and has the tokens of that refresh")
