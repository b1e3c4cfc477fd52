"""What is Apple's alone of interviews in calendars: objects with etags, a UID once in an account, hosts that change."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from providers import JANE, SAM, Apple, Sandbox, flow, icalendar  # noqa: E402

MORE = [{"email": JANE.upper(), "name": "Jane"}, {"email": SAM, "is_optional": True}]


@pytest.fixture(scope="module")
def process():
    with Sandbox(redirect_uris=[flow.CALLBACK]) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(process):
    process.reset()
    yield process
    assert process.take_violations() == []


@pytest.fixture
def events(sandbox):
    return Apple(sandbox)


def statuses(events) -> list[tuple[str, int]]:
    return [(one["call"].removeprefix("icloud."), one["status"]) for one in events.sandbox.writes(provider="icloud")]


@pytest.mark.parametrize("rewrites", ("all", "scheduled", "none"))
def test_every_change_after_the_first_is_written_over_what_is_there(events, sandbox, rewrites):
    sandbox.mode(icloud_rewrites=rewrites)
    made = events.create()
    sandbox.fault("icloud.sync", "old_etag", count=-1)
    for title in ("Second", "Third"):
        events.change(made, "title", title=title)
    assert [events.title(one) for one in events.alive()] == ["Third"]
    assert statuses(events) == [("put", 201), ("put", 204), ("put", 204)]


def test_a_change_that_stands_already_is_written_no_more(events):
    made = events.create()
    parts = "title", "description", "location", "time", "guests", "reminder"
    events.change(made, *parts, title="Second", guests=MORE)
    assert events.change(made, *parts, title="Second", guests=MORE)["answers"] == [[JANE, "needs_action"],
                                                                                   [SAM, "needs_action"]]
    assert statuses(events) == [("put", 201), ("put", 204)]
    assert events.mails() == [{JANE: "invitation"}, {JANE: "update", SAM: "invitation"}]


@pytest.mark.parametrize("refusals, title", ((2, "Second"), (3, "Interview: Jane Doe")))
def test_a_change_is_tried_three_times(events, sandbox, refusals, title):
    made = events.create()
    sandbox.fault("icloud.put", "status", status=412, count=refusals)
    changed = events.change(made, "title", title="Second")
    assert changed.get("fault") == (None if refusals == 2 else "unavailable")
    assert [events.title(one) for one in events.alive()] == [title]


@pytest.mark.parametrize("name", (None, "another name.ics"))
def test_an_event_that_was_moved_is_found_in_its_new_calendar(events, sandbox, name):
    made = events.create()
    there = f"{events.home}{events.other}/"
    if name is None:
        events.hand.move(made["id"], events.other)
    else:
        (text,) = [one["text"] for one in events.hand.events()]
        events.hand.remove(made["id"])
        sandbox.calendar("icloud", events.email, events.other).put(text, name)
    assert events.find(made) == {"missing": True}
    found = events.find(made, calendar=there)
    assert (found["calendar"], found["id"]) == (there, name or made["id"])
    # iCloud has a UID once in an account.
    assert events.create()["fault"] == "gone" and events.alive() == []
    events.calendar = there
    assert events.change(found, "title", title="Second")["id"] == found["id"]
    assert events.cancel(found) == {} and events.find(found) == {"missing": True}


def test_a_cancellation_finds_what_was_renamed(events):
    made = events.create()
    (text,) = [one["text"] for one in events.hand.events()]
    events.hand.remove(made["id"])
    events.hand.put(text, "another name.ics")
    assert events.cancel(made) == {} and events.alive() == []
    assert events.cancel(made) == {"missing": True}


def test_what_a_person_made_of_it_stays(events):
    made = events.create()
    (text,) = [one["text"] for one in events.hand.events()]
    mine = ("X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC", "RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=TH", "CATEGORIES:a,b")
    events.hand.change(made["id"], text=text.replace("STATUS:", "\r\n".join(mine) + "\r\nSTATUS:"))
    events.change(made, "time", "location", start="2027-01-21T10:00:00Z", end="2027-01-21T11:00:00Z", location="Room 5")
    (event,) = events.alive()
    assert event["RRULE"] == {"FREQ": ["WEEKLY"], "COUNT": [3], "BYDAY": ["TH"]}
    assert (event["X-APPLE-TRAVEL-ADVISORY-BEHAVIOR"], str(event["LOCATION"]), event["SEQUENCE"]) == (
        "AUTOMATIC", "Room 5", 1)
    assert event["CATEGORIES"].to_ical() == b"a,b" and len(event.walk("VALARM")) == 1


def test_moved_by_hand_it_is_where_it_stands(events):
    made = events.create()
    events.hand.change(made["id"], text=zoned(events.hand.events()[0]["text"]))
    found = events.find(made)
    assert (found["start"], found["end"]) == ("2027-01-22T14:00:00Z", "2027-01-22T15:30:00Z")
    events.change(made, "time")
    assert events.find(made)["start"] == "2027-01-21T09:00:00Z"


def zoned(text: str) -> str:
    """The object at nine o'clock of a zone of its own making."""
    zone = ("BEGIN:VTIMEZONE", "TZID:Mine", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:-0500",
            "TZOFFSETTO:-0500", "END:STANDARD", "END:VTIMEZONE", "BEGIN:VEVENT")
    times = "DTSTART;TZID=Mine:20270122T090000\r\nDURATION:PT1H30M\r\n"
    text = text.replace("DTSTART:20270121T090000Z\r\nDTEND:20270121T100000Z\r\n", times)
    return text.replace("BEGIN:VEVENT", "\r\n".join(zone))


def test_a_decline_of_the_organisers_own_is_told(events):
    made = events.create()
    (text,) = [one["text"] for one in events.hand.events()]
    own = f"ATTENDEE;PARTSTAT=DECLINED:mailto:{events.email}\r\nSTATUS:"
    events.hand.change(made["id"], text=text.replace("STATUS:", own))
    found = events.find(made)
    assert found["organiser_declined"] and found["answers"] == [[JANE, "needs_action"]]


@pytest.mark.parametrize("fault, expected", (
    (("status", {"status": 401}), ("reconnect", "refused")),
    (("status", {"status": 403}), ("forbidden", "none")),
    (("status", {"status": 421}), ("unavailable", "none")),
    (("status", {"status": 500}), ("unavailable", "none")),
    (("status", {"status": 507}), ("rate_limited", "none")),
    (("rate_limit", {"retry_after": "120"}), ("unavailable", "none")),
    (("redirect", {"to": "foreign", "status": 307}), ("unavailable", "none")),
    (("redirect", {"to": "loop", "status": 308, "count": -1}), ("unavailable", "none"))))
def test_a_refusal_says_what_is_to_be_done(events, sandbox, fault, expected):
    kind, params = fault
    made = events.create()
    for call, write in (("put", lambda: events.change(made, "title", title="Second")),
                        ("delete", lambda: events.cancel(made))):
        sandbox.fault(f"icloud.{call}", kind, **params)
        refused = write()
        assert (refused["fault"], refused["detail"]) == expected
        sandbox.clear_faults()
    assert [events.title(one) for one in events.alive()] == ["Interview: Jane Doe"]
    assert "foreign" not in sandbox.icloud.hosts_with_credentials()


def test_a_partition_that_has_moved_is_followed_with_all_that_is_sent(events, sandbox):
    for status in (301, 302, 307, 308):
        sandbox.fault("icloud.put", "redirect", to="p43", status=status)
        events.key = f"{status:032x}"
        assert "fault" not in events.create()
    assert len(events.alive()) == 4


def test_a_calendar_that_may_not_be_written_to_says_so(events):
    events.calendar = f"{events.home}9F00AAAA-1111-4222-8333-444455556666/"
    assert events.create()["fault"] == "forbidden"


def test_a_calendar_that_isnt_there_is_gone(events):
    events.calendar = f"{events.home}nowhere/"
    assert events.create()["fault"] == "gone"
    assert events.find({"id": "x.ics"}) == {"missing": True} and events.cancel({"id": "x.ics"}) == {"missing": True}


def test_hostile_words_stay_words(events):
    evil = "x\r\nATTENDEE:mailto:evil@evil.test\nEND:VEVENT\nBEGIN:VEVENT\\ ;,\"^n"
    events.create(title=evil, description=evil, location=evil, guests=[{"email": JANE, "name": evil}])
    (event,) = events.alive()
    assert isinstance(event["ATTENDEE"], icalendar.vCalAddress) and event["ATTENDEE"] == f"mailto:{JANE}"
    assert str(event["DESCRIPTION"]) == evil.replace("\r", "")
    assert events.mails() == [{JANE: "invitation"}]
