"""The user says no at the provider, or the provider reports an error (UC-455, EF-1)."""

import pytest

from harness.people import IVY
from harness.session import notice_of


def test_denied_access_is_said_audited_and_changes_nothing_else(site, ivy, sandbox, provider):
    callback = ivy.consent(sandbox, provider.email, provider=provider.id, deny=True)
    with site.nothing_written("audit_logs", "calendar_used_states"):
        answer = ivy.get(callback)
    assert answer.headers["Location"] == "/settings/calendar?calint_notice=denied"
    (row,) = site.audit()
    assert row["action"] == "calendar_integration.connection_denied"
    assert str(row["user_id"]) == IVY.id
    assert row["metadata"] == {"provider": provider.id}
    assert sandbox.requests(provider.token) == 0
    page = ivy.follow(answer)
    assert "Access Denied" in page.text
    assert "Select Calendar Provider" in page.text


def test_after_a_denial_connecting_works(ivy, sandbox):
    ivy.connect(sandbox, deny=True)
    assert notice_of(ivy.connect(sandbox)) == "connected"


def test_a_denial_returns_to_where_the_flow_began(ivy, sandbox):
    answer = ivy.get(ivy.consent(sandbox, return_to="/jobs/7", deny=True))
    assert answer.headers["Location"] == "/jobs/7?calint_notice=denied"


def test_a_denied_reconnection_keeps_the_connection(site, ivy, sandbox):
    ivy.connect(sandbox)
    before = site.integration(IVY)
    assert notice_of(ivy.connect(sandbox, deny=True)) == "denied"
    assert site.integration(IVY) == before


@pytest.mark.parametrize("error", ["server_error", "temporarily_unavailable", "invalid_scope", "interaction_required",
                                   "<script>"])
def test_another_error_of_the_provider_is_said(site, ivy, sandbox, provider, error):
    sandbox.fault(provider.authorize, "error", error=error)
    answer = ivy.get(sandbox.approve(ivy.start(provider.id)))
    assert notice_of(answer) == "provider_error"
    assert not site.integrations(IVY)
    assert "<script>" not in site.log.text()
