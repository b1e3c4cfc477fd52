"""Graceful restarts under load lose no answer and no flow, and leave the parent as it was."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from harness import children
from harness.httpd_config import Config
from harness.invariants import check_rows, codes_presented
from harness.load import Load
from harness.process import wait_until
from harness.session import notice_of

#: What a parent's own memory may grow by: something by chance, and 0.5 kB at each restart, which is what httpd takes
#: without the module too. Its first restarts, after which it is some 210 kB larger, don't count.
CHANCE_KB, GROWTH_KB_EACH = 192, 0.5
FIRST_RESTARTS = 3


@dataclass
class Size:
    memory_kb: int
    descriptors: int


def size_of(pid):
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines())
    return Size(int(status["RssAnon"].split()[0]), len(list(Path(f"/proc/{pid}/fd").iterdir())))


def sizes(httpd):
    """Of the parent, and of the largest child after a restart that hardly anybody saw."""
    former = set(children.pids(httpd))
    httpd.graceful()
    wait_until(lambda: (now := children.pids(httpd)) and not former & set(now), "new children")
    httpd.settle()
    return size_of(httpd.pid), settled(httpd)


def settled(httpd):
    """The largest child's size once all have opened what they open at their start."""
    seen = []

    def is_settled():
        try:
            found = list(map(size_of, children.pids(httpd)))
        except (FileNotFoundError, KeyError):  # one that ended meanwhile
            return False
        seen.append(Size(max(one.memory_kb for one in found), max(one.descriptors for one in found)))
        return len(seen) >= 10 and all(one == seen[-1] for one in seen[-10:])

    wait_until(is_settled, "the children to come to rest")
    return seen[-1]


class Users:
    """They look at the settings, load a static page and go through the whole flow."""

    def __init__(self, site, sandbox, number):
        self.sandbox, self.people = sandbox, site.add_crowd(number)
        self.browsers = {person: site.client(person) for person in self.people}

    def act(self, person, chance):
        browser = self.browsers[person]
        does = chance.choice(["settings", "static", "flow"])
        if does == "settings":
            browser.page()
        elif does == "static":
            assert browser.get("/ready.txt").text == "ready\n"
        else:
            self.end_flow(person, self.begin_flow(person))
        return does

    def begin_flow(self, person):
        return self.browsers[person].consent(self.sandbox, f"{person.id}@example.com")

    def end_flow(self, person, callback):
        assert notice_of(self.browsers[person].get(callback)) in ("connected", "reconnected")


@pytest.mark.parametrize("mpm", ["event", "prefork"])
def test_graceful_restarts_under_load(make_site, sandbox, proof, mpm):
    site = make_site(Config(mpm=mpm), CalIntWorker="on")
    sandbox.mode(google_per_minute=0)  # each of few accounts connects more often than Google would let it
    users = Users(site, sandbox, 4)
    restarts = proof.size(10, 1000)
    # What is done once an hour takes further connections to the database, for a moment.
    assert site.run_jobs().returncode == 0
    for _ in range(FIRST_RESTARTS):
        sizes(site.httpd)
    parent, child = sizes(site.httpd)
    with Load(users.people[1:], users.act) as load:
        for _ in range(restarts):
            seen = load.words.total()
            callback = users.begin_flow(users.people[0])
            site.httpd.graceful()
            users.end_flow(users.people[0], callback)
            wait_until(lambda: load.failures or load.words.total() > seen + 3, "further answers")
    load.check()
    assert site.httpd.is_running()
    check_rows(site)
    assert codes_presented(sandbox) == load.words["flow"] + restarts
    # The first children had no calendar to read.
    site.read_no_calendar()
    parent_after, child_after = sizes(site.httpd)
    assert parent_after.descriptors == parent.descriptors
    # It goes up and down by some 200 kB from one restart to the next: what it keeps is the least of a few.
    kept = min(parent_after.memory_kb, *(sizes(site.httpd)[0].memory_kb for _ in range(2)))
    assert child_after.descriptors == child.descriptors
    grown = kept - parent.memory_kb
    assert grown <= CHANCE_KB + restarts * GROWTH_KB_EACH
    assert child_after.memory_kb <= child.memory_kb + CHANCE_KB + restarts * GROWTH_KB_EACH
    words = load.words
    proof.figure(f"{restarts} graceful restarts: {words['flow'] + restarts} flows, {words['settings']} settings pages "
                 f"and {words['static']} static pages, none lost; the parent's own memory went from {parent.memory_kb} to "
                 f"{kept} kB, a fresh child's from {child.memory_kb} to {child_after.memory_kb} kB; "
                 f"descriptors stayed at {parent.descriptors} and {child.descriptors}")
