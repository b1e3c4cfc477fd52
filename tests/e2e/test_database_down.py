"""PostgreSQL is away: pages answer 503 at once, nothing is half done, and all works again by itself."""

import pytest

from harness.people import IVY
from harness.postgres import Cluster
from harness.process import wait_until
from harness.session import CONNECT_GOOGLE, SETTINGS, notice_of
from harness.site import prepare_template


@pytest.fixture
def own_cluster(folder, request):
    """A PostgreSQL that only this test uses, and may stop."""
    cluster = Cluster(folder / f"own-{request.node.name[:40]}").create().start()
    yield cluster
    cluster.stop()


@pytest.fixture
def fragile(make_site, own_cluster):
    site = make_site(cluster=own_cluster, template=prepare_template(own_cluster))
    site.log.allow("CALINT0205")
    return site


def back(cluster, browser):
    """The database is started; returns when a page shows that the node noticed, which may take seconds."""
    cluster.start()
    wait_until(lambda: browser.get(SETTINGS).status_code == 200, "the pages to come back", 10, 0.2)


def test_pages_answer_503_and_recover(fragile, own_cluster, sandbox):
    browser = fragile.client(IVY)
    assert notice_of(browser.connect(sandbox)) == "connected"
    own_cluster.stop()
    for path in (SETTINGS, CONNECT_GOOGLE, "/settings/calendar/disconnect"):
        for _ in range(2):
            answer = browser.get(path)
            assert answer.status_code == 503
            assert answer.headers["Retry-After"]
            assert answer.headers["Cache-Control"] == "no-store"
            assert "Temporarily unavailable" in answer.text
    back(own_cluster, browser)
    assert "Connected to Google Calendar" in browser.page().text


def test_a_callback_while_the_database_is_down_can_be_reloaded(fragile, own_cluster, sandbox):
    browser = fragile.client(IVY)
    callback = browser.consent(sandbox)
    own_cluster.stop()
    assert browser.get(callback).status_code == 503
    assert sandbox.requests("token") == 0, "the code was not presented"
    back(own_cluster, browser)
    assert notice_of(browser.get(callback)) == "connected"


def test_a_database_that_dies_during_the_exchange_leaves_no_half_connection(fragile, own_cluster, sandbox):
    browser = fragile.client(IVY)
    callback = browser.consent(sandbox)
    fragile.log.allow("CALINT0209")
    hold = sandbox.fault("token", "hold", grant_type="authorization_code")
    answers = browser.get_in_background(callback)
    sandbox.wait_until_held()
    own_cluster.stop()
    sandbox.release(hold)
    assert answers.result(30).status_code == 503
    back(own_cluster, browser)
    assert not fragile.integrations(IVY)
    assert notice_of(browser.connect(sandbox)) == "connected"


def test_revocations_wait_for_the_database(fragile, own_cluster, sandbox):
    browser = fragile.client(IVY)
    browser.connect(sandbox)
    browser.submit(browser.page("/settings/calendar/disconnect").form("Disconnect"))
    own_cluster.stop()
    assert fragile.run_jobs().returncode == 4
    assert sandbox.requests("revoke") == 0
    own_cluster.start()
    assert fragile.run_jobs().returncode == 0
    assert sandbox.requests("revoke") == 1


def test_httpd_starts_while_the_database_is_down(make_site, own_cluster, sandbox):
    site = make_site(cluster=own_cluster, template=prepare_template(own_cluster), start=False)
    own_cluster.stop()
    site.start()
    site.log.allow("CALINT0205")
    browser = site.client(IVY)
    assert browser.get(SETTINGS).status_code == 503
    back(own_cluster, browser)


def test_a_database_without_schema_is_the_operators_to_mend(make_site, cluster):
    site = make_site()
    site.log.expect("CALINT0204|CALINT0216")
    site.execute("ALTER TABLE calendar_integrations RENAME TO elsewhere")
    assert site.client(IVY).get(SETTINGS).status_code in (500, 503)
