"""Who may start a connection, with what, and where it may lead back to."""

import pytest

from harness.page import Page
from harness.paths import start_path
from harness.people import IVY, NORA, OTTO, STRANGER
from harness.session import notice_of


def test_without_a_user_the_start_answers_401(site):
    assert site.client().get(start_path()).status_code == 401


@pytest.mark.parametrize("person", [STRANGER, OTTO, NORA], ids=["unknown", "inactive", "neither"])
def test_whoever_may_not_connect_is_refused_and_logged(site, person):
    site.log.expect("CALINT0201")
    with site.nothing_written():
        answer = site.client(person).get(start_path())
    assert answer.status_code == 403
    assert "Location" not in answer.headers


def test_a_login_that_two_users_share_is_refused(site, ivy):
    site.log.expect("CALINT0201")
    site.execute("INSERT INTO users (id, organization_id, email, name, is_interviewer, active) OVERRIDING SYSTEM VALUE "
                 "VALUES (90, 2, %s, 'Another Ivy', true, true)", IVY.login)
    assert ivy.get(start_path()).status_code == 403


@pytest.mark.parametrize("path", ["/calendar/auth/yahoo", "/calendar/auth/Google", "/calendar/auth/yahoo/callback"])
def test_an_unknown_provider_is_404_and_the_three_are_named(ivy, path):
    answer = ivy.get(path)
    assert answer.status_code == 404
    for provider in ("google", "outlook", "apple"):
        assert provider in answer.text


@pytest.mark.parametrize("path", ["/calendar/auth", "/calendar/auth/", "/calendar/auth/google/",
                                  "/calendar/auth/google/x"])
def test_other_paths_are_404(ivy, path):
    assert ivy.get(path).status_code == 404


@pytest.mark.parametrize("provider", ["outlook", "apple"])
def test_a_provider_that_is_not_configured_is_404_and_says_so(make_site, provider):
    site = make_site(start=False)
    site.start(provider=site.google_section())
    answer = site.client(IVY).get(f"/calendar/auth/{provider}")
    assert answer.status_code == 404
    assert "isn't set up for this provider" in Page(answer.text).text


def test_a_provider_that_the_organisation_switched_off_is_404_but_connections_stay(site, ivy, ian, sandbox):
    ian.connect(sandbox)
    site.execute("INSERT INTO calendar_organization_settings (organization_id, providers) VALUES ('1', '{outlook}')")
    answer = ivy.get(start_path())
    assert answer.status_code == 404
    assert "doesn't offer this provider" in Page(answer.text).text
    assert "Connected to Google Calendar" in ian.page().text


@pytest.mark.parametrize("wanted", ["/", "/jobs/7", "/jobs/7?tab=2&x=%20y", "/a-b_c.d~e/", "/" + "x" * 511])
def test_a_path_of_this_site_is_returned_to(ivy, sandbox, wanted):
    answer = ivy.get(ivy.consent(sandbox, return_to=wanted))
    joint = "&" if "?" in wanted else "?"
    assert answer.headers["Location"] == f"{wanted}{joint}calint_notice=connected"


@pytest.mark.parametrize("hostile", [
    "https://evil.example/", "//evil.example/", "/\\evil.example", "\\evil.example", "evil", "", "/a//b", "/a/../b",
    "/./a", "/%2e%2e/a", "/%2f/evil.example", "/a%5cb", "/a%5Cb", "/\tx", "/a\r\nSet-Cookie: x=y", "/\u00e4\x00",
    "/calendar/auth/google", "/calendar/auth/google?return_to=/", "/%63alendar/auth/google", "/" + "x" * 512,
    "/jobs#fragment", "/a%0d%0ab",
])
def test_any_other_return_to_is_ignored(ivy, sandbox, hostile):
    answer = ivy.get(ivy.consent(sandbox, return_to=hostile))
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/settings/calendar?calint_notice=connected"


def test_a_doubled_return_to_is_ignored(ivy, sandbox):
    started = ivy.get(f"{start_path()}?return_to=/a&return_to=/b")
    answer = ivy.get(sandbox.approve(started.headers["Location"], "avery@example.com"))
    assert answer.headers["Location"] == "/settings/calendar?calint_notice=connected"


def test_return_to_keeps_to_the_configured_prefixes(make_site, sandbox):
    site = make_site(CalIntReturnTo="/jobs /candidates/")
    browser = site.client(IVY)
    for wanted, landed in (("/jobs/7", "/jobs/7"), ("/jobsearch", "/settings/calendar"), ("/", "/settings/calendar"),
                           ("/candidates/1", "/candidates/1")):
        answer = browser.get(browser.consent(sandbox, return_to=wanted))
        assert answer.headers["Location"].partition("?")[0] == landed
        assert notice_of(answer) in ("connected", "reconnected")


def test_the_host_header_has_no_say_in_the_redirect_uri(site, ivy):
    answer = ivy.get(start_path(), headers={"Host": "evil.example"})
    assert answer.status_code == 302
    assert "evil.example" not in answer.headers["Location"]
