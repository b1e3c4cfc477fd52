"""AF-2: disconnecting, and what becomes of the grant (contract, section 6)."""

import pytest

from harness.people import IAN, IVY
from harness.session import SETTINGS, notice_of

QUESTION = f"{SETTINGS}/disconnect"
ACCOUNT = "avery@example.com"


def disconnect(client):
    return client.submit(client.page(QUESTION).form("Disconnect"))


def test_disconnecting_asks_first(site, sandbox, ivy):
    ivy.connect(sandbox)
    assert ivy.page().link("Disconnect Google Calendar") == QUESTION
    before = site.integration(IVY)
    page = ivy.page(QUESTION)
    assert "Disconnect Google Calendar?" in page.text and ACCOUNT in page.text
    assert page.link("Keep it connected") == SETTINGS
    assert site.integration(IVY) == before


def test_the_question_without_a_connection_leads_to_the_settings(ivy):
    answer = ivy.get(QUESTION)
    assert (answer.status_code, answer.headers["Location"]) == (303, SETTINGS)


def test_disconnecting_takes_everything_away_at_once(site, sandbox, ivy):
    ivy.connect(sandbox)
    before = site.integration(IVY)
    answer = disconnect(ivy)
    assert notice_of(answer) == "disconnected"
    row = site.row("SELECT * FROM calendar_integrations WHERE id = %s", before["id"])
    assert not row["active"] and row["status"] == "inactive"
    assert row["access_token_encrypted"] is None and row["refresh_token_encrypted"] is None
    assert row["generation"] == before["generation"] + 1
    assert row["disconnected_at"] is not None
    assert site.count("calendar_integration_calendars") == 0
    page = ivy.follow(answer)
    assert "Your calendar was disconnected" in page.text
    assert "Connect Google Calendar" in page.links


def test_the_disconnection_is_audited_and_the_ats_hears_of_it(site, sandbox, ivy):
    ivy.connect(sandbox)
    changes = site.count("calendar_changes")
    disconnect(ivy)
    row = site.audit("disconnected")
    assert len(row) == 1 and str(row[0]["user_id"]) == IVY.id and row[0]["metadata"]["provider"] == "google"
    assert site.count("calendar_changes") > changes


def test_the_user_does_not_wait_for_the_provider(site, sandbox, ivy):
    ivy.connect(sandbox)
    sandbox.fault("revoke", "hang", count=-1)
    assert notice_of(disconnect(ivy)) == "disconnected"
    assert sandbox.requests("revoke") == 0


def test_the_grant_is_revoked_by_a_job_that_ends_with_it(site, sandbox, ivy):
    ivy.connect(sandbox)
    disconnect(ivy)
    jobs = site.jobs("revoke")
    assert len(jobs) == 1 and jobs[0]["token_encrypted"] is not None
    assert len(sandbox.live_grants(ACCOUNT)) == 1
    done = site.run_jobs()
    assert done.returncode == 0, done.stderr
    assert sandbox.live_grants(ACCOUNT) == []
    assert site.count("calendar_jobs") == 0
    assert len(site.audit("revoked")) == 1


def test_revoking_twice_asks_the_provider_once(site, sandbox, ivy):
    ivy.connect(sandbox)
    disconnect(ivy)
    site.run_jobs()
    site.run_jobs()
    assert sandbox.requests("revoke") == 1


def test_a_grant_that_is_already_gone_counts_as_revoked(site, sandbox, ivy):
    ivy.connect(sandbox)
    sandbox.revoke_account(ACCOUNT)
    disconnect(ivy)
    assert site.run_jobs().returncode == 0
    assert site.count("calendar_jobs") == 0


@pytest.mark.parametrize("kind, options", (("status", {"status": 503}), ("reset", {}), ("html", {}),
                                           ("rate_limit", {"status": 429, "retry_after": 60})),
                         ids=lambda value: str(value)[:30])
def test_a_revocation_waits_for_a_provider_that_is_down(site, sandbox, ivy, kind, options):
    ivy.connect(sandbox)
    disconnect(ivy)
    sandbox.fault("revoke", kind, count=-1, **options)
    assert site.run_jobs().returncode != 0
    jobs = site.jobs("revoke")
    assert len(jobs) == 1 and jobs[0]["attempts"] >= 1 and jobs[0]["token_encrypted"] is not None
    page = ivy.page()
    assert "hasn't confirmed yet that the access was withdrawn" in page.text
    sandbox.clear_faults()
    assert ivy.submit(page.form("Retry")).status_code == 303
    assert sandbox.live_grants(ACCOUNT) == []
    assert site.jobs("revoke") == []


def test_an_account_that_another_user_holds_is_not_revoked(site, sandbox, ivy, ian):
    ivy.connect(sandbox, ACCOUNT)
    ian.connect(sandbox, ACCOUNT)
    disconnect(ivy)
    assert site.run_jobs().returncode == 0
    assert sandbox.requests("revoke") == 0
    assert site.integration(IAN)["status"] == "connected"
    assert len(sandbox.live_grants(ACCOUNT)) >= 1
    disconnect(ian)
    assert site.run_jobs().returncode == 0
    assert sandbox.live_grants(ACCOUNT) == []


def test_connecting_again_cancels_the_pending_revocation(site, sandbox, ivy):
    ivy.connect(sandbox, ACCOUNT)
    disconnect(ivy)
    assert notice_of(ivy.connect(sandbox, ACCOUNT)) == "connected"
    site.run_jobs()
    assert sandbox.requests("revoke") == 0
    assert site.integration(IVY)["status"] == "connected"
    assert len(site.integrations(IVY)) == 2


def test_a_form_that_was_sent_twice_disconnects_once(site, sandbox, ivy):
    ivy.connect(sandbox)
    form = ivy.page(QUESTION).form("Disconnect")
    assert notice_of(ivy.submit(form)) == "disconnected"
    assert ivy.submit(form).status_code == 409
    assert len(site.audit("disconnected")) == 1


def test_a_form_from_before_a_reconnection_disconnects_nothing(site, sandbox, ivy):
    ivy.connect(sandbox)
    form = ivy.page(QUESTION).form("Disconnect")
    ivy.connect(sandbox)
    assert ivy.submit(form).status_code == 409
    assert site.integration(IVY)["status"] == "connected"


def test_a_users_form_cannot_disconnect_somebody_else(site, sandbox, ivy, ian):
    ivy.connect(sandbox)
    ian.connect(sandbox, "sam@example.com")
    theirs = site.integration(IVY)
    form = ian.page(QUESTION).form("Disconnect")
    assert ian.submit(form, integration=str(theirs["id"]), generation=str(theirs["generation"])).status_code == 409
    assert site.integration(IVY)["status"] == "connected" and site.integration(IAN)["status"] == "connected"


def test_a_user_who_is_no_longer_entitled_cannot_use_the_page(site, sandbox, ivy):
    ivy.connect(sandbox)
    site.execute("UPDATE users SET is_interviewer = false WHERE email = %s", IVY.login)
    site.log.expect("CALINT0201")
    assert ivy.get(SETTINGS).status_code == 403
