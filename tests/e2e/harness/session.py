"""A signed-in user's browser, as far as HTTP goes: cookies, forms, and redirects that are looked at rather
than followed."""

from __future__ import annotations

import socket
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import requests

from .httpd_config import PASSWORD
from .page import Form, Page
from .paths import DISCONNECT, SETTINGS, start_path, switch_path

USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64) end-to-end test"


def query_of(url: str) -> dict[str, str]:
    """The parameters of a URL, each of which must be there once."""
    found = parse_qs(urlsplit(url).query, keep_blank_values=True, strict_parsing=True)
    assert all(len(values) == 1 for values in found.values()), f"a doubled parameter in {url}"
    return {name: values[0] for name, values in found.items()}


def notice_of(answer: requests.Response) -> str:
    """The notice that a redirect carries."""
    assert answer.status_code == 303, f"status {answer.status_code}: {Page(answer.text).text[:300]}"
    return query_of(answer.headers["Location"])["calint_notice"]


class Client:
    def __init__(self, url: str, login: str | None, password: str = PASSWORD, keep_alive: bool = False,
                 wait: Callable[[], None] | None = None) -> None:
        """`wait` comes before each form that is submitted."""
        self.url, self.login, self._wait = url, login, wait
        self._http = requests.Session()
        self._http.trust_env = False
        # httpd ends kept connections at a restart, which no test wants to meet by chance.
        self._http.headers.update({"User-Agent": USER_AGENT, "Connection": "keep-alive" if keep_alive else "close"})
        if login:
            self._http.auth = (login, password)

    @property
    def cookies(self) -> requests.cookies.RequestsCookieJar:
        return self._http.cookies

    def sign_in_as(self, person) -> None:
        """Another login in the same browser; the session's cookie stays."""
        self.login = person.login
        self._http.auth = (person.login, PASSWORD)

    def request(self, method: str, path: str, **options) -> requests.Response:
        options = {"allow_redirects": False, "timeout": 30, **options}
        return self._http.request(method, urljoin(self.url, path), **options)

    def get(self, path: str, **options) -> requests.Response:
        return self.request("GET", path, **options)

    def in_background(self, method: str, path: str, **options) -> Future:
        """The answer comes later; result(seconds) waits for it."""
        pool = ThreadPoolExecutor(1)
        future = pool.submit(self.request, method, path, **options)
        pool.shutdown(wait=False)
        return future

    def get_in_background(self, path: str) -> Future:
        return self.in_background("GET", path)

    def post_in_background(self, path: str, fields: dict[str, str]) -> Future:
        return self.in_background("POST", path, data=fields)

    def post(self, path: str, fields: dict[str, str] | list[tuple[str, str]], **options) -> requests.Response:
        return self.request("POST", path, data=fields, **options)

    def page(self, path: str = SETTINGS, status: int = 200) -> Page:
        answer = self.get(path)
        assert answer.status_code == status, f"{path}: status {answer.status_code}: {answer.text[:500]}"
        return Page(answer.text)

    def follow(self, answer: requests.Response) -> Page:
        """The page that a redirect leads to."""
        assert answer.status_code in (302, 303), f"status {answer.status_code}"
        return self.page(answer.headers["Location"])

    def submit(self, form: Form, **changes: str) -> requests.Response:
        """Sends a form as a browser does, same-origin headers included."""
        assert form.method == "post"
        if self._wait:
            self._wait()
        return self.post(form.action, form.sent(**changes),
                         headers={"Origin": self.url, "Sec-Fetch-Site": "same-origin"})

    def raw(self, method: str, target: str) -> requests.Response:
        """A request for exactly this target, which requests would tidy up."""
        prepared = self._http.prepare_request(requests.Request(method, self.url))
        prepared.url = self.url + target
        return self._http.send(prepared, allow_redirects=False, timeout=30)

    def send_bytes(self, request: bytes) -> bytes:
        """What comes back for these bytes, up to the end of the connection."""
        address = urlsplit(self.url)
        with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    # The flow

    def start(self, provider: str = "google", **query: str) -> str:
        """Begins to connect; the provider's address that the browser is sent to."""
        answer = self.get(start_path(provider), params=query)
        assert answer.status_code == 302, f"status {answer.status_code}: {Page(answer.text).text[:300]}"
        return answer.headers["Location"]

    def consent(self, sandbox, email: str = "avery@example.com", *, provider: str = "google",
                return_to: str | None = None, **choices) -> str:
        """Begins to connect and answers at the provider; the address to come back to."""
        query = {"return_to": return_to} if return_to else {}
        return sandbox.approve(self.start(provider, **query), email, **choices)

    def consent_to_switch(self, sandbox, email: str, *, provider: str = "google", **choices) -> str:
        """The same by way of the question, which it confirms."""
        (form,) = self.page(switch_path(provider)).forms
        started = self.submit(form)
        assert started.status_code == 303, f"status {started.status_code}: {Page(started.text).text[:300]}"
        return sandbox.approve(started.headers["Location"], email, **choices)

    def type_password(self, apple_id: str, password: str, *, return_to: str | None = None,
                      **changes: str) -> requests.Response:
        """Fills the credentials page in and sends it."""
        query = f"?{urlencode({'return_to': return_to})}" if return_to else ""
        (form,) = self.page(f"{start_path('apple')}{query}").forms
        return self.submit(form, apple_id=apple_id, app_password=password, **changes)

    def disconnect(self) -> requests.Response:
        """Asks, and confirms."""
        return self.submit(self.page(DISCONNECT).form("Disconnect"))

    def connect(self, sandbox, email: str = "avery@example.com", **choices) -> requests.Response:
        """The whole flow; what the callback answers."""
        return self.get(self.consent(sandbox, email, **choices))
