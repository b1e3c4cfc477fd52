"""Switching to Apple Calendar and back: a password that doesn't work, or comes from an old page, replaces nothing."""

import pytest

from harness.apple import WRONG, audits, calls
from harness.page import Page
from harness.paths import SETTINGS
from harness.people import IVY
from harness.session import notice_of
from icloud_client import AVERY, AVERY_PASSWORD


@pytest.fixture
def connected(site, ivy):
    assert notice_of(ivy.type_password(AVERY, AVERY_PASSWORD)) == "connected"
    return site.integration(IVY)


@pytest.fixture
def google(site, ivy, sandbox):
    """Ivy's browser, with Google connected, and the credentials page by way of the question."""
    assert notice_of(ivy.connect(sandbox)) == "connected"
    return ivy


def confirmed(browser):
    (question,) = browser.page(f"{SETTINGS}/switch?to=apple").forms
    answer = browser.submit(question)
    assert answer.status_code == 200
    (form,) = Page(answer.text).forms
    return form


def assert_google_works(site, browser, sandbox):
    row = site.integration(IVY)
    assert (row["provider"], row["status"]) == ("google", "connected")
    assert site.jobs("revoke") == [] and sandbox.live_grants()
    assert notice_of(browser.submit(browser.page().form("Refresh list"))) == "connected"


def test_a_switch_to_apple_replaces_google_and_revokes_it(site, google, sandbox):
    answer = google.submit(confirmed(google), apple_id=AVERY, app_password=AVERY_PASSWORD)
    assert notice_of(answer) == "switched"
    assert site.integration(IVY)["provider"] == "apple"
    assert audits(site)[-1] == ("switched", {"provider": "apple", "from_provider": "google"})
    assert len(site.jobs("revoke")) == 1
    assert site.run_jobs().returncode == 0 and sandbox.live_grants() == []


def test_a_switch_that_apple_refuses_leaves_google(site, google, sandbox):
    form = confirmed(google)
    assert google.submit(form, apple_id=AVERY, app_password=WRONG).status_code == 422
    assert_google_works(site, google, sandbox)


def test_a_switch_that_breaks_leaves_google(site, google, sandbox):
    site.log.expect("CALINT0208")
    sandbox.fault("icloud.home", "reset", count=-1)
    assert google.submit(confirmed(google), apple_id=AVERY, app_password=AVERY_PASSWORD).status_code == 503
    assert_google_works(site, google, sandbox)


def test_an_abandoned_switch_leaves_google(site, google, sandbox):
    confirmed(google)
    assert_google_works(site, google, sandbox)


def test_a_password_without_the_confirmed_question_replaces_nothing(site, google, sandbox):
    form = confirmed(google)
    answer = google.submit(form, action="connect", apple_id=AVERY, app_password=AVERY_PASSWORD)
    assert answer.headers["Location"].startswith(f"{SETTINGS}/switch?to=apple")
    assert calls(sandbox) == [], "not even tried"
    assert_google_works(site, google, sandbox)


def test_a_doubled_switch_ends_in_one_connection(site, google, sandbox):
    form = confirmed(google)
    hold = sandbox.fault("icloud.home", "hold", count=2)
    fields = {**form.fields, "apple_id": AVERY, "app_password": AVERY_PASSWORD}
    answers = [google.post_in_background(form.action, fields) for _ in range(2)]
    sandbox.wait_until_held(2)
    sandbox.release(hold)
    assert {notice_of(answer.result(30)) for answer in answers} <= {"switched", "reconnected"}
    assert site.integration(IVY)["provider"] == "apple"
    assert len([row for row in site.integrations(IVY) if row["active"]]) == 1
    assert len(site.jobs("revoke")) == 1


def test_a_switch_meets_a_reconnect_in_another_tab(site, google, sandbox):
    form = confirmed(google)
    assert notice_of(google.connect(sandbox)) == "reconnected"
    answer = google.submit(form, apple_id=AVERY, app_password=AVERY_PASSWORD)
    assert answer.headers["Location"].startswith(f"{SETTINGS}/switch?to=apple")
    assert_google_works(site, google, sandbox)


def test_from_apple_to_google_and_denied(site, ivy, connected, sandbox):
    (question,) = ivy.page(f"{SETTINGS}/switch?to=google").forms
    callback = sandbox.approve(ivy.submit(question).headers["Location"], "avery@example.com", deny=True)
    assert notice_of(ivy.get(callback)) == "denied"
    assert site.integration(IVY)["provider"] == "apple"
    assert notice_of(ivy.get(ivy.consent_to_switch(sandbox, "avery@example.com"))) == "switched"
    assert site.integration(IVY)["provider"] == "google"
    assert audits(site)[-1] == ("switched", {"provider": "google", "from_provider": "apple",
                                             "provider_revocation": "unsupported"})
