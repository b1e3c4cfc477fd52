"""Refreshes that are due are each done once, by whatever nodes there are; and where the process that does them is
killed, a connection goes on with working tokens, or its user is told to reconnect."""

import collections
import random
import time

import pytest

from harness import children
from harness.httpd_config import Config
from harness.invariants import check_rows
from harness.process import wait_until
from harness.refreshes import Fleet
from harness.session import notice_of

#: Half of it is for background work.
AT_ONCE = 12
#: At most what a claim of a node takes; see jobs/worker.
CLAIM = 32


def add_workers(site, number):
    """Nodes that work. They know one provider, whose calls then have all that is for background work."""
    nodes = [site.add_node(Config(extra=children.TWO), CalIntWorker="on", CalIntProviderConcurrency=str(AT_ONCE),
                           provider=site.google_section()) for _ in range(number)]
    wait_until(lambda: all(map(children.at_work, nodes)), "the workers")
    return nodes


def test_two_nodes_refresh_each_connection_once(make_site, sandbox, proof):
    size, of_each = proof.size(200, 1000), proof.size(3, 10)
    small, large = [str(number) for number in range(100, 110)], "1"
    in_all = size - len(small) * of_each
    site = make_site()
    fleet = Fleet(site, sandbox, size, [*small * of_each, *[large] * in_all])
    sandbox.mode(rotate=True)
    sandbox.fault("token", "latency", count=-1, seconds=0.2)
    nodes = add_workers(site, 2)
    begun = time.monotonic()
    fleet.make_due()
    fleet.wait_until_done(120)
    took = time.monotonic() - begun
    assert fleet.requests() == size
    assert collections.Counter(fleet.refreshes().values()) == {1: size}
    assert fleet.with_status("connected") == set(fleet.rows())
    assert sandbox.state()["peak_in_flight"]["token"] <= len(nodes) * AT_ONCE // 2
    shares = [len(node.log.with_tag("CALINT0217")) for node in nodes]
    assert sum(shares) == size and min(shares) > 0
    # Each claim takes from all organisations alike, and fills up from the large one once the small ones have no more.
    order = [str(row["organization_id"]) for row in
             site.rows("SELECT organization_id FROM calendar_integrations ORDER BY updated_at")]
    last_small = max(at for at, organization in enumerate(order) if organization != large)
    before = order[:last_small].count(large)
    assert before <= of_each + 3 * CLAIM < in_all
    # The tokens of that refresh are the ones that the next one uses.
    sandbox.clear_faults()
    assert len(fleet.check_use(120)) == size
    check_rows(site)
    proof.figure(f"{size} connections of {len(small) + 1} organisations, two nodes: {size} refreshes in {took:.1f} s, "
                 f"{shares[0]} and {shares[1]}, each connection's once; {before} of {in_all} of the large "
                 "organisation were before the last of the small ones; all were refreshed again by their new tokens")


def check_what_was_lost(site, sandbox, fleet):
    """Once all attempts have been made: who had no answer is expired, audited and told; all others work. Returns how
    many were lost."""
    answered = fleet.refreshes()
    assert collections.Counter(answered.values()) == {1: fleet.size}, "the provider answered each once, heard or not"
    expired = fleet.with_status("expired")
    fleet.check_expired(expired)
    assert fleet.requests() == fleet.size + len(expired), "who had no answer asked once more, and was refused"
    check_rows(site)
    good = fleet.check_use(180)
    assert len(good) == fleet.size - len(expired)
    check_rows(site)
    return expired


def reconnect(site, sandbox, fleet, account):
    """What the user of a lost connection does."""
    user = fleet.rows()[account]["user_id"]
    (person,) = [one for one in fleet.people if one.id == user]
    browser = site.client(person)
    assert "Reconnect Google Calendar" in browser.page().links
    assert notice_of(browser.connect(sandbox, account)) == "reconnected"


def test_kills_at_random_moments_of_refreshes(make_site, sandbox, proof):
    size, number, kills, seed = proof.size((100, 2, 2, 1), (1000, 3, 40, 1))
    chance = random.Random(seed)
    site = make_site()
    fleet = Fleet(site, sandbox, size)
    sandbox.mode(rotate=True)
    for when in ("before", "after"):
        sandbox.fault("token", "latency", count=-1, seconds=proof.size(0.2, 0.4), when=when, grant_type="refresh_token")
    nodes = add_workers(site, number)
    for node in nodes:
        node.log.allow_kills()
        node.log.allow("CALINT0205", "CALINT0220")
    fleet.make_due()
    killed = 0
    while killed < kills and fleet.outdated():
        working = wait_until(lambda: [(node, pid) for node in nodes if (pid := children.at_work(node))], "a worker", 60)
        time.sleep(chance.uniform(0.1, 1.5))
        killed += children.kill(*chance.choice(working))
    while_killing = fleet.done()
    sandbox.clear_faults()
    if proof.size(True, False):
        for node in nodes:
            node.stop()
        fleet.free_leases()
        for node in nodes:
            node.start()
    fleet.wait_until_done(120)
    lost = check_what_was_lost(site, sandbox, fleet)
    assert len(lost) <= killed * AT_ONCE // 2, "no more than were under way"
    for account in list(lost)[:1]:
        reconnect(site, sandbox, fleet, account)
    proof.figure(f"{killed} kills of the working child of {number} nodes during {size} refreshes, of which "
                 f"{while_killing} were done by the last kill: {size - len(lost)} connections work on, {len(lost)} "
                 "whose provider's answer died with the process are expired, with audit and change; 0 silently dead")


def until_settled(count, what):
    """The number that count() comes to rest at."""
    seen = []

    def is_settled():
        seen.append(count())
        return seen[-1] and seen[-10:] == [seen[-1]] * 10

    wait_until(is_settled, what, pause=0.1)
    return seen[-1]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_loses_what_the_provider_answers_to_the_dead_and_no_more(make_site, sandbox, when):
    site = make_site()
    fleet = Fleet(site, sandbox, 2 * AT_ONCE)
    sandbox.mode(rotate=True)
    hold = sandbox.fault("token", "hold", count=-1, when=when, grant_type="refresh_token")
    (node,) = add_workers(site, 1)
    node.log.allow_kills()
    fleet.make_due()
    under_way = until_settled(lambda: len(sandbox.held()), "as many calls as may be under way")
    children.kill(node, children.worker(node))
    node.stop()
    sandbox.clear_faults(hold)
    fleet.free_leases()
    node.start()
    fleet.wait_until_done(30)
    lost = check_what_was_lost(site, sandbox, fleet)
    assert len(lost) == under_way <= AT_ONCE // 2
    reconnect(site, sandbox, fleet, min(lost))
