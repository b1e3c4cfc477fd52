"""The user's page and its forms (contract, section 5)."""

import pytest

from harness.page import Page
from harness.people import IVY
from harness.session import CONNECT_GOOGLE, SETTINGS, notice_of

NOTICES = ("connected", "reconnected", "switched", "disconnected", "denied", "provider_error", "exchange_failed",
           "misconfigured", "scope_missing", "validation_failed", "provider_unavailable", "rate_limited", "saved",
           "sync_started")
PAGES = (SETTINGS, f"{SETTINGS}/disconnect", f"{SETTINGS}/switch?to=google")


def policy_of(answer) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, _, sources in parts if name}


def test_the_page_without_a_connection_is_the_wireframes(ivy):
    page = ivy.page()
    for text in ("Calendar Integration", "Connect your calendar to enable:", "Automatic availability detection",
                 "Interview event creation", "Calendar conflict prevention", "Select Calendar Provider",
                 "Google Calendar"):
        assert text in page.text


def test_the_page_with_a_connection_is_the_wireframes(sandbox, ivy):
    ivy.connect(sandbox)
    page = ivy.page()
    for text in ("Connected to Google Calendar", "avery@example.com", "Status", "Last synced", "Interviews", "Primary"):
        assert text in page.text
    assert page.link("Reconnect Google Calendar")
    assert page.link("Disconnect Google Calendar")
    assert "Select Calendar Provider" not in page.text


def test_providers_that_are_not_configured_are_not_offered(ivy):
    page = ivy.page()
    assert not any("Outlook" in text or "Apple" in text for text in page.links)


def test_every_page_names_whose_calendar_it_is(sandbox, ivy):
    assert f"Calendar of {IVY.name} ( {IVY.login} )".replace("( ", "(").replace(" )", ")") in ivy.page().text
    ivy.connect(sandbox)
    for path in PAGES:
        assert IVY.login in ivy.page(path).text, path


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_locked_down(site, sandbox, ivy, path):
    ivy.connect(sandbox)
    answer = ivy.get(path)
    policy = policy_of(answer)
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["style-src"] == policy["img-src"] == "'self'"
    assert policy["form-action"].split()[0] == "'self'"
    assert not any("unsafe" in sources or "*" in sources for sources in policy.values())
    assert "script-src" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Content-Type"].lower() == "text/html; charset=utf-8"
    assert Page(answer.text).inline == []


def test_a_site_that_may_embed_the_pages_can_be_named(make_site):
    site = make_site(CalIntFrameAncestors="'self' https://ats.example.com")
    assert policy_of(site.client(IVY).get(SETTINGS))["frame-ancestors"] == "'self' https://ats.example.com"


def test_the_stylesheet_and_logos_are_served_and_cached(ivy):
    answer = ivy.get(f"{SETTINGS}/calint.css")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/css")
    again = ivy.get(f"{SETTINGS}/calint.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and not again.content
    assert ivy.get(f"{SETTINGS}/google.svg").headers["Content-Type"].startswith("image/svg+xml")


@pytest.mark.parametrize("name", ("none.css", "../calint.css", "calint.css/x", "%2e%2e/calint.css", "settings.mustache"))
def test_other_files_are_not_found(ivy, name):
    assert ivy.get(f"{SETTINGS}/{name}").status_code in (400, 404)


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_is_shown_in_words(ivy, notice):
    assert len(ivy.page(f"{SETTINGS}?calint_notice={notice}").banners) == 1


@pytest.mark.parametrize("notice", ("", "unknown", "<script>", "connected%00", "connected&calint_notice=denied"))
def test_an_unknown_notice_is_ignored(ivy, notice):
    answer = ivy.get(f"{SETTINGS}?calint_notice={notice}")
    assert answer.status_code in (200, 400)
    assert not Page(answer.text).banners and "<script>" not in answer.text


@pytest.mark.parametrize("query", ("x=%zz", "%", "a=b=c&&&=", "calint_notice[]=1", "x=" + "y" * 4000, "%00=%ff"))
def test_an_odd_query_does_no_harm(ivy, query):
    assert ivy.get(f"{SETTINGS}?{query}").status_code in (200, 400)


def post_disconnect(client, headers=None, **changes):
    form = client.page(f"{SETTINGS}/disconnect").form("Disconnect")
    return client.post(form.action, {**form.fields, **changes}, headers=headers)


@pytest.mark.parametrize("csrf", ("", "forged", "A" * 43))
def test_a_form_without_its_token_does_nothing(site, sandbox, ivy, csrf):
    ivy.connect(sandbox)
    assert post_disconnect(ivy, csrf=csrf).status_code == 400
    assert site.integration(IVY)["status"] == "connected"


def test_a_token_of_another_users_page_does_nothing(site, sandbox, ivy, ian):
    ivy.connect(sandbox)
    ian.connect(sandbox, "sam@example.com")
    theirs = ian.page(f"{SETTINGS}/disconnect").form("Disconnect").fields["csrf"]
    assert post_disconnect(ivy, csrf=theirs).status_code == 400
    assert site.integration(IVY)["status"] == "connected"


def test_a_token_of_another_session_does_nothing(site, sandbox, ivy):
    ivy.connect(sandbox)
    other = site.client(IVY).page(f"{SETTINGS}/disconnect").form("Disconnect").fields["csrf"]
    assert post_disconnect(ivy, csrf=other).status_code == 400
    assert site.integration(IVY)["status"] == "connected"


@pytest.mark.parametrize("headers", ({"Origin": "https://evil.example"}, {"Origin": "null"},
                                     {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
                                     {"Content-Type": "text/plain"}), ids=str)
def test_a_form_from_another_site_does_nothing(site, sandbox, ivy, headers):
    ivy.connect(sandbox)
    assert post_disconnect(ivy, headers=headers).status_code == 400
    assert site.integration(IVY)["status"] == "connected"


def test_a_browser_that_sends_no_origin_is_served(sandbox, ivy):
    ivy.connect(sandbox)
    assert notice_of(post_disconnect(ivy)) == "disconnected"


@pytest.mark.parametrize("changes", ({"generation": "99"}, {"generation": "x"}, {"integration": "0"},
                                     {"integration": "-1"}, {"integration": "99999999999999999999"}), ids=str)
def test_a_form_about_another_state_of_things_is_a_conflict(site, sandbox, ivy, changes):
    ivy.connect(sandbox)
    answer = post_disconnect(ivy, **changes)
    assert answer.status_code == 409
    assert Page(answer.text).link("Calendar settings") == SETTINGS
    assert site.integration(IVY)["status"] == "connected"


def test_an_unknown_action_is_refused(sandbox, ivy):
    ivy.connect(sandbox)
    form = ivy.page(f"{SETTINGS}/disconnect").form("Disconnect")
    assert ivy.post(SETTINGS, {**form.fields, "action": "explode"}).status_code == 400


def test_a_body_that_is_too_long_is_refused(ivy):
    assert ivy.post(SETTINGS, {"csrf": "A" * 100000}).status_code == 413


def test_a_start_by_post_needs_the_token_too(site, sandbox, ivy):
    ivy.page()
    assert ivy.post(CONNECT_GOOGLE, {}).status_code == 400


def test_nobody_signed_in_sees_no_page(site):
    assert site.client().get(SETTINGS).status_code == 401
