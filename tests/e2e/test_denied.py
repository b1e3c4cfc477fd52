"""The user says no at the provider, or the provider reports an error (UC-455, EF-1)."""

import pytest

from harness.paths import SETTINGS
from harness.people import IVY
from harness.session import notice_of


def test_denied_access_is_said_audited_and_changes_nothing_else(site, ivy, sandbox, provider):
    callback = ivy.consent(sandbox, provider.email, provider=provider.id, deny=True)
    with site.nothing_written("audit_logs", "calendar_used_states"):
        answer = ivy.get(callback)
    assert answer.headers["Location"] == f"{SETTINGS}?calint_notice=denied"
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


def test_a_denial_is_said_on_the_settings_page_which_links_back(ivy, sandbox):
    """Only a flow that ended well goes to where it was begun: there nobody would say what happened."""
    answer = ivy.get(ivy.consent(sandbox, return_to="/jobs/7?week=48", deny=True))
    assert answer.headers["Location"].partition("?")[0] == SETTINGS and notice_of(answer) == "denied"
    page = ivy.follow(answer)
    assert "Access Denied" in page.text
    assert page.links["Back to where you came from"] == "/jobs/7?week=48"
    # It isn't lost where they try again.
    assert "return_to=%2Fjobs%2F7%3Fweek%3D48" in page.links["Connect Google Calendar"]


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
