"""fresh=1: what stands in the calendars now, as far as that can be had within some seconds."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest

from harness.ats import Ats, make_known_key, problem_of
from harness.busy_time import TUESDAY, at, hours, utc
from harness.people import IAN, IVY


class Asker:
    def __init__(self, person) -> None:
        self.person, self.site = person, person.site
        self.ats = Ats(person.site.url, make_known_key(person.site, "fresh", scopes="availability"))

    def asked(self, fresh: int) -> tuple[list, str, float]:
        """Ivy's busy time, as of when, and after how many seconds the answer came."""
        begun = time.monotonic()
        answer = self.ats.get(f"/availability?user_id={IVY.id}&from={TUESDAY}T00:00:00Z&to={TUESDAY}T23:00:00Z"
                              f"&fresh={fresh}")
        assert answer.status_code == 200, answer.text
        (ivy,) = answer.json()["users"]
        busy = [tuple(span[end][:16].replace("T", " ") for end in ("start", "end")) for span in ivy["busy"]]
        return busy, ivy["as_of"], time.monotonic() - begun

    def age(self, minutes: int = 5) -> None:
        self.site.execute("UPDATE calendar_syncs SET last_synced_at = last_synced_at - %s * interval '1 minute'",
                          minutes)
        self.site.execute("UPDATE calendar_jobs SET due_at = now() + interval '10 minutes' WHERE kind = 'sync'")


@pytest.fixture
def asker(person):
    person.calendar.add(at(10), at(11))
    person.connect().expect((0, 10, 11))
    asker = Asker(person)
    asker.age()
    return asker


def test_what_stands_in_the_calendar_now_is_told(asker):
    asker.person.calendar.add(at(12), at(13))
    assert asker.asked(0)[0] == hours((0, 10, 11))
    busy, as_of, seconds = asker.asked(1)
    assert busy == hours((0, 10, 11), (0, 12, 13)) and seconds < 4.5
    age = datetime.now(timezone.utc) - datetime.fromisoformat(as_of.replace("Z", "+00:00"))
    assert age < timedelta(minutes=1)


def test_each_calendar_is_read_once_a_minute(asker):
    asker.asked(1)
    read = asker.person.sandbox.requests(asker.person.reads)
    busy, _, seconds = asker.asked(1)
    assert seconds < 1 and busy == hours((0, 10, 11))
    assert asker.person.sandbox.requests(asker.person.reads) == read


def test_what_takes_too_long_is_answered_from_what_is_known(asker):
    asker.person.calendar.add(at(12), at(13))
    asker.person.sandbox.fault(asker.person.reads, "hold", when="before")
    before = asker.asked(0)[1]
    busy, as_of, seconds = asker.asked(1)
    assert (busy, as_of) == (hours((0, 10, 11)), before) and 3 < seconds < 5
    asker.person.sandbox.release()
    asker.person.expect((0, 10, 11), (0, 12, 13))


def test_a_first_reading_and_a_time_to_wait_are_not_waited_for(asker):
    asker.site.execute("UPDATE calendar_jobs SET last_error = 'told_to_wait' WHERE kind = 'sync'")
    assert asker.asked(1)[2] < 1
    asker.site.execute("UPDATE calendar_jobs SET last_error = NULL WHERE kind = 'sync'")
    asker.site.execute("UPDATE calendar_syncs SET cursor = NULL")
    assert asker.asked(1)[2] < 1
    assert asker.site.row("SELECT due_at > now() AS later FROM calendar_jobs WHERE kind = 'sync'")["later"]


def test_whom_nobody_may_ask_for_is_not_read(asker):
    ian = Ats(asker.site.url, browser=asker.site.client(IAN))
    problem_of(ian.get(f"/availability?user_id={IVY.id}&from={TUESDAY}T00:00:00Z&to={TUESDAY}T23:00:00Z&fresh=1"), 403,
               "forbidden")
    assert asker.site.row("SELECT due_at > now() AS later FROM calendar_jobs WHERE kind = 'sync'")["later"]


def test_a_list_is_asked_for_freshly_too(asker):
    asker.person.calendar.add(at(12), at(13))
    body = {"user_ids": [IVY.id], "from": f"{TUESDAY}T00:00:00Z", "to": f"{TUESDAY}T23:00:00Z"}
    answer = asker.ats.post("/availability", {**body, "fresh": True})
    (ivy,) = answer.json()["users"]
    assert [span["start"][:16].replace("T", " ") for span in ivy["busy"]] == [utc(at(10)), utc(at(12))]
    problem_of(asker.ats.post("/availability", {**body, "fresh": 1}), 400, "invalid_request", "/fresh")
    problem_of(asker.ats.get(f"/availability?user_id={IVY.id}&from={TUESDAY}T00:00:00Z&to={TUESDAY}T23:00:00Z&fresh=2"),
               400, "invalid_request", "/fresh")
