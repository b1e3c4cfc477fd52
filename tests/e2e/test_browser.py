"""The whole story in a real browser, signed in by mod_auth_form, and whether everybody can use the pages."""

import pytest
from selenium.webdriver.common.keys import Keys

from harness import clocks
from harness.browser import browser
from harness.httpd_config import FORM_SIGN_IN
from harness.paths import SETTINGS, callback_path
from harness.people import IVY, NORA
from icloud_client import AVERY, AVERY_PASSWORD


@pytest.fixture(scope="module")
def chromium():
    with browser() as started:
        yield started


@pytest.fixture
def ats(make_site, chromium):
    """A site with mod_auth_form."""
    site = make_site(FORM_SIGN_IN)
    chromium.complaints()
    return site


def ticked(site):
    chosen = site.rows("SELECT name FROM calendar_integration_calendars WHERE sync ORDER BY name")
    return [row["name"] for row in chosen]


def test_a_user_connects_and_disconnects(ats, chromium, sandbox):
    chromium.sign_in(ats, IVY)
    assert "Select Calendar Provider" in chromium.text
    chromium.check()

    chromium.click("Connect Google Calendar")
    assert "Choose an account" in chromium.text
    chromium.choose("Avery Quinn")
    chromium.click("Allow")
    assert chromium.path == f"{SETTINGS}?calint_notice=connected"
    assert "Connected to Google Calendar" in chromium.text
    assert "avery@example.com" in chromium.text
    assert ats.integration(IVY)["status"] == "connected"
    chromium.check()

    chromium.click("Disconnect Google Calendar")
    assert "Disconnect Google Calendar?" in chromium.text
    chromium.check()
    chromium.click("Disconnect")
    assert chromium.path == f"{SETTINGS}?calint_notice=disconnected"
    assert "Select Calendar Provider" in chromium.text
    assert not ats.integrations(IVY)[0]["active"]
    chromium.check()


def test_a_user_who_denies_can_try_again(ats, chromium, sandbox):
    chromium.sign_in(ats, IVY)
    chromium.click("Connect Google Calendar")
    chromium.click("Deny")
    assert "Access Denied" in chromium.text
    chromium.check()
    chromium.click("Connect Google Calendar")
    chromium.click("Allow")
    assert "Connected to Google Calendar" in chromium.text


def test_a_user_switches_to_another_account(ats, chromium, sandbox):
    """The form's POST is followed by a redirect to the provider, which form-action must allow."""
    chromium.sign_in(ats, IVY)
    chromium.click("Connect Google Calendar")
    chromium.choose("Avery Quinn")
    chromium.click("Allow")
    chromium.click("Reconnect Google Calendar")
    chromium.choose("Sam Okafor")
    chromium.click("Allow")
    assert chromium.path.startswith(f"{SETTINGS}/switch")
    chromium.check()
    chromium.click("Switch to Google Calendar")
    chromium.choose("Sam Okafor")
    chromium.click("Allow")
    assert chromium.path == f"{SETTINGS}?calint_notice=switched"
    assert "sam@example.com" in chromium.text
    assert ats.integration(IVY)["account"] == "sam@example.com"
    chromium.check()


def test_a_user_switches_to_another_provider_and_disconnects(ats, chromium, sandbox):
    chromium.sign_in(ats, IVY)
    chromium.click("Connect Google Calendar")
    chromium.choose("Avery Quinn")
    chromium.click("Allow")
    chromium.click("Switch to Microsoft Outlook")
    assert "Switch to Microsoft Outlook?" in chromium.text and "avery@example.com" in chromium.text
    chromium.check()
    chromium.click("Switch to Microsoft Outlook")
    chromium.choose("Sam Okafor")
    chromium.click("Allow")
    assert chromium.path == f"{SETTINGS}?calint_notice=switched"
    assert "Connected to Microsoft Outlook" in chromium.text
    chromium.check()
    chromium.click("Disconnect Microsoft Outlook")
    assert "withdraw it yourself" in chromium.text
    chromium.check()
    chromium.click("Disconnect")
    assert chromium.path == f"{SETTINGS}?calint_notice=disconnected"


def test_a_user_switches_to_apple_with_a_password(ats, chromium, sandbox):
    chromium.sign_in(ats, IVY)
    chromium.click("Connect Google Calendar")
    chromium.choose("Avery Quinn")
    chromium.click("Allow")
    chromium.click("Switch to Apple Calendar")
    chromium.click("Switch to Apple Calendar")
    assert "Google Calendar (avery@example.com) will be disconnected." in chromium.text
    assert chromium.driver.switch_to.active_element.accessible_name == "Apple ID"
    chromium.check()
    chromium.fill("apple_id", AVERY)
    chromium.fill("app_password", "aaaa-bbbb-cccc-dddd")
    chromium.click("Connect Apple Calendar")
    assert "Apple refused this Apple ID with this password." in chromium.text
    assert chromium.driver.switch_to.active_element.accessible_name == "App-specific password"
    chromium.check()
    chromium.fill("app_password", AVERY_PASSWORD)
    chromium.click("Connect Apple Calendar")
    assert chromium.path == f"{SETTINGS}?calint_notice=switched"
    assert "Connected to Apple Calendar" in chromium.text and AVERY in chromium.text
    chromium.check()
    assert ats.integration(IVY)["provider"] == "apple"


def test_a_user_chooses_calendars(ats, chromium, sandbox):
    """With the keyboard where a keyboard is enough: boxes, list and buttons are reached and worked by it."""
    chromium.sign_in(ats, IVY)
    chromium.click("Connect Google Calendar")
    chromium.choose("Avery Quinn")
    chromium.click("Allow")
    chromium.choose("Holidays in Germany")
    chromium.choose("avery@example.com")
    chromium.click("Save calendars")
    assert chromium.path == f"{SETTINGS}?calint_notice=saved"
    assert ticked(ats) == ["Holidays in Germany"]
    chromium.check()

    chromium.open(ats.url + SETTINGS)
    chromium.focus("Sync Holidays in Germany")
    chromium.press(Keys.SPACE)
    chromium.check()
    clocks.least_pauses_over(ats)
    chromium.focus("Save calendars")
    chromium.press(Keys.ENTER, leaves=True)
    assert ticked(ats) == []
    assert "No calendar is ticked" in chromium.text
    chromium.check()

    chromium.focus("Write interviews to")
    chromium.press("i")
    chromium.press(Keys.TAB)
    chromium.press(Keys.ENTER, leaves=True)
    interviews = ats.row("SELECT calendar_id FROM calendar_integration_calendars"
                         " WHERE name = 'Interviews'")["calendar_id"]
    assert ats.integration(IVY)["calendar_id"] == interviews

    sandbox.add_account("avery@example.com", calendars=[{"id": "avery@example.com", "name": "Mine", "primary": True}])
    chromium.click("Refresh list")
    assert "Interviews were written to “Interviews”, which is no longer in this account." in chromium.text
    assert chromium.text.count("No longer in this account") == 3
    chromium.check()


def test_trouble_is_shown_and_mended(ats, chromium, sandbox):
    ats.log.expect("CALINT0208")
    sandbox.fault("calendarList", "status")
    chromium.sign_in(ats, IVY)
    chromium.click("Connect Google Calendar")
    chromium.click("Allow")
    assert "Retry" in chromium.text
    chromium.check()
    chromium.click("Retry")
    assert "Connected to Google Calendar" in chromium.text


def test_an_abandoned_callback_explains_itself(ats, chromium, sandbox):
    ats.log.expect("CALINT0202")
    chromium.sign_in(ats, IVY)
    chromium.open(f"{ats.url}{callback_path()}?state=old&code=x")
    assert "Please start again" in chromium.text
    chromium.check()
    chromium.click("Connect Google Calendar again")
    assert "Choose an account" in chromium.text


def test_whoever_may_not_connect_is_told(ats, chromium):
    ats.log.expect("CALINT0201")
    chromium.sign_in(ats, NORA)
    assert "You can't connect a calendar here" in chromium.text
    chromium.check()


def test_everything_works_without_javascript(make_site, sandbox):
    site = make_site(FORM_SIGN_IN)
    with browser(javascript=False) as shown:
        shown.sign_in(site, IVY)
        shown.click("Connect Google Calendar")
        shown.click("Allow")
        assert "Connected to Google Calendar" in shown.text
        shown.click("Disconnect Google Calendar")
        shown.click("Disconnect")
        assert "Select Calendar Provider" in shown.text
    assert not site.integrations(IVY)[0]["active"]
