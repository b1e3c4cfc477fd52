"""Background work is bounded for a provider and for an account, and what is to be done at once is begun at once."""

import time

import pytest

from harness import clocks
from harness.people import IVY
from harness.process import wait_until
from harness.session import notice_of

LISTENS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN calint_jobs'"


def connect(site, sandbox, people, provider, email):
    for person in people:
        yield notice_of(site.client(person).connect(sandbox, email.format(person.id), provider=provider))


def refreshes(sandbox, provider):
    return sandbox.state()["details"].get(f"{provider}.refresh_token", 0)


def test_a_provider_that_hangs_holds_up_no_other(make_site, sandbox):
    # Background work has half of the places, one of three providers half of these.
    site = make_site(CalIntProviderConcurrency="16")
    crowd = site.add_crowd(30)
    assert set(connect(site, sandbox, crowd[:20], "google", "{}@example.com")) == {"connected"}
    for person in crowd[20:]:
        sandbox.add_account(f"{person.id}@contoso.example")
    assert set(connect(site, sandbox, crowd[20:], "outlook", "{}@contoso.example")) == {"connected"}
    clocks.jobs_due(site, "refresh")
    sandbox.fault("token", "hang", count=-1)
    node = site.add_node(CalIntWorker="on", CalIntProviderConcurrency="16", CalIntProviderTimeout="2 30")
    node.log.allow("CALINT0220")
    wait_until(lambda: refreshes(sandbox, "outlook.token") == 10, "the refreshes of the provider that works", 15)
    state = sandbox.state()
    assert state["in_flight"]["token"] == state["peak_in_flight"]["token"] == 4


def test_a_mailbox_is_asked_by_four_at_once(make_site, sandbox):
    site = make_site(CalIntProviderConcurrency="64")
    site.log.allow("CALINT0208")
    crowd = site.add_crowd(9)
    sandbox.fault("outlook.calendars", "status", count=-1)
    assert set(connect(site, sandbox, crowd, "outlook", "avery@contoso.example")) == {"validation_failed"}
    sandbox.clear_faults()
    sandbox.fault("outlook.calendars", "latency", count=-1, seconds=0.5)
    clocks.jobs_due(site, "validate")
    site.add_node(CalIntWorker="on", CalIntProviderConcurrency="64")
    wait_until(lambda: not site.jobs("validate"), "the validations", 30)
    assert {row["status"] for person in crowd for row in site.integrations(person)} == {"connected"}
    assert sandbox.state()["peak_in_flight"]["outlook.calendars"] == 4


def listening_site(make_site):
    site = make_site(start=False)
    return site.start(CalIntWorker="on", CalIntDatabaseListen=f'"{site.cluster.conninfo(site.database)}"')


def seconds_until_revoked(site, sandbox):
    browser = site.client(IVY)
    assert notice_of(browser.connect(sandbox)) == "connected"
    assert notice_of(browser.disconnect()) == "disconnected"
    begun = time.monotonic()
    wait_until(lambda: not site.jobs("revoke"), "the revocation", 10, pause=0.02)
    return time.monotonic() - begun


@pytest.mark.parametrize("mpm", ["event", "prefork"])
def test_a_job_wakes_who_listens(make_site, sandbox, mpm):
    site = listening_site(make_site)
    wait_until(lambda: site.execute(LISTENS), "the worker to listen")
    # Asked for every two seconds, they would take one on average.
    waits = [seconds_until_revoked(site, sandbox) for _ in range(8)]
    assert max(waits) < 1.0


def test_a_listening_session_that_ends_is_made_anew(make_site, sandbox):
    site = listening_site(make_site)
    wait_until(lambda: site.execute(LISTENS), "the worker to listen")
    (former,) = site.execute(LISTENS)
    site.execute("SELECT pg_terminate_backend(%s)", former["pid"])
    wait_until(lambda: [row for row in site.execute(LISTENS) if row != former], "another session", 15)
    assert max(seconds_until_revoked(site, sandbox) for _ in range(4)) < 1.0


def test_without_the_listening_session_the_database_is_asked(make_site, sandbox):
    site = make_site(CalIntWorker="on", CalIntDatabaseListen='"host=127.0.0.1 port=1 dbname=none"')
    site.log.expect("CALINT0225")
    assert seconds_until_revoked(site, sandbox) < 5
