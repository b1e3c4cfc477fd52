"""Without the database there are 503 pages, and nothing is lost or done twice (contract, section 4, step 9)."""

import pytest

from harness.page import Page
from harness.people import IVY
from harness.postgres import Cluster
from harness.session import CONNECT_GOOGLE, SETTINGS, notice_of
from harness.site import prepare_template


@pytest.fixture
def own_cluster(folder, tmp_path_factory):
    cluster = Cluster(folder / tmp_path_factory.mktemp("pg").name).create().start()
    yield cluster
    cluster.stop()


@pytest.fixture
def site(make_site, own_cluster):
    site = make_site(cluster=own_cluster, template=prepare_template(own_cluster))
    site.log.allow("CALINT0205", "CALINT0215")
    return site


def assert_unavailable(answer):
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"
    assert "tries again by itself" in Page(answer.text).text
    # Nothing of what the database said.
    assert "socket" not in answer.text and "connection" not in answer.text.lower().replace("connections", "")


def test_pages_come_back_with_the_database_without_a_restart_of_httpd(site, own_cluster, sandbox):
    client = site.client(IVY)
    client.page()
    own_cluster.stop()
    for path in (SETTINGS, CONNECT_GOOGLE):
        assert_unavailable(client.get(path))
    own_cluster.start()
    assert notice_of(client.connect(sandbox)) == "connected"


def test_httpd_starts_while_the_database_is_down(site, own_cluster):
    own_cluster.stop()
    site.httpd.stop()
    site.httpd.start()
    client = site.client(IVY)
    assert_unavailable(client.get(SETTINGS))
    assert client.get("/ready.txt").status_code == 200
    own_cluster.start()
    client.page()


def test_a_callback_while_the_database_is_down_consumes_nothing(site, own_cluster, sandbox):
    client = site.client(IVY)
    url = client.consent(sandbox)
    own_cluster.stop()
    assert_unavailable(client.get(url))
    assert sandbox.requests("token") == 0
    own_cluster.start()
    assert notice_of(client.get(url)) == "connected"


def test_a_database_that_goes_down_during_the_exchange_leaves_nothing_half_done(site, own_cluster, sandbox):
    from concurrent.futures import ThreadPoolExecutor
    client = site.client(IVY)
    url = client.consent(sandbox)
    sandbox.fault("token", "hold", seconds=4, when="after")
    site.log.allow("CALINT0209")
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(client.get, url)
        sandbox.wait_until_held()
        own_cluster.stop()
        sandbox.release()
        assert answer.result().status_code == 503
    own_cluster.start()
    assert site.integrations(IVY) == []
    assert site.audit("connected") == []
    # The reload doesn't present the code again: that would end the grant.
    client.get(url)
    assert sandbox.requests("token") == 1
    assert notice_of(client.connect(sandbox)) == "connected"
