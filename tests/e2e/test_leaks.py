"""No token, code, state or secret gets out: into a log, a page, a cookie, the server status or a dump."""

import base64
import re

import pytest

from harness.httpd_config import Config
from harness.people import IVY
from harness.session import SETTINGS, query_of
from harness.site import CLIENT_SECRET

MARK = "LEAKMARK"


def forms(secret: str) -> set[str]:
    """What the secret could look like in text: as it is, hex (PostgreSQL's bytea), base64 at each alignment."""
    data = secret.encode()
    found = {secret, data.hex(), data.hex().upper()}
    for lead in range(3):
        encoded = base64.b64encode(b"\0" * lead + data).decode().rstrip("=")
        # The characters at both ends depend on what stands beside.
        found.add(encoded[(0, 2, 3)[lead]:-2])
    return found | {form.translate(str.maketrans("+/", "-_")) for form in found}


def assert_clean(text: str, secrets, where: str) -> None:
    for secret in secrets:
        for form in forms(secret):
            assert form not in text, f"{form[:24]}... in {where}: ...{text[max(0, text.index(form) - 60):][:80]}"


@pytest.mark.parametrize("mpm", ("event", "prefork"))
def test_a_connection_and_its_end_leave_no_secret_anywhere(make_site, sandbox, mpm):
    site = make_site(config=Config(mpm=mpm, log_level="debug"))
    sandbox.mode(token_prefix=MARK)
    client = site.client(IVY)
    url = client.consent(sandbox, return_to="/jobs/17")
    query = query_of(url)
    assert MARK in query["code"]
    secrets = [MARK, query["code"], query["state"], CLIENT_SECRET]
    assert_clean(str(dict(client.cookies)), secrets, "the cookie")

    pages = [client.get(url), client.get(url), client.get(f"{SETTINGS}"), client.get(f"{SETTINGS}/disconnect")]
    status = client.get("/server-status")
    assert status.status_code == 200 and "/calendar/auth/google/callback" in status.text
    pages.append(status)
    dump_while_connected = site.cluster.dump(site.database)
    pages.append(client.submit(client.page(f"{SETTINGS}/disconnect").form("Disconnect")))
    dump_while_pending = site.cluster.dump(site.database)
    assert site.run_jobs().returncode == 0

    for answer in pages:
        assert_clean(answer.text + str(answer.headers), secrets, f"a page: {answer.url[:60]}")
    assert_clean(site.log.text(), secrets, "the error log")
    assert_clean("\n".join(site.httpd.access_lines()), secrets, "the access log")
    assert_clean(site.httpd.said(), secrets, "what httpd printed")
    assert_clean(dump_while_connected, secrets, "the dump of a connected user")
    assert_clean(dump_while_pending, secrets, "the dump while the revocation waits")
    assert_clean(site.cluster.log.read_text(), secrets, "PostgreSQL's log")
    assert_clean(str(dict(client.cookies)), secrets, "the cookie")


def test_the_access_log_shows_the_callback_without_its_query(site, sandbox, ivy):
    url = ivy.consent(sandbox)
    ivy.get(url)
    line = next(line for line in reversed(site.httpd.access_lines()) if "/callback" in line)
    assert re.search(r'"GET /calendar/auth/google/callback HTTP/1\.1" 303 "" ', line), line


@pytest.mark.parametrize("spelling", ("/calendar/auth/google/callback/", "//calendar/auth/google/callback",
                                      "/calendar/./auth/google/callback", "/calendar/auth/google/%63allback",
                                      "/calendar/auth/google/callback;x=1"))
def test_a_callback_in_another_spelling_shows_no_code_either(site, ivy, spelling):
    ivy.page()
    site.log.allow("CALINT0202")
    ivy.get(f"{site.url}{spelling}?code=4/{MARK}code&state={MARK}state")
    assert_clean("\n".join(site.httpd.access_lines()) + site.log.text(), [MARK], "a log")


def test_a_failing_exchange_leaves_no_secret_in_the_log(site, sandbox, ivy):
    sandbox.mode(token_prefix=MARK)
    site.log.allow("CALINT0203", "CALINT0204", "CALINT0208")
    for kind, options in (("malformed_json", {}), ("wrong_types", {}), ("status", {"status": 500}),
                          ("bad_id_token", {}), ("error", {"error": "invalid_client"})):
        sandbox.fault("token", kind, **options)
        answer = ivy.connect(sandbox)
        assert_clean(answer.text + str(answer.headers), [MARK, CLIENT_SECRET], kind)
    sandbox.fault("calendarList", "error", error="authError")
    ivy.connect(sandbox)
    assert_clean(site.log.text(), [MARK, CLIENT_SECRET], "the error log")
    assert_clean(site.cluster.dump(site.database), [MARK, CLIENT_SECRET], "the dump")


def test_a_failed_revocation_leaves_no_token_in_what_calintctl_says(site, sandbox, ivy):
    sandbox.mode(token_prefix=MARK)
    ivy.connect(sandbox)
    ivy.submit(ivy.page(f"{SETTINGS}/disconnect").form("Disconnect"))
    sandbox.fault("revoke", "status", status=503)
    done = site.run_jobs()
    listed = site.ctl("--json", "jobs", "list") + site.ctl("jobs", "list")
    assert_clean(done.stdout + done.stderr + listed, [MARK], "calintctl's output")


def test_a_dump_opens_with_the_keyset_only(site, sandbox, ivy):
    """The key isn't in the database, and the database's values are no plain keys."""
    ivy.connect(sandbox)
    dump = site.cluster.dump(site.database)
    for key in re.findall(r'"(?:key|bytes|secret|material)"\s*:\s*"([^"]{20,})"', site.key_file.read_text()):
        assert_clean(dump, [key], "the dump")
