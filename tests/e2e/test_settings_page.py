"""The user's page: both states, notices, protection of its forms, and what a browser is told about it."""

import pytest

from harness.paths import DISCONNECT, SETTINGS, start_path, switch_path
from harness.people import IAN, IVY, NORA
from harness.session import notice_of

NOTICES = ("connected", "reconnected", "switched", "disconnected", "denied", "provider_error", "exchange_failed",
           "misconfigured", "scope_missing", "validation_failed", "provider_unavailable", "rate_limited", "saved",
           "sync_started")


def test_without_a_connection_the_page_offers_the_providers(ivy):
    page = ivy.page()
    assert "Calendar Integration" in page.text
    for benefit in ("Automatic availability detection", "Interview event creation", "Calendar conflict prevention"):
        assert benefit in page.text
    assert "Select Calendar Provider" in page.text
    assert page.link("Connect Google Calendar") == start_path("google")
    assert not page.forms


def test_with_a_connection_the_page_shows_it(ivy, sandbox):
    ivy.connect(sandbox)
    page = ivy.page()
    for words in ("Connected to Google Calendar", "avery@example.com", "Status", "Connected", "Last synced",
                  "Calendars", "Interviews"):
        assert words in page.text
    assert page.link("Reconnect Google Calendar") == start_path("google")
    assert page.link("Disconnect Google Calendar") == DISCONNECT
    assert "Select Calendar Provider" not in page.text


def test_the_page_names_its_user(ivy):
    page = ivy.page()
    assert IVY.name in page.text and IVY.login in page.text


def test_everybody_sees_their_own_connection_only(ivy, ian, sandbox):
    ivy.connect(sandbox)
    assert "avery@example.com" not in ian.page().text
    assert IAN.name in ian.page().text


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_is_shown(ivy, notice):
    (banner,) = ivy.page(f"{SETTINGS}?calint_notice={notice}").banners
    assert banner[1]


@pytest.mark.parametrize("query", ["calint_notice=unknown", "calint_notice=<b>", "calint_notice=", "x=y",
                                   "calint_notice=saved&calint_notice=denied"])
def test_an_unknown_notice_is_ignored(ivy, query):
    page = ivy.page(f"{SETTINGS}?{query}")
    assert not page.banners
    assert "<b>" not in page.text


@pytest.mark.parametrize("path", [SETTINGS, DISCONNECT, switch_path("google")])
def test_pages_are_strict(ivy, sandbox, path):
    ivy.connect(sandbox)
    answer = ivy.get(path)
    assert answer.status_code == 200
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "script-src" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    # With no-referrer browsers send "Origin: null" along with the page's own forms.
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert not ivy.page(path).inline


@pytest.mark.parametrize("path", [f"{SETTINGS}/nothing", f"{SETTINGS}/", f"{SETTINGS}/../x"])
def test_other_paths_are_404(ivy, path):
    assert ivy.get(path).status_code == 404


def test_methods_that_make_no_sense_are_refused(ivy):
    for path in (SETTINGS, DISCONNECT):
        answer = ivy.request("PUT", path)
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]


def test_whoever_may_not_connect_sees_no_page(site):
    site.log.expect("CALINT0201")
    assert site.client(NORA).get(SETTINGS).status_code == 403
    assert site.client().get(SETTINGS).status_code == 401


def test_providers_that_are_not_configured_are_not_offered(make_site):
    site = make_site(start=False)
    site.start(provider=site.google_section())
    links = site.client(IVY).page().links
    assert "Connect Google Calendar" in links
    assert not [text for text in links if "Outlook" in text or "Apple" in text]


@pytest.mark.parametrize("query", ["x=%zz", "%", "a=b=c&&&=", "calint_notice[]=1", "x=" + "y" * 4000, "%00=%ff"])
def test_an_odd_query_does_no_harm(ivy, query):
    assert ivy.get(f"{SETTINGS}?{query}").status_code in (200, 400)


# Forms


@pytest.fixture
def form(ivy, sandbox):
    ivy.connect(sandbox)
    return ivy.page(DISCONNECT).form("Disconnect")


def still_connected(site, answer, status):
    assert answer.status_code == status
    assert site.integration(IVY)["status"] == "connected"


@pytest.mark.parametrize("csrf", ["", "x", "A" * 43])
def test_a_form_needs_its_proof(site, ivy, form, csrf):
    still_connected(site, ivy.submit(form, csrf=csrf), 400)


def test_a_form_without_any_proof_is_refused(site, ivy, form):
    del form.fields["csrf"]
    still_connected(site, ivy.submit(form), 400)


def test_another_sessions_proof_is_refused(site, form):
    other = site.client(IVY)
    other.page()
    still_connected(site, other.submit(form), 400)


def test_another_users_proof_is_refused(site, ivy, ian, form, sandbox):
    ian.connect(sandbox, "sam@example.com")
    foreign = ian.page(DISCONNECT).form("Disconnect").fields["csrf"]
    still_connected(site, ivy.submit(form, csrf=foreign), 400)


@pytest.mark.parametrize("headers", [
    {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"},
], ids=lambda headers: "-".join(*headers.items()))
def test_a_form_from_elsewhere_is_refused(site, ivy, form, headers):
    still_connected(site, ivy.post(form.action, form.fields, headers=headers), 400)


def test_a_form_in_another_encoding_is_refused(site, ivy, form):
    still_connected(site, ivy.request("POST", form.action, json=form.fields), 400)
    still_connected(site, ivy.request("POST", form.action, files={"x": "y"}, data=form.fields), 400)


def test_a_doubled_proof_is_refused(site, ivy, form):
    fields = [*form.fields.items(), ("csrf", form.fields["csrf"])]
    still_connected(site, ivy.request("POST", form.action, data=fields), 400)


def test_a_form_that_is_too_long_is_refused(site, ivy, form):
    still_connected(site, ivy.submit(form, filler="x" * 100_000), 413)


def test_a_form_made_before_the_connection_changed_does_nothing(site, ivy, form, sandbox):
    assert notice_of(ivy.connect(sandbox)) == "reconnected"
    with site.nothing_written():
        still_connected(site, ivy.submit(form), 409)


@pytest.mark.parametrize("changes", [{"generation": "99"}, {"generation": "x"}, {"integration": "0"},
                                     {"integration": "-1"}, {"integration": "9" * 30}], ids=str)
def test_a_form_about_another_state_of_things_is_a_conflict(site, ivy, form, changes):
    still_connected(site, ivy.submit(form, **changes), 409)


def test_somebody_elses_integration_cannot_be_named(site, ivy, ian, form, sandbox):
    ian.connect(sandbox, "sam@example.com")
    other = site.integration(IAN)
    still_connected(site, ivy.submit(form, integration=str(other["id"])), 409)
    assert site.integration(IAN)["active"]


def test_an_unknown_action_is_refused(site, ivy, form):
    still_connected(site, ivy.post(SETTINGS, {**form.fields, "action": "burn"}), 400)


def test_a_browser_without_fetch_metadata_can_use_the_forms(ivy, form):
    assert notice_of(ivy.post(form.action, form.fields)) == "disconnected"


def test_the_pages_may_be_embedded_where_the_administrator_allows(make_site):
    site = make_site(CalIntFrameAncestors="'self' https://ats.example.com")
    policy = site.client(IVY).get(SETTINGS).headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://ats.example.com" in policy
