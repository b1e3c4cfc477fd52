"""What a node takes of the database: the ATS's server is never filled, and no worker's time is lost on it."""

import time
from concurrent.futures import ThreadPoolExecutor

from harness import children
from harness.httpd_config import Config
from harness.paths import SETTINGS
from harness.people import IVY
from harness.process import wait_until

CHILDREN = Config(mpm="prefork", extra="ServerLimit 150\nStartServers 150\nMaxSpareServers 150\nMaxRequestWorkers 150")
TWO_CHILDREN = Config(extra="ServerLimit 2\nStartServers 2\nThreadsPerChild 24\nMaxRequestWorkers 48\nMaxSpareThreads 48")
POOL = 16


def backends(site, condition="true"):
    found = site.execute(f"SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database()"
                         f" AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND {condition}")
    return found[0]["n"]


def test_children_share_the_nodes_connections(make_site):
    site = make_site(CHILDREN, CalIntDatabasePool=str(POOL))
    browser = site.client(IVY)
    seen = []
    with ThreadPoolExecutor(40) as crowd:
        answers = [crowd.submit(lambda: browser.get(SETTINGS).status_code) for _ in range(600)]
        while not all(answer.done() for answer in answers):
            seen.append(backends(site))
            time.sleep(0.02)
    assert [answer.result() for answer in answers].count(200) == 600
    # The server's end of a connection that was closed may need a moment to go.
    assert 0 < max(map(min, zip(seen, seen[1:]))) <= POOL, seen


def sessions(site):
    """How many have begun so far. The server counts them with a delay."""
    time.sleep(1.5)
    return site.row("SELECT sessions AS n FROM pg_stat_database WHERE datname = current_database()")["n"]


def test_busy_children_keep_what_they_have(make_site):
    site = make_site(TWO_CHILDREN, CalIntDatabasePool="8")
    browser = site.client(IVY)
    before = sessions(site)
    with ThreadPoolExecutor(14) as crowd:
        answers = [crowd.submit(lambda: browser.get(SETTINGS).status_code) for _ in range(1200)]
    assert [answer.result() for answer in answers].count(200) == 1200
    assert sessions(site) - before <= 60, "connections that come and go"


def test_a_child_that_is_killed_gives_its_share_back(make_site):
    site = make_site(Config(mpm="prefork"), CalIntDatabasePool="1")
    browser = site.client(IVY)
    assert browser.get(SETTINGS).status_code == 200
    for child in children.pids(site.httpd):
        children.kill(site.httpd, child)
    wait_until(lambda: browser.get(SETTINGS).status_code == 200, "the connection of the killed child to be free", 10,
               0.2)


def test_a_locked_table_holds_neither_the_server_nor_the_site_up(make_site):
    workers = "ServerLimit 1\nStartServers 1\nThreadsPerChild 24\nMaxRequestWorkers 24\nMaxSpareThreads 24"
    site = make_site(Config(extra=workers), CalIntDatabasePool="4")
    site.log.allow("CALINT0205", "CALINT0215")
    browser = site.client(IVY)
    assert browser.get(SETTINGS).status_code == 200
    holder = site.cluster.connect(site.database)
    try:
        holder.cursor().execute("BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
        ends, statics, most = time.monotonic() + 6, [], 0

        def ask():
            codes = set()
            while time.monotonic() < ends:
                codes.add(browser.get(SETTINGS).status_code)
            return codes

        with ThreadPoolExecutor(20) as crowd:
            asking = [crowd.submit(ask) for _ in range(20)]
            while time.monotonic() < ends:
                begun = time.monotonic()
                assert site.client().get("/ready.txt").status_code == 200
                statics.append(time.monotonic() - begun)
                most = max(most, backends(site, "usename = current_user AND wait_event_type IS DISTINCT FROM 'Client'"))
                time.sleep(0.05)
        assert set().union(*(one.result() for one in asking)) == {503}
        # The holder's is one of them.
        assert most <= 4 + 1
        assert sorted(statics)[len(statics) // 2] < 0.5
        wait_until(lambda: backends(site, "wait_event_type = 'Lock'") == 0, "nobody to wait in the server", 5, 0.1)
    finally:
        holder.close()
    wait_until(lambda: browser.get(SETTINGS).status_code == 200, "the pages to come back", 10, 0.2)
