"""The sandbox takes events as Google does: insert, patch, update, delete, conferences, guests and their mail."""

from __future__ import annotations

import pytest

from flow import matches
from google_flow import AVERY, INTERVIEWS, Events, reason, timed

GUEST = "jane@candidate.test"
ID = "calint0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f"
MEET = {"conferenceData": {"createRequest": {"requestId": "r1", "conferenceSolutionKey": {"type": "hangoutsMeet"}}}}


@pytest.fixture
def events(sandbox):
    return Events(sandbox)


def state_of(event: dict) -> str | None:
    return event.get("conferenceData", {}).get("createRequest", {}).get("status", {}).get("statusCode")


def test_an_event_stands_as_it_was_sent(sandbox, events):
    body = {"id": ID, "summary": "Interview", "attendees": [{"email": GUEST}], "guestsCanSeeOtherGuests": False,
            "extendedProperties": {"private": {"calintInterview": "0c1d"}}}
    answer = events.insert(body, sendUpdates="all")
    event = answer.json()
    assert answer.status_code == 200 and event == events.get(ID).json()
    assert event["iCalUID"] == f"{ID}@google.com" and event["organizer"] == {"email": AVERY, "self": True}
    assert event["attendees"] == [{"email": GUEST, "responseStatus": "needsAction"}]
    assert event["start"] == timed()["start"] and event["extendedProperties"] == body["extendedProperties"]
    (write,) = sandbox.writes(provider="google")
    assert (write["call"], write["query"], write["id"], write["status"]) == (
        "events.insert", {"sendUpdates": "all"}, ID, 200)
    assert write["body"] == {**timed(), **body} and write["mails"] == {GUEST: "invitation"}
    assert [one["id"] for one in events.all(privateExtendedProperty="calintInterview=0c1d")[0]] == [ID]
    assert events.all(privateExtendedProperty="calintInterview=other")[0] == []


def test_an_id_is_taken_for_ever(events):
    assert events.insert({"id": ID}).status_code == 200
    assert matches(events.insert({"id": ID}), "error-409-duplicate")
    assert events.delete(ID).status_code == 204
    assert matches(events.insert({"id": ID}), "error-409-duplicate")
    assert matches(events.delete(ID), "error-410-deleted")
    assert reason(events.patch(ID, {"summary": "back"})) == (403, "forbidden")
    assert events.get(ID).json()["status"] == "cancelled"
    assert matches(events.delete("neverseen"), "error-404")


@pytest.mark.parametrize("body", [{"id": "Upper"}, {"id": ID, "iCalUID": "x@y"}, {"start": {"date": "2027-01-21"}},
                                  {"end": timed()["start"], "start": timed()["end"]}, {"recurrence": ["RRULE:FREQ=X"]},
                                  {"start": {"dateTime": "2027-01-21T10:00:00"}}, {"attendees": [{"email": "nobody"}]},
                                  {"start": {"dateTime": "2027-01-21T10:00:00", "timeZone": "Mars/Base"}}])
def test_an_event_that_makes_no_sense_is_refused(events, body):
    assert events.insert(body).status_code == 400
    assert events.all()[0] == []


def test_a_patch_changes_members_and_replaces_lists(events):
    events.insert({"id": ID, "attendees": [{"email": GUEST}, {"email": "b@b.test"}], "location": "Room 4",
                   "extendedProperties": {"private": {"a": "1"}}})
    events.hand.answer(ID, GUEST, "accepted")
    assert events.get(ID).json()["attendees"][0]["responseStatus"] == "accepted"
    event = events.patch(ID, {"attendees": [{"email": GUEST}], "location": None,
                              "extendedProperties": {"private": {"b": "2"}}}, sendUpdates="all").json()
    assert event["attendees"] == [{"email": GUEST, "responseStatus": "needsAction"}]
    assert "location" not in event and event["extendedProperties"]["private"] == {"a": "1", "b": "2"}
    assert events.sandbox.writes(call="events.patch")[0]["mails"] == {"b@b.test": "cancellation", GUEST: "invitation"}


def test_an_update_replaces_everything(events):
    events.insert({"id": ID, "summary": "a", "location": "Room 4"})
    event = events.update(ID, {**timed(), "summary": "b"}).json()
    assert event["summary"] == "b" and "location" not in event
    assert events.update(ID, {"summary": "c"}).status_code == 400


def test_a_change_meanwhile_is_noticed(events):
    old = events.insert({"id": ID}).json()["etag"]
    new = events.patch(ID, {"summary": "b"}, {"If-Match": old}).json()["etag"]
    assert new != old
    assert matches(events.patch(ID, {"summary": "c"}, {"If-Match": old}), "error-412")
    assert matches(events.delete(ID, {"If-Match": old}), "error-412")
    assert events.delete(ID, {"If-Match": new}).status_code == 204


def test_nobody_gets_mail_unless_asked(events):
    events.insert({"id": ID, "attendees": [{"email": GUEST}, {"email": "sam@example.com"}]})
    events.patch(ID, {"summary": "b"}, sendUpdates="externalOnly")
    events.delete(ID, sendUpdates="all")
    assert [one["mails"] for one in events.sandbox.writes(account=AVERY)] == [
        {}, {GUEST: "update"}, {GUEST: "cancellation", "sam@example.com": "cancellation"}]
    assert events.insert(sendUpdates="some").status_code == 400


def test_a_room_comes_later(events):
    event = events.insert({"id": ID, **MEET}, conferenceDataVersion=1).json()
    assert state_of(event) == "pending" and "hangoutLink" not in event
    ready = events.get(ID).json()
    assert state_of(ready) == "success" and ready["etag"] != event["etag"]
    assert ready["conferenceData"]["entryPoints"][0] == {
        "entryPointType": "video", "uri": ready["hangoutLink"], "label": ready["hangoutLink"][len("https://"):]}
    assert events.patch(ID, {"summary": "b"}).json()["conferenceData"] == ready["conferenceData"]
    assert events.patch(ID, MEET, conferenceDataVersion=1).json()["conferenceData"] == ready["conferenceData"]
    other = {"conferenceData": {"createRequest": {**MEET["conferenceData"]["createRequest"], "requestId": "r2"}}}
    assert state_of(events.patch(ID, other, conferenceDataVersion=1).json()) == "pending"


def test_a_room_can_take_longer_or_fail(sandbox, events):
    sandbox.mode(conference_reads=2, conference="failure")
    events.insert({"id": ID, **MEET}, conferenceDataVersion=1)
    assert [state_of(events.get(ID).json()) for _ in range(4)] == ["pending", "pending", "failure", "failure"]
    _, token = events.all()
    sandbox.mode(conference_reads=0, conference="success")
    events.insert({"id": f"{ID}2", **MEET}, conferenceDataVersion=1)
    assert [state_of(one) for one in events.all(syncToken=token)[0]] == ["success"]


def test_a_room_needs_its_parameter_and_a_calendar_that_has_some(sandbox, events):
    assert "conferenceData" not in events.insert({"id": ID, **MEET}).json()
    sandbox.add_account(AVERY, calendars=[{"id": AVERY, "name": AVERY, "primary": True, "extra": {
        "conferenceProperties": {"allowedConferenceSolutionTypes": ["addOn"]}}}])
    assert events.insert(MEET, conferenceDataVersion=1).status_code == 400


def test_one_occurrence_is_changed_and_deleted(events):
    series = events.insert({"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=3"]}).json()["id"]
    one, other = f"{series}_20270128T090000Z", f"{series}_20270204T090000Z"
    assert events.get(one).json()["originalStartTime"]["dateTime"] == "2027-01-28T10:00:00+01:00"
    moved = events.patch(one, timed("2027-01-28T12:00:00+01:00", "2027-01-28T13:00:00+01:00")).json()
    assert (moved["id"], moved["recurringEventId"]) == (one, series) and "recurrence" not in moved
    assert events.delete(other).status_code == 204
    assert matches(events.delete(other), "error-410-deleted")
    found = events.all(singleEvents="true")[0]
    assert sorted(item["start"]["dateTime"][:16] for item in found) == ["2027-01-21T10:00", "2027-01-28T12:00"]
    instances = events.send("GET", f"{events.url}/{series}/instances").json()["items"]
    assert [item["id"] for item in instances] == [f"{series}_20270121T090000Z", one]


def test_a_guest_sees_the_event_and_answers(sandbox, events):
    sam = Events(sandbox, "sam@example.com", "sam@example.com")
    _, token = sam.all()
    events.insert({"id": ID, "attendees": [{"email": "sam@example.com"}], "summary": "Interview",
                   "extendedProperties": {"private": {"a": "1"}, "shared": {"b": "2"}}})
    (copy,) = sam.all(syncToken=token)[0]
    assert copy["extendedProperties"] == {"shared": {"b": "2"}}
    assert (copy["id"], copy["iCalUID"]) == (ID, events.get(ID).json()["iCalUID"])
    assert copy["organizer"] == {"email": AVERY}
    assert copy["attendees"] == [{"email": "sam@example.com", "self": True, "responseStatus": "needsAction"}]
    assert matches(sam.patch(ID, {"summary": "Mine"}), "error-403-non-organizer")
    sam.patch(ID, {"attendees": [{"email": "sam@example.com", "responseStatus": "declined"}]})
    assert events.get(ID).json()["attendees"][0]["responseStatus"] == "declined"
    events.delete(ID)
    assert sam.get(ID).json()["status"] == "cancelled"


def test_who_may_not_write_is_told(sandbox, events):
    holidays = Events(sandbox, "en.german#holiday@group.v.calendar.google.com", token=events.token)
    assert reason(holidays.insert()) == (403, "requiredAccessLevel")
    reading = Events(sandbox, email="sam@example.com", calendar="primary")
    assert reading.insert().status_code == 200
    assert Events(sandbox, INTERVIEWS, token=events.token).insert().json()["organizer"] == {
        "email": INTERVIEWS, "displayName": "Interviews", "self": True}


def test_an_event_moves_by_the_interface_too(sandbox, events):
    events.insert({"id": ID})
    other = Events(sandbox, INTERVIEWS, token=events.token)
    moved = events.send("POST", f"{events.url}/{ID}/move", destination=INTERVIEWS)
    assert moved.json()["id"] == ID and other.get(ID).status_code == 200
    assert events.get(ID).json()["status"] == "cancelled"


def test_an_answer_can_be_lost_after_its_effect(sandbox, events):
    sandbox.fault("events.insert", "reset", when="after")
    with pytest.raises(OSError):
        events.insert({"id": ID})
    assert events.get(ID).status_code == 200
    assert matches(events.insert({"id": ID}), "error-409-duplicate")


def test_a_quota_lasts(sandbox, events):
    sandbox.fault("events.insert", "error", error="quotaExceeded", count=-1)
    assert matches(events.insert(), "error-403-calendar-usage")


# Free and busy

def query(events, *ids, low="2027-01-11T00:00:00Z", high="2027-01-16T00:00:00Z"):
    body = {"timeMin": low, "timeMax": high, "items": [{"id": one} for one in ids]}
    return events.send("POST", f"{events.api}/freeBusy", json=body)


def test_free_busy_counts_what_blocks(events):
    add = events.hand.add
    add("2027-01-11T10:00:00", "2027-01-11T10:30:00")
    add("2027-01-11T10:15:00", "2027-01-11T11:00:00", show="tentative")
    add("2027-01-12T10:00:00", "2027-01-12T11:00:00", show="free")
    add("2027-01-12T12:00:00", "2027-01-12T13:00:00", answer="declined")
    add("2027-01-13", "2027-01-14", show="oof")
    add("2026-11-05T09:00:00", "2026-11-05T09:15:00", repeat="FREQ=WEEKLY", skipped=["2026-11-12T09:00:00"])
    body = query(events, AVERY, "gone@example.com").json()
    assert body["calendars"][AVERY]["busy"] == [
        {"start": "2027-01-11T09:00:00Z", "end": "2027-01-11T10:00:00Z"},
        {"start": "2027-01-12T23:00:00Z", "end": "2027-01-13T23:00:00Z"},
        {"start": "2027-01-14T08:00:00Z", "end": "2027-01-14T08:15:00Z"}]
    assert body["calendars"]["gone@example.com"] == {"errors": [{"domain": "global", "reason": "notFound"}],
                                                     "busy": []}


def test_free_busy_has_its_bounds(events):
    assert matches(query(events, AVERY, high="2027-05-01T00:00:00Z"), "error-400-time-range")
    assert matches(query(events, AVERY, high="2027-01-11T00:00:00Z"), "error-400-timerange-empty")
    many = [f"{number}@example.com" for number in range(51)]
    assert query(events, *many).json()["calendars"]["50@example.com"]["errors"][0]["reason"] == (
        "tooManyCalendarsRequested")
