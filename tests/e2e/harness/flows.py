"""The ways that a callback can go, for proofs that interrupt each at every step."""

from __future__ import annotations

from dataclasses import dataclass

from .page import Page
from .paths import SETTINGS
from .people import IVY
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
            answer.headers["Location"].startswith(f"{SETTINGS}/switch?") if self.ends == "switch"
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


TABLES = ("calendar_changes", "audit_logs", "calendar_grants", "calendar_used_states", "calendar_jobs",
          "calendar_integrations", "calendar_password_tries")


def begin(site, sandbox, way: Way, keep_alive: bool = False) -> tuple[Client, str]:
    """Ivy's browser and her callback's address, on a site as just started; its nodes stay warm."""
    site.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
    sandbox.reset()
    site.register()
    browser = site.client(IVY, keep_alive=keep_alive)
    return browser, way.begin(browser, sandbox)


def cost_of(way: Way, site, sandbox, proxy, keep_alive: bool = False) -> Cost:
    """Measured on an undisturbed callback, on a child that has a connection to the database by then."""
    browser, callback = begin(site, sandbox, way, keep_alive)
    before, groups = sandbox.state()["requests"], proxy.groups
    answer = browser.get(callback)
    assert way.is_right(answer), answer.headers.get("Location", answer.status_code)
    groups = proxy.groups - groups
    after = sandbox.state()["requests"]
    calls = {endpoint: after[endpoint] - before.get(endpoint, 0) for endpoint in ("token", "calendarList")
             if after.get(endpoint, 0) > before.get(endpoint, 0)}
    assert groups >= 3 and calls["token"] == 1, (groups, calls)
    return Cost(groups, calls)


def reload(site, browser: Client, way: Way, callback: str) -> str | None:
    """The user reloads a callback that was disturbed: it leads to the outcome, or to the settings where the flow died
    before it had one, and never to an error. The outcome as it was stored: "" without one, None where the flow hadn't
    been taken and so succeeds now."""
    flows = site.rows("SELECT outcome FROM calendar_used_states ORDER BY created_at")[1 if way.before else 0:]
    answer = browser.get(callback)
    assert answer.status_code == 303, Page(answer.text).text[:300]
    browser.follow(answer)
    if not flows:
        assert way.is_right(answer), "nothing had been consumed"
        return None
    outcome = flows[0]["outcome"] or ""
    if outcome == "switch":
        assert way.is_right(answer)
    elif outcome:
        assert notice_of(answer) == outcome
    else:
        assert answer.headers["Location"] == SETTINGS
    return outcome
