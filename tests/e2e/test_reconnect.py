"""AF-1 and AF-3: the same account again, or another one (contract, section 4, steps 7 and 8)."""

from concurrent.futures import ThreadPoolExecutor

from harness.people import IVY
from harness.session import CONNECT_GOOGLE, SETTINGS, notice_of, query_of

ACCOUNT, OTHER = "avery@example.com", "sam@example.com"
SWITCH = f"{SETTINGS}/switch"


def ask_to_switch(client, answer):
    """The question that a callback with another account leads to."""
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"{SWITCH}?to=google")
    return client.follow(answer)


def test_the_page_offers_to_reconnect_with_the_account_as_a_hint(sandbox, ivy):
    ivy.connect(sandbox)
    link = ivy.page().link("Reconnect Google Calendar")
    assert link.startswith(CONNECT_GOOGLE)
    assert query_of(ivy.get(link).headers["Location"])["login_hint"] == ACCOUNT


def test_reconnecting_the_same_account_keeps_the_row_and_its_calendars(site, sandbox, ivy):
    ivy.connect(sandbox)
    site.execute("UPDATE calendar_integration_calendars SET sync = (calendar_id = 'sam@example.com')")
    before = site.integration(IVY)
    assert notice_of(ivy.connect(sandbox)) == "reconnected"
    after = site.integration(IVY)
    assert len(site.integrations(IVY)) == 1
    assert after["id"] == before["id"] and after["created_at"] == before["created_at"]
    assert after["generation"] == before["generation"] + 1
    assert after["seal_id"] != before["seal_id"]
    assert after["access_token_encrypted"] != before["access_token_encrypted"]
    ticked = site.rows("SELECT calendar_id FROM calendar_integration_calendars WHERE sync")
    assert [row["calendar_id"] for row in ticked] == ["sam@example.com"]
    assert len(site.audit("reconnected")) == 1


def test_reconnecting_revokes_nothing(site, sandbox, ivy):
    """Google would end the new grant together with the old."""
    ivy.connect(sandbox)
    ivy.connect(sandbox)
    site.run_jobs()
    assert sandbox.requests("revoke") == 0 and site.jobs("revoke") == []


def test_reconnecting_mends_an_expired_connection(site, sandbox, ivy):
    ivy.connect(sandbox)
    site.execute("UPDATE calendar_integrations SET status = 'expired', last_error = 'access_withdrawn', "
                 "error_since = now()")
    page = ivy.page()
    assert any(kind == "banner banner-error" for kind, _ in page.banners)
    assert notice_of(ivy.connect(sandbox)) == "reconnected"
    row = site.integration(IVY)
    assert row["status"] == "connected" and row["last_error"] is None and row["error_since"] is None


def test_an_account_whose_address_changed_is_still_the_same_account(site, sandbox, ivy):
    sandbox.add_account("old@example.com", sub="112233445566778899000")
    sandbox.add_account("new@example.com", sub="112233445566778899000")
    ivy.connect(sandbox, "old@example.com")
    assert notice_of(ivy.connect(sandbox, "new@example.com")) == "reconnected"
    assert site.integration(IVY)["account"] == "new@example.com"


def test_another_account_is_asked_about_and_nothing_is_stored(site, sandbox, ivy):
    ivy.connect(sandbox, ACCOUNT)
    before = site.integration(IVY)
    page = ask_to_switch(ivy, ivy.connect(sandbox, OTHER))
    assert ACCOUNT in page.text
    assert site.integration(IVY) == before
    assert site.run_jobs().returncode == 0
    assert sandbox.live_grants(OTHER) == [] and len(sandbox.live_grants(ACCOUNT)) == 1


def switch(client, sandbox, email, **choices):
    """Confirms the switch and answers at the provider."""
    form = client.page(f"{SWITCH}?to=google").form("Switch to Google Calendar")
    answer = client.submit(form)
    assert answer.status_code == 303
    return client.get(sandbox.approve(answer.headers["Location"], email, **choices))


def test_a_confirmed_switch_replaces_the_connection(site, sandbox, ivy):
    ivy.connect(sandbox, ACCOUNT)
    old = site.integration(IVY)
    assert notice_of(switch(ivy, sandbox, OTHER)) == "switched"
    new = site.integration(IVY)
    assert new["account"] == OTHER and new["id"] != old["id"] and new["status"] == "connected"
    former = site.row("SELECT * FROM calendar_integrations WHERE id = %s", old["id"])
    assert former["status"] == "inactive" and former["access_token_encrypted"] is None
    assert len(site.audit("switched")) == 1
    assert site.run_jobs().returncode == 0
    assert sandbox.live_grants(ACCOUNT) == [] and len(sandbox.live_grants(OTHER)) == 1


def test_the_switch_page_may_send_its_form_on_to_the_provider(sandbox, ivy):
    """Browsers hold form-action against the redirect that follows a POST."""
    ivy.connect(sandbox)
    policy = ivy.get(f"{SWITCH}?to=google").headers["Content-Security-Policy"]
    origin = "/".join(sandbox.http["google"]["authorize_url"].split("/")[:3])
    assert f"form-action 'self' {origin};" in policy


def test_a_switch_to_an_account_that_cannot_be_read_keeps_the_old_one(site, sandbox, ivy):
    ivy.connect(sandbox, ACCOUNT)
    before = site.integration(IVY)
    sandbox.fault("calendarList", "status", count=-1, status=503)
    site.log.expect("CALINT0208")
    assert notice_of(switch(ivy, sandbox, OTHER)) == "provider_unavailable"
    assert site.integration(IVY) == before
    sandbox.clear_faults()
    site.run_jobs()
    assert sandbox.live_grants(OTHER) == []


def test_a_switch_that_the_user_denies_keeps_the_old_one(site, sandbox, ivy):
    ivy.connect(sandbox, ACCOUNT)
    before = site.integration(IVY)
    assert notice_of(switch(ivy, sandbox, OTHER, deny=True)) == "denied"
    assert site.integration(IVY) == before


def test_a_connection_that_changed_on_the_way_is_asked_about(site, sandbox, ivy):
    ivy.connect(sandbox, ACCOUNT)
    url = ivy.consent(sandbox, OTHER)
    ivy.submit(ivy.page(f"{SETTINGS}/disconnect").form("Disconnect"))
    page = ask_to_switch(ivy, ivy.get(url))
    assert "No calendar is connected now" in page.text
    assert [row for row in site.integrations(IVY) if row["active"]] == []


def test_two_callbacks_of_one_user_at_the_same_time_leave_one_connection(site, sandbox, ivy):
    urls = [ivy.consent(sandbox) for _ in range(6)]
    site.log.allow("CALINT0205")
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(ivy.get, urls))
    assert {notice_of(answer) for answer in answers} <= {"connected", "reconnected"}
    assert len(site.integrations(IVY)) == 1
    assert site.integration(IVY)["status"] == "connected"
    site.run_jobs()
    assert sandbox.requests("revoke") == 0


def test_the_same_callback_sent_at_the_same_time_presents_its_code_once(site, sandbox, ivy):
    url = ivy.consent(sandbox)
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(ivy.get, [url] * 6))
    assert all(answer.status_code == 303 for answer in answers)
    assert sandbox.requests("token") == 1
    assert site.integration(IVY)["status"] == "connected"
