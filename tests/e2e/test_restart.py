"""Restarts: nothing is lost, nothing dies, and a broken configuration doesn't take the site down."""

import pytest

from harness.httpd_config import Config
from harness.paths import DISCONNECT, SETTINGS
from harness.people import IVY
from harness.places import ROOT
from harness.process import wait_until
from harness.session import notice_of


def test_a_flow_outlives_a_stop_and_start(make_site, sandbox):
    site = make_site(CalIntWorker="on")
    browser = site.client(IVY)
    callback = browser.consent(sandbox)
    site.httpd.stop()
    site.httpd.start()
    assert notice_of(browser.get(callback)) == "connected"


@pytest.mark.parametrize("mpm", ["event", "prefork"])
def test_a_restart_waits_for_a_callback_that_runs(make_site, sandbox, mpm):
    site = make_site(Config(mpm=mpm), CalIntWorker="on")
    browser = site.client(IVY)
    callback = browser.consent(sandbox)
    hold = sandbox.fault("token", "hold", grant_type="authorization_code")
    answer = browser.get_in_background(callback)
    sandbox.wait_until_held()
    site.httpd.graceful()
    sandbox.release(hold)
    assert notice_of(answer.result(30)) == "connected"


def test_a_key_file_that_is_gone_at_a_restart_degrades_and_recovers(make_site, sandbox):
    site = make_site(CalIntWorker="on")
    browser = site.client(IVY)
    browser.connect(sandbox)
    hidden = site.key_file.with_suffix(".hidden")
    site.key_file.rename(hidden)
    site.log.expect("CALINT0104.*ALARM", "CALINT0106")
    site.httpd.graceful()
    answer = wait_until(lambda: (answer := browser.get(SETTINGS)).status_code == 503 and [answer], "the 503")[0]
    assert answer.headers["Retry-After"]
    assert browser.get("/ready.txt").text == "ready\n", "the site goes on"
    assert site.integration(IVY)["status"] == "connected"

    hidden.rename(site.key_file)
    site.httpd.graceful()
    assert "Connected to Google Calendar" in browser.page().text


@pytest.mark.parametrize("changes", [
    {"CalIntKeyFile": "/nonexistent/keys.json"}, {"CalIntPublicURL": ""}, {"CalIntDatabase": ""},
    {"CalIntAllowInsecureLoopback": ""}, {"CalIntTemplateDir": "/nonexistent"},
], ids=lambda changes: next(iter(changes)))
def test_a_broken_configuration_at_a_restart_degrades_and_recovers(make_site, changes):
    site = make_site()
    browser = site.client(IVY)
    site.log.allow("CALINT010[2-6]")
    site.rewrite(**changes)
    # A child of the former configuration may take a request or two more.
    site.httpd.graceful()
    wait_until(lambda: browser.get(SETTINGS).status_code == 503, "the broken configuration")
    assert browser.get("/ready.txt").status_code == 200
    site.rewrite()
    site.httpd.graceful()
    wait_until(lambda: browser.get(SETTINGS).status_code == 200, "the mended configuration")


@pytest.mark.parametrize("changes, says", [
    ({"CalIntKeyFile": ""}, "CalIntKeyFile is missing"),
    ({"CalIntPublicURL": ""}, "CalIntPublicURL is missing"),
    ({"CalIntDatabase": ""}, "CalIntDatabase is missing"),
    ({"CalIntAllowInsecureLoopback": ""}, "is not HTTPS"),
    ({"CalIntPublicURL": "http://ats.example.com"}, "is not HTTPS"),
    ({"CalIntIdentity": "env:HTTP_X_USER"}, "CalIntIdentity"),
    ({"CalIntIdentity": "session:user"}, "session"),
    ({"CalIntStateLifetime": "soon"}, "CalIntStateLifetime"),
    ({"provider": "<CalIntProvider google>\n</CalIntProvider>"}, "CalIntClientID"),
    ({"provider": "<CalIntProvider yahoo>\n</CalIntProvider>"}, "yahoo"),
    ({"provider": "<CalIntProvider outlook>\n</CalIntProvider>"}, "outlook"),
], ids=lambda value: str(value)[:40])
def test_a_first_start_refuses_a_broken_configuration(make_site, changes, says):
    site = make_site(start=False)
    site.add_node(launch=False, **changes)
    tested = site.httpd.test_configuration()
    assert tested.returncode != 0
    assert says in tested.stderr
    with pytest.raises(RuntimeError):
        site.httpd.start()


def test_configtest_passes_a_working_configuration(make_site):
    site = make_site(start=False)
    site.add_node(launch=False)
    tested = site.httpd.test_configuration()
    assert tested.returncode == 0
    assert "Syntax OK" in tested.stderr


def test_configtest_passes_the_shipped_configuration(make_site):
    site = make_site(start=False)
    site.add_node(Config(extra=f"Include {ROOT}/conf/calint.conf"), launch=False)
    tested = site.httpd.test_configuration()
    assert tested.returncode == 0, tested.stderr


def test_a_flow_can_be_begun_and_ended_under_prefork(make_site, sandbox):
    site = make_site(Config(mpm="prefork"))
    browser = site.client(IVY)
    assert notice_of(browser.connect(sandbox)) == "connected"
    assert notice_of(browser.submit(browser.page(DISCONNECT).form("Disconnect"))) == "disconnected"
