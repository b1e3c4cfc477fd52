"""An access token is refreshed when it is needed, once, and its successor is stored."""

import pytest

from harness import clocks
from harness.paths import DISCONNECT
from harness.people import IVY
from harness.session import notice_of


@pytest.fixture
def outdated(site, ivy, sandbox, provider):
    """A connection that couldn't be validated, whose access token has expired since."""
    site.log.expect("CALINT0208")
    sandbox.fault(provider.calendars, "status")
    assert notice_of(ivy.connect(sandbox, provider.email, provider=provider.id)) == "validation_failed"
    sandbox.expire_access_tokens()
    clocks.tokens_expired(site)
    return site.integration(IVY)


def retry(browser):
    return browser.submit(browser.page().form("Retry"))


def test_an_expired_token_is_refreshed_on_demand(site, ivy, sandbox, provider, outdated):
    assert notice_of(retry(ivy)) == "connected"
    assert provider.refreshes(sandbox) == 1
    row = site.integration(IVY)
    assert row["token_expires_at"] > outdated["token_expires_at"]
    assert row["seal_id"] != outdated["seal_id"]
    assert bytes(row["access_token_encrypted"]) != bytes(outdated["access_token_encrypted"])
    assert row["generation"] == outdated["generation"], "it is still the same connection"
    assert 300 <= (row["token_expires_at"] - site.refresh(IVY)["due_at"]).total_seconds() <= 375, "spread"


def test_the_refresh_token_is_kept_where_no_new_one_comes(site, ivy, sandbox, provider, outdated):
    for _ in range(2):
        sandbox.expire_access_tokens()
        clocks.tokens_expired(site, status="error")
        sandbox.fault(provider.token, "no_refresh_token")
        assert notice_of(retry(ivy)) == "connected"
    assert provider.refreshes(sandbox) == 2
    assert len(sandbox.live_grants()) == 1


def test_a_rotated_refresh_token_is_stored(site, ivy, sandbox, provider, outdated):
    """Each refresh token dies here with its first use."""
    sandbox.mode(rotate=True)
    for count in (1, 2, 3):
        sandbox.expire_access_tokens()
        clocks.tokens_expired(site, status="error", last_error="provider_unavailable")
        before = site.integration(IVY)
        assert notice_of(retry(ivy)) == "connected"
        after = site.integration(IVY)
        assert provider.refreshes(sandbox) == count
        assert bytes(after["refresh_token_encrypted"]) != bytes(before["refresh_token_encrypted"])
        assert after["generation"] == before["generation"]


def test_two_at_once_refresh_once(site, ivy, sandbox, provider, outdated):
    form = ivy.page().form("Retry")
    hold = sandbox.fault(provider.token, "hold", grant_type="refresh_token")
    answers = [clocks.post_beside_others(site, ivy, form.action, form.fields) for _ in range(4)]
    sandbox.wait_until_held()
    sandbox.release(hold)
    assert {notice_of(answer.result(30)) for answer in answers} == {"connected"}
    assert provider.refreshes(sandbox) == 1


def test_a_disconnect_during_a_refresh_wins(site, ivy, sandbox, provider, outdated):
    page = ivy.page(DISCONNECT)
    hold = sandbox.fault(provider.token, "hold", grant_type="refresh_token", when="after")
    form = ivy.page().form("Retry")
    answer = ivy.post_in_background(form.action, form.fields)
    sandbox.wait_until_held()
    assert notice_of(ivy.submit(page.form("Disconnect"))) == "disconnected"
    sandbox.release(hold)
    assert answer.result(30).status_code in (303, 404, 409)
    (row,) = site.integrations(IVY)
    assert (row["active"], row["access_token_encrypted"], row["refresh_token_encrypted"]) == (False, None, None)


@pytest.mark.parametrize("kind, params", [("status", {}), ("html", {}), ("reset", {}), ("rate_limit", {})],
                         ids=lambda value: value if isinstance(value, str) else "")
def test_a_refresh_that_fails_for_a_passing_reason_expires_nothing(site, ivy, sandbox, provider, outdated, kind,
                                                                   params):
    sandbox.fault(provider.token, kind, grant_type="refresh_token", **params)
    assert notice_of(retry(ivy)) in ("provider_unavailable", "rate_limited")
    row = site.integration(IVY)
    assert row["status"] == "error"
    assert bytes(row["refresh_token_encrypted"]) == bytes(outdated["refresh_token_encrypted"])
    assert notice_of(retry(ivy)) == "connected"


def test_a_refused_refresh_expires_the_connection_at_once(site, ivy, sandbox, provider, outdated):
    sandbox.revoke_account(provider.email)
    retry(ivy)
    row = site.integration(IVY)
    assert (row["status"], row["active"]) == ("expired", True)
    assert f"Reconnect {provider.name}" in ivy.page().links
