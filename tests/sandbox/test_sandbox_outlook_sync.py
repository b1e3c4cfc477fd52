"""The sandbox serves calendarView and its delta as Graph does: rounds, windows, series, and what is gone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from graph_flow import PREFER, WINDOW, Graph, code, kinds
from outlook_flow import AVERY, code_from, exchange, refused_by_graph, sample

MONDAY = ("2027-01-11T10:00:00", "2027-01-11T11:00:00")
WEEKLY = {"repeat": "FREQ=WEEKLY;COUNT=4", "title": "Weekly"}


@pytest.fixture
def graph(sandbox):
    return Graph(sandbox)


@pytest.fixture
def hiring(sandbox, graph):
    """Another calendar of the same mailbox."""
    listed = graph.send("GET", f"{graph.api}/me/calendars", **{"$top": 100}).json()["value"]
    return Graph(sandbox, next(one["id"] for one in listed if one["name"] == "Interviews"), token=graph.token)


def test_a_round_ends_with_its_delta_link(graph):
    graph.hand.fill(25, every=24 * 60)
    sizes, answer = [], graph.delta(size=10)
    while True:
        body = answer.json()
        sizes.append(len(body["value"]))
        assert answer.headers["Preference-Applied"] == "odata.track-changes"
        if "@odata.deltaLink" in body:
            break
        answer = graph.delta(body["@odata.nextLink"], size=10)
    assert sizes == [10, 10, 5] and len(body["@odata.deltaLink"]) > 2048
    assert graph.round(body["@odata.deltaLink"])[0] == []


def test_items_have_the_members_of_the_sample(graph):
    graph.hand.add(*MONDAY, title="1:1", guests=["jane@candidate.test"])
    (item,), _ = graph.round()
    assert item["@odata.type"] == "#microsoft.graph.event" and item["subject"] == "1:1"
    assert item["start"] == {"dateTime": "2027-01-11T09:00:00.0000000", "timeZone": "UTC"}
    assert item["originalStartTimeZone"] == "W. Europe Standard Time"
    assert (item["showAs"], item["type"], item["isOrganizer"]) == ("busy", "singleInstance", True)
    assert item["attendees"][0]["emailAddress"]["address"] == "jane@candidate.test"


def test_a_round_tells_what_has_changed_and_what_is_gone(graph):
    first, second = graph.hand.add(*MONDAY), graph.hand.add(*MONDAY)
    _, link = graph.round()
    graph.hand.change(first, subject="Changed")
    graph.hand.remove(second)
    told, later = graph.round(link)
    assert [(one["id"], one.get("subject")) for one in told] == [(first, "Changed"), (second, None)]
    assert told[1] == {"@odata.type": "#microsoft.graph.event", "id": second, "@removed": {"reason": "deleted"}}
    assert graph.round(later)[0] == []


def test_the_window_is_frozen_and_what_lies_outside_looks_removed(graph):
    inside = graph.hand.add(*MONDAY)
    _, link = graph.round()
    outside = graph.hand.add("2028-01-11T10:00:00", "2028-01-11T11:00:00")
    graph.hand.change(inside, start={"dateTime": "2027-06-01T10:00:00", "timeZone": "UTC"},
                      end={"dateTime": "2027-06-01T11:00:00", "timeZone": "UTC"})
    told, link = graph.round(link)
    assert [(one["id"], "@removed" in one) for one in told] == [(outside, True), (inside, True)]
    graph.hand.change(inside, start={"dateTime": "2027-03-01T10:00:00", "timeZone": "UTC"},
                      end={"dateTime": "2027-03-01T11:00:00", "timeZone": "UTC"})
    assert kinds(graph.round(link)[0]) == ["singleInstance"]


def test_a_series_comes_whole_with_stubs_and_exceptions(graph):
    series = graph.hand.add(*MONDAY, **WEEKLY, skipped=["2027-01-18T10:00:00"], moved={
        "2027-01-25T10:00:00": {"start": "2027-01-26T14:00:00", "end": "2027-01-26T15:00:00"}})
    items, _ = graph.round(size=1)
    assert kinds(items) == ["seriesMaster", "occurrence", "exception", "occurrence"]
    master, occurrence, exception, _ = items
    assert master["id"] == series and master["start"]["dateTime"] == "2027-01-11T09:00:00.0000000"
    assert master["recurrence"] == {
        "pattern": {"type": "weekly", "interval": 1, "month": 0, "dayOfMonth": 0, "daysOfWeek": ["monday"],
                    "firstDayOfWeek": "sunday", "index": "first"},
        "range": {"type": "numbered", "startDate": "2027-01-11", "endDate": "0001-01-01",
                  "recurrenceTimeZone": "W. Europe Standard Time", "numberOfOccurrences": 4}}
    assert occurrence.keys() == {"@odata.type", "@odata.etag", "seriesMasterId", "type", "id", "start", "end"}
    assert exception["seriesMasterId"] == series and exception["showAs"] == "busy"
    assert exception["start"]["dateTime"] == "2027-01-26T13:00:00.0000000"


def test_one_occurrence_gone_is_told_by_its_absence(graph):
    series = graph.hand.add(*MONDAY, **WEEKLY)
    _, link = graph.round()
    graph.hand.set_occurrence(series, "2027-01-18T10:00:00")
    told, link = graph.round(link)
    assert kinds(told) == ["seriesMaster", "occurrence", "occurrence", "occurrence"]
    assert "2027-01-18" not in str(told)
    graph.hand.remove(series)
    assert graph.round(link)[0] == [{"@odata.type": "#microsoft.graph.event", "id": series,
                                     "@removed": {"reason": "deleted"}}]


def test_what_changes_during_a_round_comes_again_and_the_last_wins(graph):
    graph.hand.fill(3)
    body = graph.delta(size=1).json()
    first = body["value"][0]["id"]
    graph.hand.change(first, subject="Later")
    rest, _ = graph.round(body["@odata.nextLink"], size=1)
    assert [one["subject"] for one in rest if one["id"] == first] == ["Later"] and len(rest) == 3


@pytest.mark.parametrize("option", ["$top", "$select", "$filter", "$orderby", "$expand", "$search"])
def test_delta_takes_no_query_options(sandbox, graph, option):
    answer = graph.delta(**{option: "10"})
    assert code(answer) == (400, "ErrorInvalidUrlQuery")
    assert [one["what"] for one in sandbox.take_violations()] == [f"no such query parameter: {option}"]


def test_a_window_is_needed(graph):
    assert code(graph.send("GET", f"{graph.url}/calendarView/delta")) == (400, "ErrorInvalidParameter")
    assert code(graph.view(endDateTime="2033-01-01T00:00:00Z")) == (400, "ErrorInvalidParameter")


def test_cursors_expire(graph):
    _, link = graph.round()
    graph.hand.expire_cursors()
    answer = graph.delta(link)
    assert refused_by_graph(answer, "delta-error-410")
    assert answer.headers["Location"] == f"{graph.url}/calendarView/delta?$deltatoken="


def test_a_cursors_loss_has_other_codes_and_statuses_too(sandbox, graph):
    _, link = graph.round()
    for name, status in (("resyncRequired", 410), ("SyncStateInvalid", 400), ("syncStateNotFound", 404)):
        sandbox.fault("outlook.delta", "error", error=name, status=status, cursor="with")
        assert code(graph.delta(link)) == (status, name)


def test_a_cursor_belongs_to_its_calendar(graph, hiring):
    _, link = graph.round()
    assert code(graph.delta(link.replace(graph.id, hiring.id))) == (410, "SyncStateNotFound")


def test_an_event_that_moves_keeps_its_immutable_id_only(graph, hiring):
    name = graph.hand.add(*MONDAY)
    (_, here), (_, there) = graph.round(), hiring.round()
    old = graph.get(name, prefer=None).json()["id"]
    assert graph.hand.move(name, hiring.id) == name
    assert kinds(graph.round(here)[0]) == ["removed"]
    assert [(one["id"], one["type"]) for one in hiring.round(there)[0]] == [(name, "singleInstance")]
    new = graph.get(name, prefer=None).json()["id"]
    assert old != new and code(graph.get(old)) == (404, "ErrorItemNotFound")
    assert graph.get(new).json()["id"] == name and graph.get(new.swapcase()).status_code == 404


def test_times_come_in_the_zone_asked_for(graph):
    name = graph.hand.add(*MONDAY)
    day = graph.hand.add("2027-01-13", "2027-01-14", show="oof")
    for zone, shown in (("Europe/Berlin", "10:00"), ("W. Europe Standard Time", "10:00"),
                        ("Tokyo Standard Time", "18:00")):
        prefer = f'outlook.timezone="{zone}"'
        start = graph.get(name, prefer=prefer).json()["start"]
        assert start == {"dateTime": f"2027-01-11T{shown}:00.0000000", "timeZone": zone}
        assert graph.get(day, prefer=prefer).json()["start"] == {"dateTime": "2027-01-13T00:00:00.0000000",
                                                                  "timeZone": zone}
    for zone in ("Europe/Kyiv", "Mars/Base"):
        assert code(graph.get(name, prefer=f'outlook.timezone="{zone}"')) == (400, "TimeZoneNotSupportedException")


def test_a_preference_that_is_not_known_is_kept_as_a_violation(sandbox, graph):
    assert graph.get(graph.hand.add(*MONDAY), prefer='IdType="Immutable", page=3').status_code == 200
    assert [one["what"] for one in sandbox.take_violations()] == [
        "no such preference: IdType=Immutable", "no such preference: page=3"]


def test_a_window_of_a_hundred_thousand_events_comes_in_pages(graph):
    graph.hand.fill(100_000)
    found, link = graph.round(size=500)
    assert len(found) == len({one["id"] for one in found}) == 2082
    graph.hand.remove(found[2000]["id"])
    assert kinds(graph.round(link)[0]) == ["removed"]
    assert len(graph.view(**{"$top": 1000}).json()["value"]) == 1000


# calendarView

def test_a_view_is_expanded_and_complete(graph):
    series = graph.hand.add(*MONDAY, **WEEKLY, show="tentative", moved={
        "2027-01-18T10:00:00": {"start": "2027-01-10T14:00:00", "end": "2027-01-10T15:00:00"}})
    items = graph.view().json()["value"]
    assert kinds(items) == ["exception", "occurrence", "occurrence", "occurrence"]
    assert {one["seriesMasterId"] for one in items} == {series} and {one["showAs"] for one in items} == {"tentative"}
    assert graph.get(items[1]["id"]).json()["start"] == items[1]["start"]


def test_a_view_is_bounded_and_selected(graph):
    graph.hand.add(*MONDAY)
    view = graph.view(startDateTime="2027-01-11T12:00:00+02:00", endDateTime="2027-01-11T13:00:00+02:00")
    assert view.json()["value"] == []
    (item,) = graph.view(**{"$select": "id,showAs,start"}).json()["value"]
    assert {name for name in item if not name.startswith("@")} == {"id", "showAs", "start"}


def test_a_select_of_what_is_not_there_is_refused(sandbox, graph):
    assert code(graph.view(**{"$select": "id,busy"})) == (400, "ErrorInvalidUrlQuery")
    assert [one["what"] for one in sandbox.take_violations()] == ["$select: no such member: busy"]


def test_a_view_comes_in_pages(graph):
    graph.hand.fill(25, every=24 * 60)
    seen, body = [], graph.view(**{"$top": 10, "$select": "id,start"}).json()
    while True:
        seen += [one["start"]["dateTime"] for one in body["value"]]
        if "@odata.nextLink" not in body:
            break
        body = graph.send("GET", body["@odata.nextLink"]).json()
    assert len(seen) == 25 and seen == sorted(seen)


def test_summer_time_moves_a_series_in_utc(graph):
    graph.hand.add("2027-03-22T09:00:00", "2027-03-22T09:15:00", repeat="FREQ=WEEKLY;UNTIL=20270405T070000Z")
    items = graph.view(endDateTime="2027-05-01T00:00:00Z").json()["value"]
    assert [one["start"]["dateTime"][11:16] for one in items] == ["08:00", "07:00", "07:00"]


# The mailbox

def test_who_it_is_and_how_its_mailbox_is_set(sandbox):
    scope = "openid offline_access User.Read Calendars.ReadWrite MailboxSettings.Read"
    sandbox.add_account(AVERY, time_zone="America/New_York")
    tokens = exchange(sandbox, code_from(sandbox, scope=scope), scope=scope).json()
    graph = Graph(sandbox, token=tokens["access_token"])
    me = graph.send("GET", f"{graph.api}/me", **{"$select": "id,displayName,mail,userPrincipalName"}).json()
    assert me["mail"] == AVERY and len(me["id"]) == 36
    settings = graph.send("GET", f"{graph.api}/me/mailboxSettings").json()
    assert settings["timeZone"] == "Eastern Standard Time"
    zone = graph.send("GET", f"{graph.api}/me/mailboxSettings/timeZone").json()
    assert zone["value"] == "Eastern Standard Time"
    assert graph.send("GET", f"{graph.api}/users/{me['id']}/calendars").status_code == 200
    assert code(graph.send("GET", f"{graph.api}/users/sam@contoso.example/calendars")) == (403, "ErrorAccessDenied")


def test_a_calendar_that_is_gone_is_not_found(sandbox, graph, hiring):
    sandbox.add_account(AVERY, calendars=1)
    assert code(hiring.delta()) == (404, "ErrorFolderNotFound")
    assert graph.delta().status_code == 200


# Faults

def test_pages_can_be_empty_lead_to_themselves_or_go_on_for_ever(sandbox, graph):
    graph.hand.fill(2)
    sandbox.fault("outlook.delta", "short_page", items=0)
    body = graph.delta().json()
    assert body["value"] == [] and len(graph.round(body["@odata.nextLink"])[0]) == 2
    sandbox.fault("outlook.delta", "next_link", link="loop", page="later")
    link = graph.delta(size=1).json()["@odata.nextLink"]
    assert graph.delta(link, size=1).json()["@odata.nextLink"] == link
    sandbox.fault("outlook.delta", "next_link", link="endless", count=2)
    first = graph.delta(size=1).json()
    second = graph.delta(first["@odata.nextLink"], size=1).json()
    assert first["@odata.nextLink"] != second["@odata.nextLink"]
    assert [one["id"] for one in first["value"]] == [one["id"] for one in second["value"]]
    sandbox.fault("outlook.delta", "next_link", link="https://evil.example/x")
    assert graph.delta().json()["@odata.nextLink"] == "https://evil.example/x"


def test_one_calendar_can_fail_alone(sandbox, graph, hiring):
    sandbox.fault("outlook.delta", "error", error="ErrorFolderNotFound", status=404, calendar=hiring.id, count=-1)
    assert code(hiring.delta()) == (404, "ErrorFolderNotFound")
    assert graph.delta().status_code == 200


def test_more_than_four_at_once_are_too_many(sandbox, graph):
    sandbox.fault("outlook.delta", "hold", count=-1)
    with ThreadPoolExecutor(6) as pool:
        waiting = [pool.submit(graph.delta) for _ in range(4)]
        sandbox.wait_until_held(4)
        answer = graph.delta()
        sandbox.clear_faults()
        assert [one.result().status_code for one in waiting] == [200] * 4
    assert refused_by_graph(answer, "error-429") and answer.headers["Retry-After"] == "10"
    assert graph.delta().status_code == 200


def test_too_many_in_ten_minutes_are_throttled(sandbox, graph):
    sandbox.mode(outlook_per_ten_minutes=4)
    assert [graph.delta().status_code for _ in range(4)] == [200, 200, 200, 429]


def test_delta_refuses_in_the_samples_words(sandbox, graph):
    answer = graph.send("GET", f"{graph.url}/calendarView/delta", prefer=PREFER.format(size=5), **WINDOW, **{"$top": 1})
    assert answer.json()["error"]["code"] == sample("delta-error-400-top")["response"]["json"]["error"]["code"]
    sandbox.take_violations()
