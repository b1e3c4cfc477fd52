"""The sandbox serves events.list as Google does: passes, pages, cursors, series and their exceptions."""

from __future__ import annotations

import pytest

from flow import matches
from google_flow import AVERY, INTERVIEWS, Events, reason, starts

WEEKLY = {"repeat": "FREQ=WEEKLY;COUNT=4", "title": "Weekly"}
MONDAY = ("2027-01-11T10:00:00", "2027-01-11T11:00:00")


@pytest.fixture
def events(sandbox):
    return Events(sandbox)


def test_only_the_last_page_has_a_sync_token(events):
    events.hand.fill(601)
    sizes, page = [], {}
    while True:
        body = events.list(maxResults=250, **page).json()
        sizes.append(len(body["items"]))
        assert ("nextPageToken" in body) != ("nextSyncToken" in body)
        if "nextSyncToken" in body:
            break
        page = {"pageToken": body["nextPageToken"]}
    assert sizes == [250, 250, 101]


def test_a_round_tells_what_has_changed_and_what_is_gone(events):
    first, second = events.hand.add(*MONDAY), events.hand.add(*MONDAY, title="Other")
    found, token = events.all()
    assert [one["id"] for one in found] == [first, second]
    assert events.all(syncToken=token)[0] == []
    events.hand.change(first, summary="Changed")
    events.hand.remove(second)
    told, later = events.all(syncToken=token)
    assert [(one["id"], one["status"], one.get("summary")) for one in told] == [
        (first, "confirmed", "Changed"), (second, "cancelled", None)]
    assert told[1].keys() == {"kind", "etag", "id", "status"}
    assert events.all(syncToken=later)[0] == []
    assert events.all(syncToken=token)[0] == told


def test_what_changes_while_pages_are_read_is_told_by_the_next_round(events):
    events.hand.fill(5)
    body = events.list(maxResults=2).json()
    events.hand.remove(body["items"][0]["id"])
    added = events.hand.add(*MONDAY)
    rest, token = events.all(maxResults=2, pageToken=body["nextPageToken"])
    told, _ = events.all(syncToken=token)
    assert [one["id"] for one in told] == [body["items"][0]["id"], added]
    assert len({one["id"] for one in [*body["items"], *rest]}) >= 5


def test_a_series_is_one_item_and_its_exceptions_are_items(events):
    series = events.hand.add(*MONDAY, **WEEKLY, skipped=["2027-01-18T10:00:00"], moved={
        "2027-01-25T10:00:00": {"start": "2027-01-26T14:00:00", "end": "2027-01-26T15:00:00"}})
    found, _ = events.all()
    assert [one["id"] for one in found] == [series, f"{series}_20270118T090000Z", f"{series}_20270125T090000Z"]
    assert found[0]["recurrence"] == ["RRULE:FREQ=WEEKLY;COUNT=4"]
    assert found[1] == {"kind": "calendar#event", "etag": found[1]["etag"], "id": f"{series}_20270118T090000Z",
                        "status": "cancelled", "recurringEventId": series, "originalStartTime": {
                            "dateTime": "2027-01-18T10:00:00+01:00", "timeZone": "Europe/Berlin"}}
    assert found[2]["start"]["dateTime"] == "2027-01-26T14:00:00+01:00"
    assert found[2]["originalStartTime"]["dateTime"] == "2027-01-25T10:00:00+01:00"


def test_an_exception_comes_alone(events):
    series = events.hand.add(*MONDAY, **WEEKLY)
    _, token = events.all()
    events.hand.set_occurrence(series, "2027-01-18T10:00:00", "2027-01-18T16:00:00", "2027-01-18T17:00:00")
    told, token = events.all(syncToken=token)
    assert [(one["id"], one["recurringEventId"]) for one in told] == [(f"{series}_20270118T090000Z", series)]
    events.hand.set_occurrence(series, "2027-01-25T10:00:00")
    assert [one["status"] for one in events.all(syncToken=token)[0]] == ["cancelled"]


def test_a_deleted_series_is_one_item(events):
    series = events.hand.add(*MONDAY, **WEEKLY, skipped=["2027-01-18T10:00:00"])
    _, token = events.all()
    events.hand.remove(series)
    assert [(one["id"], one["status"]) for one in events.all(syncToken=token)[0]] == [(series, "cancelled")]
    assert events.all()[0] == []


def test_single_events_are_expanded_with_their_exceptions(events):
    series = events.hand.add(*MONDAY, **WEEKLY, skipped=["2027-01-18T10:00:00"], moved={
        "2027-01-25T10:00:00": {"start": "2027-01-24T09:00:00", "end": "2027-01-24T10:00:00"}})
    found, token = events.all(singleEvents="true", maxResults=2)
    assert sorted(starts(found)) == ["2027-01-11T10:00", "2027-01-24T09:00", "2027-02-01T10:00"]
    assert {one["recurringEventId"] for one in found} == {series}
    assert all("recurrence" not in one for one in found)
    events.hand.set_occurrence(series, "2027-02-01T10:00:00")
    told, _ = events.all(singleEvents="true", maxResults=2, syncToken=token)
    assert [(one["id"], one["status"]) for one in told] == [(f"{series}_20270201T090000Z", "cancelled")]


def test_an_endless_series_is_called_off_for_half_a_year_only(sandbox, events):
    sandbox.clock(now="2027-01-10T00:00:00Z", stopped=True)
    series = events.hand.add(*MONDAY, repeat="FREQ=WEEKLY")
    found, token = events.all(singleEvents="true")
    events.hand.remove(series)
    told, _ = events.all(singleEvents="true", syncToken=token)
    assert 100 < len(found) < 110 and 25 < len(told) < 28
    assert {one["status"] for one in told} == {"cancelled"}


def test_an_hour_stays_the_same_on_the_wall_clock(events):
    events.hand.add("2027-03-22T09:00:00", "2027-03-22T09:15:00", repeat="FREQ=WEEKLY;UNTIL=20270405T070000Z")
    found, _ = events.all(singleEvents="true", orderBy="startTime")
    assert [one["start"]["dateTime"] for one in found] == [
        "2027-03-22T09:00:00+01:00", "2027-03-29T09:00:00+02:00", "2027-04-05T09:00:00+02:00"]
    found, _ = events.all(singleEvents="true", orderBy="startTime", timeZone="UTC")
    assert [one["start"]["dateTime"][11:] for one in found] == ["08:00:00Z", "07:00:00Z", "07:00:00Z"]


def test_a_window_holds_what_reaches_into_it(events):
    events.hand.add("2027-01-11T09:00:00", "2027-01-11T10:00:00", title="before")
    events.hand.add("2027-01-11T09:30:00", "2027-01-11T10:30:00", title="into")
    events.hand.add("2027-01-11T12:00:00", "2027-01-11T13:00:00", title="after")
    events.hand.add("2027-01-11", "2027-01-12", title="day")
    events.hand.add("2026-01-05T10:00:00", "2026-01-05T10:45:00", repeat="FREQ=DAILY", title="series")
    window = {"timeMin": "2027-01-11T10:00:00+01:00", "timeMax": "2027-01-11T12:00:00+01:00"}
    assert [one["summary"] for one in events.all(**window)[0]] == ["into", "day", "series"]
    single, _ = events.all(singleEvents="true", **window)
    assert starts(single) == ["2027-01-11T09:30", "2027-01-11", "2027-01-11T10:00"]
    assert reason(events.list(timeMin=window["timeMax"], timeMax=window["timeMin"])) == (400, "timeRangeEmpty")


def test_a_bounded_pass_gives_a_token_that_knows_no_bounds(events):
    window = {"timeMin": "2027-01-01T00:00:00Z", "timeMax": "2027-02-01T00:00:00Z"}
    _, token = events.all(**window)
    outside = events.hand.add("2028-07-03T10:00:00", "2028-07-03T11:00:00")
    assert [one["id"] for one in events.all(syncToken=token)[0]] == [outside]


@pytest.mark.parametrize("clash", [{"timeMin": "2027-01-01T00:00:00Z"}, {"orderBy": "updated"}, {"q": "x"},
                                   {"iCalUID": "x"}, {"updatedMin": "2027-01-01T00:00:00Z"},
                                   {"privateExtendedProperty": "a=b"}, {"showDeleted": "false"}])
def test_some_parameters_do_not_go_with_a_sync_token(events, clash):
    _, token = events.all()
    assert events.list(syncToken=token, **clash).status_code == 400


def test_a_cursor_belongs_to_its_calendar_and_query(sandbox, events):
    events.hand.fill(3)
    body = events.list(maxResults=1).json()
    assert events.list(maxResults=1, pageToken=body["nextPageToken"], singleEvents="true").status_code == 400
    _, token = events.all()
    assert matches(events.list(syncToken=token, singleEvents="true"), "error-410-full-sync")
    other = Events(sandbox, INTERVIEWS, token=events.token)
    assert matches(other.list(syncToken=token), "error-410-full-sync")


def test_cursors_expire(events):
    _, token = events.all()
    events.hand.expire_cursors()
    assert matches(events.list(syncToken=token), "error-410-full-sync")
    assert events.all(syncToken=events.all()[1])[0] == []


def test_an_event_that_moves_keeps_its_id(sandbox, events):
    other = Events(sandbox, INTERVIEWS, token=events.token)
    name = events.hand.add(*MONDAY)
    here, there = events.all()[1], other.all()[1]
    assert events.hand.move(name, INTERVIEWS) == name
    assert [(one["id"], one["status"]) for one in events.all(syncToken=here)[0]] == [(name, "cancelled")]
    assert [(one["id"], one["status"]) for one in other.all(syncToken=there)[0]] == [(name, "confirmed")]


def test_event_types_are_chosen(events):
    events.hand.add(*MONDAY, title="meeting")
    events.hand.add(*MONDAY, title="away", show="oof")
    assert [one["summary"] for one in events.all(eventTypes=["outOfOffice"])[0]] == ["away"]
    assert len(events.all(eventTypes=["outOfOffice", "default"])[0]) == 2
    assert events.list(eventTypes="holiday").status_code == 400


def test_fields_choose_members(events):
    events.hand.add(*MONDAY)
    body = events.list(fields="nextPageToken,nextSyncToken,items(id,start/dateTime)").json()
    assert body.keys() == {"nextSyncToken", "items"}
    assert body["items"][0].keys() == {"id", "start"} and body["items"][0]["start"].keys() == {"dateTime"}
    assert events.list(fields="items(id,colour)").status_code == 400
    assert events.list(fields="items(id").status_code == 400


def test_what_has_not_changed_is_not_sent_again(events):
    answer = events.get(events.hand.add(*MONDAY))
    assert answer.headers["ETag"] == answer.json()["etag"]
    again = events.send("GET", answer.url, {"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_reader_of_times_sees_no_titles(sandbox):
    sam = Events(sandbox, "sam@example.com", "sam@example.com")
    sam.hand.add(*MONDAY, title="Secret", private=True)
    seen = Events(sandbox, "sam@example.com", AVERY)
    item = seen.all()[0][0]
    assert item["start"]["dateTime"] == "2027-01-11T04:00:00-05:00" and "summary" not in item
    assert sam.all()[0][0]["summary"] == "Secret"


def test_a_calendar_that_is_not_in_the_list_is_not_found(sandbox, events):
    assert matches(Events(sandbox, "casey@example.com", token=events.token).list(), "error-404")
    assert matches(Events(sandbox, token="ya29.unknown").list(), "error-401")


def test_a_hundred_thousand_events_come_in_pages(events):
    events.hand.fill(100_000, every=5)
    found, token = events.all(maxResults=2500, fields="nextPageToken,nextSyncToken,items(id,start,end)")
    assert len({one["id"] for one in found}) == 100_000
    events.hand.remove(found[70_000]["id"])
    assert [one["id"] for one in events.all(syncToken=token)[0]] == [found[70_000]["id"]]


# Faults

def test_the_second_page_can_fail(sandbox, events):
    events.hand.fill(3)
    sandbox.fault("events.list", "status", status=500, page="later")
    page = events.list(maxResults=2).json()["nextPageToken"]
    assert matches(events.list(maxResults=2, pageToken=page), "error-500")
    assert len(events.list(maxResults=2, pageToken=page).json()["items"]) == 1


def test_a_cursor_can_never_hold(sandbox, events):
    sandbox.fault("events.list", "error", error="fullSyncRequired", cursor="with", count=-1)
    for _ in range(2):
        _, token = events.all()
        assert matches(events.list(syncToken=token), "error-410-full-sync")


def test_pages_can_be_short_or_empty_and_go_on(sandbox, events):
    events.hand.fill(3)
    sandbox.fault("events.list", "short_page", items=0)
    sandbox.fault("events.list", "short_page", items=1, page="later")
    sizes, page = [], {}
    while page is not None:
        body = events.list(**page).json()
        sizes.append(len(body["items"]))
        page = {"pageToken": body["nextPageToken"]} if "nextPageToken" in body else None
    assert sizes == [0, 1, 2]


def test_pages_can_lead_to_themselves_or_go_on_for_ever(sandbox, events):
    events.hand.fill(3)
    sandbox.fault("events.list", "next_link", link="loop", count=3)
    page = events.list(maxResults=1).json()["nextPageToken"]
    again = events.list(maxResults=1, pageToken=page).json()
    assert again["nextPageToken"] == page
    sandbox.clear_faults()
    sandbox.fault("events.list", "next_link", link="endless", count=3)
    tokens, items, query = set(), [], {}
    for _ in range(3):
        body = events.list(maxResults=1, **query).json()
        items.append(body["items"])
        tokens.add(body["nextPageToken"])
        query = {"pageToken": body["nextPageToken"]}
    assert len(tokens) == 3 and items[0] == items[1] == items[2]


def test_the_last_page_can_lack_its_cursor(sandbox, events):
    sandbox.fault("events.list", "no_cursor")
    assert events.all()[1] is None


def test_one_calendar_can_be_gone(sandbox, events):
    other = Events(sandbox, INTERVIEWS, token=events.token)
    sandbox.fault("events.list", "error", error="notFound", calendar=INTERVIEWS, count=-1)
    assert matches(other.list(), "error-404")
    assert events.list().status_code == 200
    sandbox.clear_faults()
    sandbox.fault("events.list", "error", error="forbidden", calendar=INTERVIEWS)
    assert reason(other.list()) == (403, "forbidden")


def test_faults_let_requests_pass_first(sandbox, events):
    sandbox.fault("events.list", "status", skip=2)
    assert [events.list().status_code for _ in range(4)] == [200, 200, 503, 200]


def test_usage_limits(sandbox, events):
    sandbox.mode(google_per_minute=2)
    assert [events.list().status_code for _ in range(3)] == [200, 200, 403]
    assert matches(events.list(), "error-403-user-rate-limit")
    sandbox.mode(google_per_minute=0)
    sandbox.fault("events.list", "rate_limit", status=429, reason="rateLimitExceeded", retry_after="7")
    answer = events.list()
    assert matches(answer, "error-429-rate-limit") and answer.headers["Retry-After"] == "7"


def test_requests_are_counted_by_kind(sandbox, events):
    events.hand.fill(3)
    _, token = events.all(maxResults=2)
    events.all(syncToken=token)
    details = sandbox.state()["details"]
    assert [details[f"events.list.{kind}"] for kind in ("full", "page", "cursor")] == [1, 1, 1]
    (later,) = sandbox.requests_of("events.list", calendar=AVERY, page="later")
    assert later["status"] == 200 and later["began"] < later["ended"]
