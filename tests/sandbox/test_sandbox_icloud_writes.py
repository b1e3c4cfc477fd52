"""The sandbox takes objects as iCloud does: preconditions, ETags, what it rewrites, whom it invites."""

from __future__ import annotations

import pytest

from caldav_flow import HIRING, Calendar, event, precondition, token_of
from icloud_client import AVERY, SAM, SAM_PASSWORD
from icloud_flow import exchange

GUEST = "jane@candidate.test"
ORGANIZER = f"ORGANIZER:mailto:{AVERY}"
ATTENDEE = f"ATTENDEE;CN=Jane:mailto:{GUEST}"


@pytest.fixture
def home(sandbox):
    return Calendar(sandbox)


def test_an_object_is_created_once(sandbox, home):
    answer = home.put("U-1.ics", event(), If_None_Match="*")
    assert answer.status_code == exchange("icloud_put_created")["status"]
    assert answer.headers["ETag"] == home.get("U-1.ics").headers["ETag"]
    assert answer.headers["ETag"].startswith('"C=') and home.get("U-1.ics").text == event()
    assert home.put("U-1.ics", event(), If_None_Match="*").status_code == exchange("icloud_put_conflict")["status"]
    write, again = sandbox.writes(provider="icloud")
    assert (write["call"], write["id"], write["status"], write["body"]) == ("icloud.put", "U-1.ics", 201, event())
    assert write["headers"]["If-None-Match"] == "*" and again["status"] == 412


def test_a_change_needs_the_etag_that_is_there(home):
    first = home.put("U-1.ics", event()).headers["ETag"]
    changed = home.put("U-1.ics", event("U-1", "LOCATION:Room"), If_Match=first)
    assert (changed.status_code, "LOCATION:Room" in home.get("U-1.ics").text) == (204, True)
    assert home.put("U-1.ics", event(), If_Match=first).status_code == 412
    assert home.put("U-2.ics", event("U-2"), If_Match=first).status_code == 412
    assert home.delete("U-1.ics", If_Match=first).status_code == 412
    assert home.delete("U-1.ics", If_Match=changed.headers["ETag"]).status_code == 204
    assert home.delete("U-1.ics").status_code == 404 and home.get("U-1.ics").status_code == 404


def test_a_uid_is_once_in_the_whole_account(sandbox, home):
    home.put("U-1.ics", event())
    assert home.put("other.ics", event(), If_None_Match="*").status_code == 412
    assert Calendar(sandbox, HIRING).put("U-1.ics", event()).status_code == 412
    home.delete("U-1.ics")
    assert Calendar(sandbox, HIRING).put("U-1.ics", event()).status_code == 201


def test_what_invites_is_rewritten_and_has_no_etag(sandbox, home):
    answer = home.put("U-1.ics", event("U-1", ORGANIZER, ATTENDEE))
    assert (answer.status_code, answer.headers.get("ETag")) == (201, None)
    assert "SCHEDULE-STATUS=1.1" in home.get("U-1.ics").text.replace("\r\n ", "")
    etag = home.get("U-1.ics").headers["ETag"]
    assert home.put("U-1.ics", event("U-1", ORGANIZER, ATTENDEE, start="20270121T080000Z"), If_Match=etag).ok
    home.delete("U-1.ics")
    assert [one["mails"] for one in sandbox.writes(account=AVERY)] == [
        {GUEST: "invitation"}, {GUEST: "update"}, {GUEST: "cancellation"}]


def test_nobody_is_invited_by_the_server_where_the_client_does_it(sandbox, home):
    home.put("U-1.ics", event("U-1", ORGANIZER, ATTENDEE.replace("CN=Jane", "SCHEDULE-AGENT=CLIENT")))
    assert sandbox.writes()[0]["mails"] == {}


def test_every_object_can_be_rewritten_or_none(sandbox, home):
    sandbox.mode(icloud_rewrites="all")
    assert "ETag" not in home.put("U-1.ics", event()).headers
    sandbox.mode(icloud_rewrites="none")
    assert "ETag" in home.put("U-2.ics", event("U-2", ORGANIZER, ATTENDEE)).headers


def test_lists_can_lag_behind(sandbox, home):
    first = home.put("U-1.ics", event()).headers["ETag"]
    token = token_of(home.sync())
    second = home.put("U-1.ics", event("U-1", "LOCATION:Room")).headers["ETag"]
    sandbox.fault("icloud.sync", "old_etag")
    assert first.encode() in home.sync(token).content and second.encode() in home.sync(token).content


def test_a_guest_has_the_event_and_answers(sandbox, home):
    sam = Calendar(sandbox, apple_id=SAM, password=SAM_PASSWORD, home="/2345678901/calendars/")
    home.put("U-1.ics", event("U-1", ORGANIZER, f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{SAM}"))
    assert "UID:U-1\r\n" in sam.get("U-1.ics").text
    home.hand.answer("U-1.ics", SAM, "declined")
    assert "PARTSTAT=DECLINED" in home.get("U-1.ics").text and "PARTSTAT=DECLINED" in sam.get("U-1.ics").text
    home.delete("U-1.ics")
    assert sam.get("U-1.ics").status_code == 404


RULE = "RRULE:FREQ=WEEKLY;BYDAY=TH"


@pytest.mark.parametrize("text, name, complaint", [
    ("nonsense", "valid-calendar-data", "not iCalendar"),
    (event().replace("\r\n", "\n"), "valid-calendar-data", "CRLF"),
    (event("U-1", "DESCRIPTION:" + "x" * 80), "valid-calendar-data", "75 octets"),
    (event().replace("VERSION:2.0\r\n", ""), "valid-calendar-data", "VERSION"),
    (event().replace("DTSTAMP:20270101T000000Z\r\n", ""), "valid-calendar-data", "DTSTAMP is missing"),
    (event().replace("CREATED:20270101T000000Z\r\n", ""), "valid-calendar-object-resource", "CREATED is missing"),
    (event().replace("PRODID", "METHOD:REQUEST\r\nPRODID"), "valid-calendar-object-resource", "METHOD"),
    (event().replace("VEVENT", "VTODO"), "supported-calendar-component", "VTODO"),
    (event("U-1", "RRULE:FREQ=WEEKLY"), "valid-calendar-object-resource", "without BYDAY"),
    (event("U-1", RULE).replace("SEQUENCE:0\r\n", ""), "valid-calendar-object-resource", "SEQUENCE"),
    (event("U-1", "DURATION:PT1H"), "valid-calendar-data", "both DTEND and DURATION"),
    (event(end="20270121T080000Z"), "valid-calendar-data", "an end before its start"),
    (event("U-1", ATTENDEE), "valid-calendar-object-resource", "without ORGANIZER"),
    (event("U-1", "ORGANIZER:mailto:else@where.test"), "organizer-allowed", "none of the account's addresses"),
    (event().replace("DTSTART:20270121T090000Z", "DTSTART;TZID=Europe/Berlin:20270121T090000"),
     "valid-calendar-object-resource", "no VTIMEZONE for Europe/Berlin")])
def test_an_object_that_is_none_is_refused_and_kept_as_a_violation(sandbox, home, text, name, complaint):
    assert precondition(home.put("U-1.ics", text)) == (403, name)
    assert complaint in str(sandbox.take_violations())
    assert home.get("U-1.ics").status_code == 404


def test_a_calendar_that_is_read_only_takes_nothing(sandbox):
    shared = Calendar(sandbox, "9F00AAAA-1111-4222-8333-444455556666")
    assert precondition(shared.put("U-1.ics", event())) == (403, "need-privileges")
    name = shared.hand.add("2027-01-11T10:00:00", "2027-01-11T11:00:00")
    assert shared.delete(name).status_code == 403


def test_what_a_test_puts_is_what_a_client_may_put_back(home):
    name = home.hand.add("2027-03-22T09:00:00", "2027-03-22T10:00:00", repeat="FREQ=WEEKLY;COUNT=4;BYDAY=MO",
                         title="Ünïcödé " * 12, guests=[GUEST], skipped=["2027-03-29T09:00:00"], moved={
                             "2027-04-05T09:00:00": {"start": "2027-04-06T09:00:00", "end": "2027-04-06T10:00:00"}})
    answer = home.get(name)
    assert home.put(name, answer.text, If_Match=answer.headers["ETag"]).status_code == 204


def test_an_answer_can_be_lost_after_its_effect(sandbox, home):
    sandbox.fault("icloud.put", "reset", when="after")
    with pytest.raises(OSError):
        home.put("U-1.ics", event(), If_None_Match="*")
    assert home.put("U-1.ics", event(), If_None_Match="*").status_code == 412


def test_a_put_can_be_throttled_or_find_no_room(sandbox, home):
    sandbox.fault("icloud.put", "rate_limit", retry_after="120")
    answer = home.put("U-1.ics", event())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "120")
    sandbox.fault("icloud.put", "status", status=507)
    assert home.put("U-1.ics", event()).status_code == 507
