"""A provider that hangs starves nobody: other pages are answered at once, and no callback is lost."""

import collections

import pytest

from harness.callers import ask
from harness.hanging import Beside, outcome, returning_users, warm_up, workers_of
from harness.paths import SETTINGS
from harness.people import IVY
from harness.priority import come_first, step_back

#: All callbacks come before the first of them is given up, so that those that hang do so at the same time; pages are
#: asked for until then.
ARRIVAL, WATCHED, PAGES = 2.0, 4.0, 100


@pytest.fixture
def first_cluster(cluster):
    """The site's PostgreSQL, which comes first as the site does."""
    come_first(cluster.pid)
    yield cluster
    step_back(cluster.pid)


def slowest(answers) -> float:
    return max(answer.seconds for answer in answers)


def percentile_99(answers) -> float:
    """Milliseconds within which 99 of 100 are answered."""
    return 1000 * sorted(answer.seconds for answer in answers)[len(answers) * 99 // 100 - 1]


@pytest.mark.parametrize("mpm", ["event", "prefork"])
def test_a_hanging_provider_holds_a_quarter_of_the_workers_and_loses_no_callback(make_site, first_cluster, sandbox,
                                                                                 proof, mpm):
    rounds, callbacks = proof.size((1, 120), (5, 300))
    workers, config = workers_of(mpm)
    assert callbacks > workers
    site = make_site(config, cluster=first_cluster)
    site.log.allow("CALINT0215", "CALINT0203", "AH00161: server reached MaxRequestWorkers")
    come_first(site.httpd.pid)
    warm_up(site, workers)
    sandbox.fault("token", "hang", count=-1)
    pages = [(site.client(IVY), site.url + path) for path in ("/ready.txt", SETTINGS)] * (PAGES // 2)

    held, refused, calm, meanwhile = [], [], [], []
    for _ in range(rounds):
        returning = returning_users(site, callbacks)
        calm += ask(pages, at_once=PAGES, seconds=WATCHED)
        with Beside(lambda: ask(pages, at_once=PAGES, seconds=WATCHED)) as asked:
            answers = ask(returning, at_once=callbacks, seconds=ARRIVAL)
        outcomes = collections.Counter(map(outcome, answers))
        assert outcomes == {"exchange_failed": workers // 4, 503: callbacks - workers // 4}
        assert {page.status for page in asked.result} == {200}
        meanwhile += asked.result
        held += [answer for answer in answers if answer.status != 503]
        refused += [(callback, answer) for callback, answer in zip(returning, answers) if answer.status == 503]
    sandbox.clear_faults()
    assert slowest(meanwhile) <= 1.0
    assert slowest(held) <= 5.0
    assert all(1 <= int(answer.headers["Retry-After"]) <= 10 for _, answer in refused)

    reloaded = ask([callback for callback, _ in refused], at_once=workers // 8)
    assert set(map(outcome, reloaded)) <= {"connected", "reconnected"}
    assert not site.jobs("revoke"), "every tab of a user brought the same account"

    before, during = percentile_99(calm), percentile_99(meanwhile)
    proof.figure(f"{mpm}, {workers} workers, {rounds} times {callbacks} callbacks at a hanging provider: "
                 f"{len(held)} held, slowest {slowest(held):.2f} s, {len(refused)} asked to reload, slowest "
                 f"{slowest(answer for _, answer in refused):.2f} s, all of them connected then; {len(meanwhile)} "
                 f"other pages meanwhile, slowest {slowest(meanwhile):.2f} s, 99th percentile {during:.1f} ms, "
                 f"{during / before:.2f} times that of before")
