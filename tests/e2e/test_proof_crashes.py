"""PostgreSQL crashes at any moment of a callback: what the user was told stands, or comes back by itself, and a code is
presented twice only where nothing was stored of it.

Only the commit that stores tokens waits for the disk. The cluster here writes others out so late that a crash loses all
that nothing durable came after: the most that can be lost.
"""

import collections

import pytest

from harness.flows import WAYS, begin, cost_of
from harness.httpd_config import Config
from harness.invariants import check_rows, lost_accounts, run_all_jobs, use_tokens
from harness.page import Page
from harness.people import IVY
from harness.pg_proxy import HOLD_ANSWER, HOLD_REQUEST, PgProxy
from harness.postgres import DURABLE, Cluster
from harness.process import wait_until
from harness.session import SETTINGS, notice_of
from harness.site import prepare_template

#: One child, so that its connections to the database are warm.
ONE = "StartServers 1\nServerLimit 1\nMaxRequestWorkers 25\nMinSpareThreads 5\nMaxSpareThreads 25"
FORGETFUL = {**DURABLE, "wal_writer_delay": "10s", "wal_writer_flush_after": "1GB", "bgwriter_lru_maxpages": "0"}


@pytest.fixture
def forgetful(folder, request):
    """A PostgreSQL of this test alone."""
    cluster = Cluster(folder / f"own-{abs(hash(request.node.name))}", FORGETFUL).create().start()
    yield cluster
    cluster.stop()


@pytest.fixture
def proxy(forgetful):
    proxy = PgProxy(forgetful.port)
    yield proxy
    proxy.stop()


@pytest.fixture
def crashing(make_site, forgetful, proxy):
    """A site over it, by way of the proxy."""
    site = make_site(start=False, cluster=forgetful, template=prepare_template(forgetful))
    site.start(Config(extra=ONE), CalIntDatabase=f'"{proxy.conninfo(site.database)}"')
    site.log.allow("CALINT020[2358]", "CALINT0209")
    return site


def begun(site, sandbox, way):
    """Up to the callback. What came before it is on the disk."""
    browser, callback = begin(site, sandbox, way)
    site.execute("CHECKPOINT")
    return browser, callback


def crash(site, cluster, let_go, down):
    """The callback goes on while the server is `down`, or when it is back."""
    cluster.kill()
    if down:
        let_go()
    cluster.start()
    if not down:
        let_go()


def back_again(site):
    wait_until(lambda: site.client(IVY).get(SETTINGS).status_code == 200, "the pages to come back", 30)


def presented_again(sandbox):
    """How often a code was presented that had been accepted before."""
    state = sandbox.state()
    return (state["details"].get("token.authorization_code", 0)
            - max((grant["id"] for grant in state["grants"]), default=0))


def what_stands(site, way):
    """The active row where this callback stored it, else None."""
    for row in site.rows("SELECT * FROM calendar_integrations WHERE active AND user_id = %s", IVY.id):
        if way.ends != "switch" and (way.before is None or row["generation"] > 1 or row["account"] != way.before):
            return row
    return None


def places(cost, proxy, sandbox):
    """Each round trip and provider call, before and after; as what arms it, and returns how to wait and to let go."""
    def at_database(number, action):
        step = proxy.at(number, action)
        return step.wait_until_met, step.cut

    def at_provider(endpoint, when):
        hold = sandbox.fault(endpoint, "hold", when=when)
        return sandbox.wait_until_held, lambda: sandbox.release(hold)

    for number in range(1, cost.groups + 1):
        for action in (HOLD_REQUEST, HOLD_ANSWER):
            yield f"{action} {number}", lambda number=number, action=action: at_database(number, action)
    for endpoint in cost.calls:
        for when in ("before", "after"):
            yield f"{endpoint} {when}", lambda endpoint=endpoint, when=when: at_provider(endpoint, when)


def told(way, answer):
    """Whether the browser heard how its flow ended."""
    if answer.status_code == 503:
        assert "Temporarily unavailable" in Page(answer.text).text
        return False
    assert answer.status_code == 303
    return way.is_right(answer)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_a_crash_of_the_database_at_each_step_of_a_callback(crashing, forgetful, proxy, sandbox, proof, way):
    site, counted = crashing, collections.Counter()
    cost = cost_of(way, site, sandbox, proxy)
    for number, (place, arm) in enumerate(places(cost, proxy, sandbox)):
        for down in proof.size((number % 2 == 1,), (False, True)):
            browser, callback = begun(site, sandbox, way)
            alarms = len(site.log.with_tag("CALINT0209"))
            wait, let_go = arm()
            answer = browser.get_in_background(callback)
            wait()
            crash(site, forgetful, let_go, down)
            heard = told(way, answer.result(30))
            back_again(site)
            check_rows(site)
            row = what_stands(site, way)
            assert row or not heard or way.ends == "switch", f"{place}: told of a connection that is gone"
            counted.update(crashes=1, told=heard, validated_again=bool(row and row["status"] == "error"))

            reloaded = browser.get(callback)
            assert reloaded.status_code == 303, f"{place}: {Page(reloaded.text).text[:300]}"
            again = presented_again(sandbox)
            assert again == 0 or again == 1 and not row and not what_stands(site, way), f"{place}: {again}"
            check_rows(site)
            run_all_jobs(site)
            lost = lost_accounts(site, sandbox)
            assert not lost or len(site.log.with_tag("CALINT0209")) > alarms, f"{place}: {lost} and no word of it"
            counted.update(again=again, logged=len(lost))
            stored = site.rows("SELECT account FROM calendar_integrations WHERE active")
            if stored:
                use_tokens(site, browser, IVY, sandbox)
            answer = browser.connect(sandbox, stored[0]["account"] if stored else way.chosen)
            assert notice_of(answer) == ("reconnected" if stored else "connected")
            run_all_jobs(site)
            check_rows(site)
    assert way.ends == "switch" or way.confirmed or counted["validated_again"], "nothing was lost: no crash was tried"
    proof.figure(f"{counted['crashes']} crashes: {counted['told']} callbacks ended with the outcome, and nothing of "
                 f"that was gone; {counted['validated_again']} connections stood with their validation queued; "
                 f"{counted['again']} codes were presented again, where nothing was stored; {counted['logged']} grants "
                 "could only be logged")


def test_a_flow_that_was_lost_is_stored_once(crashing, forgetful, sandbox):
    """The server forgets that the flow was taken. Who took it stores it all the same, and a reload finds that."""
    browser, callback = begun(crashing, sandbox, WAYS[0])
    hold = sandbox.fault("token", "hold", when="after")
    answer = browser.get_in_background(callback)
    sandbox.wait_until_held()
    crash(crashing, forgetful, lambda: None, down=True)
    assert not crashing.rows("SELECT FROM calendar_used_states"), "it was lost"
    sandbox.release(hold)
    assert notice_of(answer.result(30)) == "connected"
    assert notice_of(browser.get(callback)) == "connected"
    assert presented_again(sandbox) == 0
    check_rows(crashing)
    use_tokens(crashing, browser, IVY, sandbox)


def test_a_flow_that_was_lost_and_taken_again_is_not_stored(crashing, forgetful, sandbox):
    """A reload presents the code once more, as the database knows nothing of the first time: the provider refuses it,
    and what the first request brings then is given up."""
    browser, callback = begun(crashing, sandbox, WAYS[0])
    hold = sandbox.fault("token", "hold", when="after")
    first = browser.get_in_background(callback)
    sandbox.wait_until_held()
    crash(crashing, forgetful, lambda: None, down=True)
    back_again(crashing)
    reloaded = crashing.client(IVY)
    reloaded.cookies.update(browser.cookies)
    assert notice_of(reloaded.get(callback)) == "exchange_failed"
    assert presented_again(sandbox) == 1
    sandbox.release(hold)
    assert notice_of(first.result(30)) == "provider_unavailable"
    assert not crashing.integrations(IVY)
    run_all_jobs(crashing)
    assert not lost_accounts(crashing, sandbox)
    assert notice_of(browser.connect(sandbox)) == "connected"


def test_a_validation_that_was_lost_is_done_by_the_queued_one(crashing, forgetful, sandbox):
    browser, callback = begun(crashing, sandbox, WAYS[0])
    assert notice_of(browser.get(callback)) == "connected"
    forgetful.kill()
    forgetful.start()
    back_again(crashing)
    assert crashing.integration(IVY)["status"] == "error"
    assert notice_of(browser.get(callback)) == "validation_failed"
    crashing.execute("UPDATE calendar_jobs SET due_at = now() WHERE kind = 'validate'")
    worker = crashing.add_node(CalIntWorker="on")
    wait_until(lambda: crashing.integration(IVY)["status"] == "connected", "the queued validation", 30)
    worker.stop()  # before the database does
    check_rows(crashing)
    use_tokens(crashing, browser, IVY, sandbox)
