"""Two things that a user does cross: one is held at the provider at each place where it waits, the other is done
meanwhile. One connection is left, and what it says of itself is true."""

import pytest

from harness import clocks
from harness.flows import AVERY, SAM
from harness.invariants import check_rows, lost_accounts, run_all_jobs, use_tokens
from harness.paths import SETTINGS
from harness.people import IVY
from harness.session import notice_of

PLACES = [("token", "before"), ("token", "after"), ("calendarList", "before"), ("calendarList", "after")]
at_each_place = pytest.mark.parametrize("endpoint, when", PLACES, ids=lambda value: value)


def held(browser, sandbox, endpoint, when, callback):
    """The callback, under way up to there. Returns its answer to come, and what lets it go on."""
    hold = sandbox.fault(endpoint, "hold", when=when)
    answer = browser.get_in_background(callback)
    sandbox.wait_until_held()
    return answer, lambda: sandbox.release(hold)


def is_question(answer):
    return answer.status_code == 303 and answer.headers["Location"].startswith(f"{SETTINGS}/switch?")


def check_end(site, browser, sandbox, account, *aliases):
    """`account` alone is connected and works; grants of other accounts are gone."""
    check_rows(site)
    run_all_jobs(site)
    check_rows(site)
    row = site.integration(IVY)
    assert (row["status"], row["account"]) == ("connected", account)
    use_tokens(site, browser, IVY, sandbox)
    assert set(lost_accounts(site, sandbox)) <= set(aliases)


def two_addresses(sandbox):
    """Of one account, so that it can be told whose tokens were stored."""
    sub = sandbox.add_account("first@example.com")["sub"]
    sandbox.add_account("second@example.com", sub=sub)
    return "first@example.com", "second@example.com"


@pytest.mark.parametrize("reconnect", [False, True], ids=["first", "reconnect"])
@at_each_place
def test_two_callbacks_with_one_account_keep_the_tokens_of_the_last_to_store(site, ivy, sandbox, endpoint, when,
                                                                             reconnect):
    first, second = two_addresses(sandbox)
    if reconnect:
        ivy.connect(sandbox, first)
    callbacks = ivy.consent(sandbox, first), ivy.consent(sandbox, second)
    answer, go_on = held(ivy, sandbox, endpoint, when, callbacks[0])
    assert notice_of(ivy.get(callbacks[1])) in ("connected", "reconnected")
    go_on()
    assert notice_of(answer.result(30)) in ("connected", "reconnected")
    check_end(site, ivy, sandbox, *((first, second) if endpoint == "token" else (second, first)))
    assert sandbox.requests("revoke") == 0, "that would end the grant that is kept"


@at_each_place
def test_two_callbacks_with_two_accounts_leave_the_first_to_store(site, ivy, sandbox, endpoint, when):
    callbacks = ivy.consent(sandbox, AVERY), ivy.consent(sandbox, SAM)
    answer, go_on = held(ivy, sandbox, endpoint, when, callbacks[0])
    other = ivy.get(callbacks[1])
    go_on()
    answers = [answer.result(30), other]
    if endpoint == "calendarList":  # it had stored
        answers.reverse()
    assert is_question(answers[0]) and notice_of(answers[1]) == "connected"
    check_end(site, ivy, sandbox, AVERY if endpoint == "calendarList" else SAM)


@at_each_place
def test_two_confirmed_switches_leave_the_first_to_store(site, ivy, sandbox, endpoint, when):
    ivy.connect(sandbox, AVERY)
    callbacks = [ivy.consent_to_switch(sandbox, email) for email in (SAM, "robin@example.com")]
    answer, go_on = held(ivy, sandbox, endpoint, when, callbacks[0])
    assert notice_of(ivy.get(callbacks[1])) == "switched"
    go_on()
    assert is_question(answer.result(30)), "a switch stores after its trial"
    check_end(site, ivy, sandbox, "robin@example.com")


@pytest.mark.parametrize("way, endpoint, when", [
    ("first", *PLACES[2]), ("first", *PLACES[3]), *(("reconnect", *place) for place in PLACES),
    *(("switch", *place) for place in PLACES)])
def test_a_disconnect_during_a_callback_wins(site, ivy, sandbox, way, endpoint, when):
    if way != "first":
        ivy.connect(sandbox, AVERY)
    callback = ivy.consent_to_switch(sandbox, SAM) if way == "switch" else ivy.consent(sandbox, AVERY)
    answer, go_on = held(ivy, sandbox, endpoint, when, callback)
    assert notice_of(ivy.disconnect()) == "disconnected"
    go_on()
    answer = answer.result(30)
    assert not [row for row in site.integrations(IVY) if row["active"]]
    if way == "switch" or endpoint == "token":
        assert is_question(answer)
    else:
        assert notice_of(answer) == "disconnected", "it had stored, and then the user disconnected"
    assert ivy.get(callback).headers["Location"] == answer.headers["Location"], "a reload says the same"
    check_rows(site)
    run_all_jobs(site)
    assert not sandbox.live_grants()


@pytest.mark.parametrize("revoked", [False, True], ids=["revoked later", "revoked meanwhile"])
@at_each_place
def test_a_disconnect_during_a_retry_wins(site, ivy, sandbox, endpoint, when, revoked):
    """Also where the retry refreshes the token, and where the grant is revoked under it."""
    site.log.allow("CALINT0208", "CALINT0218")
    sandbox.fault("calendarList", "status")
    assert notice_of(ivy.connect(sandbox)) == "validation_failed"
    clocks.tokens_expired(site)
    form = ivy.page().form("Retry")
    hold = sandbox.fault(endpoint, "hold", when=when)
    answer = ivy.post_in_background(form.action, form.fields)
    sandbox.wait_until_held()
    assert notice_of(ivy.disconnect()) == "disconnected"
    if revoked:
        run_all_jobs(site)
    sandbox.release(hold)
    answer = answer.result(30)
    assert answer.status_code in (404, 409) or notice_of(answer) != "connected"
    check_rows(site)
    assert site.count("calendar_integration_calendars") == 0
    run_all_jobs(site)
    assert not sandbox.live_grants()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_reconnection_during_a_refresh_wins(site, ivy, sandbox, when):
    site.log.allow("CALINT0208")
    first, second = two_addresses(sandbox)
    sandbox.fault("calendarList", "status")
    assert notice_of(ivy.connect(sandbox, first)) == "validation_failed"
    clocks.tokens_expired(site)
    form = ivy.page().form("Retry")
    hold = sandbox.fault("token", "hold", when=when, grant_type="refresh_token")
    answer = ivy.post_in_background(form.action, form.fields)
    sandbox.wait_until_held()
    assert notice_of(ivy.connect(sandbox, second)) == "reconnected"
    sandbox.release(hold)
    assert answer.result(30).status_code in (303, 409)
    check_end(site, ivy, sandbox, second, first)


def test_a_revocation_between_a_switchs_trial_and_its_storing_waits(site, ivy, sandbox):
    """The question queued a revocation of the account that the user then wants after all."""
    ivy.connect(sandbox, AVERY)
    assert is_question(ivy.connect(sandbox, SAM))
    assert len(site.jobs("revoke")) == 1
    answer, go_on = held(ivy, sandbox, "calendarList", "after", ivy.consent_to_switch(sandbox, SAM))
    assert site.run_jobs().returncode == 0
    go_on()
    assert notice_of(answer.result(30)) == "switched"
    check_end(site, ivy, sandbox, SAM)


def test_a_switch_waits_for_a_revocation_of_its_account_that_runs(site, ivy, sandbox):
    """What it ends includes the new grant; so nothing is stored, and the old connection stays."""
    site.log.expect("CALINT0208")
    ivy.connect(sandbox, AVERY)
    assert is_question(ivy.connect(sandbox, SAM))
    callback = ivy.consent_to_switch(sandbox, SAM)
    hold = sandbox.fault("revoke", "hold")
    jobs = site.start_jobs()
    sandbox.wait_until_held()
    exchange = sandbox.fault("token", "hold", when="after")
    answer = ivy.get_in_background(callback)
    sandbox.wait_until_held(2)
    sandbox.release(exchange)
    sandbox.release(hold)
    assert notice_of(answer.result(30)) == "provider_unavailable"
    assert jobs.wait(30) == 0
    check_end(site, ivy, sandbox, AVERY)


def test_nothing_is_stored_while_a_dead_runs_revocation_may_still_arrive(site, ivy, sandbox):
    """The run of jobs was killed with its call on the way: the grant stays claimed until the call must be over."""
    ivy.connect(sandbox)
    ivy.disconnect()
    hold = sandbox.fault("revoke", "hold")
    jobs = site.start_jobs()
    sandbox.wait_until_held()
    jobs.kill()
    jobs.wait(30)
    assert notice_of(ivy.connect(sandbox)) == "provider_unavailable"
    assert not [row for row in site.integrations(IVY) if row["active"]]
    sandbox.release(hold)
    run_all_jobs(site)
    assert notice_of(ivy.connect(sandbox)) == "connected"
    check_end(site, ivy, sandbox, AVERY)
