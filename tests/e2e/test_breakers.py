"""What the operator has to mend for many at once is tried by one a minute, told of once, and made good within
seconds."""

import json
import time

import pytest

from harness import clocks
from harness.process import wait_until
from harness.refreshes import Fleet
from harness.site import CLIENT_ID, CLIENT_SECRET

SIZE = 30
#: Half of it is for background work: so many may be under way when the first is refused.
AT_ONCE = 8
#: Longer than the worker waits between two looks.
A_LOOK = 2.5


@pytest.fixture
def refused(make_site, sandbox):
    """Connections whose refreshes are due while the provider takes this server's OAuth client no longer."""
    site = make_site(CalIntProviderConcurrency=str(AT_ONCE))
    fleet = Fleet(site, sandbox, SIZE)
    fleet.make_due()
    sandbox.add_client(CLIENT_ID, secret="another one", redirect_uris=[site.redirect_uri])
    node = site.add_node(CalIntWorker="on", CalIntProviderConcurrency=str(AT_ONCE))
    node.log.expect("CALINT0204.*ALARM.*this server's OAuth client")
    wait_until(lambda: site.count("calendar_breakers") and not leased(site), "the refusal")
    return site, fleet, node


def leased(site):
    return site.rows("SELECT id FROM calendar_jobs WHERE lease_until > now()")


def due(site):
    return site.row("SELECT count(*) AS n FROM calendar_jobs WHERE due_at <= now()")["n"]


def mend(site, sandbox):
    sandbox.add_client(CLIENT_ID, secret=CLIENT_SECRET, redirect_uris=[site.redirect_uri])


def alarms(node):
    return [line for line in node.log.with_tag("CALINT0204") if line.is_loud]


def test_one_tries_a_minute_for_all_and_all_are_refreshed_once_it_works(refused, sandbox):
    site, fleet, node = refused
    asked = fleet.requests()
    assert 1 <= asked <= AT_ONCE // 2
    time.sleep(2 * A_LOOK)
    assert fleet.requests() == asked, "nobody else asks within the minute"
    for minute in (1, 2):
        clocks.next_probe(site)
        wait_until(lambda: fleet.requests() == asked + minute, "the one that tries")
        time.sleep(A_LOOK)
        assert fleet.requests() == asked + minute
    assert fleet.with_status("connected") == set(fleet.rows()), "users' statuses are untouched"
    assert all(row["attempts"] == 0 for row in fleet.rows().values())
    assert len(alarms(node)) == 1
    (held,) = json.loads(site.ctl("--json", "status"))["breakers"]
    assert held["name"] == "google, this server's OAuth client" and held["since"]
    assert held["count"] == due(site) >= SIZE
    assert f"google, this server's OAuth client  operator   jobs {due(site)}" in site.ctl("status")

    mend(site, sandbox)
    clocks.next_probe(site)
    fleet.wait_until_done(30)
    assert site.count("calendar_breakers") == 0
    assert set(fleet.refreshes().values()) == {1}
    assert len(node.log.with_tag("CALINT0228")) == 1
    assert wait_until(lambda: [line for line in node.log.with_tag("CALINT0204") if ": over after" in line.text],
                      "the end")
    assert json.loads(site.ctl("--json", "status"))["breakers"] == []


def test_on_the_operators_word_all_is_due(refused, sandbox):
    site, fleet, _ = refused
    mend(site, sandbox)
    waiting = due(site)
    assert json.loads(site.ctl("--json", "jobs", "retry")) == {"due": waiting, "within_seconds": waiting // 50}
    fleet.wait_until_done(30)
    assert site.ctl("jobs", "retry") == "0 jobs are due within 0 s\n"


def test_a_reload_with_another_secret_is_tried_at_once(refused, sandbox):
    site, fleet, node = refused
    site.secret_file.write_text("another one\n", encoding="ascii")
    node.graceful()
    fleet.wait_until_done(30)
    assert set(fleet.refreshes().values()) == {1}


def test_two_nodes_ask_as_often_as_one(refused, sandbox):
    site, fleet, _ = refused
    other = site.add_node(CalIntWorker="on", CalIntProviderConcurrency=str(AT_ONCE))
    other.log.allow("CALINT0204.*ALARM.*this server's OAuth client")  # where it is the one that tries
    asked = fleet.requests()
    time.sleep(A_LOOK)
    clocks.next_probe(site)
    wait_until(lambda: fleet.requests() > asked, "the one that tries")
    time.sleep(2 * A_LOOK)
    assert fleet.requests() == asked + 1
    assert len(alarms(other)) <= 1
