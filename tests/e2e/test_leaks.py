"""Codes, states, tokens and secrets stand nowhere that they shouldn't: whatever httpd or PostgreSQL keeps."""

import base64
from urllib.parse import quote

import pytest

from harness.httpd_config import Config
from harness.paths import DISCONNECT, SETTINGS
from harness.people import IVY
from harness.providers import PROVIDERS
from harness.session import notice_of, query_of
from harness.site import CLIENT_SECRET
from icloud_client import AVERY, AVERY_PASSWORD

MARK = "recognisable-token"


def spellings(secret):
    """How a secret could be written: as it is, escaped, in hex, in base64 at each offset."""
    raw = secret.encode()
    found = {raw, quote(secret, safe="").encode(), raw.hex().encode()}
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + raw)
        # The characters at both ends depend on the neighbours.
        inner = encoded[(offset * 8 + 5) // 6 + 1:].rstrip(b"=")[:-1]
        found |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return {spelling for spelling in found if len(spelling) >= 8}


def assert_absent(secret, places):
    for name, content in places.items():
        content = content.encode() if isinstance(content, str) else content
        for spelling in spellings(secret):
            assert spelling not in content, f"a secret stands in {name} as {spelling[:12]}..."


def kept_by(site):
    """Everything that stays after a request."""
    places = {"pg_dump": site.cluster.dump(site.database), "PostgreSQL's log": site.cluster.log.read_bytes()}
    for node in site.nodes:
        node.settle()
        for path in (node.root / "logs").iterdir():
            places[f"{node.root.name}/{path.name}"] = path.read_bytes()
        places["server-status"] = site.client().get("/server-status?notable").text
    return places


@pytest.fixture(params=["event", "prefork"])
def watched(request, make_site, sandbox):
    site = make_site(Config(mpm=request.param, log_level="debug calint:trace8"))
    sandbox.mode(token_prefix=MARK)
    site.log.allow("CALINT0202", "CALINT0203", "CALINT0208")
    return site


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)
@pytest.mark.parametrize("ending", ["connected", "exchange_failed", "validation_failed", "mismatch"])
def test_no_secret_is_kept_in_the_open(watched, sandbox, ending, provider):
    browser = watched.client(IVY)
    if ending == "exchange_failed":
        sandbox.fault(provider.token, "wrong_types", member="expires_in", grant_type="authorization_code")
    if ending == "validation_failed":
        sandbox.fault(provider.calendars, "status", count=2)
    start = query_of(browser.start(provider.id))
    callback = browser.consent(sandbox, provider.email, provider=provider.id)
    if ending == "mismatch":
        stranger = watched.client(IVY)
        stranger.page()
        assert stranger.get(callback).status_code == 400
    else:
        assert notice_of(browser.get(callback)) == ending
    if ending == "validation_failed":
        browser.submit(browser.page().form("Retry"))
    page = browser.page()
    if ending in ("connected", "validation_failed"):
        browser.submit(browser.page(DISCONNECT).form("Disconnect"))
    places = {**kept_by(watched), "page": page.text, "cookies": repr(browser.cookies.items())}
    for secret in (MARK, provider.client_secret, query_of(callback)["code"], query_of(callback)["state"],
                   start["state"]):
        assert_absent(secret, places)


def test_the_tokens_reach_neither_page_nor_cookie(watched, sandbox):
    browser = watched.client(IVY)
    answer = browser.connect(sandbox)
    seen = {"headers": repr(answer.headers), "body": answer.text, "page": browser.get(SETTINGS).text}
    assert_absent(MARK, seen)
    assert_absent(CLIENT_SECRET, seen)


@pytest.mark.parametrize("path", [
    "/calendar/auth/google/callback", "//calendar//auth/google/callback", "/calendar/auth/google/callback/",
    "/calendar/auth/outlook/callback", "/calendar/auth/x/callback", "/%63alendar/auth/google/callback",
    "/calendar/./auth/google/callback",
])
def test_a_callbacks_query_is_not_logged_in_any_spelling(watched, path):
    secret = "4/0-a-recognisable-code"
    stranger = watched.client()
    for browser in (watched.client(IVY), stranger):
        for method in ("GET", "HEAD", "POST", "DELETE"):
            browser.raw(method, f"{path}?code={secret}&state=recognisable-state-of-a-flow")
    assert_absent("a-recognisable-code", kept_by(watched))
    assert_absent("recognisable-state-of-a-flow", kept_by(watched))


def test_a_request_that_httpd_refuses_shows_no_query_either(watched):
    browser = watched.client(IVY)
    for line in (b"GET /calendar/auth/google/callback?code=recognisable-code HTTP/9.9\r\n\r\n",
                 b"GET /calendar/auth/google/callback?code=recognisable-code HTTP/1.1\r\n\r\n",
                 b"GET /calendar/auth/google/callback?code=recognisable-code HTTP/1.1\r\nHost: a b\r\n\r\n",
                 b"BREW /calendar/auth/google/callback?code=recognisable-code HTTP/1.1\r\nHost: x\r\n\r\n",
                 b"GET /calendar/auth/google/callback?code=recognisable-code HTTP/1.1\r\nHost: x\r\nx: "
                 + b"y" * 9000 + b"\r\n\r\n"):
        assert b"recognisable-code" not in browser.send_bytes(line)
    assert_absent("recognisable-code", kept_by(watched))


def test_other_queries_are_logged_as_ever(watched):
    watched.client(IVY).get(f"{SETTINGS}?x=plainly-visible")
    watched.httpd.settle()
    assert any("plainly-visible" in line for line in watched.httpd.access_lines())


def test_the_revocation_does_not_tell_its_token(watched, sandbox):
    browser = watched.client(IVY)
    browser.connect(sandbox)
    browser.submit(browser.page(DISCONNECT).form("Disconnect"))
    done = watched.run_jobs()
    listed = watched.run_ctl("jobs", "list")
    assert_absent(MARK, {"jobs run": done.stdout + done.stderr, "jobs list": listed.stdout})


def test_a_password_stands_nowhere(make_site, sandbox):
    site = make_site(Config(log_level="debug calint:trace8"))
    ivy = site.client(IVY)
    assert ivy.type_password(AVERY, "aaaa-bbbb-cccc-dddd").status_code == 422
    assert notice_of(ivy.type_password(AVERY, AVERY_PASSWORD)) == "connected"
    site.execute("UPDATE calendar_integrations SET status = 'error'")
    assert notice_of(ivy.submit(ivy.page().form("Retry"))) == "connected"
    assert notice_of(ivy.disconnect()) == "disconnected"
    for password in (AVERY_PASSWORD, AVERY_PASSWORD.replace("-", ""), "aaaa-bbbb-cccc-dddd"):
        assert_absent(password, kept_by(site))
