"""What the ATS hears of connections: each change once, with how the connection stands after it."""

import pytest
import requests

from harness import children, clocks
from harness.httpd_config import Config
from harness.invariants import CHANGES, check_rows
from harness.people import IVY
from harness.process import wait_until
from harness.providers import APPLE, GOOGLE, OUTLOOK
from harness.session import SETTINGS, notice_of

ALL = (GOOGLE, OUTLOOK, APPLE)
CONNECTED = ("connected", "connected", None)
DISCONNECTED = ("disconnected", "inactive", None)


def told(site):
    """Of each change what it is, and how the connection stands after it and why; and that the last one is true."""
    check_rows(site, CHANGES)
    rows = site.rows("SELECT * FROM calendar_changes ORDER BY id")
    assert {row["user_id"] for row in rows} <= {IVY.id}
    return [(row["change"], row["status"], row["detail"]) for row in rows]


def connect(browser, sandbox, provider=GOOGLE):
    return notice_of(browser.type_password(APPLE.email, APPLE.client_secret) if provider is APPLE
                     else browser.connect(sandbox, provider.email, provider=provider.id))


def press(browser, button):
    return notice_of(browser.submit(browser.page().form(button)))


# The first connection


@pytest.mark.parametrize("provider", ALL, ids=lambda provider: provider.id)
def test_a_first_connection_is_one_change(site, sandbox, ivy, provider):
    assert connect(ivy, sandbox, provider) == "connected"
    assert told(site) == [CONNECTED]


@pytest.mark.parametrize("provider", [GOOGLE, OUTLOOK], ids=lambda provider: provider.id)
def test_one_whose_calendars_cannot_be_read_is_one_change_and_no_connected_one(site, sandbox, ivy, provider):
    site.log.expect("CALINT0208")
    sandbox.fault(provider.calendars, "status", count=-1)
    assert connect(ivy, sandbox, provider) == "validation_failed"
    failed = [("connected", "error", "provider_unavailable")]
    assert told(site) == failed
    assert press(ivy, "Retry") == "provider_unavailable"
    assert told(site) == failed, "nothing has changed"
    sandbox.clear_faults()
    assert press(ivy, "Retry") == "connected"
    assert told(site) == [*failed, ("validated", "connected", None)]


def test_nothing_is_said_while_its_calendars_are_being_read(site, sandbox, ivy):
    callback = ivy.consent(sandbox)
    hold = sandbox.fault("calendarList", "hold")
    answer = ivy.get_in_background(callback)
    sandbox.wait_until_held()
    assert site.integration(IVY)["last_error"] == "not_validated" and told(site) == []
    sandbox.release(hold)
    assert notice_of(answer.result(30)) == "connected"
    assert told(site) == [CONNECTED]


@pytest.mark.parametrize("then, hears", [
    ("works", CONNECTED), ("fails", ("connected", "error", "provider_unavailable")),
    ("withdrawn", ("connected", "expired", "access_withdrawn"))])
def test_what_died_in_between_is_said_by_the_job_that_reads_them(make_site, sandbox, then, hears):
    site = make_site(Config(extra=children.MANY))
    site.log.allow_kills()
    browser = site.client(IVY, keep_alive=True)
    callback = browser.consent(sandbox)
    child = children.pid_of(browser)
    hold = sandbox.fault("calendarList", "hold")
    answer = browser.get_in_background(callback)
    sandbox.wait_until_held()
    children.kill(site.httpd, child)
    sandbox.clear_faults(hold)
    with pytest.raises(requests.exceptions.ConnectionError):
        answer.result(30)
    assert site.integration(IVY)["status"] == "error" and told(site) == []

    if then == "fails":
        site.log.expect("CALINT0208")
        sandbox.fault("calendarList", "status", count=-1)
    if then == "withdrawn":
        site.log.allow("CALINT0208")
        sandbox.revoke_account(GOOGLE.email)
    site.execute("UPDATE calendar_jobs SET due_at = now() WHERE kind = 'validate'")
    site.rewrite(Config(extra=children.MANY), CalIntWorker="on")
    site.httpd.graceful()
    wait_until(lambda: site.count("calendar_changes"), "the change", 20)
    assert told(site) == [hears]


def test_one_that_is_begun_anew_before_it_was_said_is_a_first_one(site, sandbox, ivy):
    connect(ivy, sandbox)
    site.execute("DELETE FROM calendar_changes;"
                 " UPDATE calendar_integrations SET status = 'error', last_error = 'not_validated',"
                 " error_since = now()")
    assert connect(ivy, sandbox) == "reconnected"
    assert told(site) == [("connected", "error", "not_validated"), ("validated", "connected", None)]


def test_one_that_ends_before_it_was_said_ends(site, sandbox, ivy):
    connect(ivy, sandbox)
    site.execute("DELETE FROM calendar_changes;"
                 " UPDATE calendar_integrations SET status = 'error', last_error = 'not_validated',"
                 " error_since = now()")
    assert notice_of(ivy.disconnect()) == "disconnected"
    assert told(site) == [DISCONNECTED]


# Later


def test_a_reconnection_says_when_it_works(site, sandbox, ivy):
    connect(ivy, sandbox)
    assert connect(ivy, sandbox) == "reconnected"
    assert told(site) == [CONNECTED, ("reconnected", "error", "not_validated"), ("validated", "connected", None)]


def test_a_switch_and_an_end_are_one_change_each(site, sandbox, ivy):
    connect(ivy, sandbox)
    answer = ivy.get(ivy.consent_to_switch(sandbox, OUTLOOK.email, provider="outlook"))
    assert notice_of(answer) == "switched"
    before, after = site.integrations(IVY)
    assert notice_of(ivy.disconnect()) == "disconnected"
    assert told(site) == [CONNECTED, ("switched", "connected", None), DISCONNECTED]
    assert [row["integration_id"] for row in site.rows("SELECT * FROM calendar_changes ORDER BY id")] == [
        before["id"], after["id"], after["id"]]


def test_a_list_is_a_change_where_it_differs(site, sandbox, ivy):
    connect(ivy, sandbox)
    for _ in range(2):
        assert press(ivy, "Refresh list") == "connected"
    assert told(site) == [CONNECTED]
    sandbox.add_account(GOOGLE.email, calendars=[{"id": "only", "name": "Only", "primary": True}])
    for _ in range(2):
        assert press(ivy, "Refresh list") == "connected"
    assert told(site) == [CONNECTED, ("calendars_changed", "connected", None)]
    form = ivy.page().form("Save destination")
    for _ in range(2):
        assert notice_of(ivy.submit(form, calendar=form.options["Only"])) == "saved"
    assert told(site)[2:] == [("calendars_changed", "connected", None)]


def test_another_reason_is_a_change_and_the_same_one_is_none(site, sandbox, ivy):
    site.log.expect("CALINT0208")
    connect(ivy, sandbox)
    sandbox.fault("calendarList", "status", count=-1)
    for _ in range(2):
        press(ivy, "Refresh list")
    sandbox.clear_faults()
    sandbox.fault("calendarList", "rate_limit", count=-1)
    for _ in range(2):
        press(ivy, "Retry")
    sandbox.clear_faults()
    sandbox.revoke_account(GOOGLE.email)
    clocks.tokens_expired(site)
    press(ivy, "Retry")
    assert told(site) == [CONNECTED, ("error", "error", "provider_unavailable"), ("error", "error", "rate_limited"),
                          ("expired", "expired", "access_withdrawn")]


def test_a_page_that_is_only_looked_at_is_no_change(site, sandbox, ivy):
    connect(ivy, sandbox)
    clocks.list_was_read(site, "25 hours")
    for path in (SETTINGS, f"{SETTINGS}/disconnect", f"{SETTINGS}/switch?to=outlook"):
        ivy.page(path)
    assert told(site) == [CONNECTED]
