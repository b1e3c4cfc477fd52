"""The sandbox tells of changes as Graph's subscriptions do."""

from __future__ import annotations

import json

import pytest

from graph_flow import Graph, code, timed
from outlook_flow import refused_by_graph
from receiver import Receiver

MONDAY = ("2027-01-11T10:00:00", "2027-01-11T11:00:00")


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def graph(sandbox):
    sandbox.clock(now="2027-01-10T08:00:00Z", stopped=True)
    return Graph(sandbox)


def subscribe(graph, receiver, **changes):
    body = {"changeType": "created,updated,deleted", "notificationUrl": f"{receiver.url}/hook",
            "lifecycleNotificationUrl": f"{receiver.url}/life", "resource": f"/me/calendars/{graph.id}/events",
            "expirationDateTime": "2027-01-17T07:00:00.0000000Z", "clientState": "STATE", **changes}
    return graph.send("POST", f"{graph.api}/subscriptions", json={key: value for key, value in body.items() if value})


def told(receiver, path="/hook") -> list[dict]:
    return [one for got in receiver.got if got["path"] == path for one in json.loads(got["body"])["value"]]


def test_both_addresses_are_validated_before_the_answer(graph, receiver):
    answer = subscribe(graph, receiver)
    body = answer.json()
    assert answer.status_code == 201 and body["clientState"] is None
    assert body["expirationDateTime"] == "2027-01-17T07:00:00Z"
    paths = [one["path"].partition("?")[0] for one in receiver.got]
    assert paths == ["/hook", "/life"]
    assert receiver.got[0]["path"].startswith("/hook?validationToken=Validation%3A+Testing+client+application")


def test_a_wrong_handshake_is_refused(graph, receiver):
    receiver.echo = "<html>"
    assert refused_by_graph(subscribe(graph, receiver), "subscription-error-validation")
    assert graph.send("GET", f"{graph.api}/subscriptions").json()["value"] == []


def test_every_change_is_told(sandbox, graph, receiver):
    subscription = subscribe(graph, receiver).json()
    name = graph.create(timed()).json()["id"]
    graph.patch(name, {"subject": "b"})
    graph.delete(name)
    sandbox.wait_until_pushed(3)
    found = told(receiver)
    assert sorted(one["changeType"] for one in found) == ["created", "deleted", "updated"]
    assert {one["clientState"] for one in found} == {"STATE"}
    assert {one["subscriptionId"] for one in found} == {subscription["id"]}
    assert found[0]["resourceData"]["id"] == name and found[0]["resource"].endswith(f"/Events/{name}")


def test_only_what_is_asked_for_is_told(sandbox, graph, receiver):
    subscribe(graph, receiver, changeType="deleted")
    subscribe(graph, receiver, resource="/me/events", changeType="updated")
    other = next(one["id"] for one in graph.send("GET", f"{graph.api}/me/calendars").json()["value"]
                 if one["name"] == "Interviews")
    hand = sandbox.calendar("outlook", graph.email, other)
    name = hand.add(*MONDAY)
    hand.change(name, subject="b")
    hand.remove(name)
    sandbox.wait_until_pushed(1)
    assert [one["changeType"] for one in told(receiver)] == ["updated"]


def test_subscriptions_of_one_address_share_a_message(sandbox, graph, receiver):
    subscribe(graph, receiver)
    subscribe(graph, receiver, resource="/me/events")
    graph.hand.add(*MONDAY)
    sandbox.wait_until_pushed(1)
    assert len(sandbox.pushed("notification")) == 1 and len(told(receiver)) == 2


def test_a_subscription_is_renewed_and_removed(sandbox, graph, receiver):
    url = f"{graph.api}/subscriptions/{subscribe(graph, receiver).json()['id']}"
    sandbox.clock(advance=6 * 24 * 3600)
    renewed = graph.send("PATCH", url, json={"expirationDateTime": "2027-01-20T08:00:00Z"})
    assert renewed.json()["expirationDateTime"] == "2027-01-20T08:00:00Z"
    assert graph.send("POST", f"{url}/reauthorize").status_code == 200
    assert graph.send("PATCH", url, json={"clientState": "OTHER"}).status_code == 400
    sandbox.clock(advance=5 * 24 * 3600)
    assert refused_by_graph(graph.send("PATCH", url, json={"expirationDateTime": "2027-01-27T08:00:00Z"}),
                            "subscription-error-404")
    sandbox.clock(now="2027-01-10T08:00:00Z", stopped=True)
    url = f"{graph.api}/subscriptions/{subscribe(graph, receiver).json()['id']}"
    assert graph.send("DELETE", url).status_code == 204 and graph.send("GET", url).status_code == 404


@pytest.mark.parametrize("change, status", [
    ({"expirationDateTime": "2027-01-18T08:00:00Z"}, 400), ({"clientState": "x" * 129}, 400),
    ({"resource": "/me/messages"}, 400), ({"changeType": "moved"}, 400), ({"notificationUrl": "ftp://x/"}, 400),
    ({"resource": "/me/calendars/AAMkNOWHERE=/events"}, 404), ({"notificationUrl": None}, 400)])
def test_a_subscription_that_makes_no_sense_is_refused(graph, receiver, change, status):
    assert subscribe(graph, receiver, **change).status_code == status
    assert receiver.got == []


def test_a_short_life_is_raised_and_an_equal_one_is_a_conflict(graph, receiver):
    body = subscribe(graph, receiver, expirationDateTime="2027-01-10T08:01:00Z").json()
    assert body["expirationDateTime"] == "2027-01-10T08:45:00Z"
    assert code(subscribe(graph, receiver)) == (409, "Conflict")


def test_life_cycle_messages_go_to_their_own_address(sandbox, graph, receiver):
    subscription = subscribe(graph, receiver).json()["id"]
    events = ["missed", "reauthorizationRequired", "subscriptionRemoved"]
    for event in events:
        assert sandbox.control("POST", "outlook/lifecycle", {"event": event}) == {"told": 1}
    sandbox.wait_until_pushed(3)
    found = told(receiver, "/life")
    assert sorted(one["lifecycleEvent"] for one in found) == events
    assert {(one["subscriptionId"], one["clientState"]) for one in found} == {(subscription, "STATE")}
    assert sandbox.control("POST", "outlook/subscriptions", {}) == {"subscriptions": []}


def test_an_address_can_have_to_be_https(sandbox, graph, receiver):
    sandbox.mode(push_needs_https=True)
    assert code(subscribe(graph, receiver)) == (400, "ValidationError")
