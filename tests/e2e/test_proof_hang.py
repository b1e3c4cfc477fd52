"""A provider that hangs starves nobody: the site stays as fast as it was, and no callback is lost."""

import collections
import re
import statistics
import subprocess
import threading

import pytest

from harness.callers import ask
from harness.httpd_config import Config
from harness.people import ADA, IAN, IVY
from harness.priority import come_first, step_back
from harness.session import SETTINGS, query_of

ROUNDS = 3
WORKERS = {
    "event": (100, "StartServers 2\nServerLimit 2\nThreadsPerChild 50\nThreadLimit 50\nMaxRequestWorkers 100\n"
                   "MinSpareThreads 50\nMaxSpareThreads 100"),
    "prefork": (60, "StartServers 60\nMinSpareServers 60\nMaxSpareServers 60\nServerLimit 60\n"
                    "MaxRequestWorkers 60"),
}


#: Some thousand requests a second: a site that works, on a machine that isn't saturated by the question itself.
PAUSE = "function delay() return 5 end\n"


def percentile_99(site, seconds: int) -> float:
    """Milliseconds within which 99 of 100 requests for a static page are answered."""
    script = site.folder / "pause.lua"
    script.write_text(PAUSE, encoding="ascii")
    with subprocess.Popen(["wrk", "-t1", "-c8", f"-d{seconds}s", "-s", script, "--latency", f"{site.url}/ready.txt"],
                          stdout=subprocess.PIPE, text=True) as asking:
        come_first(asking.pid)
        said, _ = asking.communicate(timeout=seconds + 60)
    assert asking.returncode == 0
    # A kept connection that httpd closes is no failure of a request.
    assert "Non-2xx" not in said, said
    amount, unit = re.search(r"^\s+99%\s+([\d.]+)(us|ms|s)$", said, re.M).groups()
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


@pytest.fixture
def first_cluster(cluster):
    """The site's PostgreSQL, which comes first as the site does."""
    come_first(cluster.pid)
    yield cluster
    step_back(cluster.pid)


def returning_users(site, sandbox, callbacks: int) -> list[tuple]:
    """(browser, callback) of users who all come back from the provider at once, in many tabs."""
    browsers = [site.client(person) for person in (IVY, IAN, ADA)]
    # Each user has one account, so that every tab ends the same way.
    made = []
    for index, browser in enumerate(browsers):
        sandbox.auto_approve(f"avery{index}@example.com")
        made += [(browser, sandbox.approve(browser.start())) for _ in range(callbacks // len(browsers))]
    sandbox.auto_approve(None)
    return made


def outcome(answer) -> str | int:
    """The notice that a callback ended with, or its status."""
    return query_of(answer.headers["Location"]).get("calint_notice", "") if answer.status == 303 else answer.status


@pytest.mark.parametrize("mpm", ["event", "prefork"])
def test_a_hanging_provider_leaves_the_site_as_fast_and_loses_no_callback(make_site, first_cluster, sandbox, proof,
                                                                          mpm):
    workers, settings = WORKERS[mpm]
    # The callbacks keep coming while the page is asked for, so that what they cost the machine is spread over the time
    # for which the provider hangs.
    calm, seconds, callbacks = proof.size((3, 8, 99), (15, 30, 300))
    site = make_site(Config(mpm=mpm, extra=settings), cluster=first_cluster)
    site.log.allow("CALINT0215", "CALINT0203", "AH00161: server reached MaxRequestWorkers")
    come_first(site.httpd.pid)
    # As on a server that has run for a while: each child has its connections.
    ask([(site.client(IVY), site.url + SETTINGS)] * 4 * workers, at_once=workers)
    sandbox.fault("token", "hang", count=-1)

    # Again and again, each time beside a percentile from just before: every one of the ratios counts.
    rounds, held, refused = [], [], []
    for _ in range(ROUNDS):
        returning = returning_users(site, sandbox, callbacks)
        before = percentile_99(site, calm)
        with Beside(lambda: percentile_99(site, seconds)) as static:
            answers = ask(returning, at_once=callbacks, seconds=seconds - 4.5)
        rounds.append((static.result / before, before, static.result))

        outcomes = collections.Counter(map(outcome, answers))
        assert set(outcomes) == {"exchange_failed", 503}
        assert outcomes["exchange_failed"] >= workers // 4
        held += [answer for answer in answers if answer.status != 503]
        refused += [(callback, answer) for callback, answer in zip(returning, answers) if answer.status == 503]
    sandbox.clear_faults()
    assert max(answer.seconds for answer in held) <= 5.0
    assert all(1 <= int(answer.headers["Retry-After"]) <= 10 for _, answer in refused)

    reloaded = ask([callback for callback, _ in refused], at_once=workers // 8)
    assert set(map(outcome, reloaded)) <= {"connected", "reconnected"}
    assert not site.jobs("revoke"), "every tab of a user brought the same account"

    ratio, before, during = statistics.median_low(rounds)
    proof.figure(f"{mpm}, {workers} workers, {ROUNDS} times {callbacks} callbacks at a hanging provider: "
                 f"{len(held)} held, slowest {max(answer.seconds for answer in held):.2f} s, "
                 f"{len(refused)} asked to reload, slowest "
                 f"{max(answer.seconds for _, answer in refused):.2f} s, all of them connected then; "
                 f"static page's 99th percentile {before:.2f} ms before, {during:.2f} ms during, {ratio:.2f} times, "
                 f"the middle of {', '.join(f'{one:.2f}' for one, _, _ in rounds)}")
    assert max(one for one, _, _ in rounds) <= 2
