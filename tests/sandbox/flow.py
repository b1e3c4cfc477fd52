"""What the sandbox's own tests share: samples, and an OAuth client's steps done by hand."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import requests

from client import SCOPE_PREFIX, Sandbox

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "google"
CALLBACK = "http://127.0.0.1:9/calendar/auth/google/callback"
OTHER_CLIENT = ("second.apps.googleusercontent.com", "SECOND_SECRET")
CALENDAR_SCOPES = tuple(SCOPE_PREFIX + name for name in
                        ("calendar.calendarlist.readonly", "calendar.freebusy",
                         "calendar.events"))
SCOPE = " ".join(("openid", "email", *CALENDAR_SCOPES))
VERIFIER = secrets.token_urlsafe(48)


def sample(name: str) -> dict:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def matches(answer: requests.Response, name: str) -> bool:
    """Status, headers and body are those of the sample."""
    wanted = sample(name)["response"]
    headers = wanted.get("headers", {})
    assert answer.status_code == wanted["status"]
    assert {key: answer.headers.get(key) for key in headers} == headers
    if "json" in wanted:
        assert answer.json() == wanted["json"]
    return True


def challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def authorize_url(sandbox: Sandbox, leave_out: tuple[str, ...] = (), **changes) -> str:
    query = {"client_id": sandbox.client_id, "redirect_uri": CALLBACK, "response_type": "code",
             "scope": SCOPE, "access_type": "offline", "prompt": "consent", "state": "STATE",
             "nonce": "NONCE", "code_challenge": challenge_of(VERIFIER),
             "code_challenge_method": "S256", **changes}
    query = {name: value for name, value in query.items() if name not in leave_out}
    return f"{sandbox.http['google']['authorize_url']}?{urlencode(query)}"


def answer_of(callback_url: str) -> dict[str, str]:
    pairs = parse_qsl(urlsplit(callback_url).query, strict_parsing=True)
    assert len(pairs) == len(dict(pairs))
    return dict(pairs)


def code_from(sandbox: Sandbox, email: str = "avery@example.com", allow=None, **changes) -> str:
    callback_url = sandbox.approve(authorize_url(sandbox, **changes), email, allow)
    return parse_qs(urlsplit(callback_url).query)["code"][0]


def post_token(sandbox: Sandbox, timeout: float = 10, auth=None, **form) -> requests.Response:
    if auth is None:
        form = {"client_id": sandbox.client_id, "client_secret": sandbox.client_secret, **form}
    return requests.post(sandbox.http["google"]["token_url"], data=form, auth=auth,
                         timeout=timeout)


def exchange(sandbox: Sandbox, code: str, **changes) -> requests.Response:
    return post_token(sandbox, **{"grant_type": "authorization_code", "code": code,
                                  "redirect_uri": CALLBACK, "code_verifier": VERIFIER,
                                  **changes})


def refresh(sandbox: Sandbox, token: str, **changes) -> requests.Response:
    return post_token(sandbox, **{"grant_type": "refresh_token", "refresh_token": token,
                                  **changes})


def connect(sandbox: Sandbox, email: str = "avery@example.com", allow=None, **changes) -> dict:
    """A whole flow: the members of the token answer."""
    answer = exchange(sandbox, code_from(sandbox, email, allow, **changes))
    assert answer.status_code == 200, answer.text
    return answer.json()


def revoke(sandbox: Sandbox, token: str) -> requests.Response:
    return requests.post(sandbox.http["google"]["revoke_url"], data={"token": token}, timeout=10)


def list_calendars(sandbox: Sandbox, token: str | None, timeout: float = 10,
                   **query) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.get(f"{sandbox.http['google']['api_url']}/users/me/calendarList",
                        headers=headers, params=query, timeout=timeout)


def claims_of(id_token: str) -> dict:
    payload = id_token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
