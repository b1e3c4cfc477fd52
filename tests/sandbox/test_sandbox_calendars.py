"""A test says what is in a calendar in the same words for every provider, and each says it in its own."""

from __future__ import annotations

import pytest

from caldav_flow import Calendar
from client import SandboxError
from google_flow import AVERY as GOOGLE_AVERY
from google_flow import Events
from graph_flow import Graph
from icloud_client import AVERY as APPLE_AVERY
from outlook_flow import AVERY as OUTLOOK_AVERY

ACCOUNTS = {"google": GOOGLE_AVERY, "outlook": OUTLOOK_AVERY, "icloud": APPLE_AVERY}
EVERYONE = pytest.mark.parametrize("provider", ACCOUNTS)
MONDAY = ("2027-01-11T10:00:00", "2027-01-11T11:00:00")
WEEKLY = {"title": "Weekly", "repeat": "FREQ=WEEKLY;BYDAY=MO;COUNT=4", "skipped": ["2027-01-18T10:00:00"],
          "moved": {"2027-01-25T10:00:00": {"start": "2027-01-26T14:00:00", "end": "2027-01-26T15:00:00"}}}


def days_taken(sandbox, provider: str) -> list[str]:
    """The days of January and February on which the calendar has something, as a client sees it."""
    days = [f"2027-{month:02d}-{day:02d}" for month, last in ((1, 31), (2, 28)) for day in range(1, last + 1)]
    if provider == "icloud":
        home = Calendar(sandbox)
        return [day for day in days if home.told(
            home.query(f"{day.replace('-', '')}T000000Z", f"{day.replace('-', '')}T235959Z")) != {"": "404"}]
    if provider == "google":
        found = Events(sandbox).all(singleEvents="true")[0]
    else:
        found = Graph(sandbox).view(**{"$top": 1000}).json()["value"]
    return sorted((one["start"].get("dateTime") or one["start"]["date"])[:10] for one in found)


@EVERYONE
def test_a_weekly_meeting_with_exceptions(sandbox, provider):
    calendar = sandbox.calendar(provider, ACCOUNTS[provider])
    name = calendar.add(*MONDAY, **WEEKLY)
    assert days_taken(sandbox, provider) == ["2027-01-11", "2027-01-26", "2027-02-01"]
    calendar.set_occurrence(name, "2027-02-01T10:00:00", "2027-02-03T10:00:00", "2027-02-03T11:00:00")
    calendar.set_occurrence(name, "2027-01-11T10:00:00")
    assert days_taken(sandbox, provider) == ["2027-01-26", "2027-02-03"]
    calendar.remove(name)
    assert days_taken(sandbox, provider) == [] and calendar.events() == []


@EVERYONE
def test_a_day_and_a_meeting_of_somebody_elses(sandbox, provider):
    calendar = sandbox.calendar(provider, ACCOUNTS[provider])
    calendar.add("2027-01-13", "2027-01-14", show="oof" if provider != "icloud" else "busy")
    calendar.add("2027-02-02T10:00:00", "2027-02-02T11:00:00", answer="tentative", guests=["jane@candidate.test"])
    taken = days_taken(sandbox, provider)
    assert taken[-1] == "2027-02-02" and "2027-01-13" in taken
    shown = str(calendar.events())
    assert "boss@elsewhere.example" in shown and "jane@candidate.test" in shown


@EVERYONE
def test_what_makes_no_sense_is_refused(sandbox, provider):
    calendar = sandbox.calendar(provider, ACCOUNTS[provider])
    for start, end, members in (
            (*MONDAY, {"repeat": "FREQ=SOMETIMES"}), (MONDAY[1], MONDAY[0], {}), (*MONDAY, {"colour": "red"}),
            (*MONDAY, {"time_zone": "Mars/Base"}), ("2027-01-11", MONDAY[1], {}), (*MONDAY, {"show": "away"}),
            (*MONDAY, {"repeat": "FREQ=WEEKLY", "skipped": ["2027-01-19T10:00:00"]})):
        with pytest.raises(SandboxError, match="400"):
            calendar.add(start, end, **members)
    with pytest.raises(SandboxError, match="404"):
        calendar.remove("nothing")
    with pytest.raises(SandboxError, match="404"):
        sandbox.calendar(provider, ACCOUNTS[provider], "nowhere").add(*MONDAY)
    assert calendar.events() == []


@EVERYONE
def test_a_reset_empties_every_calendar(sandbox, provider):
    sandbox.calendar(provider, ACCOUNTS[provider]).add(*MONDAY)
    sandbox.reset()
    assert sandbox.calendar(provider, ACCOUNTS[provider]).events() == []


def test_the_clock_is_the_calendars(sandbox):
    sandbox.clock(now="2027-01-01T12:00:00Z", stopped=True)
    events = Events(sandbox)
    assert events.insert().json()["created"] == "2027-01-01T12:00:00.000Z"
    assert sandbox.clock(advance=90)["now"] == "2027-01-01T12:01:30+00:00"
    assert sandbox.clock(now=None, stopped=False)["stopped"] is False
    with pytest.raises(SandboxError, match="400"):
        sandbox.clock(now="noon")
    with pytest.raises(SandboxError, match="400"):
        sandbox.clock(then="2027-01-01T12:00:00Z")


def test_writes_and_requests_are_chosen(sandbox):
    events = Events(sandbox)
    events.insert()
    assert len(sandbox.writes(provider="google", call="events.insert", account=GOOGLE_AVERY)) == 1
    assert sandbox.writes(provider="outlook") == []
    with pytest.raises(SandboxError, match="400"):
        sandbox.writes(colour="red")
    with pytest.raises(SandboxError, match="400"):
        sandbox.requests_of("events.insert", colour="red")
