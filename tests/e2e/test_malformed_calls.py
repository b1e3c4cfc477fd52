"""Two hundred requests that can't be: each is a problem of the caller's, none an error of ours."""

import json
import random
import string

import pytest

from harness.ats import Ats, make_known_key
from harness.known_time import soon, text
from harness.people import IVY

SPAN = {"from": text(soon(3)), "to": text(soon(4))}
SLOTS = {"groups": [{"user_ids": [IVY.id]}], "duration": 30, "time_zone": "UTC", **SPAN}
BODIES = {"/availability": {"user_ids": [IVY.id], **SPAN}, "/slots": SLOTS,
          "/holds": {"user_ids": [IVY.id], "start": text(soon(3)), "end": text(soon(3, 1)), "ref": "r",
                     "expires_at": text(soon(1))},
          "/events": {"user_id": IVY.id, "interview_ref": "r", "title": "t", "description": "d", "location": "l",
                      "start": text(soon(3)), "end": text(soon(3, 1)), "time_zone": "UTC",
                      "attendees": [{"email": "jane@candidate.test", "name": "Jane"}], "interviewer_ids": [IVY.id],
                      "conference": False, "conference_url": "https://meet.example/1", "notify": True,
                      "hide_guests": False, "hold_id": "h", "allow_conflict": False, "reminder": 15}}
ODD = [None, True, -1, 0, 10 ** 30, 1.5, 1e308, "", "x", "\x00", "\ud800", "x" * 70000,
       [], [[]], {}, {"": {}}, [None] * 200,
       "0001-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "9999-12-31T23:59:60Z", "0000-00-00T00:00:00Z", "2026-12-07T09:00:00+99:00",
       "'; DROP TABLE users; --", "../../etc/passwd", "%00", "\u202e", [1, 2, 3], {"start": 1}]
TEXTS = [b"", b" ", b"{", b"[]", b"null", b"nul", b'"x"', b"{}{}", b'{"a":1,"a":2}', b"\xff\xfe{}", b"{" * 5000,
         b"[" * 100000,
         b'{"groups":' + b"[" * 17 + b"]" * 17 + b"}", b"\x00" * 100, b'{"user_ids": [' + b'"1",' * 120000 + b'"1"]}',
         b"{'a': 1}", b'{"a": NaN}', b'{"a": 1e999}', b"\xef\xbb\xbf{}", b'{"a":"\\ud800"}']


def requests_that_cannot_be():
    """Method, path and body; the same each time."""
    rng = random.Random(455)
    for path, body in BODIES.items():
        for text_ in TEXTS:
            yield "POST", path, text_
        for name in body:
            for odd in rng.sample(ODD, 12):
                yield "POST", path, json.dumps({**body, name: odd}).encode()
        for name in ("limit", "cursor", "periods", "working_hours", "people", "ignore_ref", "dates", "step"):
            for odd in rng.sample(ODD, 4):
                yield "POST", path, json.dumps({**body, name: odd}).encode()
    for _ in range(60):
        junk = "".join(rng.choices(string.printable[:94], k=rng.randrange(1, 60)))
        yield "GET", "/" + junk.replace("#", "").replace(" ", ""), None
    for odd in ("%ff", "%c3%28", "%ed%a0%80", "%01", "%7f"):
        yield "GET", f"/users/{odd}/integration", None
        for method in ("GET", "DELETE"):
            yield method, f"/holds/{odd}", None
            yield method, f"/events/{odd}", None
        yield "PATCH", f"/holds/{odd}", json.dumps({"expires_at": text(soon(1))}).encode()
        yield "PATCH", f"/events/{odd}", json.dumps({"title": "t"}).encode()
    for year in ("0001-01-01", "0001-12-31", "0002-01-01", "9998-12-31", "9999-12-31"):
        span = {"from": f"{year}T00:00:00+14:00", "to": f"{year}T23:59:59-14:00"}
        yield "POST", "/availability", json.dumps({**BODIES["/availability"], **span}).encode()
        yield "POST", "/slots", json.dumps({**SLOTS, **span}).encode()
        time = {"start": span["from"], "end": f"{year}T01:00:00+14:00"}
        yield "POST", "/holds", json.dumps({**BODIES["/holds"], **time, "ref": year}).encode()
        yield "POST", "/events", json.dumps({**BODIES["/events"], **time, "interview_ref": year}).encode()
        yield "GET", f"/events?from={year}T00:00:00Z&to={year}T23:59:59Z", None
    yield "GET", "/holds", None
    for name in ("user_id", "from", "to", "after", "limit", "organization_id"):
        for value in ("%00", "%ff", "", "x" * 6000, "%u0041", "1e9", "-0"):
            yield "GET", f"/availability?user_id={IVY.id}&{name}={value}", None
            yield "GET", f"/changes?{name}={value}", None
    for name in ("interview_ref", "user_id", "from", "to", "limit", "cursor"):
        for value in ("%00", "%ff", "", "x" * 6000, "LTEvMDAw", "9999999999999999999/x"):
            yield "GET", f"/events?{name}={value}", None


def test_none_is_an_error_of_ours(site, ivy, sandbox):
    ivy.connect(sandbox)
    key = make_known_key(site, "malformed")
    ats = Ats(site.url, key)
    seen = {}
    for method, path, body in requests_that_cannot_be():
        options = {} if body is None else {"data": body, "headers": {"Content-Type": "application/json"}}
        answer = ats.call(method, path, **options)
        # Some are odd and allowed, such as a null for a default.
        assert answer.status_code < 500, f"{method} {path[:200]} {str(body)[:200]}: {answer.text[:300]}"
        if answer.status_code != 200 and answer.headers["Content-Type"].startswith("application/problem"):
            seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
    assert sum(seen.values()) >= 200 and seen[400] >= 150, seen


def test_no_change_of_an_interview_is_an_error_of_ours(site, ivy, sandbox):
    ivy.connect(sandbox)
    ats = Ats(site.url, make_known_key(site, "malformed-changes"))
    made = ats.post("/events", {**BODIES["/events"], "hold_id": None, "conference_url": None}).json()
    rng, refused = random.Random(455), 0
    members = [{name: odd} for name in (*BODIES["/events"], "") for odd in rng.sample(ODD, 12)]
    for body in (*TEXTS, *(json.dumps(one).encode() for one in members)):
        answer = ats.call("PATCH", f"/events/{made['id']}", data=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in (200, 400, 409, 413), f"{str(body)[:200]}: {answer.text[:300]}"
        refused += answer.status_code != 200
    assert refused >= 100


@pytest.mark.parametrize("path", BODIES)
def test_a_wrong_csrf_token_is_refused_whatever_the_body(site, path):
    ivy = Ats(site.url, browser=site.client(IVY))
    for token in ("", "x", "x" * 43, "\u00fc".encode("latin-1").decode("latin-1") * 43):
        answer = ivy.call("POST", path, BODIES[path], headers={"X-CSRF-Token": token})
        assert answer.status_code == 403
