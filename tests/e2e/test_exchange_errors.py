"""The token endpoint misbehaves: no integration is written, and a grant that was given isn't left behind."""

import time

import pytest

from harness.people import IVY
from harness.session import notice_of

EXCHANGE = {"grant_type": "authorization_code"}


def no_trace_of_a_connection(site):
    assert not site.integrations(IVY)
    assert site.count("calendar_integration_calendars") == 0
    assert site.count("calendar_changes") == 0
    assert not [row for row in site.audit() if row["action"] == "calendar_integration.connected"]


def connect_with(site, ivy, sandbox, kind, **params):
    sandbox.fault("token", kind, **EXCHANGE, **params)
    answer = ivy.connect(sandbox)
    no_trace_of_a_connection(site)
    return notice_of(answer)


@pytest.mark.parametrize("error", ["invalid_client", "wrong_secret", "redirect_uri_mismatch", "unauthorized_client"])
def test_a_wrong_client_is_the_operators_to_mend(site, ivy, sandbox, error):
    site.log.expect(r":error\].*CALINT0204.*ALARM")
    assert connect_with(site, ivy, sandbox, "error", error=error) == "misconfigured"
    page = ivy.page("/settings/calendar?calint_notice=misconfigured")
    assert "administrator" in page.text


@pytest.mark.parametrize("kind, params", [
    ("error", {"error": "invalid_grant"}),
    ("error", {"error": "code_used"}),
    ("error", {"error": "malformed_code"}),
    ("error", {"error": "something_new"}),
    ("status", {"status": 500}),
    ("status", {"status": 503}),
    ("rate_limit", {}),
    ("html", {}),
    ("html", {"status": 200}),
    ("reset", {}),
    ("reset", {"bytes": 20}),
    ("oversize", {}),
    ("gzip_bomb", {}),
], ids=lambda value: value if isinstance(value, str) else "-".join(map(str, value.values())))
def test_a_failed_exchange_stores_nothing(site, ivy, sandbox, kind, params):
    # A code that was sent malformed is a mistake of ours.
    site.log.expect(r":error\].*CALINT0216" if params == {"error": "malformed_code"} else "CALINT0203")
    assert connect_with(site, ivy, sandbox, kind, **params) == "exchange_failed"


@pytest.mark.parametrize("kind, params", [
    ("malformed_json", {}),
    ("malformed_json", {"text": "[]"}),
    ("malformed_json", {"text": "{}"}),
    ("wrong_types", {}),
    ("wrong_types", {"member": "access_token"}),
    ("wrong_types", {"member": "refresh_token"}),
    ("wrong_types", {"member": "expires_in"}),
    ("wrong_types", {"member": "token_type"}),
    ("wrong_types", {"member": "scope"}),
    ("wrong_types", {"member": "access_token", "value": "two words"}),
    ("wrong_types", {"member": "token_type", "value": "mac"}),
], ids=lambda value: value if isinstance(value, str) else "-".join(map(str, value.values())) or "all")
def test_an_answer_that_cannot_be_used_stores_nothing(site, ivy, sandbox, kind, params):
    site.log.expect("CALINT0203")
    assert connect_with(site, ivy, sandbox, kind, **params) == "exchange_failed"


@pytest.mark.parametrize("claim", ["iss", "aud", "exp", "nonce"])
def test_an_id_token_for_something_else_stores_nothing_and_the_grant_is_revoked(site, ivy, sandbox, claim):
    site.log.expect("CALINT0203")
    assert connect_with(site, ivy, sandbox, "bad_id_token", claim=claim) == "exchange_failed"
    revoked_by_the_next_job_run(site, sandbox)


def test_a_grant_that_names_no_account_stores_nothing_and_is_the_operators_to_know(site, ivy, sandbox):
    """Whether somebody else holds the same account's grant can't be told, so it can't be revoked either."""
    site.log.expect("CALINT0203", r":error\].*CALINT0209")
    assert connect_with(site, ivy, sandbox, "bad_id_token", claim="missing") == "exchange_failed"
    assert not site.jobs("revoke")


def test_a_silent_token_endpoint_is_given_up_after_five_seconds(site, ivy, sandbox):
    site.log.expect("CALINT0203")
    began = time.monotonic()
    assert connect_with(site, ivy, sandbox, "hang") == "exchange_failed"
    assert 1 < time.monotonic() - began < 7


def test_a_dripping_token_endpoint_is_given_up_after_five_seconds(site, ivy, sandbox):
    site.log.expect("CALINT0203")
    began = time.monotonic()
    assert connect_with(site, ivy, sandbox, "drip", seconds=0.5) == "exchange_failed"
    assert time.monotonic() - began < 7


def test_after_a_failed_exchange_connecting_works(site, ivy, sandbox):
    site.log.expect("CALINT0203")
    assert connect_with(site, ivy, sandbox, "status") == "exchange_failed"
    assert notice_of(ivy.connect(sandbox)) == "connected"


@pytest.mark.parametrize("missing", ["calendar.events", "calendar.freebusy", "calendar.calendarlist.readonly"])
def test_a_box_that_was_unticked_is_said_and_the_grant_is_revoked(site, ivy, sandbox, missing):
    ticked = {"calendar.events", "calendar.freebusy", "calendar.calendarlist.readonly"} - {missing}
    assert notice_of(ivy.connect(sandbox, allow_scopes=sorted(ticked))) == "scope_missing"
    no_trace_of_a_connection(site)
    revoked_by_the_next_job_run(site, sandbox)


@pytest.mark.parametrize("kind", ["short_scope", "no_refresh_token"])
def test_a_grant_that_is_too_narrow_is_not_kept_and_revoked(site, ivy, sandbox, kind):
    assert connect_with(site, ivy, sandbox, kind) == "scope_missing"
    revoked_by_the_next_job_run(site, sandbox)


def test_a_grant_that_is_too_narrow_does_not_end_a_wider_one(site, ivy, ian, sandbox):
    """Google's revocation ends every grant of the account; Ian's connection holds one of the same account."""
    assert notice_of(ian.connect(sandbox)) == "connected"
    sandbox.fault("token", "no_refresh_token", **EXCHANGE)
    assert notice_of(ivy.connect(sandbox)) == "scope_missing"
    site.run_jobs()
    assert sandbox.requests("revoke") == 0
    assert sandbox.live_grants()


def revoked_by_the_next_job_run(site, sandbox):
    assert sandbox.live_grants(), "the provider gave a grant"
    assert len(site.jobs("revoke")) == 1
    done = site.run_jobs()
    assert done.returncode == 0, done.stderr
    assert not sandbox.live_grants()
    assert site.count("calendar_jobs") == 0
