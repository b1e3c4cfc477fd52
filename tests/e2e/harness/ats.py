"""The ATS's side of the interface: its back end with a service key, and a page of it in somebody's browser."""

from __future__ import annotations

import json
import time

import requests

from .description import check_answer
from .paths import API


#: Longer than a process goes without a look at its file of service keys.
A_LOOK = 5.2


class Ats:
    """Calls with a service key, or as whoever is signed in in `browser`, whose CSRF token is sent along."""

    def __init__(self, url: str, key: str | None = None, browser=None) -> None:
        self.url, self.key, self.browser = url, key, browser

    def call(self, method: str, path: str, *arguments, **options) -> requests.Response:
        """Every answer is as the description of the interface has it."""
        answer = self._call(method, path, *arguments, **options)
        check_answer(method, path, answer)
        return answer

    def _call(self, method: str, path: str, body=None, headers=None, **options) -> requests.Response:
        headers = dict(headers or {})
        if body is not None and "data" not in options:
            options["data"] = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        if self.browser is None:
            if self.key:
                headers.setdefault("Authorization", f"Bearer {self.key}")
            headers.setdefault("Connection", "close")
            return requests.request(method, self.url + API + path, headers=headers, timeout=30, allow_redirects=False,
                                    **options)
        if method not in ("GET", "HEAD", "OPTIONS"):
            headers.setdefault("X-CSRF-Token", self.browser.get(f"{API}/integration").json()["csrf_token"])
        return self.browser.request(method, API + path, headers=headers, **options)

    def get(self, path: str, **options) -> requests.Response:
        return self.call("GET", path, **options)

    def post(self, path: str, body, **options) -> requests.Response:
        return self.call("POST", path, body, **options)


def make_key(site, name: str, organization: str = "1", scopes: str = "availability,events,changes", **options) -> str:
    """A new service key of this site's."""
    more = [part for option, value in options.items() for part in (f"--{option}", value)]
    return site.ctl("service-keys", "--file", str(site.service_key_file), "add", name, "--organization", organization,
                    "--scopes", scopes, *more).strip()


def let_keys_be_known() -> None:
    """What was written to the file of service keys counts from now on."""
    time.sleep(A_LOOK)


def make_known_key(site, name: str, **options) -> str:
    """A new service key that a node has heard of."""
    key = make_key(site, name, **options)
    let_keys_be_known()
    return key


def problem_of(answer: requests.Response, status: int, name: str, *pointers: str) -> dict:
    """A problem of this type, and of these places in the request where any are named."""
    assert answer.status_code == status, f"status {answer.status_code}: {answer.text[:500]}"
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"].endswith(f"{API}/problems/{name}") and problem["status"] == status
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    if pointers:
        assert [error["pointer"] for error in problem["errors"]] == list(pointers), problem["errors"]
    return problem
