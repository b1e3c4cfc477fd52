"""Connecting again (UC-455, AF-1), and switching to another account (AF-3)."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.paths import DISCONNECT, SETTINGS, start_path, switch_path
from harness.people import IVY
from harness.session import notice_of, query_of

AVERY, SAM = "avery@example.com", "sam@example.com"
SWITCH = switch_path("google")


@pytest.fixture
def connected(site, ivy, sandbox):
    assert notice_of(ivy.connect(sandbox, AVERY)) == "connected"
    return site.integration(IVY)


def switch(ivy, sandbox, email, **choices):
    """Confirms the question and answers at the provider; what the callback answers."""
    started = ivy.submit(ivy.page(SWITCH).form("Switch to Google Calendar"))
    assert started.status_code == 303
    return ivy.get(sandbox.approve(started.headers["Location"], email, **choices))


def test_a_reconnection_suggests_the_account_and_keeps_the_row(site, ivy, sandbox, provider):
    assert notice_of(ivy.connect(sandbox, provider.email, provider=provider.id)) == "connected"
    before = site.integration(IVY)
    assert query_of(ivy.start(provider.id))["login_hint"] == provider.email
    assert notice_of(ivy.connect(sandbox, provider.email, provider=provider.id)) == "reconnected"
    (row,) = site.integrations(IVY)
    assert (row["id"], row["generation"]) == (before["id"], before["generation"] + 1)


def test_the_same_account_keeps_its_row_and_ticks(site, ivy, sandbox, connected):
    site.execute("UPDATE calendar_integration_calendars SET sync = true WHERE name = 'Interviews'")
    assert notice_of(ivy.connect(sandbox, AVERY)) == "reconnected"
    (row,) = site.integrations(IVY)
    assert row["id"] == connected["id"]
    assert row["generation"] == connected["generation"] + 1
    assert row["status"] == "connected"
    assert row["seal_id"] != connected["seal_id"]
    assert bytes(row["access_token_encrypted"]) != bytes(connected["access_token_encrypted"])
    ticked = site.rows("SELECT name FROM calendar_integration_calendars WHERE sync ORDER BY name")
    assert [calendar["name"] for calendar in ticked] == ["Interviews", AVERY]
    (entry,) = site.audit("reconnected")
    assert str(entry["auditable_id"]) == str(row["id"])


def test_an_account_is_known_by_its_identity_not_its_address(site, ivy, sandbox, provider):
    """The address may change; `sub` does not, nor do Microsoft's tenant and object."""
    assert notice_of(ivy.connect(sandbox, provider.email, provider=provider.id)) == "connected"
    before = site.integration(IVY)
    sub = sandbox.add_account(provider.email)["sub"]
    renamed = provider.email.replace("avery", "avery.quinn")
    sandbox.add_account(renamed, sub=sub)
    assert notice_of(ivy.connect(sandbox, renamed, provider=provider.id)) == "reconnected"
    row = site.integration(IVY)
    assert (row["id"], row["account"]) == (before["id"], renamed)


def test_an_expired_connection_is_mended_by_reconnecting(site, ivy, sandbox, connected):
    site.execute("UPDATE calendar_integrations SET status = 'expired', last_error = 'access_withdrawn',"
                 " error_since = now()")
    page = ivy.page()
    assert "Expired" in page.text
    answer = ivy.get(page.link("Reconnect Google Calendar"))
    assert notice_of(ivy.get(sandbox.approve(answer.headers["Location"]))) == "reconnected"
    row = site.integration(IVY)
    assert (row["status"], row["last_error"], row["error_since"]) == ("connected", None, None)


def test_another_account_is_not_taken_without_asking(site, ivy, sandbox, connected):
    answer = ivy.connect(sandbox, SAM)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(SWITCH)
    assert site.integrations(IVY) == [connected]
    page = ivy.follow(answer)
    assert AVERY in page.text, "what will be disconnected is named"
    assert page.has_button("Switch to Google Calendar")
    assert page.link("Keep Google Calendar") == SETTINGS


def test_the_unwanted_grant_is_revoked(site, ivy, sandbox, connected):
    ivy.connect(sandbox, SAM)
    assert site.run_jobs().returncode == 0
    assert not sandbox.live_grants(SAM)
    assert len(sandbox.live_grants(AVERY)) == 1


def test_a_confirmed_switch_replaces_the_connection(site, ivy, sandbox, connected):
    assert notice_of(switch(ivy, sandbox, SAM)) == "switched"
    old, new = site.integrations(IVY)
    assert (old["id"], old["active"], old["status"]) == (connected["id"], False, "inactive")
    assert old["access_token_encrypted"] is None and old["refresh_token_encrypted"] is None
    assert (new["active"], new["status"], new["account"], new["calendar_id"]) == (True, "connected", SAM, SAM)
    owners = site.rows("SELECT DISTINCT integration_id FROM calendar_integration_calendars")
    assert [row["integration_id"] for row in owners] == [new["id"]]
    (entry,) = site.audit("switched")
    assert entry["metadata"]["provider"] == entry["metadata"]["from_provider"] == "google"
    assert site.run_jobs().returncode == 0
    assert not sandbox.live_grants(AVERY)
    assert len(sandbox.live_grants(SAM)) == 1


def test_a_switch_to_an_account_that_cannot_be_read_changes_nothing(site, ivy, sandbox, connected):
    site.log.expect("CALINT0208")
    sandbox.fault("calendarList", "status")
    assert notice_of(switch(ivy, sandbox, SAM)) == "provider_unavailable"
    assert site.integrations(IVY) == [connected]
    site.run_jobs()
    assert not sandbox.live_grants(SAM)
    assert sandbox.live_grants(AVERY)


def test_a_denied_switch_changes_nothing(site, ivy, sandbox, connected):
    assert notice_of(switch(ivy, sandbox, SAM, deny=True)) == "denied"
    assert site.integrations(IVY) == [connected]


def test_a_switch_that_ends_at_the_same_account_reconnects(site, ivy, sandbox, connected):
    assert notice_of(switch(ivy, sandbox, AVERY)) == "reconnected"
    assert site.integration(IVY)["id"] == connected["id"]


def test_a_connection_made_meanwhile_is_not_overwritten_by_another_account(site, ivy, sandbox):
    """Two tabs, two accounts: the second to come back is asked."""
    first, second = ivy.consent(sandbox, AVERY), ivy.consent(sandbox, SAM)
    assert notice_of(ivy.get(first)) == "connected"
    answer = ivy.get(second)
    assert answer.headers["Location"].startswith(SWITCH)
    assert site.integration(IVY)["account"] == AVERY


def test_a_disconnect_meanwhile_stores_nothing(site, ivy, sandbox, connected):
    callback = ivy.consent(sandbox, AVERY)
    ivy.submit(ivy.page(DISCONNECT).form("Disconnect"))
    answer = ivy.get(callback)
    assert answer.headers["Location"].startswith(SWITCH)
    assert not [row for row in site.integrations(IVY) if row["active"]]
    page = ivy.follow(answer)
    assert "No calendar is connected now" in page.text
    assert page.has_button("Connect Google Calendar")


def test_the_question_lets_its_form_lead_to_the_provider(ivy, sandbox, connected):
    """Browsers apply form-action to the redirect that follows."""
    policy = ivy.get(SWITCH).headers["Content-Security-Policy"]
    origin = "/".join(sandbox.http["google"]["authorize_url"].split("/")[:3])
    assert f"form-action 'self' {origin};" in policy


def test_callbacks_of_one_user_at_the_same_time_leave_one_connection(site, ivy, sandbox):
    callbacks = [ivy.consent(sandbox) for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(ivy.get, callbacks))
    assert {notice_of(answer) for answer in answers} <= {"connected", "reconnected"}
    assert len(site.integrations(IVY)) == 1
    assert site.integration(IVY)["status"] == "connected"
    site.run_jobs()
    assert sandbox.requests("revoke") == 0, "that would end the grant that is kept"


def test_one_callback_sent_six_times_at_once_presents_its_code_once(site, ivy, sandbox):
    callback = ivy.consent(sandbox)
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(ivy.get, [callback] * 6))
    assert {answer.status_code for answer in answers} == {303}
    assert sandbox.requests("token") == 1
    assert site.integration(IVY)["status"] == "connected"


def test_a_switch_needs_the_forms_proof(ivy, connected):
    assert ivy.post(start_path("google"), {"action": "switch"}).status_code == 400


def test_a_new_grant_waits_for_a_revocation_of_its_account_that_is_under_way(site, ivy, sandbox):
    """Google ends every grant of the account: a connection stored before it would be dead and look alive."""
    ivy.connect(sandbox)
    ivy.submit(ivy.page(DISCONNECT).form("Disconnect"))
    hold = sandbox.fault("revoke", "hold")
    jobs = site.start_jobs()
    sandbox.wait_until_held()
    answer = ivy.get_in_background(ivy.consent(sandbox))
    time.sleep(1)
    assert not [row for row in site.integrations(IVY) if row["active"]], "not stored while the revocation runs"
    sandbox.release(hold)
    site.log.expect("CALINT0208")
    assert notice_of(answer.result(30)) == "validation_failed", "the truth: that grant is gone"
    assert jobs.wait(30) == 0
    assert site.integration(IVY)["status"] == "error"
    assert notice_of(ivy.connect(sandbox)) == "reconnected"
