"""A page's GET asks no provider: it shows what is stored, at once, and queues what a provider must be asked."""

import re
import time

import pytest

from harness import clocks, places
from harness.paths import API, ORGANIZATION, SETTINGS, STATIC, callback_path, start_path
from harness.people import ADA, IVY
from harness.process import wait_until
from harness.providers import APPLE, GOOGLE, OUTLOOK
from harness.session import notice_of

ALL = (GOOGLE, OUTLOOK, APPLE)
#: Every address that answers a GET, but for a callback with a good state, which presents a code.
ADDRESSES = {
    "calint-settings": [SETTINGS, f"{SETTINGS}?calint_notice=connected&return_to=/jobs", f"{SETTINGS}/disconnect",
                        *(f"{SETTINGS}/switch?to={one.id}" for one in ALL), f"{SETTINGS}/calint.css"],
    "calint-auth": [*(start_path(one.id) for one in ALL),
                    *(callback_path(one.id) + query for one in ALL
                      for query in ("", "?code=c&state=s", "?error=access_denied&state=s"))],
    "calint-admin": [ORGANIZATION],
    "calint-api": [f"{API}/integration", f"{API}/availability?user_id=1", f"{API}/holds", f"{API}/changes"],
    "calint-static": [f"{STATIC}/calint.css"],
}
#: Whatever a page might ask for.
ENDPOINTS = ("token", "revoke", "calendarList", "outlook.token", "outlook.calendars", "icloud.entry", "icloud.home",
             "icloud.principal")
#: Of a page while the machine is busy; a provider that hangs would take 5 s.
AT_ONCE = 2.5


def connect(browser, sandbox, provider):
    answer = (browser.type_password(APPLE.email, APPLE.client_secret) if provider is APPLE
              else browser.connect(sandbox, provider.email, provider=provider.id))
    assert notice_of(answer) == "connected"


def test_every_handler_is_among_them():
    shipped = (places.ROOT / "conf" / "calint.conf").read_text(encoding="utf-8")
    assert set(re.findall(r"SetHandler (\S+)", shipped)) == set(ADDRESSES)


@pytest.mark.parametrize("status", ["connected", "error", "expired"])
@pytest.mark.parametrize("provider", ALL, ids=lambda provider: provider.id)
def test_no_get_asks_a_provider(site, sandbox, provider, status):
    site.log.allow("CALINT0202")
    browser = site.client(ADA)
    connect(browser, sandbox, provider)
    # Whatever could be asked for is wanting: the list, the token, and a withdrawal that wasn't confirmed.
    clocks.list_was_read(site, "25 hours")
    clocks.tokens_expired(site, status=status)
    site.execute("UPDATE calendar_integrations SET last_error = 'provider_unavailable', error_since = now()"
                 " WHERE status <> 'connected'")
    for endpoint in ENDPOINTS:
        sandbox.fault(endpoint, "hang", count=-1)
    before = sandbox.state()["requests"]
    for address in [address for addresses in ADDRESSES.values() for address in addresses]:
        began = time.monotonic()
        assert browser.get(address).status_code < 500, address
        assert time.monotonic() - began < AT_ONCE, address
    assert sandbox.state()["requests"] == before


def test_an_old_list_is_queued_once_and_the_page_says_so(site, sandbox, ivy):
    connect(ivy, sandbox, GOOGLE)
    assert not site.jobs("validate") and "The list of your calendars" not in ivy.page().text
    clocks.list_was_read(site, "25 hours")
    with site.nothing_written():
        assert ivy.request("HEAD", SETTINGS).status_code == 200
    with site.nothing_written("calendar_jobs"):
        page = ivy.page()
    # The node of this test does no background work.
    assert "waits to be read again in the background, of which this server does none" in page.text
    assert "Read 1 day ago" in page.text and page.form("Save calendars").boxes
    with site.nothing_written():
        assert ivy.page().text == page.text
    (job,) = site.jobs("validate")
    assert job["integration_id"] == site.integration(IVY)["id"] and job["attempts"] == 0
    assert notice_of(ivy.submit(page.form("Refresh list"))) == "connected"
    assert not site.jobs("validate") and "The list of your calendars" not in ivy.page().text


def test_a_list_of_today_is_left_alone(site, sandbox, ivy):
    connect(ivy, sandbox, GOOGLE)
    clocks.list_was_read(site, "23 hours")
    with site.nothing_written():
        assert "The list of your calendars" not in ivy.page().text


@pytest.mark.parametrize("provider", ALL, ids=lambda provider: provider.id)
def test_the_page_comes_while_the_list_is_being_read_and_shows_the_new_one_afterwards(make_site, sandbox, provider):
    site = make_site(CalIntWorker="on")
    browser = site.client(IVY)
    connect(browser, sandbox, provider)
    site.execute("UPDATE calendar_integration_calendars SET name = 'Former'")
    clocks.list_was_read(site, "25 hours")
    endpoint = provider.calendars
    hold = sandbox.fault(endpoint, "hold")
    said = "The list of your calendars is being read. Until it is there, this is what was read before."
    page = browser.page()
    assert said in page.text and "Former" in page.text
    sandbox.wait_until_held()
    began = time.monotonic()
    page = browser.page(page.link("Look again"))
    assert time.monotonic() - began < AT_ONCE and said in page.text and page.link("Look again") == SETTINGS
    sandbox.release(hold)
    wait_until(lambda: not site.jobs("validate"), "the list")
    page = browser.page(page.link("Look again"))
    assert said not in page.text and "Read just now" in page.text and "Former" not in page.text


def test_a_list_that_cannot_be_read_is_shown_as_it_was_and_the_connection_works_on(make_site, sandbox):
    site = make_site(CalIntWorker="on")
    site.log.expect("CALINT0205")
    ivy = site.client(IVY)
    connect(ivy, sandbox, GOOGLE)
    clocks.list_was_read(site, "25 hours")
    sandbox.fault("calendarList", "status", count=-1)
    ivy.page()
    wait_until(lambda: site.jobs("validate")[0]["last_error"] == "unavailable", "the attempt")
    requests = sandbox.requests("calendarList")
    page = ivy.page()
    assert "The list of your calendars could not be read again yet; that is tried later" in page.text
    assert site.integration(IVY)["status"] == "connected" and page.form("Save calendars").boxes
    ivy.page()
    assert sandbox.requests("calendarList") == requests


def test_a_disconnect_while_an_old_list_is_being_read_wins(make_site, sandbox):
    site = make_site(CalIntWorker="on")
    ivy = site.client(IVY)
    connect(ivy, sandbox, GOOGLE)
    clocks.list_was_read(site, "25 hours")
    hold = sandbox.fault("calendarList", "hold")
    ivy.page()
    sandbox.wait_until_held()
    assert notice_of(ivy.disconnect()) == "disconnected"
    sandbox.release(hold)
    wait_until(lambda: not site.jobs("revoke"), "the revocation")
    assert site.count("calendar_integration_calendars") == 0 and not site.jobs("validate")
    assert "Select Calendar Provider" in ivy.page().text
