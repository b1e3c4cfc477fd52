"""The ways that a callback can go, for proofs that interrupt each at every step."""

from __future__ import annotations

from dataclasses import dataclass

from .session import Client, notice_of

AVERY, SAM = "avery@example.com", "sam@example.com"


@dataclass(frozen=True)
class Way:
    """What is connected before, whom the user chooses at the provider, and how that ends."""

    name: str
    before: str | None
    chosen: str
    confirmed: bool
    ends: str              # the notice, or "switch": the question
    provider: str = "google"

    def begin(self, browser: Client, sandbox) -> str:
        """Up to the provider's answer; the callback's address."""
        if self.before:
            assert notice_of(browser.connect(sandbox, self.before, provider=self.provider)) == "connected"
        return self.consent(browser, sandbox)

    def consent(self, browser: Client, sandbox) -> str:
        begun = browser.consent_to_switch if self.confirmed else browser.consent
        return begun(sandbox, self.chosen, provider=self.provider)

    def is_right(self, answer) -> bool:
        """The answer of a callback that ended as it should."""
        return answer.status_code == 303 and (
            answer.headers["Location"].startswith("/settings/calendar/switch?") if self.ends == "switch"
            else notice_of(answer) == self.ends)

    @property
    def account(self) -> str:
        """Connected at the end."""
        return self.before if self.ends == "switch" else self.chosen


WAYS = (Way("first", None, AVERY, False, "connected"),
        Way("reconnect", AVERY, AVERY, False, "reconnected"),
        Way("other account", AVERY, SAM, False, "switch"),
        Way("switch", AVERY, SAM, True, "switched"))


@dataclass(frozen=True)
class Cost:
    """What one callback asks of the database and of the provider."""

    groups: int
    calls: dict[str, int]


def cost_of(way: Way, browser: Client, sandbox, proxy) -> Cost:
    """Measured on an undisturbed callback. The client's child must have a connection to the database."""
    callback = way.begin(browser, sandbox)
    before, groups = sandbox.state()["requests"], proxy.groups
    answer = browser.get(callback)
    assert way.is_right(answer), answer.headers.get("Location", answer.status_code)
    groups = proxy.groups - groups
    after = sandbox.state()["requests"]
    calls = {endpoint: after[endpoint] - before.get(endpoint, 0) for endpoint in ("token", "calendarList")
             if after.get(endpoint, 0) > before.get(endpoint, 0)}
    assert groups >= 3 and calls["token"] == 1, (groups, calls)
    return Cost(groups, calls)
