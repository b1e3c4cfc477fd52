"""PostgreSQL is away: pages answer 503 at once, nothing is half done, and all works again by itself."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import clocks
from harness.ats import Ats, make_known_key, problem_of
from harness.httpd_config import Config
from harness.paths import DISCONNECT, SETTINGS, start_path
from harness.people import IVY
from harness.postgres import Cluster
from harness.process import wait_until
from harness.session import notice_of
from harness.site import prepare_template


@pytest.fixture
def own_cluster(folder, request):
    """A PostgreSQL that only this test uses, and may stop."""
    cluster = Cluster(folder / f"own-{abs(hash(request.node.name))}").create().start()
    yield cluster
    cluster.stop()


@pytest.fixture
def fragile(make_site, own_cluster):
    site = make_site(cluster=own_cluster, template=prepare_template(own_cluster))
    site.log.allow("CALINT0205")
    return site


def told_over(site):
    return [line for line in site.log.with_tag("CALINT0205") if "the database: over" in line.text]


def back(cluster, browser):
    """The database is started; returns when a page shows that the node noticed, which may take seconds."""
    cluster.start()
    wait_until(lambda: browser.get(SETTINGS).status_code == 200, "the pages to come back", 10, 0.2)


def test_pages_answer_503_and_recover(fragile, own_cluster, sandbox):
    browser = fragile.client(IVY)
    assert notice_of(browser.connect(sandbox)) == "connected"
    own_cluster.stop()
    for path in (SETTINGS, start_path(), DISCONNECT):
        for _ in range(2):
            answer = browser.get(path)
            assert answer.status_code == 503
            assert answer.headers["Retry-After"]
            assert answer.headers["Cache-Control"] == "no-store"
            assert "Temporarily unavailable" in answer.text
    back(own_cluster, browser)
    assert "Connected to Google Calendar" in browser.page().text


def test_a_database_that_is_away_is_told_in_few_lines(make_site, own_cluster):
    site = make_site(cluster=own_cluster, template=prepare_template(own_cluster), CalIntWorker="on")
    site.log.allow("CALINT0205")
    browser = site.client(IVY)
    assert browser.get(SETTINGS).status_code == 200
    own_cluster.stop()
    asked, end = 0, time.monotonic() + 6
    while time.monotonic() < end:
        assert browser.get(SETTINGS).status_code == 503
        asked += 1
    lines = site.log.with_tag("CALINT0205")
    # The one process that answers requests, and its background work.
    assert sum(line.is_loud for line in lines) == 2
    assert len(lines) > asked >= 20, "each answer is a line for whoever wants to see it"
    back(own_cluster, browser)
    wait_until(lambda: len(told_over(site)) == 2, "background work to go on", 10)
    for line in told_over(site):
        assert line.level == "notice"
        assert re.search(r"the database: over after \d+ s, it was met \d+ times", line.text)


def test_a_database_that_works_again_is_told_where_service_keys_alone_call(fragile, own_cluster):
    ats = Ats(fragile.url, make_known_key(fragile, "ats"))
    own_cluster.stop()
    problem_of(ats.get("/changes"), 503, "database_unavailable")
    assert not told_over(fragile)
    problem_of(ats.get("/changes?limit=0"), 400, "invalid_request")
    assert not told_over(fragile), "what asks no database says nothing of it"
    own_cluster.start()
    wait_until(lambda: ats.get("/changes").status_code == 200, "the calls to come back", 10, 0.2)
    wait_until(lambda: told_over(fragile), "the line")


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
    browser.submit(browser.page(DISCONNECT).form("Disconnect"))
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


@pytest.fixture
def refreshing(make_site, own_cluster, sandbox):
    """A site of which a background refresh waits for the provider's answer, whose former refresh token is dead by then;
    and what lets the answer go."""
    site = make_site(cluster=own_cluster, template=prepare_template(own_cluster), CalIntWorker="on")
    site.log.allow("CALINT0205")
    assert notice_of(site.client(IVY).connect(sandbox)) == "connected"
    site.read_no_calendar()
    sandbox.mode(rotate=True)
    hold = sandbox.fault("token", "hold", grant_type="refresh_token", when="after")
    clocks.jobs_due(site, "refresh")
    sandbox.wait_until_held()
    return site, lambda: sandbox.release(hold)


def is_kept(site):
    return any("tokens are kept" in line.text for line in site.log.with_tag("CALINT0205"))


def refresh_again(site, sandbox):
    before = site.integration(IVY)["seal_id"]
    clocks.jobs_due(site, "refresh")
    wait_until(lambda: site.integration(IVY)["seal_id"] != before, "the next refresh")
    assert site.integration(IVY)["status"] == "connected"
    assert sandbox.state()["details"]["token.refresh_token"] == 2


def test_tokens_that_came_while_the_database_was_down_are_stored(refreshing, own_cluster, sandbox):
    site, let_go = refreshing
    before = site.integration(IVY)["seal_id"]
    own_cluster.stop()
    let_go()
    wait_until(lambda: is_kept(site), "the tokens to be kept")
    own_cluster.start()
    wait_until(lambda: site.integration(IVY)["seal_id"] != before, "the tokens to be stored")
    assert site.refresh(IVY)["lease_owner"] is None
    refresh_again(site, sandbox)


def test_tokens_that_wait_for_the_database_hold_no_stop(refreshing, own_cluster, sandbox):
    site, let_go = refreshing
    site.log.allow("CALINT0220")
    own_cluster.stop()
    let_go()
    wait_until(lambda: is_kept(site), "the tokens to be kept")
    site.httpd.stop()  # a child that has to be killed is a line in the log, which fails the test
    assert any("could not be stored" in line.text for line in site.log.with_tag("CALINT0205"))


@pytest.fixture(params=["event", "prefork"])
def asking(request, make_site, own_cluster, sandbox):
    """A site of which a request waits for the provider's answer, whose former refresh token is dead by then: the
    request, and what lets the answer go."""
    site = make_site(Config(mpm=request.param), cluster=own_cluster, template=prepare_template(own_cluster))
    site.log.allow("CALINT0205", "CALINT0208")
    browser = site.client(IVY)
    assert notice_of(browser.connect(sandbox)) == "connected"
    sandbox.mode(rotate=True)
    sandbox.expire_access_tokens()
    clocks.tokens_expired(site, status="error", last_error="provider_unavailable")
    form = browser.page().form("Retry")
    hold = sandbox.fault("token", "hold", grant_type="refresh_token", when="after")
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(browser.submit, form)
        sandbox.wait_until_held()
        yield site, answer, lambda: sandbox.release(hold)


def outlive(asking, own_cluster):
    """The database is away before the answer comes, and stays so until the request has ended."""
    site, answer, let_go = asking
    own_cluster.stop()
    let_go()
    assert answer.result(30).status_code == 503
    return site


def test_tokens_that_came_for_a_request_are_stored_after_its_end(asking, own_cluster, sandbox):
    before = asking[0].integration(IVY)["seal_id"]
    site = outlive(asking, own_cluster)
    assert is_kept(site)
    time.sleep(3)
    own_cluster.start()
    wait_until(lambda: site.integration(IVY)["seal_id"] != before, "the tokens to be stored")
    wait_until(lambda: site.refresh(IVY)["lease_owner"] is None, "the end of the lease")
    assert any("were kept for a while" in line.text for line in site.log.with_tag("CALINT0217"))
    browser = site.client(IVY)
    wait_until(lambda: browser.get(SETTINGS).status_code == 200, "the pages to come back", 10, 0.2)
    sandbox.expire_access_tokens()
    clocks.tokens_expired(site, status="error", last_error="provider_unavailable")
    assert notice_of(browser.submit(browser.page().form("Retry"))) == "connected"
    assert sandbox.state()["details"]["token.refresh_token"] == 2
    assert "ya29." not in site.log.text() and "1//" not in site.log.text()


def test_a_child_that_ends_stores_what_it_kept_where_the_database_is_back(asking, own_cluster):
    before = asking[0].integration(IVY)["seal_id"]
    site = outlive(asking, own_cluster)
    own_cluster.start()
    site.httpd.graceful()
    wait_until(lambda: site.integration(IVY)["seal_id"] != before, "the tokens to be stored")


def test_tokens_that_are_kept_hold_no_stop(asking, own_cluster):
    site = outlive(asking, own_cluster)
    began = time.monotonic()
    site.httpd.stop()  # a child that has to be killed is a line in the log, which fails the test
    assert time.monotonic() - began < 6
    assert any("could not be stored" in line.text for line in site.log.with_tag("CALINT0205"))
