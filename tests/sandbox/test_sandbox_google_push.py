"""The sandbox tells of changes as Google's push channels do."""

from __future__ import annotations

import pytest

from google_flow import AVERY, INTERVIEWS, Events, reason
from receiver import Receiver

CHANNEL = "01234567-89ab-4cde-8f01-23456789abcd"
MONDAY = ("2027-01-11T10:00:00", "2027-01-11T11:00:00")


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def events(sandbox):
    return Events(sandbox)


def watch(events, receiver, **changes):
    body = {"id": CHANNEL, "type": "web_hook", "address": f"{receiver.url}/hook", "token": "SECRET", **changes}
    return events.send("POST", f"{events.url}/watch", json=body)


def test_a_channel_is_told_that_it_stands_and_of_every_change(sandbox, events, receiver):
    sandbox.clock(now="2027-01-08T08:00:00Z", stopped=True)
    channel = watch(events, receiver).json()
    assert channel["expiration"] == "1800000000000"
    assert channel["resourceUri"].endswith("/calendars/avery%40example.com/events?alt=json")
    events.hand.add(*MONDAY)
    events.insert()
    sandbox.wait_until_pushed(2)
    states = [one["headers"]["X-Goog-Resource-State"] for one in receiver.got]
    numbers = [int(one["headers"]["X-Goog-Message-Number"]) for one in receiver.got]
    assert states == ["sync", "exists", "exists"] and numbers[0] == 1 and sorted(set(numbers)) == numbers
    head = receiver.got[1]["headers"]
    assert (head["X-Goog-Channel-ID"], head["X-Goog-Channel-Token"]) == (CHANNEL, "SECRET")
    assert head["X-Goog-Resource-ID"] == channel["resourceId"] and receiver.got[1]["body"] == ""
    assert head["X-Goog-Channel-Expiration"] == "Fri, 15 Jan 2027 08:00:00 GMT"


def test_another_calendars_changes_are_not_told(sandbox, events, receiver):
    watch(events, receiver)
    sandbox.calendar("google", AVERY, INTERVIEWS).add(*MONDAY)
    events.hand.add(*MONDAY)
    sandbox.wait_until_pushed(1)
    assert len(sandbox.pushed("notification")) == 1


def test_a_channel_ends_by_itself_or_is_stopped(sandbox, events, receiver):
    sandbox.clock(now="2027-01-08T08:00:00Z", stopped=True)
    channel = watch(events, receiver, params={"ttl": "3600"}).json()
    sandbox.clock(advance=3601)
    events.hand.add(*MONDAY)
    assert sandbox.pushed("notification") == []
    channel = watch(events, receiver, id="another").json()
    stop = {"id": "another", "resourceId": channel["resourceId"]}
    other = Events(sandbox, AVERY, "sam@example.com")
    assert other.send("POST", f"{events.api}/channels/stop", json=stop).status_code == 404
    assert events.send("POST", f"{events.api}/channels/stop", json=stop).status_code == 204
    assert events.send("POST", f"{events.api}/channels/stop", json=stop).status_code == 404
    assert sandbox.control("POST", "google/channels", {})["channels"] == []


def test_a_channels_id_serves_once(events, receiver):
    assert watch(events, receiver).status_code == 200
    assert reason(watch(events, receiver)) == (400, "channelIdNotUnique")


@pytest.mark.parametrize("change", [{"id": "x" * 65}, {"token": "x" * 257}, {"type": "mail"}, {"address": "ftp://x/"},
                                    {"params": {"ttl": "soon"}}])
def test_a_channel_that_makes_no_sense_is_refused(events, receiver, change):
    assert watch(events, receiver, **change).status_code == 400
    assert receiver.got == []


def test_an_address_can_have_to_be_https(sandbox, events, receiver):
    sandbox.mode(push_needs_https=True)
    assert reason(watch(events, receiver)) == (400, "push.webhookUrlNotHttps")
    sandbox.fault("events.watch", "error", error="push.webhookUrlUnauthorized")
    assert reason(watch(events, receiver)) == (401, "push.webhookUrlUnauthorized")


def test_messages_are_sent_again_lost_or_doubled(sandbox, events, receiver):
    watch(events, receiver)
    receiver.status = 503
    events.hand.add(*MONDAY)
    sandbox.wait_until_pushed(3)
    receiver.status = 200
    sandbox.mode(push="lost")
    events.hand.add(*MONDAY)
    sandbox.mode(push="twice")
    before = len(sandbox.pushed("notification"))
    events.hand.add(*MONDAY)
    assert len(sandbox.pushed("notification")) >= before + 2


def test_the_list_of_calendars_is_watched_too(sandbox, events, receiver):
    body = {"id": CHANNEL, "type": "web_hook", "address": receiver.url}
    answer = events.send("POST", f"{events.api}/users/me/calendarList/watch", json=body)
    assert answer.status_code == 200 and "token" not in answer.json()
    events.hand.add(*MONDAY)
    sandbox.add_account(AVERY, calendars=3)
    sandbox.wait_until_pushed(1)
    assert len(sandbox.pushed("notification")) == 1


def test_nothing_is_sent_to_other_machines(sandbox, events, receiver):
    assert watch(events, receiver, address="https://ats.example.com/hook").status_code == 200
    assert [one["status"] for one in sandbox.pushed("sync")] == [0]
