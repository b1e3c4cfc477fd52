"""The sandbox takes events as Graph does: create, PATCH, DELETE, cancel, Teams, guests and their mail."""

from __future__ import annotations

import pytest

from graph_flow import Graph, code, kinds, timed
from outlook_flow import AVERY, refused_by_graph

GUEST = "jane@candidate.test"
ATTENDEE = {"emailAddress": {"address": GUEST, "name": "Jane"}, "type": "required"}
ONLINE = {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"}


@pytest.fixture
def graph(sandbox):
    return Graph(sandbox)


def test_an_event_stands_as_it_was_sent(sandbox, graph):
    body = {"subject": "Interview", "body": {"contentType": "text", "content": "2 < 3\nPanel"}, "attendees": [ATTENDEE],
            "location": {"displayName": "Room 4"}, "hideAttendees": True, "allowNewTimeProposals": False,
            "transactionId": "t-1", "showAs": "busy"}
    answer = graph.create(body)
    event = answer.json()
    assert answer.status_code == 201 and answer.headers["Location"].endswith(f"/events('{event['id']}')")
    assert event["start"] == {"dateTime": "2027-01-21T09:00:00.0000000", "timeZone": "UTC"}
    assert event["attendees"] == [{"type": "required", "status": {"response": "none", "time": "0001-01-01T00:00:00Z"},
                                   "emailAddress": {"name": "Jane", "address": GUEST}}]
    assert event["location"] == {"displayName": "Room 4", "locationType": "default", "uniqueId": "Room 4",
                                 "uniqueIdType": "private"}
    assert event["body"]["contentType"] == "html" and "2 &lt; 3<br>" in event["body"]["content"]
    assert (event["bodyPreview"], event["transactionId"], event["hideAttendees"]) == ("2 < 3\r\nPanel", "t-1", True)
    assert (event["onlineMeeting"], event["isOnlineMeeting"]) == (None, False)
    (write,) = sandbox.writes(provider="outlook")
    assert (write["call"], write["status"], write["id"]) == ("outlook.create", 201, event["id"])
    assert write["mails"] == {GUEST: "invitation"} and write["body"]["subject"] == "Interview"
    read = graph.get(event["id"], prefer='IdType="ImmutableId", outlook.body-content-type="text"').json()
    assert read["body"] == {"contentType": "text", "content": "2 < 3\r\nPanel"}


def test_a_transaction_makes_one_event(sandbox, graph):
    body = {"subject": "Interview", "transactionId": "t-1"}
    first = graph.create(body).json()
    again = graph.create(body)
    assert (again.status_code, again.json()["id"]) == (201, first["id"])
    assert refused_by_graph(graph.create({**body, "subject": "Another"}), "event-create-error-duplicate-transaction")
    sandbox.mode(transaction_repeat="error")
    assert code(graph.create(body)) == (409, "ErrorDuplicateTransactionId")
    assert code(graph.patch(first["id"], {"transactionId": "t-2"})) == (400, "ErrorInvalidRequest")
    assert len(graph.view().json()["value"]) == 1
    sandbox.mode(transaction_repeat="forgotten")
    assert graph.create(body).json()["id"] != first["id"]


@pytest.mark.parametrize("body, name", [
    ({"end": timed()["start"], "start": timed()["end"]}, "ErrorPropertyValidationFailure"),
    ({"isAllDay": True}, "ErrorPropertyValidationFailure"), ({"start": None}, "ErrorPropertyValidationFailure"),
    ({"attendees": [{"emailAddress": {"address": "nobody"}}]}, "ErrorPropertyValidationFailure"),
    (timed(zone="Europe/Kyiv"), "TimeZoneNotSupportedException"),
    (timed(zone="Customized Time Zone"), "TimeZoneNotSupportedException")])
def test_an_event_that_makes_no_sense_is_refused(graph, body, name):
    assert code(graph.create(body)) == (400, name)
    assert graph.view().json()["value"] == []


@pytest.mark.parametrize("body, complaint", [
    ({"title": "x"}, ": event has no member title"), ({"showAs": "away"}, "showAs is no freeBusyStatus: away"),
    ({"attendees": [{"emailAddress": GUEST}]}, "attendees.0.emailAddress is no object"),
    ({"isOnlineMeeting": "yes"}, "isOnlineMeeting is no boolean: yes"),
    ({"reminderMinutesBeforeStart": 1.5}, "reminderMinutesBeforeStart is no int: 1.5")])
def test_a_body_that_graph_does_not_know_is_refused_and_kept(sandbox, graph, body, complaint):
    assert code(graph.create(body)) == (400, "BadRequest")
    assert [one["what"] for one in sandbox.take_violations()] == [complaint]


def test_a_patch_changes_what_it_names(graph):
    event = graph.create({"subject": "a", "location": {"displayName": "Room 4"}, "attendees": [ATTENDEE]}).json()
    graph.hand.answer(event["id"], GUEST, "accepted")
    changed = graph.patch(event["id"], timed("2027-01-22T09:00:00", "2027-01-22T10:00:00")).json()
    assert changed["start"]["dateTime"].startswith("2027-01-22") and changed["subject"] == "a"
    assert changed["attendees"][0]["status"]["response"] == "accepted"
    other = {"emailAddress": {"address": "b@b.test"}, "type": "optional"}
    graph.patch(event["id"], {"attendees": [ATTENDEE, other]})
    graph.patch(event["id"], {"location": {"displayName": "Room 5"}})
    assert [one["mails"] for one in graph.sandbox.writes(call="outlook.patch")] == [
        {GUEST: "update"}, {"b@b.test": "invitation"}, {"b@b.test": "update", GUEST: "update"}]
    read = graph.get(event["id"]).json()
    assert read["locations"][0]["displayName"] == "Room 5"
    assert [one["status"]["response"] for one in read["attendees"]] == ["accepted", "none"]


def test_a_change_meanwhile_is_noticed(graph):
    event = graph.create().json()
    graph.patch(event["id"], {"subject": "b"}, {"If-Match": event["@odata.etag"]})
    answer = graph.patch(event["id"], {"subject": "c"}, {"If-Match": event["@odata.etag"]})
    assert refused_by_graph(answer, "error-412")
    assert graph.delete(event["id"], {"If-Match": event["@odata.etag"]}).status_code == 412


def test_a_deleted_event_is_not_found(graph):
    event = graph.create({"attendees": [ATTENDEE]}).json()
    assert graph.delete(event["id"]).status_code == 204
    assert refused_by_graph(graph.delete(event["id"]), "error-404-item")
    assert refused_by_graph(graph.patch(event["id"], {"subject": "b"}), "error-404-item")
    assert [one["mails"] for one in graph.sandbox.writes(call="outlook.delete")] == [{GUEST: "cancellation"}, {}]


def test_an_organiser_cancels_with_a_word(graph):
    event, alone = graph.create({"attendees": [ATTENDEE]}).json(), graph.create().json()
    url = f"{graph.api}/me/events/{{}}/cancel"
    assert graph.send("POST", url.format(event["id"]), json={"comment": "Filled."}).status_code == 202
    assert graph.get(event["id"]).status_code == 404
    assert graph.send("POST", url.format(alone["id"]), json={"comment": "Filled."}).status_code == 400
    assert graph.sandbox.writes(call="outlook.cancel")[0]["body"] == {"comment": "Filled."}


# Teams

def test_the_way_into_a_meeting_is_a_block_of_its_text(graph):
    event = graph.create({"subject": "a", "body": {"contentType": "html", "content": "<p>Hello</p>"}, **ONLINE}).json()
    join, content = event["onlineMeeting"]["joinUrl"], event["body"]["content"]
    assert event["isOnlineMeeting"] and join in content and "<p>Hello</p>" in content
    kept = graph.patch(event["id"], {"body": {"contentType": "html", "content": content.replace("Hello", "Welcome")}})
    assert kept.json()["onlineMeeting"] == {"joinUrl": join}
    assert graph.patch(event["id"], {"isOnlineMeeting": False}).json()["isOnlineMeeting"] is True
    lost = graph.patch(event["id"], {"body": {"contentType": "text", "content": "Welcome"}}).json()
    assert (lost["isOnlineMeeting"], lost["onlineMeeting"], join in lost["body"]["content"]) == (False, None, False)
    back = graph.patch(event["id"], {"subject": "b"}).json()
    assert back["onlineMeeting"] == {"joinUrl": join} and "Welcome" in back["body"]["content"]


def test_a_room_can_come_later_or_never(sandbox, graph):
    sandbox.mode(conference_reads=2)
    event = graph.create(ONLINE).json()
    assert (event["isOnlineMeeting"], event["onlineMeeting"]) == (True, None)
    _, link = graph.round()
    assert graph.get(event["id"]).json()["onlineMeeting"]["joinUrl"]
    assert [one["id"] for one in graph.round(link)[0]] == [event["id"]]
    sandbox.mode(conference="failure")
    assert graph.create(ONLINE).json()["isOnlineMeeting"] is False


def test_only_a_calendar_that_has_teams_makes_rooms(sandbox, graph):
    personal = Graph(sandbox, email="avery@outlook.example")
    assert personal.create(ONLINE).json()["isOnlineMeeting"] is False
    (calendar,) = [one for one in personal.send("GET", f"{graph.api}/me/calendars").json()["value"]
                   if one["isDefaultCalendar"]]
    assert (calendar["allowedOnlineMeetingProviders"], calendar["defaultOnlineMeetingProvider"]) == ([], "unknown")


# Guests and series

def test_a_guest_has_the_meeting_and_hears_when_it_is_off(sandbox, graph):
    sandbox.add_account("sam@contoso.example")
    sam = Graph(sandbox, email="sam@contoso.example")
    _, link = sam.round()
    event = graph.create({"subject": "Interview", "attendees": [{"emailAddress": {"address": "sam@contoso.example"}}]})
    (copy,), link = sam.round(link)
    assert (copy["iCalUId"], copy["isOrganizer"], copy["showAs"]) == (event.json()["iCalUId"], False, "tentative")
    assert copy["organizer"]["emailAddress"]["address"] == AVERY
    assert copy["responseStatus"]["response"] == "notResponded"
    assert code(sam.patch(copy["id"], {"subject": "Mine"})) == (403, "ErrorAccessDenied")
    graph.hand.answer(event.json()["id"], "sam@contoso.example", "accepted")
    (copy,), link = sam.round(link)
    assert (copy["showAs"], copy["responseStatus"]["response"]) == ("busy", "accepted")
    graph.delete(event.json()["id"])
    (copy,), _ = sam.round(link)
    assert (copy["isCancelled"], copy["subject"], copy["showAs"]) == (True, "Canceled: Interview", "free")


WEEKLY = {"recurrence": {"pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["thursday"]},
                         "range": {"type": "numbered", "startDate": "2027-01-21", "numberOfOccurrences": 3}}}


def test_one_occurrence_is_changed_and_deleted(graph):
    series = graph.create(WEEKLY).json()
    _, link = graph.round()
    first, second, third = graph.view().json()["value"]
    moved = graph.patch(second["id"], timed("2027-01-28T12:00:00", "2027-01-28T13:00:00")).json()
    assert (moved["type"], moved["id"], moved["seriesMasterId"]) == ("exception", second["id"], series["id"])
    assert graph.delete(third["id"]).status_code == 204
    assert kinds(graph.round(link)[0]) == ["seriesMaster", "occurrence", "exception"]
    assert graph.get(third["id"]).status_code == 404
    crossing = timed("2027-01-21T12:00:00", "2027-01-21T13:00:00")
    assert code(graph.patch(second["id"], crossing)) == (400, "ErrorOccurrenceCrossingBoundary")


def test_our_own_key_finds_an_event_again(sandbox, graph):
    name = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name calintInterview"
    event = graph.create({"singleValueExtendedProperties": [{"id": name, "value": "int-88"}]}).json()
    graph.create()
    wanted = f"singleValueExtendedProperties/any(ep: ep/id eq '{name}' and ep/value eq 'int-88')"
    found = graph.send("GET", f"{graph.url}/events", **{"$filter": wanted}).json()["value"]
    assert [one["id"] for one in found] == [event["id"]] and "singleValueExtendedProperties" not in found[0]
    expanded = graph.get(event["id"], **{"$expand": f"singleValueExtendedProperties($filter=id eq '{name}')"}).json()
    assert expanded["singleValueExtendedProperties"] == [{"id": name, "value": "int-88"}]
    by_uid = graph.send("GET", f"{graph.url}/events", **{"$filter": f"iCalUId eq '{event['iCalUId']}'"}).json()["value"]
    assert [one["id"] for one in by_uid] == [event["id"]]
    assert code(graph.send("GET", f"{graph.url}/events", **{"$filter": "subject eq 'x'"})) == (
        400, "ErrorInvalidUrlQuery")


def test_an_answer_can_be_lost_after_its_effect(sandbox, graph):
    sandbox.fault("outlook.create", "reset", when="after")
    with pytest.raises(OSError):
        graph.create({"transactionId": "t-1"})
    assert len(graph.view().json()["value"]) == 1


def test_who_may_not_write_is_told(sandbox, graph):
    shared = next(one["id"] for one in graph.send("GET", f"{graph.api}/me/calendars").json()["value"]
                  if not one["canEdit"])
    assert code(Graph(sandbox, shared, token=graph.token).create()) == (403, "ErrorAccessDenied")


# getSchedule

def schedule(graph, *names, low="2027-01-11T00:00:00", high="2027-01-12T00:00:00", **more):
    body = {"schedules": list(names), "startTime": {"dateTime": low, "timeZone": "UTC"},
            "endTime": {"dateTime": high, "timeZone": "UTC"}, **more}
    return graph.send("POST", f"{graph.api}/me/calendar/getSchedule", json=body)


def test_a_schedule_is_of_a_mailbox_and_failures_are_inside(graph):
    graph.hand.add("2027-01-11T10:00:00", "2027-01-11T11:00:00", title="1:1")
    graph.hand.add("2027-01-11T11:00:00", "2027-01-11T12:00:00", show="tentative")
    graph.hand.add("2027-01-11T13:00:00", "2027-01-11T14:00:00", show="free")
    found, unknown = schedule(graph, AVERY, "nobody@contoso.example", availabilityViewInterval=60).json()["value"]
    assert found["availabilityView"] == "0" * 9 + "21" + "0" * 13
    assert [one["status"] for one in found["scheduleItems"]] == ["busy", "tentative", "free"]
    assert unknown["error"]["responseCode"] == "ErrorMailRecipientNotFound"
    assert refused_by_graph(schedule(graph, AVERY, high="2027-03-15T00:00:00"), "getschedule-error-window")
    assert code(schedule(graph, *[AVERY] * 101)) == (400, "ErrorMailboxDataArrayTooBig")


def test_personal_accounts_have_no_schedules(sandbox):
    assert schedule(Graph(sandbox, email="avery@outlook.example"), AVERY).status_code == 403
