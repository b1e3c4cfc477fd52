"""Open redirects through whole flows: wherever a hostile return_to is put, the browser stays on this site."""

import re

import pytest

from harness.paths import SETTINGS, start_path
from harness.session import notice_of

#: As they stand in a query, so that the spelling is the test's: `%` is sent as it is.
HOSTILE = [
    "//evil.example", "///evil.example", "/%2Fevil.example", "%2F%2Fevil.example", "/%5Cevil.example",
    "%5C%5Cevil.example",
    "/%09/evil.example", "/%0A/evil.example", "%09//evil.example", "%20//evil.example",
    "/%0D%0ALocation:%20//evil.example",
    "/x%0D%0ASet-Cookie:%20a=b", "/%00/evil.example", "https:evil.example", "https:/evil.example",
    "HTTPS://evil.example",
    "http:evil.example", "javascript:alert(1)", "data:text/html,x", "/.//evil.example", "/./evil.example",
    "/..;//evil.example", "/..;/x", "/x/..//evil.example", "//user@evil.example", "//ats.example.com@evil.example",
    "/%252f%252fevil.example", "/%25252f%25252fevil.example", "/%255cevil.example", "/%252e%252e/x",
    "/%252e%252e%252fx",
    "/%C0%AFevil.example", "/%25c0%25afevil.example", "/%EF%BC%8Fevil.example", "/%E2%88%95evil.example", "/%FF",
    "/x%23//evil.example", "/x%3Fa%23b", "/calendar/auth/google", "/calendar/auth;x/google", "/Calendar/Auth/google",
    "/calendar%2Fauth/google", "/calendar/%61uth/google", "/calendar/%2561uth/google", "/" + "a" * 512,
    "/x?" + "q" * 511,
    "evil.example", "%2E", "..", "@evil.example", "/x%", "/x%zz",
]
#: Odd, but of this site to every reader: these are where the flow ends.
HARMLESS = ["/@evil.example", "/evil.example", "/x:y@z", "/https:evil.example", "/x?u=//evil.example", "/x?u=%2F..",
            "/javascript:alert(1)", "/...", "/a%2520b"]


def landed(browser, sandbox, query: str) -> str:
    """Where a flow that began with this query ends."""
    started = browser.raw("GET", f"{start_path()}?return_to={query}")
    assert started.status_code == 302, started.status_code
    answer = browser.get(sandbox.approve(started.headers["Location"], "avery@example.com"))
    assert notice_of(answer) in ("connected", "reconnected")
    assert "Set-Cookie" not in answer.headers or "a=b" not in answer.headers["Set-Cookie"]
    return answer.headers["Location"]


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: query[:32])
def test_a_hostile_return_to_ends_at_the_settings_page(ivy, sandbox, query):
    assert landed(ivy, sandbox, query) == f"{SETTINGS}?calint_notice=connected"


@pytest.mark.parametrize("query", HARMLESS)
def test_a_path_that_only_looks_hostile_is_returned_to(ivy, sandbox, query):
    wanted = query.replace("%25", "%").replace("%2F", "/")
    joint = "&" if "?" in wanted else "?"
    assert landed(ivy, sandbox, query) == f"{wanted}{joint}calint_notice=connected"


def test_no_link_or_form_of_a_page_carries_a_hostile_return_to(ivy, sandbox):
    ivy.connect(sandbox)
    for query in HOSTILE:
        for page in (f"{SETTINGS}?return_to={query}", f"{SETTINGS}/switch?to=google&return_to={query}"):
            answer = ivy.raw("GET", page)
            assert answer.status_code in (200, 400), page  # 400: the query can't be read
            addresses = re.findall(r'(?:href|action|value)="([^"]*)"', answer.text)
            assert addresses and not [text for text in addresses if "return_to" in text or "evil" in text], page


def test_a_form_cannot_bring_a_hostile_return_to_either(ivy, sandbox):
    ivy.connect(sandbox)
    for wanted in ("//evil.example", "/\\evil.example", "https://evil.example", "/%2e%2e/x"):
        form = ivy.page(f"{SETTINGS}/switch?to=google&return_to=/jobs").forms[0]
        assert form.fields["return_to"] == "/jobs", "what the form may carry"
        started = ivy.submit(form, return_to=wanted)
        assert started.status_code in (302, 303)
        answer = ivy.get(sandbox.approve(started.headers["Location"], "avery@example.com"))
        assert answer.headers["Location"].partition("?")[0] == SETTINGS
