"""The stylesheet and pictures: for everybody, kept by caches as long as their name stands for their bytes, and never
together with anybody's session. The cache is a real one: mod_cache, in another httpd before the site."""

import re
import tempfile
from pathlib import Path

import pytest

from harness.httpd import Httpd
from harness.httpd_config import Config
from harness.paths import AUTH, ORGANIZATION, SETTINGS, STATIC, start_path
from harness.people import IVY
from harness.session import Client

OLD_NAMES = ("calint.css", "google.svg", "outlook.svg", "apple.svg")
#: The login is in the session, whose cookie comes anew with each answer.
SESSION = ("SessionCookieName calint_session path=/;HttpOnly;SameSite=Lax\n"
           "    SessionCryptoPassphrase a-passphrase-for-tests\n    SessionMaxAge 600")
OPEN = "\n".join(f'<Location "{path}">\n    Require all granted\n</Location>' for path in (AUTH, SETTINGS))
SIGN_IN = (f'<Location "/ivy.txt">\n    SetHandler send-as-is\n    Session On\n    {SESSION}\n'
           "    SessionHeader X-Ats-Session\n    Require all granted\n</Location>")


def start_ats(make_site, *extra):
    """A site whose ATS signs users in by itself, and says so in the session."""
    site = make_site(start=False)
    site.start(Config(session=SESSION, modules=("asis",), extra="\n".join([OPEN, SIGN_IN, *extra])),
               CalIntIdentity="session:user")
    login = IVY.login.replace("@", "%40")
    (site.httpd.root / "documents" / "ivy.txt").write_text(
        f"Content-Type: text/plain\nX-Ats-Session: user={login}\n\nWelcome\n", "ascii")
    return site


@pytest.fixture
def ats(make_site):
    return start_ats(make_site)


@pytest.fixture
def cache(folder):
    """Puts a cache before a site; the address that browsers use then."""
    started = []

    def before(site) -> str:
        place = Path(tempfile.mkdtemp(prefix="cache-", dir=folder))
        place.chmod(0o755)
        store = place / "store"
        store.mkdir()
        store.chmod(0o777)
        node = Httpd(place / "node")
        node.write(Config(with_module=False, log_level="notice", modules=("cache", "cache_disk", "proxy", "proxy_http"),
                          extra=f"CacheRoot {store}\nCacheEnable disk /\nCacheHeader On\nProxyPass / {site.url}/"))
        started.append(node.start())
        return node.url

    yield before
    for node in started:
        node.stop()


def addresses(browser) -> list[str]:
    """What the user's page shows, and the addresses that pages used once."""
    page = browser.get(SETTINGS).text
    named = re.findall(r'<link rel="stylesheet" href="([^"]+)"|<img src="([^"]+)"', page)
    return [*("".join(one) for one in named), *(f"{SETTINGS}/{name}" for name in OLD_NAMES)]


def test_a_cache_before_the_site_hands_out_nobodys_session(ats, cache):
    front = cache(ats)
    ivy = Client(front, None)
    assert ivy.get("/ivy.txt").status_code == 200
    wanted = addresses(ivy)
    assert len(wanted) >= 5
    for path in wanted:
        assert ivy.get(path).status_code == 200
    for path in wanted:
        stranger = Client(front, None)
        stranger.get(path)
        assert stranger.get(SETTINGS).status_code == 401, path


def test_nothing_with_a_cookie_may_be_kept(ats):
    browser = ats.client()
    browser.get("/ivy.txt")
    seen = 0
    for path in (*addresses(browser), SETTINGS, start_path(), f"{SETTINGS}/nothing", f"{STATIC}/nothing.css",
                 f"{SETTINGS}/switch?to=google", f"{start_path()}/callback", ORGANIZATION):
        for headers in ({}, {"If-None-Match": "*"}):
            answer = browser.get(path, headers=headers)
            seen += "Set-Cookie" in answer.headers
            if "Set-Cookie" in answer.headers:
                assert re.search(r"\b(no-store|private)\b", answer.headers["Cache-Control"]), path
    ats.log.allow("CALINT0202")
    assert seen > 5, "no answer carried the session"


def test_what_a_page_names_is_kept_for_long_and_told_from_its_successor(site, ivy, cache):
    front = cache(site)
    named = [path for path in addresses(ivy) if path.startswith(STATIC)]
    assert {path.rsplit(".", 1)[1] for path in named} == {"css", "svg"}
    for path in named:
        stranger = Client(front, None)
        first, again = stranger.get(path), stranger.get(path)
        assert re.fullmatch(rf"{STATIC}/[a-z-]+-[0-9a-f]{{16}}\.(css|svg)", path)
        assert first.status_code == again.status_code == 200
        assert first.content == again.content != b""
        assert again.headers["X-Cache"].startswith("HIT")
        assert again.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in again.headers
        kind = "text/css" if path.endswith("css") else "image/svg+xml"
        assert again.headers["Content-Type"] == f"{kind}; charset=utf-8"
        assert again.headers["X-Content-Type-Options"] == "nosniff"


def test_another_versions_name_is_answered_and_not_kept(ivy, site):
    """A node that was upgraded first names files that the others don't have yet."""
    (path, *_) = addresses(ivy)
    other = re.sub(r"-[0-9a-f]{16}\.", "-0123456789abcdef.", path)
    answer = site.client().get(other)
    assert (answer.status_code, answer.content) == (200, ivy.get(path).content)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["", "calint.css", "calint-.css", "nothing-0123456789abcdef.css", "../calint.css",
                                  "calint-0123456789abcdef.svg", "calint-0123456789ABCDEF.css"])
def test_no_other_name_is_there(site, name):
    answer = site.client().get(f"{STATIC}/{name}")
    assert answer.status_code == 404
    assert answer.headers.get("Cache-Control", "no-store") == "no-store"


def test_only_reading_is_answered(site, ivy):
    (path, *_) = addresses(ivy)
    assert site.client().request("POST", path).status_code == 405
    head = site.client().request("HEAD", path)
    assert head.status_code == 200 and head.headers["Content-Type"].startswith("text/css")


@pytest.mark.parametrize("name", OLD_NAMES)
def test_the_former_addresses_are_answered_and_not_kept(ivy, name):
    answer = ivy.get(f"{SETTINGS}/{name}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/css" if name.endswith("css") else "image/svg+xml")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_session_that_was_left_on_for_them_is_left_alone(make_site):
    site = start_ats(make_site, f'<Location "{STATIC}">\n    Session On\n    {SESSION}\n</Location>')
    browser = site.client()
    browser.get("/ivy.txt")
    for path in addresses(browser):
        if path.startswith(STATIC):
            assert "Set-Cookie" not in browser.get(path).headers


def test_what_the_administrator_says_of_caching_holds(make_site):
    site = make_site(Config(extra='Header set Cache-Control "private, max-age=60" early\n'
                                  'Header set Content-Security-Policy "img-src \'none\'" early'))
    browser = site.client(IVY)
    (path, *_) = addresses(browser)
    assert browser.get(path).headers["Cache-Control"] == "private, max-age=60"
    policy = browser.get(SETTINGS).headers["Content-Security-Policy"]
    assert "img-src 'none'" in policy and "default-src 'none'" in policy
    assert browser.get(SETTINGS).headers["Cache-Control"] == "no-store"


def test_they_are_there_while_the_configuration_is_broken(make_site):
    site = make_site()
    (path, *_) = addresses(site.client(IVY))
    site.key_file.chmod(0o644)
    site.log.expect("CALINT0104")
    site.httpd.graceful()
    assert site.client().get(path).status_code == 200
