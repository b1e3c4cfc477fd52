"""A provider that hangs, a server with so many workers, and users who all come back from the provider at once."""

from __future__ import annotations

import threading

from .callers import ask
from .httpd_config import Config
from .paths import SETTINGS
from .people import ADA, IAN, IVY
from .session import query_of

#: By MPM: how many workers there are, and the directives that make so many.
WORKERS = {
    "event": (100, "StartServers 2\nServerLimit 2\nThreadsPerChild 50\nThreadLimit 50\nMaxRequestWorkers 100\n"
                   "MinSpareThreads 50\nMaxSpareThreads 100"),
    "prefork": (60, "StartServers 60\nMinSpareServers 60\nMaxSpareServers 60\nServerLimit 60\n"
                    "MaxRequestWorkers 60"),
}


class Beside:
    """Runs beside the block; `result` is there after it."""

    def __init__(self, work) -> None:
        self.result = None
        self._work = work
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        self.result = self._work()

    def __enter__(self) -> "Beside":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._thread.join()


def workers_of(mpm: str) -> tuple[int, Config]:
    workers, directives = WORKERS[mpm]
    return workers, Config(mpm=mpm, extra=directives)


def warm_up(site, workers: int) -> None:
    """As a server that has run for a while: each child has its connections."""
    ask([(site.client(IVY), site.url + SETTINGS)] * 4 * workers, at_once=workers)


def returning_users(site, callbacks: int) -> list[tuple]:
    """(browser, callback) of users who come back from the provider, in many tabs."""
    browsers = [site.client(person) for person in (IVY, IAN, ADA)]
    # Each user has one account, so that every tab ends the same way.
    made = []
    for index, browser in enumerate(browsers):
        site.sandbox.auto_approve(f"avery{index}@example.com")
        made += [(browser, site.sandbox.approve(browser.start())) for _ in range(callbacks // len(browsers))]
    site.sandbox.auto_approve(None)
    return made


def outcome(answer) -> str | int:
    """The notice that a callback ended with, or its status."""
    return query_of(answer.headers["Location"]).get("calint_notice", "") if answer.status == 303 else answer.status
