"""The database goes away at any moment of a callback: the user sees an honest page, a reload tells what became of it,
and nothing that is in use is revoked."""

import collections

import pytest

from harness.flows import WAYS, begin, cost_of, reload
from harness.httpd_config import Config
from harness.invariants import check_rows, codes_presented, lost_accounts, run_all_jobs, use_tokens
from harness.page import Page
from harness.paths import SETTINGS
from harness.people import IVY
from harness.pg_proxy import CUT_AFTER, CUT_BEFORE, HOLD_ANSWER, HOLD_REQUEST, PgProxy
from harness.postgres import Cluster
from harness.process import wait_until
from harness.session import notice_of
from harness.site import prepare_template

#: One child, so that its connections to the database are warm.
ONE = "StartServers 1\nServerLimit 1\nMaxRequestWorkers 25\nMinSpareThreads 5\nMaxSpareThreads 25"


def site_behind(proxy, make_site, **options):
    site = make_site(start=False, **options)
    site.start(Config(extra=ONE), CalIntDatabase=f'"{proxy.conninfo(site.database)}"')
    site.log.allow("CALINT0205", "CALINT0208", "CALINT0209")
    return site


@pytest.fixture
def proxy(cluster):
    proxy = PgProxy(cluster.port)
    yield proxy
    proxy.stop()


def right_or_503(site, way, answer):
    """What the browser was told is true, or says that it isn't known. Returns whether it was told."""
    if answer.status_code == 503:
        assert answer.headers["Retry-After"] and "Temporarily unavailable" in Page(answer.text).text
        return False
    assert answer.status_code == 303
    if way.is_right(answer):
        return True
    assert notice_of(answer) == "validation_failed"
    assert site.integration(IVY)["status"] == "error"
    return True


def check_end(site, browser, sandbox, way, answer, callback):
    """What holds after each disturbance; returns (told, died, lost)."""
    told = right_or_503(site, way, answer)
    check_rows(site)
    outcome = reload(site, browser, way, callback)
    died = outcome == ""
    assert not told or outcome is not None, "told of a flow that hadn't been taken"
    stored = [row for row in site.integrations(IVY) if row["active"]]
    if died and way.ends != "switch":
        assert not told, "told of a connection that isn't there"
    assert codes_presented(sandbox) <= (2 if way.before else 1)
    run_all_jobs(site)
    lost = lost_accounts(site, sandbox)
    if stored:
        use_tokens(site, browser, IVY, sandbox)
    answer = browser.connect(sandbox, stored[0]["account"] if stored else way.chosen)
    assert notice_of(answer) == ("reconnected" if stored else "connected")
    run_all_jobs(site)
    check_rows(site)
    return told, died, lost


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_a_connection_that_is_cut_at_each_round_trip(make_site, proxy, sandbox, proof, way):
    site = site_behind(proxy, make_site)
    cost = cost_of(way, site, sandbox, proxy)
    counted = collections.Counter()
    for number in range(1, cost.groups + 1):
        for action in (CUT_BEFORE, CUT_AFTER):
            browser, callback = begin(site, sandbox, way)
            step = proxy.at(number, action)
            answer = browser.get(callback)
            assert step.is_met
            told, died, lost = check_end(site, browser, sandbox, way, answer, callback)
            assert not lost, f"{action} {number}: {lost} is granted and nobody knows"
            counted.update(cuts=1, told=told, died=died)
    proof.figure(f"{counted['cuts']} cuts, before and after each of {cost.groups} round trips: {counted['told']} ended "
                 f"with the outcome, {counted['cuts'] - counted['told']} with a 503; {counted['died']} flows had to be "
                 "begun anew; no grant was lost")


@pytest.mark.parametrize("revoked", [False, True], ids=["before the jobs", "after the jobs"])
def test_a_commit_that_arrives_late_meets_its_own_revocation(make_site, proxy, sandbox, revoked):
    """The connection is lost, the read-back finds nothing, the grant is given up; then the server gets the commit."""
    site = site_behind(proxy, make_site)
    way = WAYS[0]
    cost = cost_of(way, site, sandbox, proxy)
    browser, callback = begin(site, sandbox, way)
    step = proxy.at(cost.groups - 1, HOLD_REQUEST)  # the last is the validation's
    answer = browser.get_in_background(callback)
    step.wait_until_met().lose_client()
    assert answer.result(30).status_code == 503
    assert not site.integrations(IVY) and len(site.jobs("revoke")) == 1
    if revoked:
        run_all_jobs(site)
        assert not sandbox.live_grants()
    step.release()
    wait_until(lambda: site.integrations(IVY), "the late commit")
    check_rows(site)
    assert not site.jobs("revoke"), "cancelled by what was stored, or done before"
    assert notice_of(browser.get(callback)) == "validation_failed"
    if revoked:
        browser.submit(browser.page().form("Retry"))
        assert site.integration(IVY)["status"] == "expired", "not called connected, and the user can reconnect"
    else:
        use_tokens(site, browser, IVY, sandbox)
    assert notice_of(browser.connect(sandbox)) == "reconnected"


def test_a_cut_while_a_callback_waits_for_a_revocation_loses_no_grant(make_site, proxy, sandbox):
    site = site_behind(proxy, make_site)
    way = WAYS[0]
    cost_of(way, site, sandbox, proxy)
    for number in range(1, 4):  # plan, store and roll back take turns
        browser, callback = begin(site, sandbox, way)
        assert way.is_right(browser.get(callback))
        browser.disconnect()
        callback = browser.consent(sandbox)
        hold = sandbox.fault("revoke", "hold")
        jobs = site.start_jobs()
        sandbox.wait_until_held()
        groups = proxy.groups
        answer = browser.get_in_background(callback)
        wait_until(lambda: proxy.groups > groups + 8, "the callback to wait")
        step = proxy.at(number, CUT_BEFORE)
        step.wait_until_met()
        sandbox.release(hold)
        assert answer.result(30).status_code in (303, 503)
        assert jobs.wait(30) == 0
        run_all_jobs(site)
        check_rows(site)
        assert not lost_accounts(site, sandbox)


@pytest.fixture
def own_cluster(folder, request):
    """A PostgreSQL that only this test uses, and may stop."""
    cluster = Cluster(folder / f"own-{abs(hash(request.node.name))}").create().start()
    yield cluster
    cluster.stop()


def restart_in(cluster, site, browser, let_go):
    """Fast stop, and start; what the callback waits for is over in between."""
    cluster.stop()
    let_go()
    cluster.start()
    wait_until(lambda: browser.get(SETTINGS).status_code == 200, "the pages to come back", 30)


def test_a_restart_of_the_database_in_the_middle_of_a_callback(make_site, own_cluster, sandbox, proof):
    proxy = PgProxy(own_cluster.port)
    site = site_behind(proxy, make_site, cluster=own_cluster, template=prepare_template(own_cluster))
    counted = collections.Counter()
    for way in proof.size(WAYS[:1], WAYS):
        cost = cost_of(way, site, sandbox, proxy)
        for number in range(cost.groups + 1):
            for action in (HOLD_REQUEST, HOLD_ANSWER) if number else ("before", "after"):
                browser, callback = begin(site, sandbox, way)
                alarms = len(site.log.with_tag("CALINT0209"))
                step = proxy.at(number, action) if number else None
                hold = None if number else sandbox.fault("token", "hold", when=action, grant_type="authorization_code")
                answer = browser.get_in_background(callback)
                step.wait_until_met() if step else sandbox.wait_until_held()
                restart_in(own_cluster, site, site.client(IVY), step.cut if step else lambda: sandbox.release(hold))
                told, died, lost = check_end(site, browser, sandbox, way, answer.result(30), callback)
                assert not lost or len(site.log.with_tag("CALINT0209")) > alarms, f"{action} {number}: {lost}"
                counted.update(restarts=1, told=told, died=died, lost=len(lost))
    proxy.stop()
    proof.figure(f"{counted['restarts']} restarts of PostgreSQL: {counted['told']} callbacks ended with the outcome, "
                 f"{counted['restarts'] - counted['told']} with a 503; {counted['died']} flows had to be begun anew; "
                 f"{counted['lost']} grants could only be logged")
