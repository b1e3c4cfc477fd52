"""Interviews in the calendars of Google, Outlook and Apple, written by our code at a provider that holds every call to
what it has published. What is Apple's alone is in test_apple_objects.py, and what Radicale, Xandikos and Cyrus do
in tests/unit/provider."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from providers import JANE, SAM, Apple, Google, Outlook, Sandbox, flow  # noqa: E402

GUESTS = [{"email": JANE, "name": "Jane"}]
MORE = [*GUESTS, {"email": SAM, "is_optional": True}]


@pytest.fixture(scope="module")
def process():
    with Sandbox(redirect_uris=[flow.CALLBACK]) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(process):
    process.reset()
    yield process
    assert process.take_violations() == []


@pytest.fixture(params=(Google, Outlook, Apple), ids=lambda one: one.provider)
def events(request, sandbox):
    return request.param(sandbox)


@pytest.fixture(params=(Google, Outlook), ids=lambda one: one.provider)
def maker(request, sandbox):
    """Of a provider that makes rooms, and that looks at addresses."""
    return request.param(sandbox)


def test_an_interview_stands_as_it_was_asked_for(events):
    made = events.create()
    assert not made["was_there"] and made["id"] and made["uid"]
    assert (made["calendar"], made["key"], made["room"]) == (events.calendar, events.key, "none")
    assert (made["start"], made["end"]) == ("2027-01-21T09:00:00Z", "2027-01-21T10:00:00Z")
    (event,) = events.alive()
    assert (events.title(event), events.shown(event)) == ("Interview: Jane Doe", "Panel")
    assert events.mails() == [{JANE: "invitation"}]
    assert events.find(made)["answers"] == [[JANE, "needs_action"]]


def test_a_creation_is_made_once(events, sandbox):
    first = events.create()
    again = events.create()
    assert again["id"] == first["id"] and len(events.alive()) == 1
    sandbox.mode(transaction_repeat="error")
    assert events.create() == {**events.find(first), "was_there": True}
    assert events.mails() == [{JANE: "invitation"}]


def test_a_lost_answer_makes_no_second_event(events, sandbox):
    sandbox.fault(events.insert, "reset", when="after")
    assert events.create()["fault"] == "unavailable"
    # Until its answer comes, it is found by its key.
    found = events.find({})
    assert found["start"] == "2027-01-21T09:00:00Z"
    sandbox.clock(advance=60)
    again = events.create()
    assert (again["id"], again["was_there"]) == (found["id"], True)
    assert len(events.alive()) == 1 and events.mails() == [{JANE: "invitation"}]


def test_a_creation_is_made_once_though_the_provider_forgets_it(events, sandbox):
    first = events.create()
    sandbox.mode(transaction_repeat="forgotten")
    assert events.create(is_repeated=True)["id"] == first["id"] and len(events.alive()) == 1


def test_an_event_that_was_deleted_in_the_calendar_never_comes_back(events):
    made = events.create()
    events.hand.remove(made["id"])
    assert events.find(made) == {"missing": True}
    assert events.change(made, "title", title="x")["fault"] == "gone"
    assert events.cancel(made) == {"missing": True}
    assert events.alive() == []


def test_a_creation_that_comes_again_after_its_event_was_deleted_makes_none(maker):
    made = maker.create()
    maker.hand.remove(made["id"])
    assert maker.create()["fault"] == "gone" and maker.alive() == []


def test_one_guest_more_leaves_the_others_answers(events):
    made = events.create()
    events.hand.answer(made["id"], JANE, "accepted")
    changed = events.change(made, "guests", guests=MORE)
    assert changed["answers"] == [[JANE, "accepted"], [SAM, "needs_action"]]
    assert events.mails() == [{JANE: "invitation"}, {SAM: "invitation"}]
    fewer = events.change(made, "guests", guests=MORE[:1])
    assert fewer["answers"] == [[JANE, "accepted"]] and events.mails()[-1] == {SAM: "cancellation"}


def test_a_change_leaves_what_it_isnt_about(events):
    made = events.create()
    events.rename(made, "Renamed by hand")
    moved = events.change(made, "time", start="2027-01-22T09:00:00Z", end="2027-01-22T10:00:00Z")
    assert (moved["start"], moved["end"]) == ("2027-01-22T09:00:00Z", "2027-01-22T10:00:00Z")
    (event,) = events.alive()
    assert events.title(event) == "Renamed by hand" and events.shown(event) == "Panel"
    assert events.mails()[-1] == {JANE: "update"}


def test_a_change_at_the_same_moment_as_somebody_elses_stands_with_it(events, sandbox):
    made = events.create()
    sandbox.fault(events.patch, "hold")
    results = []
    change = threading.Thread(target=lambda: results.append(events.change(made, "location", location="Room 5")))
    change.start()
    sandbox.wait_until_held()
    events.rename(made, "Renamed by hand")
    sandbox.release()
    change.join()
    assert "fault" not in results[0]
    (event,) = events.alive()
    assert events.title(event) == "Renamed by hand" and "Room 5" in str(event["location"])


def test_whoever_isnt_to_hear_hears_nothing(events):
    made = events.create(notifies=False)
    events.change(made, "time", start="2027-01-22T09:00:00Z", end="2027-01-22T10:00:00Z", notifies=False)
    events.change(made, "guests", guests=MORE, notifies=False)
    events.cancel(made, notifies=False)
    assert events.mails() == [] and events.alive() == []


@pytest.mark.parametrize("provider", (Outlook, Apple))
def test_guests_whom_the_provider_would_write_to_are_named_in_the_text(sandbox, provider):
    events = provider(sandbox)
    made = events.create(notifies=False)
    events.change(made, "guests", guests=MORE, notifies=False)
    (event,) = events.alive()
    assert events.shown(event) == f"Panel\n\n• Jane <{JANE}>\n• {SAM}"


def test_a_cancellation_is_told_once(events):
    made = events.create()
    assert events.cancel(made) == {} and events.cancel(made) == {"missing": True}
    assert events.find(made) == {"missing": True}
    assert events.mails() == [{JANE: "invitation"}, {JANE: "cancellation"}]


def test_a_cancellation_of_an_interview_without_guests(events):
    made = events.create(guests=[])
    assert events.cancel(made) == {} and events.alive() == []


def test_a_text_is_shown_as_it_was_typed(events):
    typed = 'Hi, 2 < 3 & more\n<a href="https://evil.test">Zoom</a>\n  &amp;'
    events.create(description=typed)
    (event,) = events.alive()
    assert events.shown(event) == typed and (events.provider == "apple" or "<a" not in events.description(event))


def test_a_link_of_the_ats_stands_in_place_and_text(events):
    events.create(conference_url="https://zoom.test/j/1?a=1&b=2")
    (event,) = events.alive()
    assert events.shown(event) == "Panel\n\nhttps://zoom.test/j/1?a=1&b=2"
    assert "Room 4, https://zoom.test/j/1?a=1&b=2" in str(event["location"])


@pytest.mark.parametrize("zone", ("Europe/Kyiv", "America/Ciudad_Juarez", "Europe/Kiev", "Mars/Olympus"))
def test_a_zone_changes_no_instant(events, zone):
    made = events.create(zone=zone)
    assert made["start"] == "2027-01-21T09:00:00Z"
    moved = events.change(made, "time", start="2027-07-22T09:00:00Z", end="2027-07-22T10:00:00Z", zone=zone)
    assert (moved["start"], moved["end"]) == ("2027-07-22T09:00:00Z", "2027-07-22T10:00:00Z")


def test_an_hour_that_comes_twice_is_the_one_that_was_asked_for(events):
    for start, end in (("2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"),
                       ("2027-10-31T01:15:00Z", "2027-10-31T01:45:00Z")):
        events.renew()
        made = events.create(start=start, end=end)
        assert (made["start"], made["end"]) == (start, end)


def test_a_room_is_ready_at_once_or_later_or_never(maker, sandbox):
    assert maker.create(wants_room=True)["room"] in ("ready", "pending")
    sandbox.mode(conference_reads=2)
    maker.renew()
    made = maker.create(wants_room=True)
    assert (made["room"], made["room_url"]) == ("pending", "")
    rooms = [maker.find(made) for _ in range(4)]
    assert rooms[0]["room"] == "pending" and rooms[-1]["room"] == "ready" and rooms[-1]["room_url"]
    sandbox.mode(conference="failure", conference_reads=0)
    maker.renew()
    made = maker.create(wants_room=True)
    # Outlook says nothing of it.
    assert maker.find(made)["room"] in ("failed", "none")


def test_a_room_outlives_every_change(maker):
    made = maker.create(wants_room=True)
    url = maker.find(made)["room_url"]
    assert url
    for _ in range(2):
        changed = maker.change(made, "title", "description", "location", "time", "guests", "reminder",
                                description=f"New, see {url}\n{'_' * 80}", guests=MORE, location="", reminder=None)
        assert (changed["room"], changed["room_url"]) == ("ready", url)
    changed = maker.change(made, "description", description="Short")
    assert (changed["room"], changed["room_url"]) == ("ready", url)
    (event,) = maker.alive()
    assert maker.shown(event).startswith("Short") and "New, see" not in maker.description(event)


def test_a_text_that_changes_while_the_room_is_being_made_is_the_new_one_alone(maker, sandbox):
    sandbox.mode(conference_reads=3)
    made = maker.create(wants_room=True)
    assert maker.change(made, "description", description="Short")["room"] == "pending"
    for _ in range(3):
        maker.find(made)
    (event,) = maker.alive()
    assert maker.find(made)["room"] == "ready"
    assert maker.shown(event).startswith("Short") and "Panel" not in maker.description(event)


def test_a_calendar_that_makes_no_rooms_says_so_and_has_no_event(sandbox):
    sandbox.add_account("avery@example.com", calendars=[
        {"id": "avery@example.com", "name": "a", "primary": True,
         "extra": {"conferenceProperties": {"allowedConferenceSolutionTypes": []}}}])
    for events in (Google(sandbox), Outlook(sandbox, "avery@outlook.example")):
        refused = events.create(wants_room=True)
        assert (refused["fault"], refused["detail"]) == ("bad_input", "no_room")
        assert events.alive() == []


@pytest.mark.parametrize("reason", ("quotaExceeded", "userRateLimitExceeded", "rateLimitExceeded"))
def test_too_much_isnt_forbidden(sandbox, reason):
    events = Google(sandbox)
    made = events.create()
    for call in (events.insert, events.patch, "events.delete"):
        sandbox.fault(call, "error", error=reason)
    events.renew()
    assert events.create()["fault"] == "rate_limited"
    assert events.change(made, "title", title="x")["fault"] == "rate_limited"
    assert events.cancel(made)["fault"] == "rate_limited"
    sandbox.fault(events.insert, "error", error="requiredAccessLevel")
    assert events.create()["fault"] == "forbidden"


def test_an_address_that_the_provider_wont_take(maker):
    refused = maker.create(guests=[{"email": "nobody"}])
    assert refused["fault"] == "bad_input" and "nobody" not in refused["what"]
    assert maker.alive() == []


def test_an_event_that_moved_is_still_found_at_outlook(sandbox):
    events = Outlook(sandbox)
    made = events.create()
    events.hand.move(made["id"], events.others[0])
    assert events.find(made)["id"] == made["id"]
    assert events.change(made, "title", title="x")["id"] == made["id"]


def test_a_guests_copy_at_google_isnt_the_event(sandbox):
    organiser, guest = Google(sandbox), Google(sandbox, "sam@example.com")
    made = organiser.create(guests=[{"email": guest.email}])
    guest.key = organiser.key
    assert [one["id"] for one in guest.alive()] == [made["id"]]
    assert guest.find(made) == {"missing": True}
