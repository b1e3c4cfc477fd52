"""Interviews under kills and lost answers: each is at the provider once, as last asked; no hour is given twice."""

from __future__ import annotations

import collections
import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from harness import children
from harness.ats import Ats, let_keys_be_known, make_key
from harness.busy_time import ACCOUNTS
from harness.httpd_config import Config
from harness.people import IVY
from harness.process import wait_until
from harness.session import notice_of
from test_interviews import berlin, titles

ACCOUNT = ACCOUNTS["google"]


@pytest.fixture
def nodes(make_site, sandbox):
    """Two nodes that do background work, and Ivy, connected."""
    site = make_site(Config(extra=children.MANY), CalIntWorker="on")
    site.add_node(Config(extra=children.MANY), CalIntWorker="on")
    for node in site.nodes:
        node.log.allow_kills()
        node.log.allow("CALINT0233", "CALINT020[58]", "CALINT021[358]", "CALINT02[23][0-9]")
    sandbox.mode(google_per_minute=0)
    assert notice_of(site.client(IVY).connect(sandbox, ACCOUNT)) == "connected"
    key = make_key(site, "proof")
    let_keys_be_known()
    site.callers = [Ats(node.url, key) for node in site.nodes]
    return site


def call(ats: Ats, method: str, path: str, body=None) -> requests.Response | None:
    """None where the connection ended: the child was killed."""
    try:
        return ats.call(method, path, body) if body is not None else ats.call(method, path)
    except requests.exceptions.ConnectionError:
        return None


class Interview:
    """What the ATS wants of one, asked for until it has an answer."""

    def __init__(self, callers: list[Ats], number: int, chance: random.Random) -> None:
        self.callers, self.number, self.chance, self.id = callers, number, chance, None
        self.ref, self.title = f"int-{number}", f"{number} as first asked"

    def ask(self, method: str, path: str, body=None) -> requests.Response:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            answer = call(self.chance.choice(self.callers), method, path, body)
            if answer is not None and answer.status_code != 503:
                return answer
            time.sleep(0.1)
        raise AssertionError(f"{method} {path} has no answer")

    def live(self) -> None:
        first = self.title
        body = {"user_id": IVY.id, "interview_ref": self.ref, "title": first, "start": berlin(8, self.number),
                "end": berlin(9, self.number)}
        answer = self.ask("POST", "/events", body)
        assert answer.status_code in (200, 201, 202), answer.text
        self.id = answer.json()["id"]
        for number in range(self.chance.randrange(3)):
            self.title = f"{self.number} changed {number}"
            answer = self.ask("PATCH", f"/events/{self.id}", {"title": self.title})
            assert answer.status_code in (200, 202), answer.text
        if self.chance.random() < 0.25:
            assert self.ask("DELETE", f"/events/{self.id}").status_code == 204
            self.title = None


def all_told(site) -> bool:
    site.execute("UPDATE calendar_jobs SET due_at = now(), retry_at = NULL WHERE kind = 'interview'"
                 " AND lease_owner IS NULL AND due_at > now()")
    return site.row("SELECT count(*) AS n FROM calendar_events WHERE unsent <> '{}'")["n"] == 0


def test_kills_and_lost_answers_leave_each_interview_once_as_last_asked(nodes, sandbox, proof):
    count, kills = proof.size(40, 400), proof.size(12, 300)
    chance = random.Random(proof.size(1, 2))
    for endpoint in ("events.insert", "events.patch", "events.delete"):
        sandbox.fault(endpoint, "latency", count=-1, seconds=0.05)
        sandbox.fault(endpoint, "reset", when="after", count=count // 10)
    interviews = [Interview(nodes.callers, number, random.Random(number)) for number in range(count)]
    with ThreadPoolExecutor(8) as pool:
        lives = [pool.submit(one.live) for one in interviews]
        for _ in range(kills):
            time.sleep(chance.uniform(0, 0.3))
            node = chance.choice(nodes.nodes)
            wait_until(lambda: len(children.pids(node)) >= 3, "new children", pause=0.01)
            children.kill(node, chance.choice(children.pids(node)))
        for life in lives:
            life.result(120)
    sandbox.clear_faults()
    wait_until(lambda: all_told(nodes), "all to be told", 120, pause=0.5)
    there = titles("google", sandbox.calendar("google", ACCOUNT).events())
    assert there == sorted(one.title for one in interviews if one.title is not None)
    statuses = collections.Counter(row["status"] for row in nodes.rows("SELECT status FROM calendar_events"))
    assert set(statuses) <= {"confirmed", "cancelled"}
    proof.figure(f"{count} interviews booked, changed and cancelled over two nodes under {kills} kills of children and "
                 f"{3 * (count // 10)} answers that were lost after their effect: {dict(statuses)}, each once at the "
                 f"provider, as last asked")


def test_a_hundred_bookings_of_ten_hours_give_each_hour_once(nodes, sandbox, proof):
    times = [(berlin(8 + hour), berlin(9 + hour)) for hour in range(10)]

    def book(number: int) -> requests.Response:
        start, end = times[number % 10]
        return nodes.callers[number % 2].post("/events", {"user_id": IVY.id, "interview_ref": f"int-{number}",
                                                          "title": f"{number % 10}", "start": start, "end": end})

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(book, range(100)))
    codes = collections.Counter(answer.status_code for answer in answers)
    assert codes[201] + codes[202] == 10 and codes[409] == 90, codes
    wait_until(lambda: all_told(nodes), "all to be told", 30)
    assert titles("google", sandbox.calendar("google", ACCOUNT).events()) == [str(hour) for hour in range(10)]
    proof.figure("100 bookings of ten hours at once over two nodes: each hour once, 90 were told who was there first")
