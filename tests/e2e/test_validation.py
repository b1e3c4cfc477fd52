"""EF-3: the calendar service can't be read when a connection is made (contract, section 4, step 7)."""

import time

import pytest

from harness.people import IVY
from harness.session import notice_of


def connect_unread(site, sandbox, ivy, kind="status", **options):
    sandbox.fault("calendarList", kind, count=-1, **options)
    site.log.expect("CALINT020[48]")
    answer = ivy.connect(sandbox)
    assert notice_of(answer) == "validation_failed"
    return answer


def retry(ivy):
    return ivy.submit(ivy.page().form("Retry"))


@pytest.mark.parametrize("kind, options", (
    ("status", {"status": 500}), ("status", {"status": 503}), ("rate_limit", {}), ("html", {}), ("malformed_json", {}),
    ("wrong_types", {}), ("reset", {}), ("oversize", {}), ("error", {"error": "insufficientPermissions"}),
    ("error", {"error": "quotaExceeded"}), ("error", {"error": "authError"})), ids=lambda value: str(value)[:40])
def test_the_tokens_are_stored_and_a_validation_is_queued(site, sandbox, ivy, kind, options):
    connect_unread(site, sandbox, ivy, kind, **options)
    row = site.integration(IVY)
    assert row["status"] == "error" and row["active"]
    assert row["last_error"] and row["error_since"] is not None
    assert row["access_token_encrypted"] is not None and row["refresh_token_encrypted"] is not None
    jobs = site.jobs("validate")
    assert len(jobs) == 1 and jobs[0]["integration_id"] == row["id"]


def test_the_failure_is_audited(site, sandbox, ivy):
    connect_unread(site, sandbox, ivy)
    assert [row["action"].split(".")[1] for row in site.audit()] == ["connected", "validation_failed"]


def test_the_page_says_what_happened_and_offers_to_retry(site, sandbox, ivy):
    page = ivy.follow(connect_unread(site, sandbox, ivy))
    assert page.has_button("Retry")
    assert any(kind == "banner banner-error" for kind, _ in page.banners)
    assert "Since " in page.text and "avery@example.com" in page.text


def test_a_retry_that_works_connects(site, sandbox, ivy):
    connect_unread(site, sandbox, ivy)
    before = site.integration(IVY)
    sandbox.clear_faults()
    assert notice_of(retry(ivy)) == "connected"
    row = site.integration(IVY)
    assert row["status"] == "connected" and row["id"] == before["id"]
    assert row["last_error"] is None and row["error_since"] is None
    assert site.jobs("validate") == []
    assert len(site.audit("validated")) == 1
    assert site.count("calendar_integration_calendars") == 4
    assert not ivy.page().has_button("Retry")


def test_a_retry_that_fails_again_keeps_the_connection_and_the_queued_job(site, sandbox, ivy):
    connect_unread(site, sandbox, ivy)
    since = site.integration(IVY)["error_since"]
    assert notice_of(retry(ivy)) == "provider_unavailable"
    row = site.integration(IVY)
    assert row["status"] == "error" and row["error_since"] == since
    assert len(site.jobs("validate")) == 1


def test_a_retry_refreshes_a_token_that_has_expired(site, sandbox, ivy):
    connect_unread(site, sandbox, ivy)
    before = site.integration(IVY)
    sandbox.clear_faults()
    site.execute("UPDATE calendar_integrations SET token_expires_at = now() - interval '1 minute'")
    assert notice_of(retry(ivy)) == "connected"
    after = site.integration(IVY)
    assert sandbox.state()["details"]["token"]["refresh_token"] == 1
    assert after["access_token_encrypted"] != before["access_token_encrypted"]
    assert after["seal_id"] != before["seal_id"]
    assert after["generation"] == before["generation"]


def test_a_retry_refreshes_a_token_that_the_provider_refuses(site, sandbox, ivy):
    connect_unread(site, sandbox, ivy)
    sandbox.clear_faults()
    sandbox.expire_access_tokens()
    assert notice_of(retry(ivy)) == "connected"


def test_a_retry_after_the_user_withdrew_the_access_asks_to_reconnect(site, sandbox, ivy):
    connect_unread(site, sandbox, ivy)
    sandbox.clear_faults()
    sandbox.revoke_account("avery@example.com")
    site.log.allow("CALINT0208")
    retry(ivy)
    assert site.integration(IVY)["status"] == "expired"
    page = ivy.page()
    assert page.link("Reconnect Google Calendar").startswith("/calendar/auth/google")
    assert not page.has_button("Retry")


def test_a_calendar_service_that_never_answers_does_not_keep_the_user_waiting(site, sandbox, ivy):
    sandbox.fault("calendarList", "hang", count=-1)
    site.log.expect("CALINT0208")
    url = ivy.consent(sandbox)
    began = time.monotonic()
    assert notice_of(ivy.get(url)) == "validation_failed"
    assert time.monotonic() - began < 6.5
    assert site.integration(IVY)["status"] == "error"
    sandbox.clear_faults()
    assert notice_of(retry(ivy)) == "connected"


def test_an_account_without_calendars_is_connected(site, sandbox, ivy):
    sandbox.add_account("empty@example.com", calendars=[])
    assert notice_of(ivy.connect(sandbox, "empty@example.com")) == "connected"
    assert site.integration(IVY)["calendar_id"] is None
    ivy.page()
