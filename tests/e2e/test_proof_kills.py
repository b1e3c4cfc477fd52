"""A child of httpd that is killed at any moment leaves nothing half done, and the user goes on at once.

What nothing can give back is a grant whose tokens died with the child, between the provider's answer and the
transaction that stores it: the figures count those.
"""

import collections

import pytest
import requests

from harness import children
from harness.flows import WAYS, cost_of
from harness.httpd_config import Config
from harness.invariants import check_rows, codes_presented, lost_accounts, run_all_jobs, use_tokens
from harness.people import IVY
from harness.pg_proxy import HOLD_ANSWER, HOLD_REQUEST, PgProxy
from harness.session import SETTINGS, notice_of, query_of


@pytest.fixture
def proxy(cluster):
    proxy = PgProxy(cluster.port)
    yield proxy
    proxy.stop()


@pytest.fixture
def killable(make_site, proxy):
    """A site whose children may be killed, and whose database is reached by way of the proxy."""
    site = make_site(start=False)
    site.start(Config(extra=children.MANY), CalIntDatabase=f'"{proxy.conninfo(site.database)}"')
    site.log.allow_kills()
    site.log.allow("CALINT0208")
    return site


class AtDatabase:
    """The child dies at its n-th round trip, before the server hears of it or after it did what was asked."""

    def __init__(self, proxy, number, action):
        self.proxy, self.number, self.action = proxy, number, action
        self.name = f"{action} {number}"

    def arm(self):
        self.step = self.proxy.at(self.number, self.action)

    def wait(self):
        self.step.wait_until_met()

    def over(self):
        self.step.cut()


class AtProvider:
    """The child dies while a call to the provider is under way, before or after the provider did it."""

    def __init__(self, sandbox, endpoint, when):
        self.sandbox, self.endpoint, self.when = sandbox, endpoint, when
        self.name = f"{endpoint} {when}"

    def arm(self):
        self.hold = self.sandbox.fault(self.endpoint, "hold", when=self.when)

    def wait(self):
        self.sandbox.wait_until_held()

    def over(self):
        self.sandbox.clear_faults()


def places(cost, proxy, sandbox):
    for number in range(1, cost.groups + 1):
        for action in (HOLD_REQUEST, HOLD_ANSWER):
            yield AtDatabase(proxy, number, action)
    for endpoint in cost.calls:
        for when in ("before", "after"):
            yield AtProvider(sandbox, endpoint, when)


def die_at(place, site, browser, callback):
    """The callback's child is killed there; the browser sees its connection end."""
    pid = children.pid_of(browser)
    place.arm()
    answer = browser.get_in_background(callback)
    place.wait()
    children.kill(site.httpd, pid)
    place.over()
    with pytest.raises(requests.exceptions.ConnectionError):
        answer.result(30)


def reload(site, browser, way, callback):
    """The user reloads: to the outcome where there is one, never to an error."""
    flows = site.rows("SELECT outcome FROM calendar_used_states ORDER BY created_at")[1 if way.before else 0:]
    answer = browser.get(callback)
    assert answer.status_code == 303, answer.text[:300]
    if not flows:
        assert way.is_right(answer), "nothing had been consumed"
    elif flows[0]["outcome"] is None:
        assert answer.headers["Location"] == SETTINGS
    elif flows[0]["outcome"] != "switch":
        assert query_of(answer.headers["Location"])["calint_notice"] == flows[0]["outcome"]
    browser.follow(answer)
    return bool(flows) and flows[0]["outcome"] is None


def start_again(site, browser, sandbox, way):
    """What the user does next leads to the connection that was wanted."""
    again = way
    if way.confirmed and site.integration(IVY)["account"] == way.chosen:
        again = WAYS[1]  # the switch had happened already
    answer = browser.get(again.consent(browser, sandbox) if again is way else browser.consent(sandbox, way.chosen))
    if way.ends == "switch":
        assert way.is_right(answer)
    else:
        assert notice_of(answer) in ("connected", "reconnected", "switched")
    row = site.integration(IVY)
    assert (row["status"], row["account"]) == ("connected", way.account)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_a_kill_at_each_step_of_a_callback(killable, proxy, sandbox, proof, way):
    cost = cost_of(way, killable.client(IVY, keep_alive=True), sandbox, proxy)
    counted = collections.Counter()
    for place in places(cost, proxy, sandbox):
        killable.execute("TRUNCATE calendar_changes, audit_logs, calendar_grants, calendar_used_states, calendar_jobs,"
                         " calendar_integrations CASCADE")
        sandbox.reset()
        killable.register()
        browser = killable.client(IVY, keep_alive=True)
        callback = way.begin(browser, sandbox)
        die_at(place, killable, browser, callback)
        check_rows(killable)
        unfinished = reload(killable, browser, way, callback)
        check_rows(killable)
        codes = codes_presented(sandbox)
        assert codes <= (2 if way.before else 1), f"{place.name}: a code was presented twice"
        run_all_jobs(killable)
        lost = lost_accounts(killable, sandbox)
        assert not lost or (unfinished and lost == [way.chosen]), f"{place.name}: {lost} without a dead flow"
        start_again(killable, browser, sandbox, way)
        run_all_jobs(killable)
        check_rows(killable)
        use_tokens(killable, browser, IVY, sandbox)
        counted.update(kills=1, lost=len(lost), unfinished=unfinished)
    proof.figure(f"{counted['kills']} kills, one at each of {cost.groups} round trips and {sum(cost.calls.values())} "
                 f"provider calls, before and after; {counted['unfinished']} flows ended without outcome, "
                 f"{counted['lost']} left a grant at the provider that nobody holds; 0 half-written")
