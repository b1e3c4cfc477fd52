"""Tests can set the sandbox up, see what it was asked, and start and end it."""

from __future__ import annotations

import hashlib
import json
import signal
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from client import Sandbox, SandboxError
from flow import (CALENDAR_SCOPES, CALLBACK, answer_of, authorize_url, claims_of, code_from,
                  connect, exchange, list_calendars, matches, refresh, revoke)


@pytest.mark.parametrize("wishes, complaint", [
    ({"endpoint": "nowhere", "kind": "html"}, "endpoint"),
    ({"endpoint": "token", "kind": "nothing"}, "kind"),
    ({"endpoint": "token", "kind": "latency", "seconds": "long"}, "seconds"),
    ({"endpoint": "token", "kind": "latency", "colour": "red"}, "colour"),
    ({"endpoint": "token", "kind": "html", "when": "never"}, "when"),
    ({"endpoint": "token", "kind": "html", "count": 0}, "count"),
    ({"endpoint": "token", "kind": "bad_id_token", "claim": "hat"}, "claim"),
])
def test_a_fault_that_makes_no_sense_is_refused(sandbox, wishes, complaint):
    with pytest.raises(SandboxError, match=f"400.*{complaint}"):
        sandbox.control("POST", "faults", wishes)


def test_state_counts_requests_and_shows_tokens_as_digests_only(sandbox, tokens):
    refresh(sandbox, tokens["refresh_token"])
    refresh(sandbox, "1//unknown")
    list_calendars(sandbox, tokens["access_token"])
    state = sandbox.state()
    assert state["requests"] == {"authorize": 2, "token": 3, "calendarList": 1}
    assert state["details"] == {"token.authorization_code": 1, "token.refresh_token": 2, "calendarList.full": 1}
    assert state["answers"]["token"] == {"200": 2, "400": 1}
    (grant,) = state["grants"]
    assert (grant["account"], grant["alive"], grant["refreshes"]) == ("avery@example.com", True, 1)
    digest = hashlib.sha256(tokens["refresh_token"].encode()).hexdigest()
    assert grant["refresh_token_sha256"] == digest
    assert not any(tokens[name] in json.dumps(state) for name in ("access_token",
                                                                  "refresh_token"))


def test_a_withdrawal_by_the_user_ends_the_accounts_grants(sandbox, tokens):
    other = connect(sandbox, "sam@example.com")
    assert sandbox.revoke_account("Avery@example.com") == 1
    assert matches(refresh(sandbox, tokens["refresh_token"]), "token-error-invalid-grant")
    assert refresh(sandbox, other["refresh_token"]).status_code == 200
    assert [grant["ended_by"] for grant in sandbox.state()["grants"] if not grant["alive"]] == [
        "revoked"]


def test_tokens_carry_the_text_that_a_test_looks_for(sandbox):
    sandbox.mode(token_prefix="RECOGNISABLE", access_token_length=2048, refresh_token_length=512)
    code = code_from(sandbox)
    tokens = exchange(sandbox, code).json()
    assert all("RECOGNISABLE" in text for text in
               (code, tokens["access_token"], tokens["refresh_token"]))
    assert (len(tokens["access_token"]), len(tokens["refresh_token"])) == (2048, 512)


def test_a_wrong_mode_changes_nothing(sandbox):
    for wrong in ({"rotate": 1}, {"speed": 3}, {"expires_in": -1, "rotate": True}):
        with pytest.raises(SandboxError, match="400"):
            sandbox.mode(**wrong)
    assert sandbox.state()["mode"]["rotate"] is False


def test_auto_approval_needs_no_page_and_can_count_accounts_up(sandbox):
    sandbox.auto_approve("load-{n}@example.com", scopes=["calendar.freebusy"])
    emails, scopes = [], set()
    for _ in range(2):
        answer = requests.get(authorize_url(sandbox), allow_redirects=False, timeout=10)
        assert answer.status_code == 302
        tokens = exchange(sandbox, answer_of(answer.headers["Location"])["code"]).json()
        emails.append(claims_of(tokens["id_token"])["email"])
        scopes |= set(tokens["scope"].split())
    assert emails == ["load-1@example.com", "load-2@example.com"]
    assert CALENDAR_SCOPES[1] in scopes and CALENDAR_SCOPES[2] not in scopes
    sandbox.auto_approve(None)
    assert requests.get(authorize_url(sandbox), timeout=10).status_code == 200


def test_accounts_can_have_calendars_and_an_identity_of_ones_own(sandbox):
    sandbox.add_account("robin@example.com", name="Robin", sub="42", calendars=[
        {"id": "robin@example.com", "name": "Robin", "primary": True},
        {"id": "odd", "name": "Ünïcode \u0000 <b>", "role": "reader", "extra": {"new": [1]}}])
    tokens = connect(sandbox, "robin@example.com")
    assert claims_of(tokens["id_token"])["sub"] == "42"
    items = list_calendars(sandbox, tokens["access_token"]).json()["items"]
    assert [item["id"] for item in items] == ["robin@example.com", "odd"]
    assert (items[1]["summary"], items[1]["new"]) == ("Ünïcode \u0000 <b>", [1])


def test_reset_brings_everything_back(sandbox, tokens):
    sandbox.mode(rotate=True)
    sandbox.add_client(sandbox.client_id, secret="changed")
    sandbox.fault("token", "html", count=-1)
    sandbox.add_account("avery@example.com", calendars=1)
    sandbox.reset()
    state = sandbox.state()
    assert (state["grants"], state["faults"], state["requests"]) == ([], [], {})
    assert matches(refresh(sandbox, tokens["refresh_token"]), "token-error-invalid-grant")
    again = list_calendars(sandbox, connect(sandbox)["access_token"])
    assert len(again.json()["items"]) == 3


def test_a_clients_secret_can_change_while_its_grants_live_on(sandbox, tokens):
    sandbox.add_client(sandbox.client_id, secret="changed")
    wrong = refresh(sandbox, tokens["refresh_token"])
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert refresh(sandbox, tokens["refresh_token"], client_secret="changed").status_code == 200


# The process

@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_even_with_answers_held(number):
    sandbox = Sandbox(redirect_uris=[CALLBACK]).start()
    sandbox.fault("token", "hold")
    sandbox.fault("revoke", "hang")
    with ThreadPoolExecutor(2) as pool:
        held = pool.submit(refresh, sandbox, "1//x")
        hung = pool.submit(revoke, sandbox, "1//x")
        sandbox.wait_until_held()
        process = sandbox.process
        process.send_signal(number)
        assert process.wait(8) == 0
        assert held.exception(5) is not None or held.result().status_code == 400
        assert hung.exception(5) is not None
    sandbox.stop()


def test_it_serves_tls_with_the_given_certificate_and_listens_on_loopback_only(tmp_path):
    certificate, key, log = (str(tmp_path / name) for name in ("c.pem", "k.pem", "log"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key,
                    "-out", certificate], check=True, capture_output=True)
    with Sandbox(redirect_uris=[CALLBACK], certificate=certificate, key=key, log=log,
                 issuer="https://issuer.example") as sandbox:
        sandbox.http = sandbox.https
        callback_url = sandbox.approve(authorize_url(sandbox), "sam@example.com")
        assert answer_of(callback_url)["iss"] == "https://issuer.example"
        assert sandbox.http["base"].startswith("https://127.0.0.1:")
        port = int(sandbox.http["base"].rpartition(":")[2])
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.2", port), timeout=1).close()
    text = (tmp_path / "log").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["endpoint"] for line in lines] == ["authorize", "authorize"]
    assert "STATE" not in text and "4/" not in text
