"""How much an OAuth client asks its provider for, over all nodes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from harness.httpd_config import Config
from harness.people import IAN, IVY
from harness.process import wait_until
from harness.session import notice_of

IVYS, IANS = "avery@example.com", "sam@example.com"


def connect_both(site, sandbox) -> None:
    for person, account in ((IVY, IVYS), (IAN, IANS)):
        assert notice_of(site.client(person).connect(sandbox, account)) == "connected"
    wait_until(lambda: site.row("SELECT count(last_synced_at) AS n FROM calendar_syncs")["n"] == 2, "both calendars")


def make_due(site) -> None:
    site.execute("UPDATE calendar_jobs SET due_at = now(), retry_at = NULL WHERE kind = 'sync'")


def nobody_waits(site) -> bool:
    return all(job["due_at"] > datetime.now(timezone.utc) and job["lease_owner"] is None for job in site.jobs("sync"))


def test_a_limit_without_a_time_to_wait_pauses_the_client_for_every_node(make_site, sandbox):
    site = make_site(CalIntWorker="on")
    connect_both(site, sandbox)
    site.log.expect("CALINT0229")
    site.log.allow("CALINT0232")
    sandbox.fault("events.list", "rate_limit", status=429, reason="rateLimitExceeded", count=-1)
    asked = sandbox.requests("events.list")
    site.execute("UPDATE calendar_jobs SET due_at = now() WHERE kind = 'sync' AND user_id = %s", IVY.id)
    wait_until(lambda: site.rows("SELECT 1 FROM calendar_quotas WHERE paused_until > now()"), "the pause")
    wait_until(lambda: nobody_waits(site), "its end")
    assert sandbox.requests("events.list") == asked + 1
    site.stop()
    sandbox.clear_faults()

    site.start(Config(), CalIntWorker="on")
    make_due(site)
    wait_until(lambda: nobody_waits(site), "a look at what is due")
    assert sandbox.requests("events.list") == asked + 1, "another process knows of the pause"
    assert all(job["due_at"] > datetime.now(timezone.utc) + timedelta(seconds=1) for job in site.jobs("sync"))
    assert {job["attempts"] for job in site.jobs("sync")} == {0, 1}, "to wait is no attempt"
    site.execute("UPDATE calendar_quotas SET counted_at = now() - interval '1 minute', paused_until = now()")
    make_due(site)
    wait_until(lambda: sandbox.requests("events.list") == asked + 3, "both calendars")


def test_a_limit_of_one_user_pauses_nobody_else(make_site, sandbox):
    site = make_site(CalIntWorker="on")
    connect_both(site, sandbox)
    site.log.expect("CALINT0229")
    sandbox.fault("events.list", "rate_limit", status=403, reason="userRateLimitExceeded", account=IVYS, count=-1)
    make_due(site)
    wait_until(lambda: nobody_waits(site), "a look at both calendars")
    assert site.rows("SELECT user_id, trouble FROM calendar_syncs s JOIN calendar_integrations i"
                     " ON i.id = s.integration_id WHERE trouble IS NOT NULL") == [
                         {"user_id": IVY.id, "trouble": "rate_limited"}]
    assert not site.rows("SELECT 1 FROM calendar_quotas WHERE paused_until IS NOT NULL")


def test_more_than_the_quota_is_asked_for_later(make_site, sandbox):
    site = make_site(start=False)
    site.start(provider=site.google_section(CalIntRequestsPerMinute="6"), CalIntWorker="on")
    for person, account in ((IVY, IVYS), (IAN, IANS)):
        assert notice_of(site.client(person).connect(sandbox, account)) == "connected"
    wait_until(lambda: sandbox.requests("events.list") >= 1 and nobody_waits(site), "the first")
    assert sandbox.requests("events.list") == 1
    site.execute("UPDATE calendar_quotas SET counted_at = now() - interval '10 seconds'")
    site.execute("UPDATE calendar_jobs SET due_at = now() WHERE kind = 'sync' AND subject NOT IN"
                 " (SELECT calendar_id FROM calendar_syncs WHERE last_synced_at IS NOT NULL)")
    wait_until(lambda: site.row("SELECT count(last_synced_at) AS n FROM calendar_syncs")["n"] == 2, "the other")
