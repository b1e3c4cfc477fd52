"""Tests can make iCloud's answers fail, lead away and turn hostile."""

from __future__ import annotations

import gzip
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from urllib.parse import urlsplit

import pytest
import requests

from client import Sandbox, SandboxError
from icloud_client import AVERY, AVERY_PASSWORD
from icloud_flow import (DAV, HOME, PRINCIPAL, basic, calendars, exchange, home_set, host_of, hrefs, location, names,
                         principal)

ENTRY, HOUSE = "icloud.entry", "icloud.home"
ALL = ["Home", "Hiring", "Team (shared, read only)", "Reminders ⚠️"]


# Answers that fail

@pytest.mark.parametrize("status", [403, 404, 421, 429, 500, 503, 507])
def test_a_status_comes_once_and_with_retry_after(sandbox, status):
    sandbox.fault(HOUSE, "status", status=status, retry_after="7")
    answer = calendars(sandbox)
    assert (answer.status_code, answer.headers["Retry-After"]) == (status, "7")
    assert names(calendars(sandbox)) == ALL


def test_a_limit_is_told_as_the_sample(sandbox):
    sandbox.fault(HOUSE, "rate_limit")
    answer, wanted = calendars(sandbox), exchange("icloud_throttled")
    told = [["Retry-After", answer.headers["Retry-After"]]]
    assert (answer.status_code, told) == (wanted["status"], wanted["headers"])


def test_a_401_can_pass_although_the_password_is_right(sandbox):
    sandbox.fault(HOUSE, "error")
    answer = calendars(sandbox)
    assert answer.status_code == 401 and "Basic" in answer.headers["WWW-Authenticate"]
    assert [(one["status"], one["authorised"]) for one in sandbox.icloud.requests()] == [(401, True)]
    assert calendars(sandbox).status_code == 207


def test_a_precondition_can_be_named(sandbox):
    sandbox.fault(HOUSE, "error", error="valid-sync-token")
    answer = calendars(sandbox)
    assert answer.status_code == 403
    assert [one.tag for one in ElementTree.fromstring(answer.content)] == [f"{DAV}valid-sync-token"]


@pytest.mark.parametrize("kind", ["html", "hang", "reset"])
def test_the_faults_of_every_provider_work(sandbox, kind):
    sandbox.fault(ENTRY, kind, **({"seconds": 0.1} if kind == "hang" else {}))
    try:
        assert principal(sandbox).status_code == 502
    except requests.exceptions.ConnectionError:
        assert kind in ("hang", "reset")
    assert principal(sandbox).status_code == 207


# Answers that lead away

@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("to", ["p42", "p43", "foreign", "entry"])
def test_a_redirect_leads_to_a_host(sandbox, status, to):
    sandbox.fault("icloud.principal", "redirect", status=status, to=to)
    assert location(home_set(sandbox)) == (status, host_of(sandbox, to), PRINCIPAL)
    assert home_set(sandbox).status_code == 207


def test_the_entry_leads_to_the_partition_as_the_sample(sandbox):
    sandbox.fault(ENTRY, "redirect")
    wanted = exchange("icloud_redirect_to_partition")
    expected = urlsplit(dict(wanted["headers"])["Location"]).path
    assert location(principal(sandbox)) == (wanted["status"], host_of(sandbox, "p42"), expected)
    assert principal(sandbox, host="p42").status_code == 207, "the partition knows the principal"


def test_a_redirect_can_loop_or_have_any_text(sandbox):
    sandbox.fault(HOUSE, "redirect", to="loop", count=-1)
    for _ in range(3):
        assert location(calendars(sandbox)) == (301, host_of(sandbox, "p42"), HOME)
    sandbox.clear_faults()
    sandbox.fault(HOUSE, "redirect", to="//evil.example/x", status=302)
    assert location(calendars(sandbox)) == (302, "evil.example", "/x")


@pytest.mark.parametrize("to", ["foreign", "entry", "p43"])
def test_the_home_can_be_said_to_be_on_another_host(sandbox, to):
    sandbox.fault("icloud.principal", "home_set", to=to)
    assert f"{sandbox.http['icloud'][to]}{HOME}<" in home_set(sandbox).text


def test_the_home_can_be_relative_missing_or_any_text(sandbox):
    def home(to):
        sandbox.fault("icloud.principal", "home_set", to=to)
        text = home_set(sandbox).text
        assert ElementTree.fromstring(text).find(f"{DAV}response") is not None
        found = re.search(r'<calendar-home-set[^>]*><href[^>]*>([^<]*)<', text)
        return found and found[1]

    assert home("relative") == HOME
    assert home("file:///etc/passwd") == "file:///etc/passwd"
    assert home("missing") is None


# Answers that look right

def test_a_207_can_hold_failures(sandbox):
    def statuses(of, status=403):
        sandbox.fault(HOUSE, "inside", of=of, status=status)
        answer = calendars(sandbox)
        assert answer.status_code == 207 and len(hrefs(answer)) == 8
        return [one.findtext(f"{DAV}status") for one in ElementTree.fromstring(answer.content)]

    refused = "HTTP/1.1 403 Forbidden"
    assert statuses("calendars") == [None, *[refused] * 4, None, None, None]
    assert statuses("first", 500) == [None, "HTTP/1.1 500 Internal Server Error", *[None] * 6]
    assert statuses("home", 404) == ["HTTP/1.1 404 Not Found", *[None] * 7]
    assert statuses("all") == [refused] * 8


@pytest.mark.parametrize("said", [True, False])
def test_a_property_can_be_missing_with_a_word_or_without(sandbox, said):
    sandbox.fault(HOUSE, "leave_out", property="displayname", said=said)
    answer = calendars(sandbox)
    assert names(answer) == [None] * 4
    assert (b"<displayname/>" in answer.content) == said


def test_the_content_type_can_lie(sandbox):
    sandbox.fault(HOUSE, "content_type", value="application/json")
    answer = calendars(sandbox)
    assert answer.headers["Content-Type"] == "application/json" and names(answer) == ALL


@pytest.mark.parametrize("shape", ["prefixes", "utf16"])
def test_the_same_can_be_said_in_other_words(sandbox, shape):
    plain = calendars(sandbox)
    sandbox.fault(HOUSE, "xml", shape=shape)
    other = calendars(sandbox)
    assert plain.content != other.content and names(plain) == names(other) == ALL
    assert b"<multistatus" not in other.content


# Hostile documents

def hostile(sandbox, shape, **size) -> str:
    sandbox.fault(HOUSE, "xml", shape=shape, **size)
    answer = calendars(sandbox)
    assert answer.status_code == 207
    return answer.text


@pytest.mark.parametrize("shape", ["broken", "cut"])
def test_a_document_can_be_broken(sandbox, shape):
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(hostile(sandbox, shape))


def test_a_doctype_alone_leaves_the_document_readable(sandbox):
    text = hostile(sandbox, "dtd")
    assert "<!DOCTYPE multistatus>" in text
    assert len(ElementTree.fromstring(text)) == 8, "so only a client that refuses a DOCTYPE refuses it"


def test_entities_grow_without_measure(sandbox):
    laughs = hostile(sandbox, "laughs")
    assert laughs.count("<!ENTITY") == 10 and "&e9;</href>" in laughs and len(laughs) < 20_000
    quadratic = hostile(sandbox, "quadratic", size=2000)
    assert quadratic.count("&e;") == 2000 and "x" * 2000 in quadratic


def test_entities_reach_out(sandbox):
    foreign = sandbox.http["icloud"]["foreign"]
    text = hostile(sandbox, "external")
    assert "file:///etc/hostname" in text and f'SYSTEM "{foreign}/entity"' in text
    assert f'SYSTEM "{foreign}/multistatus.dtd"' in hostile(sandbox, "subset")
    assert sandbox.icloud.requests("foreign") == [], "nobody has fetched them"
    requests.get(f"{foreign}/entity", timeout=10)
    assert [one["path"] for one in sandbox.icloud.requests("foreign")] == ["/entity"]


def test_a_document_can_be_deep_wide_or_full_of_attributes(sandbox):
    assert "<a>" * 5000 + "</a>" * 5000 in hostile(sandbox, "deep", size=5000)
    assert hostile(sandbox, "many", size=5000).count("<a/>") == 5000
    assert 'a4999=""' in hostile(sandbox, "attributes", size=5000)


def test_a_bomb_has_the_look_of_a_multistatus(sandbox):
    sandbox.fault(HOUSE, "gzip_bomb", bytes=1_000_000)
    answer = requests.request("PROPFIND", sandbox.http["icloud"]["p42"] + HOME, stream=True, timeout=10)
    wire = answer.raw.read(decode_content=False)
    assert answer.status_code == 207 and answer.headers["Content-Type"].startswith("text/xml")
    assert len(wire) < 5000 and ElementTree.fromstring(gzip.decompress(wire)).tag == f"{DAV}multistatus"
    sandbox.fault(HOUSE, "oversize", bytes=1_000_000)
    large = calendars(sandbox)
    assert (large.status_code, len(large.content)) == (207, 1_000_000)


@pytest.mark.parametrize("wishes, complaint", [
    ({"kind": "xml", "shape": "round"}, "shape"), ({"kind": "inside", "of": "nothing"}, "of"),
    ({"kind": "redirect", "status": "301"}, "status"), ({"kind": "leave_out", "said": 1}, "said")])
def test_a_fault_that_makes_no_sense_is_refused(sandbox, wishes, complaint):
    with pytest.raises(SandboxError, match=f"400.*{complaint}"):
        sandbox.control("POST", "faults", {"endpoint": HOUSE, **wishes})


# TLS

def test_over_tls_every_host_leads_to_tls_unless_told_otherwise(tmp_path):
    certificate, key = (str(tmp_path / name) for name in ("c.pem", "k.pem"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    with Sandbox(certificate=certificate, key=key) as sandbox:
        plain, secure = sandbox.http["icloud"], sandbox.https["icloud"]
        assert len({urlsplit(one[host]).netloc for one in (plain, secure)
                    for host in ("entry", "p42", "p43", "foreign")}) == 8

        def ask(path: str, request: bytes) -> requests.Response:
            return requests.request("PROPFIND", secure["api_url"] + path, data=request, verify=certificate, timeout=10,
                                    headers={"Depth": "0", "Authorization": basic(AVERY, AVERY_PASSWORD)},
                                    allow_redirects=False)

        body = (b'<propfind xmlns="DAV:"><prop><calendar-home-set xmlns="urn:ietf:params:xml:ns:caldav"/></prop>'
                b"</propfind>")
        assert f"{secure['p42']}{HOME}" in ask(PRINCIPAL, body).text
        sandbox.fault("icloud.principal", "redirect", to="http")
        assert ask(PRINCIPAL, body).headers["Location"] == plain["p42"] + PRINCIPAL
        assert {one["scheme"] for one in sandbox.icloud.requests()} == {"https"}
