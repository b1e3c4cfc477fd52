"""The calendars can't be read right after the exchange (UC-455, EF-3), and Retry."""

import time

import pytest

from harness.people import IVY
from harness.session import notice_of


def connect_unvalidated(site, browser, sandbox, kind="status", **params):
    site.log.expect("CALINT0208")
    sandbox.fault("calendarList", kind, **params)
    assert notice_of(browser.connect(sandbox)) == "validation_failed"
    return site.integration(IVY)


def retry(browser):
    return browser.submit(browser.page().form("Retry"))


@pytest.mark.parametrize("kind, params", [
    ("status", {}), ("status", {"status": 500}), ("rate_limit", {}), ("html", {}), ("malformed_json", {}),
    ("wrong_types", {}), ("hang", {}), ("oversize", {}),
    ("reset", {"count": -1}),
    ("error", {"error": "quotaExceeded"}),
], ids=lambda value: value if isinstance(value, str) else "-".join(map(str, value.values())))
def test_the_tokens_are_kept_with_status_error_and_a_retry_is_queued(site, ivy, sandbox, kind, params):
    row = connect_unvalidated(site, ivy, sandbox, kind, **params)
    assert row["active"] and row["status"] == "error"
    assert row["access_token_encrypted"] and row["refresh_token_encrypted"]
    assert row["last_error"] and row["error_since"]
    (job,) = site.jobs("validate")
    assert job["integration_id"] == row["id"]
    assert len(sandbox.live_grants()) == 1


def test_connection_and_failure_are_both_audited(site, ivy, sandbox):
    row = connect_unvalidated(site, ivy, sandbox)
    assert [entry["action"] for entry in site.audit()] == ["calendar_integration.connected",
                                                           "calendar_integration.validation_failed"]
    assert {str(entry["auditable_id"]) for entry in site.audit()} == {str(row["id"])}


def test_the_page_says_what_happened_since_when_and_offers_retry(site, ivy, sandbox):
    connect_unvalidated(site, ivy, sandbox)
    page = ivy.page()
    (trouble,) = [text for kind, text in page.banners if "banner-error" in kind]
    assert "could not be reached" in trouble
    assert "Since" in trouble
    assert page.has_button("Retry") and "Disconnect Google Calendar" in page.links


def test_retry_connects_when_the_provider_is_back(site, ivy, sandbox):
    before = connect_unvalidated(site, ivy, sandbox)
    answer = retry(ivy)
    assert notice_of(answer) == "connected"
    row = site.integration(IVY)
    assert (row["id"], row["generation"], row["status"]) == (before["id"], before["generation"], "connected")
    assert row["last_error"] is None and row["error_since"] is None
    assert row["calendar_id"] == "avery@example.com"
    assert site.count("calendar_integration_calendars") == 4
    assert not site.jobs("validate")
    assert [entry["action"] for entry in site.audit("validated")]
    assert "Connected to Google Calendar" in ivy.follow(answer).text


def test_a_retry_that_fails_as_well_keeps_everything_and_says_so(site, ivy, sandbox):
    before = connect_unvalidated(site, ivy, sandbox)
    sandbox.fault("calendarList", "status")
    assert notice_of(retry(ivy)) == "provider_unavailable"
    row = site.integration(IVY)
    assert (row["status"], row["error_since"]) == ("error", before["error_since"])
    assert len(site.jobs("validate")) == 1
    assert len(site.audit("validation_failed")) == 1, "the same failure is audited once"


def test_a_rejected_access_token_is_refreshed_once(site, ivy, sandbox):
    connect_unvalidated(site, ivy, sandbox)
    sandbox.fault("calendarList", "error", error="authError")
    assert notice_of(retry(ivy)) == "connected"
    assert sandbox.state()["details"]["token.refresh_token"] == 1


def test_an_access_token_that_stays_rejected_is_not_refreshed_again_and_again(site, ivy, sandbox):
    connect_unvalidated(site, ivy, sandbox)
    sandbox.fault("calendarList", "error", count=-1, error="authError")
    assert notice_of(retry(ivy)) == "validation_failed"
    assert sandbox.state()["details"]["token.refresh_token"] == 1
    assert site.integration(IVY)["status"] == "error"


def test_a_withdrawn_access_expires_the_connection_and_asks_to_reconnect(site, ivy, sandbox):
    connect_unvalidated(site, ivy, sandbox)
    sandbox.revoke_account("avery@example.com")
    retry(ivy)
    row = site.integration(IVY)
    assert (row["status"], row["last_error"]) == ("expired", "access_withdrawn")
    assert site.audit("expired")
    page = ivy.page()
    assert "Reconnect Google Calendar" in page.links
    assert not page.has_button("Retry")


def test_an_account_without_calendars_is_connected(site, ivy, sandbox):
    sandbox.add_account("empty@example.com", calendars=[])
    assert notice_of(ivy.connect(sandbox, "empty@example.com")) == "connected"
    assert site.integration(IVY)["calendar_id"] is None
    assert "Connected to Google Calendar" in ivy.page().text


def test_a_silent_calendar_service_does_not_keep_the_user_waiting(site, ivy, sandbox):
    began = time.monotonic()
    connect_unvalidated(site, ivy, sandbox, "hang")
    assert time.monotonic() - began < 7


def test_a_session_policy_is_told_apart(site, ivy, sandbox):
    connect_unvalidated(site, ivy, sandbox)
    sandbox.expire_access_tokens()
    sandbox.fault("token", "error", error="rapt", grant_type="refresh_token")
    sandbox.fault("calendarList", "error", error="authError")
    retry(ivy)
    assert site.integration(IVY)["last_error"] == "sign_in_policy"
    assert "sign-in policy" in ivy.page().text


def test_a_client_that_google_refuses_later_does_not_ask_the_user_to_reconnect(site, ivy, sandbox):
    connect_unvalidated(site, ivy, sandbox)
    site.log.expect(r":error\].*CALINT0204.*ALARM")
    sandbox.fault("calendarList", "error", error="authError")
    sandbox.fault("token", "error", error="invalid_client", grant_type="refresh_token")
    assert notice_of(retry(ivy)) == "misconfigured"
    row = site.integration(IVY)
    assert (row["status"], row["last_error"]) == ("error", "operator")
    page = ivy.page()
    assert "administrator" in page.text
    assert "Reconnect Google Calendar" in page.links, "in the card, not as the remedy"
    (trouble,) = [text for kind, text in page.banners if "banner-error" in kind]
    assert "Reconnect" not in trouble
