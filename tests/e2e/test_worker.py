"""Background work: in one process of a node, through restarts, stops and kills, with no job lost or done twice."""

import time

import pytest

from harness import children, clocks
from harness.httpd_config import Config
from harness.invariants import check_rows
from harness.people import IVY
from harness.pg_proxy import HOLD_ANSWER, PgProxy
from harness.process import wait_until
from harness.session import notice_of

BOTH = pytest.mark.parametrize("mpm", ["event", "prefork"])
#: Longer than the worker waits between two looks.
A_LOOK = 3.0


def give_back(site, browser, sandbox, account="avery@example.com"):
    """A connection and its end: a revocation is queued."""
    assert notice_of(browser.connect(sandbox, account)) == "connected"
    assert notice_of(browser.disconnect()) == "disconnected"


def queue(site, sandbox, size):
    """Revocations of as many accounts, not due yet. Needs a node without a worker."""
    for person in site.add_crowd(size):
        give_back(site, site.client(person), sandbox, f"{person.id}@example.com")
    site.execute("UPDATE calendar_jobs SET due_at = now() + interval '1 hour'")
    assert len(site.jobs("revoke")) == size


def make_due(site):
    """What was postponed or belonged to the dead is due."""
    site.execute("UPDATE calendar_jobs SET due_at = now(), lease_until = NULL; "
                 "UPDATE calendar_grants SET revoking_until = NULL")


def wait_until_done(site, seconds=15):
    wait_until(lambda: not site.jobs("revoke"), "the revocations", seconds)


def wait_until_all_are_new(node, former):
    wait_until(lambda: not set(former) & set(children.pids(node)), "the former children to end", 10)


@BOTH
def test_a_revocation_reaches_the_provider_by_itself(make_site, sandbox, mpm):
    site = make_site(Config(mpm=mpm), CalIntWorker="on")
    give_back(site, site.client(IVY), sandbox)
    wait_until_done(site)
    assert not sandbox.live_grants() and sandbox.requests("revoke") == 1
    assert len(site.audit("revoked")) == 1
    assert children.worker(site.httpd) in children.pids(site.httpd)


def test_it_is_on_where_nothing_is_said(make_site, sandbox):
    site = make_site(CalIntWorker="")
    give_back(site, site.client(IVY), sandbox)
    wait_until_done(site)


def test_off_leaves_the_jobs_to_others(make_site, sandbox):
    site = make_site(CalIntWorker="off")
    give_back(site, site.client(IVY), sandbox)
    time.sleep(A_LOOK)
    assert sandbox.live_grants() and len(site.jobs("revoke")) == 1
    assert children.worker(site.httpd) is None
    site.rewrite(CalIntWorker="on")
    site.httpd.graceful()
    wait_until_done(site)


def test_each_virtual_host_has_work_of_its_own(make_site, sandbox):
    other = make_site()
    site = make_site(start=False)
    host = f"<VirtualHost 127.0.0.1:9>\n{other.directives(CalIntWorker='on')}\n</VirtualHost>"
    site.start(Config(extra=host), CalIntWorker="on")
    # Both sites are one OAuth client, which has the redirect URI of whichever was told last.
    for owner in (site, other):
        owner.register()
        give_back(owner, owner.client(IVY), sandbox, f"{owner.port}@example.com")
    for owner in (site, other):
        wait_until_done(owner)
    assert not sandbox.live_grants()
    assert len(site.log.with_tag("CALINT0109")) == 2 and not other.log.with_tag("CALINT0109")


def test_a_server_that_could_not_be_loaded_has_none(make_site, sandbox):
    site = make_site()
    node = site.add_node(CalIntWorker="on")
    wait_until(lambda: children.worker(node), "the worker")
    hidden = site.key_file.with_suffix(".hidden")
    site.key_file.rename(hidden)
    node.log.expect("CALINT0104")
    former = children.pids(node)
    node.graceful()
    wait_until_all_are_new(node, former)
    give_back(site, site.client(IVY), sandbox)
    time.sleep(A_LOOK)
    assert len(site.jobs("revoke")) == 1
    hidden.rename(site.key_file)
    node.graceful()
    wait_until_done(site)


@BOTH
def test_a_stop_gives_up_a_call_that_hangs_and_keeps_its_job(make_site, sandbox, mpm):
    # The provider's limit alone would let the stop wait longer than httpd lets its children live.
    site = make_site(Config(mpm=mpm), CalIntWorker="on", CalIntProviderTimeout="2 30")
    sandbox.fault("revoke", "hold")
    give_back(site, site.client(IVY), sandbox)
    sandbox.wait_until_held()
    site.httpd.stop()  # a child that has to be killed is a line in the log, which fails the test
    assert len(site.jobs("revoke")) == 1 == len(site.log.with_tag("CALINT0226"))
    assert not sandbox.state()["answers"].get("revoke"), "the provider answered nobody"
    sandbox.clear_faults()
    site.httpd.start()
    wait_until_done(site)
    assert not sandbox.live_grants() and len(site.audit("revoked")) == 1
    check_rows(site)


@BOTH
def test_a_database_that_hangs_does_not_hold_a_stop(make_site, cluster, mpm):
    site = make_site(start=False)
    proxy = PgProxy(cluster.port)
    try:
        site.start(Config(mpm=mpm), CalIntWorker="on", CalIntDatabase=f'"{proxy.conninfo(site.database)}"')
        site.log.allow("CALINT0205", "AH00045: child process .* sending a SIGTERM")
        wait_until(lambda: proxy.groups > 1, "the worker to ask the database")
        proxy.at(1, HOLD_ANSWER).wait_until_met()
        site.httpd.stop()
    finally:
        proxy.stop()


@BOTH
def test_a_graceful_restart_lets_a_call_end(make_site, sandbox, mpm):
    site = make_site(Config(mpm=mpm), CalIntWorker="on")
    hold = sandbox.fault("revoke", "hold")
    give_back(site, site.client(IVY), sandbox)
    sandbox.wait_until_held()
    former = children.pids(site.httpd)
    site.httpd.graceful()
    sandbox.release(hold)
    wait_until_done(site)
    wait_until_all_are_new(site.httpd, former)
    assert sandbox.requests("revoke") == 1 and not sandbox.live_grants()


@BOTH
def test_a_graceful_restart_gives_up_a_call_that_hangs(make_site, sandbox, mpm):
    site = make_site(Config(mpm=mpm), CalIntWorker="on", CalIntProviderTimeout="2 30")
    sandbox.fault("revoke", "hold", count=-1)
    give_back(site, site.client(IVY), sandbox)
    sandbox.wait_until_held()
    former = children.pids(site.httpd)
    site.httpd.graceful()
    wait_until_all_are_new(site.httpd, former)
    assert len(site.jobs("revoke")) == 1 and sandbox.live_grants() and site.log.with_tag("CALINT0226")
    sandbox.clear_faults()
    wait_until_done(site)
    assert not sandbox.live_grants()


def test_another_process_takes_over_from_one_that_was_killed(make_site, sandbox):
    site = make_site(Config(extra=children.MANY), CalIntWorker="on")
    site.log.allow_kills()
    hold = sandbox.fault("revoke", "hold")
    give_back(site, site.client(IVY), sandbox)
    sandbox.wait_until_held()
    killed = children.worker(site.httpd)
    assert len(site.log.with_tag("CALINT0109")) == 1 and len(children.pids(site.httpd)) > 1
    assert children.kill(site.httpd, killed)
    assert len(site.jobs("revoke")) == 1
    wait_until(lambda: children.worker(site.httpd) != killed, "another process to take over", 30)
    assert children.worker(site.httpd) in children.pids(site.httpd)
    assert sandbox.requests("revoke") == 1, "the lease holds"
    sandbox.clear_faults(hold)
    make_due(site)
    wait_until_done(site)
    assert not sandbox.live_grants()
    check_rows(site)


@BOTH
def test_no_job_is_lost_or_done_twice_over_many_restarts(make_site, sandbox, mpm):
    restarts = 50
    site = make_site()
    queue(site, sandbox, restarts)
    sandbox.fault("revoke", "latency", count=-1, seconds=0.1)
    # Room for former children that are slow to end.
    node = site.add_node(Config(mpm=mpm, extra="ServerLimit 16"), CalIntWorker="on")
    for _ in range(restarts):
        site.execute("UPDATE calendar_jobs SET due_at = now() WHERE id ="
                     " (SELECT min(id) FROM calendar_jobs WHERE due_at > now() + interval '1 minute')")
        node.graceful()
    former = children.pids(node)
    node.graceful()
    wait_until_all_are_new(node, former)
    wait_until_done(site)
    assert sandbox.requests("revoke") == restarts == len(site.audit("revoked"))
    assert not sandbox.live_grants()
    check_rows(site)


def test_two_nodes_share_the_work_and_do_none_of_it_twice(make_site, sandbox):
    site = make_site()
    queue(site, sandbox, 100)
    sandbox.fault("revoke", "latency", count=-1, seconds=0.2)
    nodes = [site.add_node(CalIntWorker="on") for _ in range(2)]
    wait_until(lambda: all(map(children.worker, nodes)), "the workers")
    make_due(site)
    wait_until_done(site, 60)
    assert sandbox.requests("revoke") == 100 == len(site.audit("revoked"))
    assert not sandbox.live_grants()
    assert all(node.log.with_tag("CALINT0218") for node in nodes), "both took part"
    check_rows(site)


def test_a_refresh_that_a_restart_gives_up_is_taken_up_at_once(make_site, sandbox):
    site = make_site(CalIntProviderTimeout="2 30")
    assert notice_of(site.client(IVY).connect(sandbox)) == "connected"
    former = site.integration(IVY)
    clocks.jobs_due(site, "refresh")
    sandbox.fault("token", "hold")
    node = site.add_node(CalIntWorker="on", CalIntProviderTimeout="2 30")
    sandbox.wait_until_held()
    children_before = children.pids(node)
    node.graceful()
    wait_until_all_are_new(node, children_before)
    wait_until(lambda: site.integration(IVY)["seal_id"] != former["seal_id"], "the refresh", 20)
    assert (site.integration(IVY)["status"], site.refresh(IVY)["attempts"]) == ("connected", 0)
    assert len(node.log.with_tag("CALINT0226")) == 1
