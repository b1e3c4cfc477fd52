"""What docs/api.md shows to those who write an ATS runs as it stands there."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from harness.ats import Ats, make_known_key
from harness.browser import browser
from harness.httpd_config import FORM_SIGN_IN
from harness.people import IVY
from harness.process import wait_until
from harness.session import notice_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
STRICT = """AddType text/javascript .js
<Location "/jane.html">
    Header set Content-Security-Policy "default-src 'none'; script-src 'self'; connect-src 'self'"
</Location>"""


def blocks(after: str = "") -> list[str]:
    """The page's indented blocks, a blank line within one included, that come behind some words of it."""
    text = PAGE.read_text("utf-8")
    assert after in text, f"docs/api.md doesn't say {after!r}"
    return [re.sub(r"^ {4}", "", block, flags=re.MULTILINE).strip()
            for block in re.findall(r"(?:^ {4}.*\n|^\n(?= {4}))+", text[text.index(after):], flags=re.MULTILINE)]


def as_of(site, example: str) -> str:
    """The same for this site, and for Ivy."""
    return (example.replace("https://ats.example.com", site.url).replace('"17"', f'"{IVY.id}"')
            .replace("user_id=17", f"user_id={IVY.id}"))


@pytest.fixture
def site_and_key(working, sandbox):
    """A site on which Ivy's calendar has been read, and a service key."""
    assert notice_of(working.client(IVY).connect(sandbox, "avery@example.com")) == "connected"
    wait_until(lambda: working.rows("SELECT FROM calendar_syncs WHERE last_synced_at IS NOT NULL"), "the first read")
    return working, make_known_key(working, "examples")


def run(key: str, *command: str) -> str:
    done = subprocess.run(command, env={**os.environ, "KEY": key}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("words,command", [("**In shell**", ("bash", "-c")), ("**In Python**", (sys.executable, "-c"))],
                         ids=["shell", "Python"])
def test_a_client_goes_the_whole_way(site_and_key, sandbox, words, command):
    site, key = site_and_key
    assert run(key, *command, as_of(site, blocks(words)[0])) == "confirmed\nRoom 5\n"
    (interview,) = Ats(site.url, key).get("/events?interview_ref=int-88").json()["events"]
    assert interview["status"] == "cancelled" and interview["location"] == "Room 5"
    assert Ats(site.url, key).get("/holds?ref=int-88").json()["holds"] == []
    assert [write["call"] for write in sandbox.writes()] == ["events.insert", "events.patch", "events.delete"]
    calendar = sandbox.calendar("google", "avery@example.com")
    assert [event for event in calendar.events() if event["status"] != "cancelled"] == []


def test_single_calls_are_answered(site_and_key):
    site, key = site_and_key
    calls = [block for block in blocks() if block.startswith("curl ")]
    assert len(calls) == 2
    for call in calls:
        run(key, "bash", "-c", as_of(site, call.replace("curl ", "curl -sS --fail-with-body ", 1)))


def test_a_page_asks_to_connect_and_is_come_back_to(make_site, sandbox):
    site = make_site(replace(FORM_SIGN_IN, extra=STRICT))
    link, _, script = blocks("**Asking somebody to connect.**")[0].partition("\n\n")
    documents = site.httpd.root / "documents"
    (documents / "jane.html").write_text(
        f'<!DOCTYPE html><html lang="en"><title>Jane</title><main>Jane Doe {link}</main>'
        '<script type="module" src="/jane.js"></script>', encoding="utf-8")
    (documents / "jane.js").write_text(script, encoding="utf-8")
    with browser() as shown:
        shown.sign_in(site, IVY)
        shown.open(f"{site.url}/jane.html")
        wait_until(lambda: "Connect your calendar" in shown.text, "the link")
        shown.click("Connect your calendar")
        shown.click("Connect Google Calendar")
        shown.choose("Avery Quinn")
        shown.click("Allow")
        assert shown.path == "/jane.html?calint_notice=connected"
        assert site.integration(IVY)["status"] == "connected"
        assert not shown.complaints()
