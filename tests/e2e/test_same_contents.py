"""The same contents of a calendar are the same busy time, from whichever provider they come."""

import json
import subprocess

import pytest

from harness import places

from caldav_flow import Calendar, data_of  # noqa: E402  (tests/sandbox, found by way of harness.places)
from client import Sandbox
from flow import CALLBACK
from google_flow import Events
from graph_flow import Graph

WINDOW = ("2027-01-01T00:00:00Z", "2027-04-05T00:00:00Z")
#: Start and end by Berlin's clocks, and what else there is to say.
CONTENTS = (
    ("2027-01-11T10:00:00", "2027-01-11T11:00:00", {
        "repeat": "FREQ=WEEKLY;BYDAY=MO;COUNT=3", "skipped": ["2027-01-18T10:00:00"],
        "moved": {"2027-01-25T10:00:00": {"start": "2027-01-26T14:00:00", "end": "2027-01-26T15:00:00"}}}),
    ("2027-03-22T09:00:00", "2027-03-22T09:15:00", {"repeat": "FREQ=WEEKLY;BYDAY=MO;COUNT=2"}),
    ("2027-01-13", "2027-01-14", {}),
    ("2027-02-02T10:00:00", "2027-02-02T11:00:00", {"answer": "needs_action"}),
    ("2027-02-03T10:00:00", "2027-02-03T11:00:00", {"answer": "declined"}),
    ("2027-02-04T10:00:00", "2027-02-04T11:00:00", {"show": "tentative"}),
    ("2027-02-05T10:00:00", "2027-02-05T11:00:00", {"show": "free"}))
BUSY = [["2027-01-11T09:00:00Z", "2027-01-11T10:00:00Z", "busy"],
        ["2027-01-12T23:00:00Z", "2027-01-13T23:00:00Z", "busy"],
        ["2027-01-26T13:00:00Z", "2027-01-26T14:00:00Z", "busy"],
        ["2027-02-02T09:00:00Z", "2027-02-02T10:00:00Z", "unanswered"],
        ["2027-02-04T09:00:00Z", "2027-02-04T10:00:00Z", "tentative"],
        ["2027-03-22T08:00:00Z", "2027-03-22T08:15:00Z", "busy"],
        ["2027-03-29T07:00:00Z", "2027-03-29T07:15:00Z", "busy"]]


@pytest.fixture(scope="module")
def providers():
    with Sandbox(redirect_uris=[CALLBACK]) as sandbox:
        yield sandbox


def google(sandbox):
    """Account, calendar, and what gives the answers in which a client finds its contents."""
    events = Events(sandbox)
    return "avery@example.com", events.hand, lambda: [events.list().text]


def outlook(sandbox):
    graph = Graph(sandbox)
    window = {"startDateTime": WINDOW[0], "endDateTime": WINDOW[1]}
    return graph.email, graph.hand, lambda: [graph.delta(**window).text]


def apple(sandbox):
    home = Calendar(sandbox)
    return "avery@icloud.example", home.hand, lambda: data_of(
        home.multiget(*(one["name"] for one in home.hand.events())))


@pytest.mark.parametrize("provider", [google, outlook, apple])
def test_the_same_contents_are_the_same_busy_time(providers, tmp_path, provider):
    account, calendar, read = provider(providers)
    for start, end, members in CONTENTS:
        calendar.add(start, end, **members)
    files = []
    for number, text in enumerate(read()):
        files.append(tmp_path / f"answer-{number}")
        files[-1].write_bytes(text.encode())
    told = subprocess.run([places.CALINTCTL, "explain", "--provider", provider.__name__, "--zone", "Europe/Berlin",
                           "--account", account, "--from", WINDOW[0], "--to", WINDOW[1], "--json", *files],
                          capture_output=True, text=True, timeout=20)
    assert told.returncode == 0, told.stderr
    assert (json.loads(told.stdout)["busy"], json.loads(told.stdout)["left_out"]) == (BUSY, [])
