"""Callbacks, disconnects, refreshes and revocations of one account that cross: one connection is left, and it works."""

from harness.flows import AVERY, SAM
from harness.invariants import check_rows, run_all_jobs, use_tokens
from harness.people import IVY
from harness.session import notice_of


def test_a_revocation_between_a_switchs_reading_and_its_storing_is_not_stored_as_connected(site, ivy, sandbox):
    """The question queued a revocation of the account that the user then wants after all."""
    assert notice_of(ivy.connect(sandbox, AVERY)) == "connected"
    assert ivy.connect(sandbox, SAM).headers["Location"].startswith("/settings/calendar/switch?")
    assert len(site.jobs("revoke")) == 1
    callback = ivy.consent_to_switch(sandbox, SAM)
    hold = sandbox.fault("calendarList", "hold", when="after")
    answer = ivy.get_in_background(callback)
    sandbox.wait_until_held()
    assert site.run_jobs().returncode == 0
    sandbox.release(hold)
    assert notice_of(answer.result(30)) == "switched"
    run_all_jobs(site)
    check_rows(site)
    assert use_tokens(site, ivy, IVY, sandbox)["account"] == SAM
    assert not sandbox.live_grants(AVERY)
