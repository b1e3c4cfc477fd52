"""Tests can make the sandbox fail, wait and misbehave."""

from __future__ import annotations

import gzip
import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

import pytest
import requests

from client import SandboxError
from flow import (CALENDAR_SCOPES, answer_of, authorize_url, claims_of, code_from, connect,
                  exchange, list_calendars, matches, refresh, revoke)


# Answers that fail

def test_a_fault_meets_the_next_requests_and_then_is_spent(sandbox, tokens):
    fault = sandbox.fault("token", "status", count=2, status=503, retry_after="7")
    for _ in range(2):
        answer = refresh(sandbox, tokens["refresh_token"])
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
    assert refresh(sandbox, tokens["refresh_token"]).status_code == 200
    left = [one for one in sandbox.state()["faults"] if one["id"] == fault]
    assert (left[0]["left"], left[0]["met"]) == (0, 2)


def test_a_fault_without_an_end_stays_until_it_is_cleared(sandbox, tokens):
    fault = sandbox.fault("calendarList", "status", count=-1, status=500)
    for _ in range(3):
        assert matches(list_calendars(sandbox, tokens["access_token"]), "error-500")
    sandbox.clear_faults(fault)
    assert list_calendars(sandbox, tokens["access_token"]).status_code == 200


def test_a_fault_can_be_meant_for_one_grant_type(sandbox, tokens):
    sandbox.fault("token", "error", grant_type="refresh_token")
    assert exchange(sandbox, code_from(sandbox)).status_code == 200
    assert matches(refresh(sandbox, tokens["refresh_token"]), "token-error-invalid-grant")


@pytest.mark.parametrize("error, name", [
    ("invalid_grant", "token-error-invalid-grant"), ("code_used", "token-error-code-used"),
    ("malformed_code", "token-error-malformed-code"), ("rapt", "token-error-rapt"),
    ("invalid_client", "token-error-invalid-client"),
    ("redirect_uri_mismatch", "token-error-redirect-uri-mismatch"),
])
def test_token_errors_are_worded_as_the_samples(sandbox, tokens, error, name):
    sandbox.fault("token", "error", error=error)
    assert matches(refresh(sandbox, tokens["refresh_token"]), name)


@pytest.mark.parametrize("params, name", [
    ({"kind": "rate_limit"}, "error-403-user-rate-limit"),
    ({"kind": "rate_limit", "reason": "rateLimitExceeded"}, "error-403-rate-limit"),
    ({"kind": "rate_limit", "reason": "rateLimitExceeded", "status": 429},
     "error-429-rate-limit"),
    ({"kind": "rate_limit", "reason": "quotaExceeded"}, "error-403-calendar-usage"),
    ({"kind": "error"}, "error-401"),
    ({"kind": "error", "error": "fullSyncRequired"}, "error-410-full-sync"),
])
def test_calendar_errors_are_worded_as_the_samples(sandbox, tokens, params, name):
    sandbox.fault("calendarList", **params)
    assert matches(list_calendars(sandbox, tokens["access_token"]), name)


def test_a_front_end_page_is_not_json(sandbox, tokens):
    sandbox.fault("token", "html")
    answer = refresh(sandbox, tokens["refresh_token"])
    assert matches(answer, "token-error-html")
    with pytest.raises(ValueError):
        answer.json()


def test_the_authorization_endpoint_can_send_an_error_back(sandbox):
    sandbox.fault("authorize", "error", error="temporarily_unavailable")
    answer = requests.get(authorize_url(sandbox), allow_redirects=False, timeout=10)
    assert answer_of(answer.headers["Location"]) == {
        "state": "STATE", "iss": "https://accounts.google.com",
        "error": "temporarily_unavailable"}


# Answers that are damaged

def test_malformed_json_comes_after_the_request_was_processed(sandbox):
    sandbox.fault("token", "malformed_json")
    answer = exchange(sandbox, code_from(sandbox))
    assert answer.status_code == 200
    with pytest.raises(ValueError):
        answer.json()
    assert len(sandbox.live_grants()) == 1


def test_a_status_after_processing_loses_the_answer_only(sandbox):
    sandbox.fault("token", "status", when="after")
    code = code_from(sandbox)
    assert exchange(sandbox, code).status_code == 503
    assert len(sandbox.live_grants()) == 1
    assert matches(exchange(sandbox, code), "token-error-code-used")


def test_members_can_have_wrong_types(sandbox, tokens):
    sandbox.fault("token", "wrong_types")
    body = refresh(sandbox, tokens["refresh_token"]).json()
    assert not isinstance(body["access_token"], str) and not isinstance(body["expires_in"], int)
    sandbox.fault("token", "wrong_types", member="expires_in", value="3599")
    assert refresh(sandbox, tokens["refresh_token"]).json()["expires_in"] == "3599"
    sandbox.fault("calendarList", "wrong_types", member="items.0.id")
    items = list_calendars(sandbox, tokens["access_token"]).json()["items"]
    assert items[0]["id"] == ["avery@example.com"] and isinstance(items[1]["id"], str)


def test_a_path_that_the_answer_has_not_is_left_out(sandbox, tokens):
    sandbox.fault("calendarList", "wrong_types", member="items.99.id")
    assert list_calendars(sandbox, tokens["access_token"]).status_code == 200


@pytest.mark.parametrize("count", [0, 10])
def test_a_reset_ends_the_connection(sandbox, tokens, count):
    sandbox.fault("token", "reset", when="after", bytes=count)
    with pytest.raises(requests.exceptions.RequestException):
        refresh(sandbox, tokens["refresh_token"])
    assert sandbox.state()["grants"][0]["refreshes"] == 1


def test_a_hanging_answer_ends_when_its_fault_is_cleared(sandbox, tokens):
    fault = sandbox.fault("token", "hang", count=-1)
    with pytest.raises(requests.exceptions.ReadTimeout):
        refresh(sandbox, tokens["refresh_token"], timeout=0.3)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(refresh, sandbox, tokens["refresh_token"])
        time.sleep(0.2)
        sandbox.clear_faults(fault)
        assert isinstance(waiting.exception(5), requests.exceptions.ConnectionError)


def test_a_dripping_answer_comes_byte_by_byte(sandbox, tokens):
    sandbox.fault("revoke", "drip", seconds=0.2)
    started = time.monotonic()
    assert revoke(sandbox, tokens["refresh_token"]).json() == {}
    assert time.monotonic() - started > 0.15


def test_latency_comes_before_or_after_processing(sandbox, tokens):
    sandbox.fault("token", "latency", seconds=0.3, when="after")
    started = time.monotonic()
    assert refresh(sandbox, tokens["refresh_token"]).status_code == 200
    assert time.monotonic() - started > 0.25


def test_an_oversize_answer_has_the_size_asked_for(sandbox, tokens):
    sandbox.fault("token", "oversize", bytes=3_000_000)
    assert len(refresh(sandbox, tokens["refresh_token"]).content) == 3_000_000


def test_a_gzip_bomb_is_small_on_the_wire(sandbox, tokens):
    sandbox.fault("calendarList", "gzip_bomb", bytes=10_000_000)
    answer = requests.get(f"{sandbox.http['google']['api_url']}/users/me/calendarList",
                          headers={"Authorization": f"Bearer {tokens['access_token']}"},
                          stream=True, timeout=10)
    wire = answer.raw.read(decode_content=False)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(wire) < 50_000 and len(gzip.decompress(wire)) > 10_000_000


def test_a_gzip_bomb_can_be_nested(sandbox):
    sandbox.fault("calendarList", "gzip_bomb", bytes=10_000_000, layers=2)
    answer = requests.get(f"{sandbox.http['google']['api_url']}/users/me/calendarList", stream=True, timeout=10)
    wire = answer.raw.read(decode_content=False)
    assert answer.headers["Content-Encoding"] == "gzip, gzip"
    assert len(wire) < 1000 and len(gzip.decompress(gzip.decompress(wire))) > 10_000_000


def test_an_answer_can_claim_an_encoding_that_it_has_not(sandbox, tokens):
    sandbox.fault("token", "encoding", name="x-unknown")
    answer = refresh(sandbox, tokens["refresh_token"])
    assert answer.headers["Content-Encoding"] == "x-unknown" and "access_token" in answer.json()


def test_an_answer_can_have_many_headers(sandbox, tokens):
    sandbox.fault("token", "many_headers", lines=50, bytes=7)
    answer = refresh(sandbox, tokens["refresh_token"])
    assert [answer.headers[f"X-Filler-{number}"] for number in range(50)] == ["x" * 7] * 50
    assert "access_token" in answer.json()


def received(sandbox, tokens, size: int, seconds: float = 5) -> bytes:
    """The first bytes on the wire of a refresh's answer; fewer where the connection ends."""
    form = urlencode({"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"],
                      "client_id": sandbox.client_id, "client_secret": sandbox.client_secret})
    url = urlsplit(sandbox.http["google"]["token_url"])
    with socket.create_connection((url.hostname, url.port), timeout=seconds) as connection:
        connection.sendall(f"POST {url.path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(form)}\r\n"
                           "Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode() + form.encode())
        got = b""
        while len(got) < size and (piece := connection.recv(65536)):
            got += piece
    return got


def nothing_goes_on(sandbox):
    until = time.monotonic() + 5
    while sandbox.state()["in_flight"] and time.monotonic() < until:
        time.sleep(0.02)
    return sandbox.state()["in_flight"] == {}


def test_headers_can_be_without_end(sandbox, tokens):
    sandbox.fault("token", "endless_headers")
    got = received(sandbox, tokens, 3_000_000)
    assert len(got) >= 3_000_000 and b"\r\n\r\n" not in got
    assert nothing_goes_on(sandbox), "it ends when the client has left"


def test_chunks_can_be_without_end(sandbox, tokens):
    sandbox.fault("token", "endless_chunks", seconds=0.001)
    got = received(sandbox, tokens, 3000)
    head, _, body = got.partition(b"\r\n\r\n")
    assert b"Transfer-Encoding: chunked" in head and b"access_token" in body
    assert body.count(b"1\r\n \r\n") > 100 and b"\r\n0\r\n" not in body
    assert nothing_goes_on(sandbox)


@pytest.mark.parametrize("length", ["10", "100000", "-1", "x"])
def test_the_length_can_be_wrong(sandbox, tokens, length):
    sandbox.fault("token", "wrong_length", length=length)
    head, _, body = received(sandbox, tokens, 100_000).partition(b"\r\n\r\n")
    assert f"Content-Length: {length}".encode() in head.split(b"\r\n")
    assert "access_token" in json.loads(body), "the whole answer came, and the connection's end"


# Behaviour

def test_scopes_can_come_short(sandbox):
    sandbox.fault("token", "short_scope", without=["calendar.events"])
    tokens = connect(sandbox)
    assert CALENDAR_SCOPES[2] not in tokens["scope"] and CALENDAR_SCOPES[0] in tokens["scope"]
    sandbox.fault("token", "short_scope")
    assert "auth/calendar" not in connect(sandbox)["scope"]


def test_the_refresh_token_can_be_missing(sandbox):
    sandbox.fault("token", "no_refresh_token")
    assert "refresh_token" not in connect(sandbox)
    assert "refresh_token" in connect(sandbox)


@pytest.mark.parametrize("claim", ["iss", "aud", "exp", "nonce", "sub"])
def test_one_claim_of_the_id_token_can_be_wrong(sandbox, claim):
    good = claims_of(connect(sandbox)["id_token"])
    sandbox.fault("token", "bad_id_token", claim=claim)
    bad = claims_of(connect(sandbox)["id_token"])
    changed = {name for name in good if good[name] != bad[name]}
    assert changed - {"iat", "exp", "at_hash"} == {claim} - {"exp"}
    assert (bad["exp"] < time.time()) == (claim == "exp")


def test_the_id_token_can_be_missing(sandbox):
    sandbox.fault("token", "bad_id_token", claim="missing")
    assert "id_token" not in connect(sandbox)


def test_the_issuer_of_the_authorization_answer_can_be_wrong_or_missing(sandbox):
    sandbox.fault("authorize", "bad_iss", iss="https://evil.example")
    url = authorize_url(sandbox)
    assert answer_of(sandbox.approve(url))["iss"] == "https://evil.example"
    sandbox.fault("authorize", "bad_iss")
    assert "iss" not in answer_of(sandbox.approve(url, deny=True))
    assert answer_of(sandbox.approve(url))["iss"] == "https://accounts.google.com"


# Holding

def test_an_answer_is_held_after_processing_until_it_is_released(sandbox):
    sandbox.fault("token", "hold", when="after")
    code = code_from(sandbox)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(exchange, sandbox, code)
        (hold,) = sandbox.wait_until_held()
        assert (hold["endpoint"], hold["when"]) == ("token", "after")
        assert len(sandbox.live_grants("avery@example.com")) == 1
        assert not waiting.done()
        assert sandbox.release(hold["id"]) == 1
        assert waiting.result(5).status_code == 200
    assert sandbox.held() == []


def test_two_held_requests_can_be_answered_in_the_other_order(sandbox):
    codes = {email: code_from(sandbox, email) for email in ("avery@example.com",
                                                            "sam@example.com")}
    fault = sandbox.fault("token", "hold", count=2)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(exchange, sandbox, codes["avery@example.com"])
        sandbox.wait_until_held(1)
        second = pool.submit(exchange, sandbox, codes["sam@example.com"])
        holds = sandbox.wait_until_held(2)
        sandbox.release(holds[1]["id"])
        assert second.result(5).status_code == 200 and not first.done()
        assert [one["account"] for one in sandbox.live_grants()] == ["sam@example.com"]
        assert sandbox.release(fault) == 1
        assert first.result(5).status_code == 200


def test_a_held_request_is_processed_even_when_its_client_has_left(sandbox):
    sandbox.fault("token", "hold")
    code = code_from(sandbox)
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.post(sandbox.http["google"]["token_url"], timeout=0.3, data={
            "grant_type": "authorization_code", "code": code, "client_id": sandbox.client_id})
    (hold,) = sandbox.wait_until_held()
    sandbox.release(hold["id"])
    until = time.monotonic() + 5
    while sandbox.state()["in_flight"] and time.monotonic() < until:
        time.sleep(0.02)
    assert sandbox.state()["in_flight"] == {}


def test_nothing_can_be_released_that_is_not_held(sandbox):
    with pytest.raises(SandboxError, match="404"):
        sandbox.release("h999")
