"""A provider that hangs starves nobody: the site stays as fast as it was, and no callback is lost."""

import asyncio
import collections
import re
import subprocess
import threading
from dataclasses import dataclass

import aiohttp
import pytest

from harness.httpd_config import PASSWORD, Config
from harness.people import ADA, IAN, IVY
from harness.session import SETTINGS, query_of

CALLBACKS = 300
WORKERS = {
    "event": (100, "StartServers 2\nServerLimit 2\nThreadsPerChild 50\nThreadLimit 50\nMaxRequestWorkers 100\n"
                   "MinSpareThreads 50\nMaxSpareThreads 100"),
    "prefork": (60, "StartServers 60\nMinSpareServers 60\nMaxSpareServers 60\nServerLimit 60\n"
                    "MaxRequestWorkers 60"),
}


@dataclass
class Answered:
    status: int
    headers: dict[str, str]
    seconds: float

    @property
    def notice(self) -> str:
        return query_of(self.headers["Location"]).get("calint_notice", "") if self.status == 303 else ""


#: Some thousand requests a second: a site that works, on a machine that isn't saturated by the question itself.
PAUSE = "function delay() return 5 end\n"


def percentile_99(site, seconds: int) -> float:
    """Milliseconds within which 99 of 100 requests for a static page are answered."""
    script = site.folder / "pause.lua"
    script.write_text(PAUSE, encoding="ascii")
    done = subprocess.run(["wrk", "-t1", "-c8", f"-d{seconds}s", "-s", script, "--latency", f"{site.url}/ready.txt"],
                          capture_output=True, text=True, check=True, timeout=seconds + 60)
    # A kept connection that httpd closes is no failure of a request.
    assert "Non-2xx" not in done.stdout, done.stdout
    amount, unit = re.search(r"^\s+99%\s+([\d.]+)(us|ms|s)$", done.stdout, re.M).groups()
    return float(amount) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]


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


def returning_users(site, sandbox) -> list[tuple]:
    """(browser, callback) of users who all come back from the provider at once, in many tabs."""
    browsers = [site.client(person) for person in (IVY, IAN, ADA)]
    # Each user has one account, so that every tab ends the same way.
    made = []
    for index, browser in enumerate(browsers):
        sandbox.auto_approve(f"avery{index}@example.com")
        made += [(browser, sandbox.approve(browser.start())) for _ in range(CALLBACKS // len(browsers))]
    sandbox.auto_approve(None)
    return made


async def _ask(http: aiohttp.ClientSession, browser, url: str, after: float) -> Answered:
    clock = asyncio.get_running_loop().time
    await asyncio.sleep(after)
    began = clock()
    async with http.get(url, allow_redirects=False, auth=aiohttp.BasicAuth(browser.login, PASSWORD),
                        headers={"Cookie": "; ".join(f"{one.name}={one.value}" for one in browser.cookies)}) as answer:
        await answer.read()
        return Answered(answer.status, dict(answer.headers), clock() - began)


def ask(callbacks: list[tuple], at_once: int, seconds: float = 0) -> list[Answered]:
    """The answers, in the order of the callbacks, which arrive one after the other over so long a time."""
    async def all_of_them():
        connector = aiohttp.TCPConnector(limit=at_once, force_close=True)
        async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(),
                                         timeout=aiohttp.ClientTimeout(60)) as http:
            return await asyncio.gather(*(_ask(http, *callback, seconds * index / len(callbacks))
                                          for index, callback in enumerate(callbacks)))
    return asyncio.run(all_of_them())


@pytest.mark.parametrize("mpm", ["event", "prefork"])
def test_a_hanging_provider_leaves_the_site_as_fast_and_loses_no_callback(make_site, sandbox, proof, mpm):
    workers, settings = WORKERS[mpm]
    # The callbacks keep coming while the page is asked for, so that what they cost the machine is spread over the time
    # for which the provider hangs.
    seconds = proof.size(16, 30)
    site = make_site(Config(mpm=mpm, extra=settings))
    site.log.allow("CALINT0215", "CALINT0203", "AH00161: server reached MaxRequestWorkers")
    callbacks = returning_users(site, sandbox)
    # As on a server that has run for a while: each child has its connections.
    ask([(site.client(IVY), site.url + SETTINGS)] * 4 * workers, at_once=workers)
    before = percentile_99(site, proof.size(8, 30))

    sandbox.fault("token", "hang", count=-1)
    with Beside(lambda: percentile_99(site, seconds)) as static:
        answers = ask(callbacks, at_once=CALLBACKS, seconds=seconds - 4)
    sandbox.clear_faults()

    outcomes = collections.Counter(answer.notice or answer.status for answer in answers)
    assert set(outcomes) == {"exchange_failed", 503}
    presented = [answer for answer in answers if answer.status != 503]
    refused = [(callback, answer) for callback, answer in zip(callbacks, answers) if answer.status == 503]
    assert len(presented) >= workers // 4
    assert max(answer.seconds for answer in presented) <= 5.0
    assert all(1 <= int(answer.headers["Retry-After"]) <= 10 for _, answer in refused)

    reloaded = ask([callback for callback, _ in refused], at_once=workers // 8)
    assert {answer.notice for answer in reloaded} <= {"connected", "reconnected"}
    assert not site.jobs("revoke"), "every tab of a user brought the same account"

    proof.figure(f"{mpm}, {workers} workers, {CALLBACKS} callbacks at a hanging provider: {len(presented)} held, "
                 f"slowest {max(answer.seconds for answer in presented):.2f} s, {len(refused)} asked to reload, "
                 f"slowest {max(answer.seconds for _, answer in refused):.2f} s, all of them connected then; "
                 f"static page's 99th percentile {before:.2f} ms before, {static.result:.2f} ms during, "
                 f"{static.result / before:.2f} times")
    assert static.result <= 2 * before
