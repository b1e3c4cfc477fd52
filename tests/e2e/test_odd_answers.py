"""Answers of providers that are odd, and no reason to fail: each stands for a kind."""

import json
from urllib.parse import urlencode

import pytest

from harness.paths import callback_path
from harness.people import IVY
from harness.providers import PROVIDERS
from harness.session import notice_of, query_of
from icloud_client import AVERY as APPLE_AVERY
from icloud_client import AVERY_PASSWORD

AVERY = "avery@contoso.example"


def names(site):
    return [row["name"] for row in site.rows("SELECT name FROM calendar_integration_calendars ORDER BY name")]


def retry(browser):
    return browser.submit(browser.page().form("Retry"))


def labels(browser):
    return [" ".join(box.label.split()) for box in browser.page().form("Save calendars").boxes]


# A family of codes


@pytest.mark.parametrize("number", [90093, 90099, 900941, 50105])
def test_what_an_administrator_must_allow_is_not_called_a_denial(site, ivy, number):
    state = query_of(ivy.start("outlook"))["state"]
    answer = ivy.get(callback_path("outlook") + "?" + urlencode({
        "error": "access_denied", "state": state,
        "error_description": f"AADSTS{number}: The application asks for permissions that you may not grant."}))
    assert notice_of(answer) == "admin_consent_required"
    (text,) = [text for kind, text in ivy.follow(answer).banners if "banner-warning" in kind]
    assert "administrator" in text and "Access Denied" not in text
    (row,) = site.audit("connection_denied")
    assert row["metadata"]["reason"] == "admin_consent"


@pytest.mark.parametrize("description", ["AADSTS65004: User declined to consent to access the app.",
                                         "the user canceled the authentication", ""])
def test_a_denial_is_called_one(ivy, description):
    state = query_of(ivy.start("outlook"))["state"]
    query = urlencode({"error": "access_denied", "error_description": description, "state": state})
    assert notice_of(ivy.get(f"{callback_path('outlook')}?{query}")) == "denied"


@pytest.mark.parametrize("reason", ["SERVICE_DISABLED", "CONSUMER_SUSPENDED", "accessNotConfigured"])
def test_a_service_that_is_switched_off_is_the_operators_to_mend(site, ivy, sandbox, reason):
    site.log.expect(r":error\].*CALINT0204: ALARM.*" + reason)
    sandbox.fault("calendarList", "error", error=reason, status=403, count=-1)
    assert notice_of(ivy.connect(sandbox)) == "validation_failed"
    assert (site.integration(IVY)["status"], site.integration(IVY)["last_error"]) == ("error", "operator")
    page = ivy.page()
    assert "administrator must mend it" in page.text and "Reconnect" not in page.text.split("Calendars")[0]
    assert notice_of(retry(ivy)) == "misconfigured"


# One bad value


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)
def test_one_name_that_is_half_an_emoji_loses_no_calendar(site, ivy, sandbox, provider):
    good = {"id": "good", "summary": "Work", "name": "Work", "accessRole": "owner", "canEdit": True}
    bad = {"id": "bad", "summary": "Party HALF", "name": "Party HALF", "accessRole": "owner", "canEdit": True}
    text = json.dumps({"items": [bad, 7, {}, good]} if provider.id == "google" else {"value": [bad, 7, {}, good]})
    sandbox.fault(provider.calendars, "malformed_json", text=text.replace("HALF", "\\ud83c"))
    assert notice_of(ivy.connect(sandbox, provider.email, provider=provider.id)) == "connected"
    assert names(site) == ["Party \ufffd", "Work"]


def test_one_name_with_a_forbidden_character_loses_no_calendar_of_apples(site, ivy, sandbox):
    sandbox.fault("icloud.home", "malformed_json", text=MULTISTATUS.format(
        calendar("/1234567890/calendars/a/", "<d:displayname>Party &#xD83C;</d:displayname>")
        + calendar("/1234567890/calendars/b/", "<d:displayname>Work</d:displayname>")))
    assert notice_of(ivy.type_password(APPLE_AVERY, AVERY_PASSWORD)) == "connected"
    assert names(site) == ["Party \ufffd", "Work"]


# A refusal of the calendar service


@pytest.mark.parametrize("provider, error", [("google", "forbidden"), ("google", "insufficientPermissions"),
                                             ("outlook", "ErrorAccessDenied"), ("outlook", "insufficient_claims")])
def test_a_refusal_of_the_calendar_service_does_not_end_the_connection(site, ivy, sandbox, provider, error):
    site.log.expect("CALINT0208")
    sandbox.fault("calendarList" if provider == "google" else "outlook.calendars", "error", error=error, count=-1)
    email = "avery@example.com" if provider == "google" else AVERY
    assert notice_of(ivy.connect(sandbox, email, provider=provider)) == "validation_failed"
    assert site.integration(IVY)["status"] == "error"
    assert len(site.jobs("validate")) == 1
    assert notice_of(retry(ivy)) == "validation_failed"
    assert site.integration(IVY)["status"] == "error", "the token endpoint says that the grant lives"
    (trouble,) = [text for kind, text in ivy.page().banners if "banner-error" in kind]
    assert "no longer accepts" not in trouble

    sandbox.clear_faults()
    assert notice_of(retry(ivy)) == "connected"


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)
def test_a_refusal_that_comes_with_the_end_of_the_grant_asks_to_reconnect(site, ivy, sandbox, provider):
    site.log.expect("CALINT0208")
    error = "insufficientPermissions" if provider.id == "google" else "insufficient_claims"
    sandbox.fault(provider.calendars, "error", error=error, count=-1)
    ivy.connect(sandbox, provider.email, provider=provider.id)
    sandbox.revoke_account(provider.email)
    retry(ivy)
    assert site.integration(IVY)["status"] == "expired"
    assert f"Reconnect {provider.name}" in ivy.page().links


# What may come more than once, what isn't said, and a first address that isn't the only one


MULTISTATUS = ('<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">{}'
               "</d:multistatus>")


def calendar(href: str, more: str = "") -> str:
    return (f"<d:response><d:href>{href}</d:href><d:propstat><d:prop><d:resourcetype><d:collection/><c:calendar/>"
            f"</d:resourcetype>{more}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>")


def test_the_calendars_of_both_homes_are_listed(site, ivy, sandbox):
    assert notice_of(ivy.type_password(APPLE_AVERY, AVERY_PASSWORD)) == "connected"
    home = site.integration(IVY)["calendar_home"]
    # The sandbox has one home; a calendar's address stands in for the second.
    other = "/1234567890/calendars/5E7A0000-1111-4222-8333-444455556666/"
    homes = f"<d:href>{home}</d:href><d:href>{home.split('/1234567890')[0]}{other}</d:href>"
    sandbox.fault("icloud.principal", "malformed_json", text=MULTISTATUS.format(
        "<d:response><d:href>/1234567890/principal/</d:href><d:propstat><d:prop><c:calendar-home-set>" + homes +
        "</c:calendar-home-set></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"))
    sandbox.fault("icloud.calendar", "malformed_json", text=MULTISTATUS.format(
        calendar(f"{other}boss/", "<d:displayname>Boss</d:displayname>")))
    assert notice_of(ivy.type_password(APPLE_AVERY, AVERY_PASSWORD)) == "reconnected"
    assert {"Boss", "Home", "Hiring"} <= set(names(site))


@pytest.mark.parametrize("said", [True, False])
def test_privileges_that_are_not_said_are_not_refused(site, ivy, sandbox, said):
    sandbox.fault("icloud.home", "leave_out", property="current-user-privilege-set", said=said, count=-1)
    assert notice_of(ivy.type_password(APPLE_AVERY, AVERY_PASSWORD)) == "connected"
    assert set(ivy.page().form("Save destination").options) == {"Home", "Hiring"}
    assert site.integration(IVY)["calendar_id"]


@pytest.mark.parametrize("kind, more", [("html", {"status": 200}), ("html", {"status": 403}), ("html", {"status": 501}),
                                        ("status", {"status": 500}), ("redirect", {"to": "https://www.example.com/"})])
def test_a_server_whose_root_is_something_else_is_found(ivy, sandbox, kind, more):
    sandbox.fault("icloud.entry", kind, **more)
    assert notice_of(ivy.type_password(APPLE_AVERY, AVERY_PASSWORD)) == "connected"


# A calendar without a name


def check_names(browser, known):
    shown = labels(browser)
    assert len(set(shown)) == len(shown), "each can be told from the others"
    assert all(len(label.removeprefix("Sync ").split()) >= 1 and label != "Sync" for label in shown)
    unnamed = [label for label in shown if not any(name in label for name in known)]
    assert len(unnamed) == 2 and all("without a name" in label or "nameless" in label for label in unnamed)
    options = browser.page().form("Save destination").options
    assert all(text.strip(" \u200b") for text in options)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)
def test_a_nameless_calendar_has_a_check_box_with_a_name(ivy, sandbox, provider):
    listed = [{"id": f"nameless-{i}", "summary": name, "name": name, "accessRole": "owner", "canEdit": True}
              for i, name in enumerate((" ", "\u200b"))]
    listed.append({"id": "w", "summary": "Work", "name": "Work", "accessRole": "owner", "canEdit": True})
    sandbox.fault(provider.calendars, "malformed_json",
                  text=json.dumps({"items" if provider.id == "google" else "value": listed}))
    ivy.connect(sandbox, provider.email, provider=provider.id)
    check_names(ivy, ["Work"])


def test_a_nameless_calendar_of_apples_has_a_check_box_with_a_name(ivy, sandbox):
    sandbox.icloud.put_account(calendars=[{"id": "nameless-1", "name": " "}, {"id": "nameless-2", "name": "\u200b"},
                                          {"id": "work", "name": "Work"}])
    ivy.type_password(APPLE_AVERY, AVERY_PASSWORD)
    check_names(ivy, ["Work"])
