"""Interviews in people's calendars: what the ATS asks for is there, once, as last asked, whatever comes in between."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest

from harness import children
from harness.ats import Ats, make_known_key
from harness.busy_time import ACCOUNTS, TUESDAY, Person, at, hours
from harness.people import IVY
from harness.process import wait_until
from harness.session import notice_of

CREATE = {"google": "events.insert", "outlook": "outlook.event.create", "apple": "icloud.put"}
CHANGE = {"google": "events.patch", "outlook": "outlook.event.update", "apple": "icloud.put"}
GUEST = "jane@candidate.test"


class Booker:
    """The ATS, and the calendar of the organiser whom it books."""

    def __init__(self, person: Person, key: str) -> None:
        self.person, self.site, self.sandbox, self.calendar = person, person.site, person.sandbox, person.calendar
        self.ats = Ats(person.site.url, key)

    def body(self, ref="int-1", start=10, end=11, day=0, **members) -> dict:
        return {"user_id": IVY.id, "interview_ref": ref, "title": "Interview: Jane Doe", "start": berlin(start, day),
                "end": berlin(end, day), "time_zone": "Europe/Berlin", "attendees": [{"email": GUEST}], **members}

    def book(self, status=201, **members) -> dict:
        answer = self.ats.post("/events", self.body(**members))
        assert answer.status_code == status, answer.text
        return answer.json()

    def get(self, made: dict) -> dict:
        return self.ats.get(f"/events/{made['id']}").json()

    def change(self, made: dict, status=200, **members) -> dict:
        answer = self.ats.call("PATCH", f"/events/{made['id']}", members)
        assert answer.status_code == status, answer.text
        return answer.json()

    def cancel(self, made: dict) -> None:
        assert self.ats.call("DELETE", f"/events/{made['id']}").status_code == 204

    def becomes(self, made: dict, seconds=20, **members) -> dict:
        wait_until(lambda: {name: self.get(made)[name] for name in members} == members, str(members), seconds)
        return self.get(made)

    def shown(self) -> list:
        return titles(self.person.provider, self.calendar.events())

    def changes(self) -> list[tuple[str, str]]:
        return [(row["change"], json.loads(row["detail"])["what"]) for row in self.site.rows(
            "SELECT change, detail FROM calendar_changes WHERE change LIKE 'event%%' ORDER BY id")]


def berlin(hour: int, day: int = 0) -> str:
    return at(hour, day) + "+01:00" if is_winter(day) else at(hour, day) + "+02:00"


def is_winter(day: int) -> bool:
    from zoneinfo import ZoneInfo
    return datetime.fromisoformat(at(12, day)).replace(tzinfo=ZoneInfo("Europe/Berlin")).utcoffset() == timedelta(hours=1)


def titles(provider: str, events: list) -> list[str]:
    if provider == "google":
        return sorted(event.get("summary", "") for event in events if event["status"] != "cancelled")
    if provider == "outlook":
        return sorted(event.get("subject", "") for event in events if not event.get("isCancelled"))
    return sorted(line.removeprefix("SUMMARY:") for event in events for line in event["text"].splitlines()
                  if line.startswith("SUMMARY"))


@pytest.fixture
def booker(person):
    person.connect()
    wait_until(lambda: person.sync()["last_synced_at"], "the first read")
    return Booker(person, make_known_key(person.site, "interviews"))


def test_an_interview_is_written_read_back_and_counted_once(booker):
    made = booker.book()
    assert made["status"] == "confirmed" and made["provider"] == booker.person.provider
    assert booker.shown() == ["Interview: Jane Doe"]
    booker.person.read_again()
    assert booker.person.busy() == hours((0, 10, 11))
    # Its own event isn't in its way, and another one's is.
    again = booker.ats.post("/events", booker.body(ref="int-2"))
    assert again.status_code == 409 and [one["why"] for one in again.json()["conflicts"]] == ["interview"]
    moved = booker.change(made, start=berlin(10), end=berlin(12))
    assert moved["status"] == "confirmed" and moved["end"] != made["end"]
    booker.person.read_again()
    assert booker.person.busy() == hours((0, 10, 12))


def test_the_same_again_is_the_same(booker):
    made = booker.book()
    assert booker.book(status=200)["id"] == made["id"] and booker.shown() == ["Interview: Jane Doe"]
    assert booker.ats.post("/events", booker.body(title="Other")).json()["type"].endswith("/ref_in_use")


def test_a_cancelled_one_is_gone_and_its_ref_makes_another(booker):
    made = booker.book()
    booker.cancel(made)
    assert booker.shown() == [] and booker.get(made)["status"] == "cancelled"
    booker.cancel(made)
    other = booker.book()
    assert other["id"] != made["id"] and booker.shown() == ["Interview: Jane Doe"]


def test_what_a_provider_that_is_down_misses_it_hears_later(booker):
    booker.site.log.expect("CALINT0233", "CALINT0205")
    booker.sandbox.fault(CREATE[booker.person.provider], "status", status=503, count=-1)
    made = booker.book(status=202)
    assert made["status"] == "pending" and booker.get(made)["problem"]["type"] == "provider_unavailable"
    booker.change(made, status=202, title="Interview: Jane D.")
    booker.sandbox.clear_faults()
    booker.site.execute("UPDATE calendar_jobs SET due_at = now(), retry_at = NULL WHERE kind = 'interview'")
    booker.becomes(made, status="confirmed", problem=None)
    assert booker.shown() == ["Interview: Jane D."]
    assert booker.changes()[-1] == ("event_updated", "confirmed")


def test_an_answer_that_is_lost_makes_no_second_event(booker):
    booker.site.log.expect("CALINT0233", "CALINT0205")
    booker.sandbox.fault(CREATE[booker.person.provider], "reset", when="after")
    made = booker.book(status=202)
    booker.change(made, status=None or 202, title="As last asked")
    booker.site.execute("UPDATE calendar_jobs SET due_at = now(), retry_at = NULL WHERE kind = 'interview'")
    booker.becomes(made, status="confirmed")
    wait_until(lambda: booker.shown() == ["As last asked"], "what was asked last")


def test_deleted_in_the_calendar_is_cancelled_and_never_comes_back(booker):
    made = booker.book()
    booker.person.read_again()
    booker.calendar.remove(made["provider_event_id"])
    booker.person.read_again()
    booker.becomes(made, status="cancelled", changed_in_calendar="deleted")
    assert booker.changes()[-1] == ("event_cancelled", "deleted")
    answer = booker.ats.call("PATCH", f"/events/{made['id']}", {"title": "Other"})
    assert answer.status_code == 409 and answer.json()["type"].endswith("/deleted_in_calendar")
    booker.cancel(made)
    assert booker.shown() == [] and booker.book(ref="int-2")


def test_deleted_in_the_calendar_is_heard_by_the_next_change_too(booker):
    made = booker.book()
    booker.calendar.remove(made["provider_event_id"])
    answer = booker.ats.call("PATCH", f"/events/{made['id']}", {"title": "Other"})
    assert answer.status_code == 409 and answer.json()["type"].endswith("/deleted_in_calendar"), answer.text
    assert booker.shown() == []


def test_a_guests_answer_is_told(booker):
    made = booker.book()
    booker.person.read_again()
    booker.calendar.answer(made["provider_event_id"], GUEST, "accepted")
    booker.person.read_again()
    wait_until(lambda: [(one["email"], one["status"]) for one in booker.get(made)["responses"]] == [(GUEST, "accepted")],
               "the answer")
    assert ("event_updated", "answer") in booker.changes()
    booker.change(made, description="Bring a pencil")
    assert [one["status"] for one in booker.get(made)["responses"]] == ["accepted"], "answers are kept"


def test_after_a_disconnect_it_ends_here(booker):
    made = booker.book()
    page = booker.person.browser
    assert notice_of(page.disconnect()) == "disconnected"
    answer = booker.ats.call("PATCH", f"/events/{made['id']}", {"title": "Other"})
    assert answer.status_code == 409 and answer.json()["type"].endswith("/organiser_disconnected")
    booker.cancel(made)
    assert booker.get(made)["status"] == "cancelled"
    assert booker.get(made)["problem"]["type"] == "organiser_disconnected"
