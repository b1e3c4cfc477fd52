"""The sandbox holds requests, and its own answers, to the names and types that the providers have published."""

from __future__ import annotations

import pytest

from client import Sandbox, SandboxError
from flow import CALLBACK
from google_flow import Events, timed

from sandbox.outlook_calls import ANNOTATIONS
from sandbox.published import Published


def whats(violations: list[dict]) -> list[str]:
    return [one["what"] for one in violations]


@pytest.mark.parametrize("query, complaint", [
    ({"timeMn": "2027-01-01T00:00:00Z"}, "no such query parameter: timeMn"),
    ({"maxResults": "many"}, "query parameter maxResults is no number: many"),
    ({"singleEvents": "yes"}, "query parameter singleEvents is no boolean: yes"),
    ({"pageToken": ["a", "b"]}, "query parameter pageToken is given twice")])
def test_a_query_that_google_does_not_know_is_refused_and_kept(sandbox, query, complaint):
    assert Events(sandbox).list(**query).status_code == 400
    assert whats(sandbox.take_violations()) == [complaint]


@pytest.mark.parametrize("body, complaint", [
    ({"attendee": []}, "Event has no member attendee"), ({"summary": 7}, "summary is no string: 7"),
    ({"start": {"datetime": "2027-01-21T10:00:00Z"}}, "start: EventDateTime has no member datetime"),
    ({"attendees": [{"email": "a@b.test", "optional": "no"}]}, "attendees.0.optional is no boolean: no"),
    ({"summary": None}, "summary is null"), ({"attendees": {}}, "attendees is no list"),
    ({"extendedProperties": {"private": {"a": 1}}}, "extendedProperties.private.a is no string: 1")])
def test_a_body_that_google_does_not_know_is_refused_and_kept(sandbox, body, complaint):
    events = Events(sandbox)
    assert events.insert(body).status_code == 400
    assert [one.endswith(complaint) for one in whats(sandbox.take_violations())] == [True]
    assert events.all()[0] == []


def test_a_body_is_json_and_only_where_there_is_one(sandbox):
    events = Events(sandbox)
    assert events.send("POST", events.url, {"Content-Type": "text/plain"}, None).status_code == 400
    assert events.send("GET", events.url, json={}).status_code == 400
    assert len(sandbox.take_violations()) >= 2


def test_null_takes_a_member_away_in_a_patch_only(sandbox):
    events = Events(sandbox)
    event = events.insert({"location": "Room"}).json()
    assert "location" not in events.patch(event["id"], {"location": None}).json()
    assert events.update(event["id"], {**timed(), "location": None}).status_code == 400
    assert whats(sandbox.take_violations()) == ["location is null"]


def test_googles_standard_parameters_are_known(sandbox):
    assert Events(sandbox).list(alt="json", prettyPrint="false", fields="items/id").status_code == 200


def test_a_violation_survives_a_reset_and_fails_who_ran_the_sandbox():
    with pytest.raises(SandboxError, match="no such query parameter: colour"):
        with Sandbox(redirect_uris=[CALLBACK]) as sandbox:
            Events(sandbox).list(colour="red")
            sandbox.reset()


def test_an_odd_event_is_served_and_no_violation(sandbox):
    events = Events(sandbox)
    with pytest.raises(SandboxError, match="400"):
        events.hand.put({**timed(), "summary": 7})
    events.hand.put({"summary": 7, "start": "soon", "end": None}, "oddone", odd=True)
    (item,) = events.all()[0]
    assert (item["summary"], item["start"]) == (7, "soon")


@pytest.mark.parametrize("name", ["google", "graph"])
def test_every_type_that_is_named_is_there(name):
    published = Published(name)
    simple = {"any", "string", "number", "boolean", "int", "double", "instant", "date", "timeofday", "guid"}
    kinds = {kind.strip("{}").removesuffix("[]") for members in published._types.values() for kind in members.values()}
    kinds |= {method[part] for method in published.methods.values() for part in ("body", "answer") if method[part]}
    assert kinds <= simple | published._types.keys() | published._enums.keys()


@pytest.mark.parametrize("name, answer, kind, complaint", [
    ("google", {"items": [{"id": "a"}, {"id": 7}]}, "Events", "items.1.id is no string: 7"),
    ("google", {"summary": None}, "Event", "summary is null"),
    ("google", {"items": [None]}, "Events", "items.0 is null"),
    ("graph", {"@odata.etag": 7}, "event", ".@odata.etag is not what that annotation holds: 7"),
    ("graph", {"start": {"dateTime": "x", "zone": "UTC"}}, "event", "start: dateTimeTimeZone has no member zone"),
    ("graph", {"createdDateTime": "yesterday"}, "event", "createdDateTime is no instant: yesterday")])
def test_an_answer_is_held_to_the_same_types(name, answer, kind, complaint):
    published = Published(name, ANNOTATIONS if name == "graph" else None)
    assert published.complaints(answer, kind, null=name == "graph") == [complaint]
