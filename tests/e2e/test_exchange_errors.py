"""The token endpoint misbehaves: no integration is written, and a grant that was given isn't left behind."""

import time

import pytest

from harness.paths import SETTINGS
from harness.people import IVY
from harness.providers import GOOGLE, OUTLOOK
from harness.session import notice_of

EXCHANGE = {"grant_type": "authorization_code"}


def no_trace_of_a_connection(site):
    assert not site.integrations(IVY)
    assert site.count("calendar_integration_calendars") == 0
    assert site.count("calendar_changes") == 0
    assert not [row for row in site.audit() if row["action"] == "calendar_integration.connected"]


def connect_with(site, ivy, sandbox, kind, provider=GOOGLE, **params):
    sandbox.fault(provider.token, kind, **EXCHANGE, **params)
    answer = ivy.connect(sandbox, provider.email, provider=provider.id)
    no_trace_of_a_connection(site)
    return notice_of(answer)


def by_kind(value):
    return value if isinstance(value, str) else "-".join(map(str, value.values())) or "all"


@pytest.mark.parametrize("provider, error", [
    *((GOOGLE, error) for error in ("invalid_client", "wrong_secret", "redirect_uri_mismatch", "unauthorized_client")),
    *((OUTLOOK, f"AADSTS{number}") for number in (7000215, 7000222, 700016, 50011, 7000218))],
    ids=lambda value: value if isinstance(value, str) else value.id)
def test_a_wrong_client_is_the_operators_to_mend(site, ivy, sandbox, provider, error):
    """Microsoft's number is what the operator looks for."""
    site.log.expect(r":error\].*CALINT0204: ALARM" + (f".*{error}" if provider is OUTLOOK else ""))
    assert connect_with(site, ivy, sandbox, "error", provider, error=error) == "misconfigured"
    page = ivy.page(f"{SETTINGS}?calint_notice=misconfigured")
    assert "administrator" in page.text


@pytest.mark.parametrize("provider, error", [
    *((GOOGLE, error) for error in ("invalid_grant", "code_used", "malformed_code", "something_new")),
    *((OUTLOOK, f"AADSTS{number}") for number in (54005, 501481, 50076, 90055))],
    ids=lambda value: value if isinstance(value, str) else value.id)
def test_a_refused_exchange_stores_nothing(site, ivy, sandbox, provider, error):
    # A code that was sent malformed is a mistake of ours.
    site.log.expect(r":error\].*CALINT0216" if error == "malformed_code" else "CALINT0203")
    assert connect_with(site, ivy, sandbox, "error", provider, error=error) == "exchange_failed"


@pytest.mark.parametrize("kind, params", [
    ("status", {"status": 500}),
    ("status", {"status": 503}),
    ("rate_limit", {}),
    ("html", {}),
    ("html", {"status": 200}),
    ("reset", {}),
    ("oversize", {}),
    ("gzip_bomb", {}),
    ("malformed_json", {}),
    ("wrong_types", {}),
], ids=by_kind)
def test_a_failed_exchange_stores_nothing_and_the_next_one_connects(site, ivy, sandbox, provider, kind, params):
    site.log.expect("CALINT0203")
    assert connect_with(site, ivy, sandbox, kind, provider, **params) == "exchange_failed"
    assert notice_of(ivy.connect(sandbox, provider.email, provider=provider.id)) == "connected"


@pytest.mark.parametrize("kind, params", [
    ("reset", {"bytes": 20}),
    ("malformed_json", {"text": "[]"}),
    ("malformed_json", {"text": "{}"}),
    ("wrong_types", {"member": "access_token"}),
    ("wrong_types", {"member": "refresh_token"}),
    ("wrong_types", {"member": "expires_in"}),
    ("wrong_types", {"member": "token_type"}),
    ("wrong_types", {"member": "scope"}),
    ("wrong_types", {"member": "access_token", "value": "two words"}),
    ("wrong_types", {"member": "token_type", "value": "mac"}),
], ids=by_kind)
def test_an_answer_that_cannot_be_used_stores_nothing(site, ivy, sandbox, kind, params):
    site.log.expect("CALINT0203")
    assert connect_with(site, ivy, sandbox, kind, **params) == "exchange_failed"


@pytest.mark.parametrize("provider, claim", [*((GOOGLE, claim) for claim in ("iss", "aud", "exp", "nonce")),
                                             *((OUTLOOK, claim)
                                               for claim in ("iss", "aud", "exp", "nonce", "sub", "tid"))],
                         ids=lambda value: value if isinstance(value, str) else value.id)
def test_an_id_token_for_something_else_stores_nothing_and_the_grant_is_given_up(site, ivy, sandbox, provider, claim):
    site.log.expect("CALINT0203.*id_token")
    assert connect_with(site, ivy, sandbox, "bad_id_token", provider, claim=claim) == "exchange_failed"
    given_up(site, sandbox, provider)


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


@pytest.mark.parametrize("missing", ["calendar.events", "calendar.freebusy", "calendar.calendarlist.readonly"])
def test_a_box_that_was_unticked_is_said_and_the_grant_is_revoked(site, ivy, sandbox, missing):
    ticked = {"calendar.events", "calendar.freebusy", "calendar.calendarlist.readonly"} - {missing}
    assert notice_of(ivy.connect(sandbox, allow_scopes=sorted(ticked))) == "scope_missing"
    no_trace_of_a_connection(site)
    given_up(site, sandbox, GOOGLE)


@pytest.mark.parametrize("kind", ["short_scope", "no_refresh_token"])
def test_a_grant_that_is_too_narrow_is_not_kept_and_given_up(site, ivy, sandbox, provider, kind):
    assert connect_with(site, ivy, sandbox, kind, provider) == "scope_missing"
    given_up(site, sandbox, provider)


def test_a_grant_that_is_too_narrow_does_not_end_a_wider_one(site, ivy, ian, sandbox):
    """Google's revocation ends every grant of the account; Ian's connection holds one of the same account."""
    assert notice_of(ian.connect(sandbox)) == "connected"
    sandbox.fault("token", "no_refresh_token", **EXCHANGE)
    assert notice_of(ivy.connect(sandbox)) == "scope_missing"
    site.run_jobs()
    assert sandbox.requests("revoke") == 0
    assert sandbox.live_grants()


def given_up(site, sandbox, provider):
    """At Google by the next run of jobs; at Microsoft nothing can be revoked, and the audit says so."""
    if provider is OUTLOOK:
        (entry,) = site.audit("revocation_abandoned")
        assert entry["metadata"]["provider_revocation"] == "unsupported"
        return
    assert sandbox.live_grants(), "the provider gave a grant"
    assert len(site.jobs("revoke")) == 1
    done = site.run_jobs()
    assert done.returncode == 0, done.stderr
    assert not sandbox.live_grants()
    assert site.count("calendar_jobs") == 0
