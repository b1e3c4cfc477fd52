"""Starts a provider sandbox for a test, and speaks to it as a test and as a user's browser.

    with Sandbox(redirect_uris=[callback]) as sandbox:
        callback_url = sandbox.approve(authorize_url, "avery@example.com")
"""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import requests

from calendar_client import CalendarClient
from icloud_client import IcloudClient

HOME = Path(__file__).resolve().parent
SCOPE_PREFIX = "https://www.googleapis.com/auth/"
OTHER_ACCOUNT = "other"


class SandboxError(Exception):
    """The sandbox did not start, or answered other than the caller expects."""


class FormReader(HTMLParser):
    """The first form of a page, read as a browser does."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.action: str | None = None
        #: Fields that are sent as they stand: hidden and text fields.
        self.fields: dict[str, str] = {}
        #: (name, value, checked, enabled) of radio buttons and check boxes.
        self.choices: list[tuple[str, str, bool, bool]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "form" and self.action is None:
            self.action = found.get("action", "")
        elif tag == "input" and found.get("type") in ("hidden", "text"):
            self.fields[found["name"]] = found.get("value", "")
        elif tag == "input" and found.get("type") in ("radio", "checkbox"):
            self.choices.append((found["name"], found.get("value", ""), "checked" in found,
                                 "disabled" not in found))

    def values(self, name: str) -> list[str]:
        return [value for own, value, _, enabled in self.choices if own == name and enabled]

    def checked(self, name: str) -> list[str]:
        return [value for own, value, checked, enabled in self.choices
                if own == name and checked and enabled]


def complaint_of(page: requests.Response) -> str:
    """Status and, where the page shows one, the complaint."""
    shown = re.search(r'role="alert">([^<]*)', page.text)
    return f"status {page.status_code}: {shown.group(1) if shown else page.text[:200]}"


class Sandbox:
    """One sandbox process on ports of its own. `http` and `https` hold its addresses, such as
    sandbox.http["google"]["token_url"]."""

    def __init__(self, client_id: str = "1234567890-example.apps.googleusercontent.com",
                 client_secret: str = "EXAMPLE_CLIENT_SECRET",
                 redirect_uris: list[str] | tuple[str, ...] = (),
                 project_clients: dict[str, str] | None = None,
                 certificate: str | None = None, key: str | None = None,
                 issuer: str | None = None, log: str | None = None) -> None:
        self.client_id, self.client_secret = client_id, client_secret
        self.certificate = certificate
        self.process: subprocess.Popen | None = None
        self.http: dict = {}
        self.https: dict = {}
        self.icloud = IcloudClient(self)
        self._command = [sys.executable, "-m", "sandbox", "--port", "0",
                         "--client-id", client_id, "--client-secret", client_secret]
        for uri in redirect_uris:
            self._command += ["--redirect-uri", uri]
        if project_clients:
            self._command += ["--project-clients",
                              *(f"{name}:{secret}" for name, secret in project_clients.items())]
        if certificate and key:
            self._command += ["--tls-port", "0", "--certificate", certificate, "--key", key]
        for option, value in (("--issuer", issuer), ("--log", log)):
            self._command += [option, value] if value is not None else []
        self._browser = requests.Session()
        self._browser.trust_env = False
        if certificate:
            self._browser.verify = certificate

    # The process

    def start(self, seconds: float = 15.0) -> "Sandbox":
        """Returns when it listens; SandboxError when it does not within `seconds`."""
        environment = {**os.environ, "PYTHONPATH": str(HOME), "PYTHONDONTWRITEBYTECODE": "1"}
        self.process = subprocess.Popen(self._command, env=environment, text=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        readable, _, _ = select.select([self.process.stdout], [], [], seconds)
        line = self.process.stdout.readline() if readable else ""
        if not line:
            self.stop()
            raise SandboxError("the sandbox did not start")
        ready = json.loads(line)
        self.http, self.https = ready["http"], ready.get("https", {})
        return self

    def stop(self, seconds: float = 10.0) -> int:
        """Ends the process and returns its exit status."""
        process, self.process = self.process, None
        if process is None:
            return 0
        process.terminate()
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()
        finally:
            process.stdout.close()

    def __enter__(self) -> "Sandbox":
        return self.start()

    def __exit__(self, kind, *_) -> None:
        """SandboxError where a request was none that the provider knows, or an answer none of its own."""
        try:
            wrong = self.violations() if kind is None and self.process and self.process.poll() is None else []
        finally:
            self.stop()
        if wrong:
            raise SandboxError("not as the providers have published it:\n" + "\n".join(map(str, wrong)))

    # The user at the provider

    def approve(self, authorize_url: str, email: str | None = None,
                allow_scopes: list[str] | None = None, deny: bool = False) -> str:
        """What a user does on the page: chooses the account (None: the one preselected), ticks
        all boxes or only `allow_scopes` (short names do), presses Allow or Deny. Returns the
        address that the browser is sent to, without going there."""
        page = self._browser.get(authorize_url, allow_redirects=False, timeout=30)
        if page.is_redirect:
            return page.headers["Location"]
        form = FormReader(page.text)
        if page.status_code != 200 or form.action is None:
            raise SandboxError(f"no consent page: {complaint_of(page)}")
        fields = dict(form.fields)
        if email is None:
            fields["account"] = form.checked("account")
        elif email in form.values("account"):
            fields["account"] = email
        else:
            fields |= {"account": OTHER_ACCOUNT, "other_account": email}
        wanted = None if allow_scopes is None else {
            name if name.startswith(SCOPE_PREFIX) else SCOPE_PREFIX + name
            for name in allow_scopes}
        fields["granted_scope"] = [value for value in form.values("granted_scope")
                                   if wanted is None or value in wanted]
        fields["decision"] = "deny" if deny else "allow"
        answer = self._browser.post(urljoin(page.url, form.action), data=fields,
                                    allow_redirects=False, timeout=30)
        if not answer.is_redirect:
            raise SandboxError(f"no redirect: {complaint_of(answer)}")
        return answer.headers["Location"]

    # The control API

    def control(self, method: str, path: str, body: dict | None = None) -> dict:
        answer = self._browser.request(method, f"{self.http['control']}/{path}", json=body,
                                       timeout=30)
        if answer.status_code != 200:
            raise SandboxError(f"{path}: status {answer.status_code}: "
                               f"{answer.json().get('error')}")
        return answer.json()

    def state(self) -> dict:
        return self.control("GET", "state")

    def requests(self, endpoint: str) -> int:
        """How many requests this endpoint got since the start or the last reset."""
        return self.state()["requests"].get(endpoint, 0)

    def live_grants(self, email: str | None = None) -> list[dict]:
        return [grant for grant in self.state()["grants"]
                if grant["alive"] and email in (None, grant["account"])]

    def reset(self) -> None:
        self.control("POST", "reset")

    def add_account(self, email: str, **members) -> dict:
        """`calendars` is a number or a list; see the README."""
        return self.control("POST", "accounts", {"email": email, **members})

    def add_client(self, client_id: str, **members) -> dict:
        """`secret`, `redirect_uris`, `project`; changes a client that exists."""
        return self.control("POST", "clients", {"client_id": client_id, **members})

    def expire_access_tokens(self, email: str | None = None) -> int:
        return self.control("POST", "expire-access-tokens", {"email": email})["expired"]

    def revoke_account(self, email: str) -> int:
        """The user withdraws the access at the provider."""
        return self.control("POST", "revoke-account", {"email": email})["revoked"]

    def mode(self, **switches) -> dict:
        return self.control("POST", "mode", switches)

    def auto_approve(self, email: str | None, scopes: list[str] | None = None,
                     deny: bool = False) -> None:
        """Authorization without a page; None switches it off."""
        self.control("POST", "auto-approve", {"email": email, "scopes": scopes, "deny": deny})

    def calendar(self, provider: str, account: str, calendar: str | None = None) -> CalendarClient:
        """Of google, outlook or icloud; without a name the account's main calendar."""
        return CalendarClient(self, provider, account, calendar)

    def requests_of(self, endpoint: str, **features) -> list[dict]:
        """Each request of an endpoint: its status, the faults it met, when it `began` and `ended` (seconds of one
        clock), account, calendar, id, page and cursor."""
        return self.control("POST", "requests", {"endpoint": endpoint, **features})["requests"]

    def writes(self, **features) -> list[dict]:
        """What was written by the providers' interfaces; of one provider, account, calendar, call or id."""
        return self.control("POST", "writes", features)["writes"]

    def clock(self, **changes) -> dict:
        """`now`, `stopped`, `advance` (seconds)."""
        return self.control("POST", "clock", changes)

    def pushed(self, kind: str | None = None) -> list[dict]:
        """What was sent without being asked for: sync, validation, notification, lifecycle."""
        return [one for one in self.control("GET", "pushed")["pushed"] if kind in (None, one["kind"])]

    def wait_until_pushed(self, count: int = 1, kind: str = "notification", seconds: float = 10.0) -> list[dict]:
        """Returns what was sent and answered once it is at least `count`; SandboxError otherwise."""
        until = time.monotonic() + seconds
        while True:
            sent = [one for one in self.pushed(kind) if one["status"] is not None]
            if len(sent) >= count:
                return sent
            if time.monotonic() > until:
                raise SandboxError(f"only {len(sent)} of {count} messages were sent")
            time.sleep(0.02)

    def violations(self) -> list[dict]:
        """Requests and answers that aren't as the providers have published them, also of before a reset."""
        return self.control("GET", "violations")["violations"]

    def take_violations(self) -> list[dict]:
        """The same, and they count no longer: for a test that provokes them."""
        return self.control("POST", "violations/take")["violations"]

    def fault(self, endpoint: str, kind: str, count: int = 1, **params) -> str:
        """Arms a fault and returns its id."""
        return self.control("POST", "faults", {"endpoint": endpoint, "kind": kind,
                                               "count": count, **params})["id"]

    def clear_faults(self, fault_id: str | None = None) -> None:
        self.control("DELETE", f"faults/{fault_id}" if fault_id else "faults")

    def held(self) -> list[dict]:
        return self.control("GET", "held")["held"]

    def wait_until_held(self, count: int = 1, seconds: float = 10.0) -> list[dict]:
        """Returns the waits once there are at least `count`; SandboxError otherwise."""
        until = time.monotonic() + seconds
        while True:
            waits = self.held()
            if len(waits) >= count:
                return waits
            if time.monotonic() > until:
                raise SandboxError(f"only {len(waits)} of {count} answers are held")
            time.sleep(0.02)

    def release(self, name: str | None = None) -> int:
        """Lets go one wait (by its id), a fault's waits (by the fault's id), or all."""
        return self.control("POST", f"release/{name}" if name else "release")["released"]
