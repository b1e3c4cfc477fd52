"""However many flows a child has served, it weighs the same and holds the same descriptors."""

import time

import pytest

from harness import children, driver
from harness.httpd_config import Config
from harness.paths import AUTH
from harness.site import CLIENT_ID, CLIENT_SECRET

FIRST = 1000
AT_ONCE = 6
#: One child, so that every flow is its own; a quarter of its threads may call the provider.
ONE_CHILD = ("StartServers 1\nServerLimit 1\nThreadLimit 25\nThreadsPerChild 25\nMaxRequestWorkers 25\n"
             "MinSpareThreads 1\nMaxSpareThreads 25\nMaxKeepAliveRequests 0")
OPEN = f'<Location "{AUTH}">\n    AuthType None\n    Require all granted\n</Location>'
#: kB. In full it is 23 bytes a flow; in short the allocator still settles.
GROWTH = {"short": 3072, "full": 2048}


@pytest.fixture
def provider(tmp_path):
    provider = driver.FastProvider(tmp_path, CLIENT_ID, CLIENT_SECRET)
    yield provider
    provider.stop()


@pytest.fixture
def site(make_site, provider):
    """Reached by TLS, as providers are; who is signed in is the driver's word."""
    site = make_site(start=False)
    site.urls = dict(provider.https["google"])
    return site.start(Config(log_level="notice", extra="\n".join((ONE_CHILD, driver.SIGNED_IN, OPEN))),
                      CalIntIdentity=f"env:{driver.LOGIN_VARIABLE}", CalIntCAFile=str(provider.bundle))


def test_a_child_stays_as_it_is_over_many_flows(site, proof):
    flows = proof.size(300, 100000)
    users = flows // proof.size(10, 100)
    driver.add_numbered_people(site, FIRST, users)
    (child,) = children.pids(site.httpd)
    begun = time.monotonic()

    def round_of_flows(notice):
        driver.drive_flows(site.port, first=FIRST, count=users, concurrency=AT_ONCE, notice=notice)

    round_of_flows("connected")
    rounds = flows // users
    for _ in range(rounds // 10 - 1):
        round_of_flows("reconnected")
    early = driver.weigh(child)
    for _ in range(rounds - rounds // 10):
        round_of_flows("reconnected")
    late = driver.weigh(child)

    proof.figure(f"{flows} flows in {time.monotonic() - begun:.0f} s; after a tenth and at the end: "
                 f"RSS {early.rss} and {late.rss} kB, {early.descriptors} and {late.descriptors} descriptors, "
                 f"{early.threads} and {late.threads} threads")
    assert children.pids(site.httpd) == [child], "the child was replaced"
    assert site.count("calendar_used_states") == flows
    assert site.row("SELECT count(*) AS n FROM calendar_integrations WHERE active AND status = 'connected'"
                    " AND generation = %s", rounds)["n"] == users
    assert late.rss - early.rss < proof.size(GROWTH["short"], GROWTH["full"])
    # Each thread that comes to a flow for the first time may open a connection to the database and one to the provider.
    assert late.descriptors - early.descriptors <= 2 * AT_ONCE
    assert late.threads == early.threads
