"""A child of httpd that is killed at any moment leaves nothing half done, and the user goes on at once.

What nothing can give back is a grant whose tokens died with the child, between the provider's answer and the
transaction that stores it: the figures count those.
"""

import collections
import random
import time

import pytest
import requests

from harness import children
from harness.flows import WAYS, begin, cost_of, reload
from harness.httpd_config import Config
from harness.invariants import check_rows, codes_presented, lost_accounts, run_all_jobs, use_tokens
from harness.load import Load
from harness.page import Page
from harness.paths import SETTINGS
from harness.people import IVY
from harness.pg_proxy import HOLD_ANSWER, HOLD_REQUEST, PgProxy
from harness.process import wait_until
from harness.session import notice_of


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
    cost = cost_of(way, killable, sandbox, proxy, keep_alive=True)
    counted = collections.Counter()
    for place in places(cost, proxy, sandbox):
        browser, callback = begin(killable, sandbox, way, keep_alive=True)
        die_at(place, killable, browser, callback)
        check_rows(killable)
        unfinished = reload(killable, browser, way, callback) == ""
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


# At random moments

class Crowd:
    """Users with two accounts each, and one that all share; they connect, switch, disconnect and retry."""

    def __init__(self, site, sandbox, size):
        self.site, self.sandbox = site, sandbox
        self.people = site.add_crowd(size)
        self.browsers = {person: site.client(person) for person in self.people}
        self.last = {}

    def act(self, person, chance):
        browser = self.browsers[person]
        account = chance.choice([f"a{person.id}@example.com", f"b{person.id}@example.com", SHARED])
        does = chance.choice(["connect", "connect", "connect", "switch", "disconnect", "retry", "reload"])
        if does == "connect":
            callback = self.last[person] = browser.consent(self.sandbox, account)
            answer = browser.get(callback)
        elif does == "switch":
            callback = self.last[person] = browser.consent_to_switch(self.sandbox, account)
            answer = browser.get(callback)
        elif does == "reload":
            answer = browser.get(self.last.get(person, SETTINGS))
        else:
            answer = self._press(browser, "Disconnect" if does == "disconnect" else "Retry")
        assert answer.status_code in (200, 303, 409, 503), f"{does}: {answer.status_code}: {answer.text[:300]}"
        return f"{does} {answer.status_code}"

    def _press(self, browser, button):
        page = browser.get(f"{SETTINGS}/disconnect" if button == "Disconnect" else SETTINGS)
        page_is_there = page.status_code == 200 and Page(page.text).has_button(button)
        return browser.submit(Page(page.text).form(button)) if page_is_there else page


SHARED = "shared@example.com"
FEW = children.MANY.replace("StartServers 12", "StartServers 6").replace("MinSpareThreads 48", "MinSpareThreads 24")


def kill_at_random(site, chance, kills):
    """Children of httpd, and now and then the run of jobs beside them."""
    jobs = None
    for number in range(kills):
        if jobs is None or jobs.poll() is not None:
            jobs = site.start_jobs()
        wait_until(lambda: len(children.pids(site.httpd)) >= 3, "new children", pause=0.01)
        time.sleep(chance.uniform(0, 0.2))  # the moment is what is random
        # One that ends by itself in this moment is no kill.
        while not children.kill(site.httpd, chance.choice(children.pids(site.httpd))):
            pass
        if number % 10 == 9:
            jobs.kill()
    jobs.wait(60)


def test_kills_at_random_moments_under_load(make_site, sandbox, proof):
    kills, seed = proof.size(20, 1000), proof.size(1, 2)
    site = make_site(Config(extra=FEW))
    site.log.allow_kills()
    site.log.allow("CALINT020[2358]", "CALINT021[58]")
    sandbox.fault("token", "latency", count=-1, seconds=0.03)
    sandbox.mode(google_per_minute=0)  # the account that all share is asked for more often than Google lets one be
    crowd = Crowd(site, sandbox, 6)
    with Load(crowd.people, crowd.act, seed, cut_is_fine=True) as load:
        kill_at_random(site, random.Random(seed), kills)
    load.check()
    sandbox.clear_faults()
    codes = codes_presented(sandbox)
    check_rows(site)
    run_all_jobs(site)
    check_rows(site)
    lost = lost_accounts(site, sandbox)
    statuses = collections.Counter(
        row["status"] for row in site.rows("SELECT status FROM calendar_integrations WHERE active"))
    for person in crowd.people:
        browser, rows = crowd.browsers[person], site.rows(
            "SELECT status, account FROM calendar_integrations WHERE active AND user_id = %s", person.id)
        if rows and rows[0]["status"] == "connected":
            use_tokens(site, browser, person, sandbox)
        account = rows[0]["account"] if rows else f"a{person.id}@example.com"
        assert notice_of(browser.connect(sandbox, account)) in ("connected", "reconnected")
        use_tokens(site, browser, person, sandbox)
    check_rows(site)
    dead = site.row("SELECT count(*) AS n FROM calendar_used_states WHERE outcome IS NULL")["n"]
    proof.figure(f"{kills} kills under the load of {len(crowd.people)} users: {sum(load.words.values())} actions, "
                 f"{load.words['cut off']} answers cut off, {codes} codes presented, none twice; {dead} flows ended "
                 f"without outcome, {len(lost)} accounts were left with a grant that nobody holds; afterwards "
                 f"{dict(statuses)}, 0 half-written")
