"""A user disconnects (UC-455, AF-2), and when the grant is revoked at the provider."""

import pytest

from harness import clocks
from harness.paths import DISCONNECT, SETTINGS
from harness.people import IAN, IVY
from harness.session import notice_of

AVERY = "avery@example.com"


def disconnect(browser):
    return browser.submit(browser.page(DISCONNECT).form("Disconnect"))


@pytest.fixture
def connected(site, ivy, sandbox):
    assert notice_of(ivy.connect(sandbox)) == "connected"
    return site.integration(IVY)


def test_the_page_asks_first_and_names_what_will_be_disconnected(site, ivy, connected):
    with site.nothing_written():
        page = ivy.page(ivy.page().link("Disconnect Google Calendar"))
    assert "Disconnect Google Calendar?" in page.text
    assert AVERY in page.text
    assert page.link("Keep it connected") == SETTINGS


def test_disconnecting_is_one_step_for_the_user(site, ivy, sandbox, connected):
    answer = disconnect(ivy)
    assert answer.headers["Location"] == f"{SETTINGS}?calint_notice=disconnected"
    (row,) = site.integrations(IVY)
    assert (row["id"], row["active"], row["status"]) == (connected["id"], False, "inactive")
    assert row["generation"] == connected["generation"] + 1
    assert row["access_token_encrypted"] is None and row["refresh_token_encrypted"] is None
    assert row["disconnected_at"] is not None
    assert site.count("calendar_integration_calendars") == 0
    (entry,) = site.audit("disconnected")
    assert str(entry["auditable_id"]) == str(row["id"])
    assert entry["metadata"]["provider"] == "google"
    assert str(entry["ip_address"]) == "127.0.0.1"
    assert sandbox.requests("revoke") == 0, "the user doesn't wait for the provider"
    page = ivy.follow(answer)
    assert "Select Calendar Provider" in page.text


@pytest.mark.parametrize("damage", ["\\x01deadbeef" + "00" * 60, "\\x00"], ids=["lost key", "damaged"])
def test_a_connection_whose_token_cannot_be_opened_ends_all_the_same(site, ivy, connected, damage):
    site.execute("UPDATE calendar_integrations SET access_token_encrypted = %s, refresh_token_encrypted = %s",
                 damage, damage)
    page = ivy.page(DISCONNECT)
    assert "your Google Account's connections" in page.text and "is asked to withdraw" not in page.text
    site.log.expect("CALINT0209")
    assert notice_of(ivy.submit(page.form("Disconnect"))) == "disconnected"
    (row,) = site.integrations(IVY)
    assert (row["active"], row["status"]) == (False, "inactive")
    (entry,) = site.audit("disconnected")
    assert entry["metadata"] == {"provider": "google", "provider_revocation": "token_unreadable"}
    assert not site.jobs("revoke")


def test_the_revocation_job_carries_its_own_sealed_copy(site, ivy, connected):
    disconnect(ivy)
    (job,) = site.jobs("revoke")
    assert job["token_encrypted"] and job["deadline_at"]
    assert bytes(job["token_encrypted"]) not in (bytes(connected["access_token_encrypted"]),
                                                 bytes(connected["refresh_token_encrypted"]))


def test_the_job_revokes_at_the_provider_and_is_erased(site, ivy, sandbox, connected):
    disconnect(ivy)
    done = site.run_jobs()
    assert done.returncode == 0, done.stderr
    assert not sandbox.live_grants()
    assert site.count("calendar_jobs") == 0
    (entry,) = site.audit("revoked")
    assert str(entry["auditable_id"]) == str(connected["id"])


def test_the_page_tells_while_the_revocation_waits(ivy, connected):
    disconnect(ivy)
    assert "hasn't confirmed yet that the access was withdrawn" in ivy.page().text


def test_retry_on_the_page_revokes_now(site, ivy, sandbox, connected):
    disconnect(ivy)
    assert notice_of(ivy.submit(ivy.page().form("Retry"))) == "disconnected"
    assert not sandbox.live_grants()
    assert "hasn't confirmed yet" not in ivy.page().text


def test_a_revocation_is_kept_while_the_provider_is_down(site, ivy, sandbox, connected):
    disconnect(ivy)
    fault = sandbox.fault("revoke", "status", count=-1)
    assert site.run_jobs().returncode == 4, "postponed"
    (job,) = site.jobs("revoke")
    assert job["attempts"] == 1 and job["token_encrypted"]
    assert sandbox.live_grants()
    assert site.run_jobs().returncode == 0, "not due yet"
    assert sandbox.requests("revoke") == 1
    sandbox.clear_faults(fault)
    clocks.jobs_due(site)
    assert site.run_jobs().returncode == 0
    assert not sandbox.live_grants()
    assert site.count("calendar_jobs") == 0


def test_a_grant_that_is_dead_already_counts_as_revoked(site, ivy, sandbox, connected):
    disconnect(ivy)
    sandbox.revoke_account(AVERY)
    assert site.run_jobs().returncode == 0
    assert site.count("calendar_jobs") == 0
    assert site.audit("revoked")


def test_an_account_that_another_user_holds_is_not_revoked(site, ivy, ian, sandbox, connected):
    """Google would end Ian's access with Ivy's."""
    assert notice_of(ian.connect(sandbox, AVERY)) == "connected"
    disconnect(ivy)
    assert site.run_jobs().returncode == 0
    assert sandbox.requests("revoke") == 0
    assert not site.jobs("revoke")
    assert site.audit("revocation_abandoned")
    ian.submit(ian.page(DISCONNECT).form("Disconnect"))
    assert site.run_jobs().returncode == 0
    assert sandbox.requests("revoke") == 1, "with the last one it is"
    assert not sandbox.live_grants()


def test_connecting_again_cancels_the_pending_revocation(site, ivy, sandbox, connected):
    disconnect(ivy)
    assert notice_of(ivy.connect(sandbox)) == "connected"
    assert site.run_jobs().returncode == 0
    assert sandbox.requests("revoke") == 0
    assert sandbox.live_grants()
    row = site.integration(IVY)
    assert row["id"] != connected["id"]


def test_a_user_who_is_no_longer_entitled_sees_no_page(site, ivy, connected):
    site.execute("UPDATE users SET is_interviewer = false WHERE email = %s", IVY.login)
    site.log.expect("CALINT0201")
    assert ivy.get(SETTINGS).status_code == 403


def test_a_user_without_connection_is_sent_back_from_the_question(ivy):
    answer = ivy.get(DISCONNECT)
    assert (answer.status_code, answer.headers["Location"]) == (303, SETTINGS)


def test_a_second_click_does_nothing_more(site, ivy, connected):
    form = ivy.page(DISCONNECT).form("Disconnect")
    assert ivy.submit(form).status_code == 303
    with site.nothing_written():
        assert ivy.submit(form).status_code == 409


def test_two_job_runs_at_once_revoke_each_grant_once(site, ivy, ian, sandbox, connected):
    assert notice_of(ian.connect(sandbox, "sam@example.com")) == "connected"
    disconnect(ivy)
    disconnect(ian)
    first, second = site.start_jobs(), site.start_jobs()
    assert first.wait(60) == second.wait(60) == 0
    assert sandbox.requests("revoke") == 2, "each once"
    assert site.count("calendar_jobs") == 0
    assert len(site.audit("revoked")) == 2
    assert {row["user_id"] for row in site.integrations(IAN)} == {IAN.id}
