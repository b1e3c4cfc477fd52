"""The node's limit of requests that wait for providers: whoever comes beyond it comes again, and loses nothing."""

import pytest

from harness import children
from harness.httpd_config import Config
from harness.page import Page
from harness.paths import SETTINGS
from harness.people import IAN, IVY
from harness.process import wait_until
from harness.session import notice_of

LIMIT_REACHED = "CALINT0215.*CalIntProviderConcurrency"


@pytest.fixture(params=["event", "prefork"])
def mpm(request):
    return request.param


def hold_callbacks(site, sandbox, count):
    """Callbacks that wait for the provider, and the answers that will come of them."""
    sandbox.fault("token", "hold", count=-1, grant_type="authorization_code")
    waiting = [(browser := site.client(IAN)).get_in_background(browser.consent(sandbox, f"ian{n}@example.com"))
               for n in range(count)]
    sandbox.wait_until_held(count)
    return waiting


def let_go(sandbox):
    sandbox.clear_faults()


def test_a_callback_beyond_the_limit_is_asked_to_come_again_and_then_connects(make_site, sandbox, mpm):
    site = make_site(Config(mpm=mpm), CalIntProviderConcurrency="2")
    browser = site.client(IVY)
    callback = browser.consent(sandbox)
    waiting = hold_callbacks(site, sandbox, 2)
    site.log.expect(LIMIT_REACHED)

    with site.nothing_written():
        answer = browser.get(callback)
    assert answer.status_code == 503
    seconds = int(answer.headers["Retry-After"])
    assert 1 <= seconds <= 10
    assert answer.headers["Cache-Control"] == "no-store"
    assert f'http-equiv="refresh" content="{seconds}"' in answer.text
    assert "tries again by itself" in Page(answer.text).text
    assert browser.get("/ready.txt").status_code == 200

    let_go(sandbox)
    for one in waiting:
        one.result(30)
    assert notice_of(browser.get(callback)) == "connected"


def test_without_the_directive_a_quarter_of_the_workers_may_wait(make_site, sandbox):
    workers = "ServerLimit 1\nStartServers 1\nThreadsPerChild 12\nMaxRequestWorkers 12\nMaxSpareThreads 12"
    site = make_site(Config(extra=workers))
    browser = site.client(IVY)
    callback = browser.consent(sandbox)
    waiting = hold_callbacks(site, sandbox, 3)
    site.log.expect(LIMIT_REACHED)
    assert browser.get(callback).status_code == 503
    let_go(sandbox)
    for one in waiting:
        one.result(30)


def test_a_retry_beyond_the_limit_changes_nothing(make_site, sandbox):
    site = make_site(CalIntProviderConcurrency="1")
    browser = site.client(IVY)
    sandbox.fault("calendarList", "status", status=503)
    site.log.expect("CALINT0208")
    browser.connect(sandbox)
    waiting = hold_callbacks(site, sandbox, 1)
    site.log.expect(LIMIT_REACHED)
    form = browser.page().form("Retry")
    before = site.integration(IVY)
    assert browser.submit(form).status_code == 503
    assert site.integration(IVY) == before
    let_go(sandbox)
    waiting[0].result(30)
    assert notice_of(browser.submit(form)) == "connected"


def test_pages_and_starts_need_no_place(make_site, sandbox):
    site = make_site(CalIntProviderConcurrency="1")
    browser = site.client(IVY)
    waiting = hold_callbacks(site, sandbox, 1)
    assert browser.get(SETTINGS).status_code == 200
    assert browser.start()
    let_go(sandbox)
    waiting[0].result(30)


def test_a_killed_child_frees_its_places(make_site, sandbox, mpm):
    site = make_site(Config(mpm=mpm), CalIntProviderConcurrency="2")
    browser = site.client(IVY)
    callback = browser.consent(sandbox)
    before = children.pids(site.httpd)
    waiting = hold_callbacks(site, sandbox, 2)
    site.log.expect(LIMIT_REACHED)
    site.log.allow_kills()
    assert browser.get(callback).status_code == 503

    for child in before:
        children.kill(site.httpd, child)
    for one in waiting:
        assert one.exception(30)
    let_go(sandbox)
    answer = wait_until(lambda: (answer := browser.get(callback)).status_code == 303 and answer, "a free place")
    assert notice_of(answer) == "connected"


def test_callbacks_of_the_former_configuration_still_count_after_a_graceful_restart(make_site, sandbox, mpm):
    site = make_site(Config(mpm=mpm), CalIntProviderConcurrency="2")
    browser = site.client(IVY)
    callback = browser.consent(sandbox)
    waiting = hold_callbacks(site, sandbox, 2)
    site.httpd.graceful()
    site.log.expect(LIMIT_REACHED)
    assert browser.get(callback).status_code == 503
    let_go(sandbox)
    for one in waiting:
        one.result(30)
    assert notice_of(browser.get(callback)) == "connected"
