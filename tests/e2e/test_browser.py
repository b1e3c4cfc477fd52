"""UC-455 in a real browser, signed in through mod_auth_form, at the provider's own page."""

import pytest

from harness.browser import AXE, Browser
from harness.httpd_config import Config
from harness.people import IVY
from harness.session import SETTINGS


@pytest.fixture(scope="module")
def axe():
    if not AXE.exists():
        pytest.fail("axe-core isn't there; tests/run fetches it")


@pytest.fixture
def site(make_site):
    return make_site(config=Config(form_sign_in=True, extra="SessionCryptoPassphrase only-for-tests"))


@pytest.fixture
def browser(tmp_path):
    browser = Browser(tmp_path / "profile")
    yield browser
    browser.close()


def connect(browser, account="avery@example.com"):
    browser.press("Connect")
    assert "Provider sandbox" in browser.text
    browser.choose_account(account)
    browser.press("Allow")


def test_a_user_signs_in_connects_and_disconnects(site, sandbox, browser):
    browser.sign_in(site, IVY)
    assert browser.url.startswith(site.url + SETTINGS)
    assert "Select Calendar Provider" in browser.text
    connect(browser)
    assert browser.url == f"{site.url}{SETTINGS}?calint_notice=connected"
    assert "Connected to Google Calendar" in browser.text and "avery@example.com" in browser.text
    assert site.integration(IVY)["status"] == "connected"

    browser.press("Disconnect")
    assert "Disconnect Google Calendar?" in browser.text
    browser.press("Disconnect")
    assert "Your calendar was disconnected" in browser.text
    assert browser.complaints() == []
    assert site.run_jobs().returncode == 0
    assert sandbox.live_grants() == []


def test_a_user_denies_and_tries_again(site, sandbox, browser):
    browser.sign_in(site, IVY)
    browser.press("Connect")
    browser.press("Deny")
    assert "Access Denied" in browser.text
    connect(browser)
    assert "Connected to Google Calendar" in browser.text


def test_a_user_switches_to_another_account(site, sandbox, browser):
    """The form's POST is redirected to the provider: form-action must allow it."""
    browser.sign_in(site, IVY)
    connect(browser)
    browser.open(f"{site.url}{SETTINGS}/switch?to=google")
    browser.press("Switch to Google Calendar")
    assert "Provider sandbox" in browser.text
    browser.choose_account("sam@example.com")
    browser.press("Allow")
    assert "calint_notice=switched" in browser.url
    assert site.integration(IVY)["account"] == "sam@example.com"
    assert browser.complaints() == []


def test_everything_works_without_javascript(site, sandbox, tmp_path):
    browser = Browser(tmp_path / "profile", javascript=False)
    try:
        browser.sign_in(site, IVY)
        connect(browser)
        assert "Connected to Google Calendar" in browser.text
        browser.press("Disconnect")
        browser.press("Disconnect")
        assert "Your calendar was disconnected" in browser.text
    finally:
        browser.close()


def test_the_pages_have_no_accessibility_violations(site, sandbox, browser, axe):
    browser.sign_in(site, IVY)
    assert browser.violations() == []
    sandbox.fault("calendarList", "status", count=-1, status=503)
    site.log.expect("CALINT0208")
    connect(browser)
    assert "Retry" in browser.text
    assert browser.violations() == []
    sandbox.clear_faults()
    browser.press("Retry")
    assert browser.violations() == []
    for path in (f"{SETTINGS}/disconnect", f"{SETTINGS}/switch?to=google", f"{SETTINGS}/none",
                 "/calendar/auth/google/callback?state=forged&code=1"):
        site.log.allow("CALINT0202")
        browser.open(site.url + path)
        assert browser.violations() == [], path
