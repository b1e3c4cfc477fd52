"""Interviews in people's calendars: what the ATS asks for is there, once, as last asked, whatever comes in between."""

from __future__ import annotations

import html
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from harness import clocks
from harness.ats import Ats, make_known_key, problem_of
from harness.busy_time import OAUTH, Person, at, hours
from harness.people import IVY
from harness.process import wait_until
from harness.session import notice_of

CREATE = {"google": "events.insert", "outlook": "outlook.create", "apple": "icloud.put"}
CHANGE = {"google": "events.patch", "outlook": "outlook.patch", "apple": "icloud.put"}
GOOGLE = pytest.mark.parametrize("person", ["google"], indirect=True)
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


    def try_again(self) -> None:
        """What was put off is due now."""
        self.site.execute("UPDATE calendar_jobs SET due_at = now(), retry_at = NULL WHERE kind = 'interview'")

    def event(self) -> dict:
        """The only one in the calendar, in the provider's own terms."""
        (event,) = (event for event in self.calendar.events() if event.get("status") != "cancelled")
        return event


def berlin(hour: float, day: int = 0) -> str:
    return datetime.fromisoformat(at(hour, day)).replace(tzinfo=ZoneInfo("Europe/Berlin")).isoformat()


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
    booker.site.log.expect("CALINT0233")
    booker.sandbox.fault(CREATE[booker.person.provider], "status", status=503, count=-1)
    made = booker.book(status=202)
    assert made["status"] == "pending" and booker.get(made)["problem"]["type"] == "provider_unavailable"
    booker.change(made, status=202, title="Interview: Jane D.")
    booker.sandbox.clear_faults()
    booker.try_again()
    booker.becomes(made, status="confirmed", problem=None)
    assert booker.shown() == ["Interview: Jane D."]
    assert booker.changes()[-1] == ("event_updated", "confirmed")


def test_an_answer_that_is_lost_makes_no_second_event(booker):
    booker.site.log.expect("CALINT0233")
    booker.sandbox.fault(CREATE[booker.person.provider], "reset", when="after")
    made = booker.book(status=202)
    booker.change(made, status=202, title="As last asked")
    booker.try_again()
    booker.becomes(made, status="confirmed")
    wait_until(lambda: booker.shown() == ["As last asked"], "what was asked last")


@pytest.mark.parametrize("person", ["outlook"], indirect=True)
def test_a_late_repetition_makes_no_second_event_where_graph_has_forgotten_the_first(booker):
    booker.site.log.expect("CALINT0233")
    booker.sandbox.mode(transaction_repeat="forgotten")
    booker.sandbox.fault(CREATE["outlook"], "reset", when="after")
    made = booker.book(status=202)
    booker.site.execute("UPDATE calendar_events SET created_at = created_at - interval '1 minute'")
    booker.try_again()
    booker.becomes(made, status="confirmed")
    assert booker.shown() == ["Interview: Jane Doe"]


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


def test_a_deletion_that_is_looked_at_twice_is_told_once(booker):
    made = booker.book()
    booker.person.read_again()
    booker.calendar.remove(made["provider_event_id"])
    booker.person.read_again()
    booker.becomes(made, status="cancelled", changed_in_calendar="deleted")
    told = booker.changes()
    booker.site.execute("INSERT INTO calendar_jobs (organization_id, kind, integration_id, subject, user_id, provider)"
                        " SELECT organization_id, 'interview', integration_id, id, user_id, %s FROM calendar_events",
                        booker.person.provider)
    wait_until(lambda: not booker.site.jobs("interview"), "the look")
    assert booker.changes() == told


def test_deleted_in_the_calendar_is_heard_by_the_next_change_too(booker):
    made = booker.book()
    booker.calendar.remove(made["provider_event_id"])
    answer = booker.ats.call("PATCH", f"/events/{made['id']}", {"title": "Other"})
    assert answer.status_code == 409 and answer.json()["type"].endswith("/deleted_in_calendar"), answer.text
    assert booker.shown() == []


@OAUTH
def test_deleted_before_its_making_was_known_it_stays_away(booker):
    """A CalDAV server forgets a UID with its object: there nothing tells it from one that was never made."""
    booker.site.log.expect("CALINT0233")
    booker.sandbox.fault(CREATE[booker.person.provider], "reset", when="after")
    made = booker.book(status=202)
    event = booker.event()
    booker.calendar.remove(event["id"])
    booker.try_again()
    booker.becomes(made, status="cancelled", changed_in_calendar="deleted")
    assert booker.shown() == []


def test_a_guests_answer_is_told(booker):
    made = booker.book()
    booker.person.read_again()
    booker.calendar.answer(made["provider_event_id"], GUEST, "accepted")
    booker.person.read_again()
    wait_until(lambda: [one["status"] for one in booker.get(made)["responses"]] == ["accepted"], "the answer")
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


def test_somebody_moves_it_in_the_calendar(booker):
    made = booker.book()
    booker.person.read_again()
    booker.calendar.change(made["provider_event_id"], **moved(booker.person.provider, booker, 15, 16))
    booker.person.read_again()
    now = booker.becomes(made, changed_in_calendar="time")
    assert utc_of(now["start"]) == utc_of(berlin(15)) and ("event_updated", "time") in booker.changes()
    assert booker.ats.post("/events", booker.body(ref="int-2")).status_code == 201, "the hour before is free again"
    other = booker.ats.post("/events", booker.body(ref="int-3", start=15, end=16))
    assert other.status_code == 409
    again = booker.change(made, start=berlin(17), end=berlin(18))
    assert again["changed_in_calendar"] is None and utc_of(again["start"]) == utc_of(berlin(17))


def move(booker, made):
    """Into another calendar of the account, which is returned."""
    provider = booker.person.provider
    other = {"google": "interviews", "outlook": "Interviews", "apple": "Hiring"}[provider]
    row = booker.site.rows("SELECT calendar_id FROM calendar_integration_calendars WHERE name ILIKE %s", other)[0]
    name = row["calendar_id"]
    if provider == "apple":
        name = name.rstrip("/").rsplit("/", 1)[1]
    booker.calendar.move(made["provider_event_id"], name)
    return booker.sandbox.calendar("icloud" if provider == "apple" else provider, booker.calendar.account, name)


def test_moved_into_another_calendar_it_is_still_ours(booker):
    made = booker.book()
    booker.person.read_again()
    there = move(booker, made)
    booker.person.read_again()
    wait_until(lambda: booker.site.row("SELECT count(*) AS n FROM calendar_jobs WHERE kind = 'interview'"
                                       " AND due_at <= now()")["n"] == 0, "the look")
    assert booker.get(made)["status"] == "confirmed"
    assert booker.change(made, title="Found again")["status"] == "confirmed"
    booker.cancel(made)
    assert titles(booker.person.provider, there.events()) == [] == booker.shown()


def test_moved_and_cancelled_before_anybody_looked_it_is_gone_there(booker):
    made = booker.book()
    there = move(booker, made)
    booker.cancel(made)
    assert titles(booker.person.provider, there.events()) == [] == booker.shown()


def test_an_event_is_changed_and_deleted_where_it_was_written(booker):
    made = booker.book()
    form = booker.person.browser.page().form("Save destination")
    form.fields["calendar"] = form.options[
        {"google": "Interviews", "outlook": "Interviews", "apple": "Hiring"}[booker.person.provider]]
    clocks.least_pauses_over(booker.site)
    assert notice_of(booker.person.browser.submit(form)) == "saved"
    assert booker.change(made, title="Elsewhere now")["calendar_id"] == made["calendar_id"]
    assert booker.shown() == ["Elsewhere now"]
    booker.cancel(made)
    assert booker.shown() == []
    assert booker.book(ref="int-2")["calendar_id"] != made["calendar_id"]


def test_changes_come_in_order_and_the_last_one_stands(booker):
    made = booker.book()
    hold = booker.sandbox.fault(CHANGE[booker.person.provider], "hold")
    with ThreadPoolExecutor() as pool:
        first = pool.submit(booker.ats.call, "PATCH", f"/events/{made['id']}", {"title": "One", "location": "Room 1"})
        booker.sandbox.wait_until_held()
        for title in ("Two", "Three"):
            answer = booker.ats.call("PATCH", f"/events/{made['id']}", {"title": title})
            assert answer.status_code == 202, answer.text
        booker.sandbox.release(hold)
        assert first.result().status_code == 202
    booker.becomes(made, status="confirmed")
    assert booker.shown() == ["Three"] and booker.get(made)["location"] == "Room 1"


def test_of_two_bookings_at_once_one_wins(booker):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: booker.ats.post("/events", booker.body(ref=f"int-{n}")), range(8)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes[1:] == [409] * 7 and codes[0] in (201, 202)
    wait_until(lambda: booker.shown() == ["Interview: Jane Doe"], "the only one")


def test_one_hold_in_the_way_but_not_ones_own(booker):
    body = {"user_ids": [IVY.id], "start": berlin(10), "end": berlin(11), "ref": "int-1",
            "expires_at": datetime.fromtimestamp(datetime.now().timestamp() + 3600, ZoneInfo("UTC")).isoformat()}
    hold = booker.ats.post("/holds", body).json()["id"]
    other = booker.ats.post("/holds", {**body, "start": berlin(12), "end": berlin(13)}).json()["id"]
    assert problem_of(booker.ats.post("/events", booker.body(ref="int-2")), 409, "conflict")
    assert booker.book(hold_id=hold)["status"] == "confirmed"
    assert booker.ats.get(f"/holds/{hold}").status_code == booker.ats.get(f"/holds/{other}").status_code == 404
    assert problem_of(booker.ats.post("/events", booker.body(ref="int-3", start=14, end=15, hold_id=hold)), 409,
                      "hold_expired")


def text_of(booker) -> str:
    """What stands in the only event for people to read."""
    event = booker.event()
    if booker.person.provider == "apple":
        lines = event["text"].replace("\r\n ", "").splitlines()
        return next((line for line in lines if line.startswith("DESCRIPTION")), "")
    text = event.get("body" if booker.person.provider == "outlook" else "description") or ""
    return text["content"] if isinstance(text, dict) else text


def test_guests_who_are_to_hear_after_all_are_invited_and_no_longer_named(booker):
    made = booker.book(description="Bring a pencil", notify=False)
    assert (GUEST in text_of(booker)) == (booker.person.provider != "google")
    invited = booker.change(made, notify=True)
    assert [one["email"] for one in invited["responses"]] == [GUEST]
    assert "Bring a pencil" in text_of(booker) and GUEST not in text_of(booker)
    # Who was invited isn't named to the others either.
    booker.change(made, notify=False)
    assert GUEST not in text_of(booker)


@GOOGLE
def test_whether_guests_hear_changes_no_text_that_names_none(booker):
    made = booker.book(description="Bring a pencil", notify=False)
    booker.calendar.change(made["provider_event_id"], description="Written by hand")
    booker.change(made, notify=True)
    assert booker.event()["description"] == "Written by hand"


def test_two_spellings_are_one_guest(booker):
    made = booker.book(attendees=[{"email": "Jane@Candidate.test"}, {"email": GUEST}, {"email": "sam@x.test"}])
    assert [one["email"] for one in booker.get(made)["responses"]] == ["Jane@Candidate.test", "sam@x.test"]


def test_one_guest_more_keeps_the_answers_of_the_others(booker):
    made = booker.book()
    booker.calendar.answer(made["provider_event_id"], GUEST, "accepted")
    changed = booker.change(made, attendees=[{"email": GUEST}, {"email": "another@candidate.test"}])
    assert [(one["email"], one["status"]) for one in changed["responses"]] == [
        (GUEST, "accepted"), ("another@candidate.test", "needs_action")]


@GOOGLE
def test_every_write_says_whether_guests_hear_of_it(booker):
    loud, silent = booker.book(), booker.book(ref="int-2", start=12, end=13, notify=False)
    for made in (loud, silent):
        booker.change(made, location="Room 5")
        booker.cancel(made)
    said = {}
    for call in ("events.insert", "events.patch", "events.delete"):
        said[call] = [write["query"]["sendUpdates"] for write in booker.sandbox.writes(call=call)]
    assert said == {call: ["all", "none"] for call in said}


@GOOGLE
def test_too_much_is_not_forbidden(booker):
    booker.site.log.expect("CALINT0233")
    booker.sandbox.fault("events.insert", "error", error="quotaExceeded", count=-1)
    made = booker.book(status=202)
    assert made["status"] == "pending" and made["problem"]["type"].endswith("rate_limited")
    booker.sandbox.clear_faults()
    booker.try_again()
    booker.becomes(made, status="confirmed", problem=None)


@GOOGLE
def test_a_missing_permission_is_final_until_the_next_change(booker):
    booker.site.log.expect("CALINT0233")
    booker.sandbox.fault("events.insert", "error", error="requiredAccessLevel")
    made = booker.book(status=202)
    assert made["status"] == "failed" and made["problem"]["type"].endswith("forbidden")
    assert booker.changes()[-1] == ("event_failed", "failed")
    assert booker.book(ref="int-2")["status"] == "confirmed", "what failed takes no time"
    assert booker.change(made, start=berlin(14), end=berlin(15))["status"] == "confirmed"


@OAUTH
def test_a_room_that_comes_later_is_told(booker):
    booker.sandbox.mode(conference_reads=2)
    made = booker.book(conference=True)
    assert made["status"] == "confirmed" and made["conference_url"] is None
    wait_until(lambda: booker.try_again() or booker.get(made)["conference_url"], "the link", 20)
    assert booker.get(made)["problem"] is None and booker.changes().count(("event_updated", "confirmed")) == 2
    link = booker.get(made)["conference_url"]
    changed = booker.change(made, description="Another text", title="Another title", start=berlin(10), end=berlin(12))
    assert changed["conference_url"] == link
    if booker.person.provider == "outlook":
        assert booker.event()["isOnlineMeeting"] and booker.event()["onlineMeeting"]["joinUrl"] == link


@GOOGLE
def test_a_room_that_fails_leaves_the_event(booker):
    booker.sandbox.mode(conference="failure")
    made = booker.book(conference=True)
    wait_until(lambda: booker.try_again() or booker.get(made)["problem"], "what became of the room", 20)
    now = booker.get(made)
    assert now["status"] == "confirmed" and now["problem"]["type"].endswith("conference_unsupported")


@GOOGLE
def test_a_room_that_somebody_takes_out_stays_missed(booker):
    made = booker.book(conference=True)
    wait_until(lambda: booker.try_again() or booker.get(made)["conference_url"], "the link", 20)
    booker.person.read_again()
    booker.calendar.change(made["provider_event_id"], conferenceData=None, hangoutLink=None)
    booker.person.read_again()
    booker.becomes(made, conference_url=None)
    assert booker.get(made)["problem"]["type"].endswith("conference_unsupported")
    assert booker.change(made, title="Another")["problem"]["type"].endswith("conference_unsupported")


def test_markup_is_shown_as_it_was_typed(booker):
    typed = 'Hi, 2 < 3 & more\n<a href="https://evil.test">Zoom</a>'
    booker.book(description=typed)
    if booker.person.provider == "google":
        shown = booker.event()["description"]
        assert "<a" not in shown and html.unescape(shown.replace("<br>", "\n")) == typed
    elif booker.person.provider == "outlook":
        assert "<a " not in booker.event()["body"]["content"] and "2 &lt; 3" in booker.event()["body"]["content"]
    else:
        assert "Hi\\, 2 < 3 & more\\n<a" in booker.event()["text"].replace("\r\n ", "")


@pytest.mark.parametrize("zone", ["Europe/Kyiv", "America/Ciudad_Juarez"])
def test_a_zone_that_the_provider_does_not_know_is_no_failure(booker, zone):
    made = booker.book(time_zone=zone)
    assert made["status"] == "confirmed" and utc_of(made["start"]) == utc_of(berlin(10))
    booker.person.read_again()
    assert booker.person.busy() == hours((0, 10, 11))


def utc_of(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(ZoneInfo("UTC"))


def moved(provider: str, booker: Booker, start: int, end: int) -> dict:
    """What its owner does to its times, in the provider's own terms."""
    if provider == "google":
        return {"start": {"dateTime": berlin(start)}, "end": {"dateTime": berlin(end)}}
    if provider == "outlook":
        return {"start": {"dateTime": at(start), "timeZone": "Europe/Berlin"},
                "end": {"dateTime": at(end), "timeZone": "Europe/Berlin"}}
    lines = booker.event()["text"].splitlines()
    def shown(hour: int) -> str:
        return utc_of(berlin(hour)).strftime("%Y%m%dT%H%M%SZ")
    return {"text": "".join(
        (f"DTSTART:{shown(start)}" if line.startswith("DTSTART") else
         f"DTEND:{shown(end)}" if line.startswith("DTEND") else line) + "\r\n" for line in lines)}
