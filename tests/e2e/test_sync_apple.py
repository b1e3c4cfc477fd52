"""Busy time over CalDAV: tokens, listings, and objects that can't be got."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from harness.busy_time import Person, at, hours
from harness.process import wait_until


@pytest.fixture
def at_apple(working, sandbox):
    return Person(working, sandbox, "apple")


@pytest.mark.parametrize("has_sync", [True, False], ids=["sync-collection", "ctag"])
def test_an_object_that_cannot_be_got_is_owed_until_it_can(at_apple, has_sync):
    person, sandbox = at_apple, at_apple.sandbox
    sandbox.mode(icloud_sync=has_sync)
    person.calendar.add(at(8), at(9))
    person.connect().expect((0, 8, 9))
    read_at = person.sync()["last_synced_at"]
    person.calendar.add(at(10), at(11))
    third = person.calendar.add(at(12), at(13))
    person.calendar.add(at(14), at(15))
    sandbox.fault("icloud.multiget", "inside", status=503, of="object", name=third, count=-1)
    for _ in range(2):
        person.read_again()
        assert person.busy() == hours((0, 8, 9), (0, 10, 11), (0, 14, 15))
        assert person.sync()["trouble"] == "incomplete" and person.sync()["last_synced_at"] == read_at
    sandbox.clear_faults()
    person.read_again()
    assert person.busy() == hours((0, 8, 9), (0, 10, 11), (0, 12, 13), (0, 14, 15))
    assert person.sync()["trouble"] is None and person.sync()["last_synced_at"] > read_at


def window_moved_back(person) -> None:
    """As if all had been read a month ago: the next look expands what is stored, and another one follows."""
    person.site.execute("UPDATE calendar_syncs SET known_from = known_from - interval '28 days',"
                        " known_until = known_until - interval '28 days'")


def test_what_is_owed_and_what_is_known_outlast_a_window_that_moves_on(at_apple):
    person, sandbox = at_apple, at_apple.sandbox
    person.calendar.add(at(8), at(9), repeat="FREQ=WEEKLY;COUNT=2")
    name = person.calendar.add(at(10), at(11), repeat="FREQ=WEEKLY;COUNT=2")
    person.connect().expect((0, 8, 9), (0, 10, 11), (7, 8, 9), (7, 10, 11))
    sandbox.fault("icloud.multiget", "inside", status=503, of="object", name=name, count=-1)
    person.calendar.set_occurrence(name, at(10, 7), at(14, 7), at(15, 7))
    person.read_again()
    window_moved_back(person)
    person.read_again()
    assert person.busy() == hours((0, 8, 9), (0, 10, 11), (7, 8, 9), (7, 10, 11))
    assert person.sync()["trouble"] == "incomplete"
    sandbox.clear_faults()
    person.read_again()
    assert person.busy() == hours((0, 8, 9), (0, 10, 11), (7, 8, 9), (7, 14, 15))
    assert person.sync()["trouble"] is None

    window_moved_back(person)
    person.read_again()
    gets = sandbox.requests("icloud.multiget")
    person.site.execute("UPDATE calendar_syncs SET full_read_at = full_read_at - interval '24 hours'")
    person.read_again()
    assert sandbox.requests("icloud.multiget") == gets, "all is known in its version"


def test_objects_that_cannot_be_got_hold_up_no_others(at_apple):
    person, sandbox = at_apple, at_apple.sandbox
    gone = person.calendar.add(at(8), at(9))
    person.connect().expect((0, 8, 9))
    sandbox.fault("icloud.multiget", "inside", status=503, of="objects", count=-1)
    person.calendar.add(at(10), at(11))
    person.calendar.add(at(12), at(13))
    person.read_again()
    assert person.busy() == hours((0, 8, 9)) and person.sync()["trouble"] == "incomplete"
    person.calendar.remove(gone)
    person.read_again()
    assert person.busy() == [] and person.sync()["trouble"] == "incomplete"
    assert "2 couldn't be got and are asked for again" in person.site.httpd.log.text()
    sandbox.clear_faults()
    person.read_again()
    assert person.busy() == hours((0, 10, 11), (0, 12, 13)) and person.sync()["trouble"] is None


def test_a_server_that_gives_no_object_is_asked_a_few_times_a_look(at_apple):
    person, sandbox = at_apple, at_apple.sandbox
    person.calendar.fill(250, first=at(9), every=24 * 60, length=60)
    sandbox.fault("icloud.multiget", "status", status=500, count=-1)
    person.connect()
    wait_until(lambda: person.sync()["trouble"] == "incomplete", "a look that got nothing", 30)
    assert person.busy() == [] and sandbox.requests("icloud.multiget") <= 40
    sandbox.clear_faults()
    person.read_again(30)
    assert len(person.busy()) > 150 and person.sync()["trouble"] is None


def test_an_object_that_is_gone_meanwhile_is_not_owed(at_apple):
    person = at_apple
    person.calendar.add(at(8), at(9))
    person.connect().expect((0, 8, 9))
    name = person.calendar.add(at(10), at(11))
    person.sandbox.fault("icloud.multiget", "inside", status=404, of="object", name=name)
    person.read_again()
    assert person.busy() == hours((0, 8, 9)) and person.sync()["trouble"] is None


@pytest.mark.parametrize("kind", ["hidden", "nonsense"])
def test_an_object_that_cannot_be_understood_keeps_its_time_and_is_asked_for_once(at_apple, kind):
    person, sandbox = at_apple, at_apple.sandbox
    name = person.calendar.add(at(8), at(9))
    person.connect().expect((0, 8, 9))
    legible = person.calendar.events()[0]["text"]
    if kind == "hidden":
        person.calendar.change(name, text=legible.replace("T08", "T14").replace("T09", "T15"))
        sandbox.fault("icloud.multiget", "inside", status=403, of="object", name=name, count=-1)
    else:
        person.calendar.change(name, text="nonsense")
    read_at = person.sync()["last_synced_at"]
    person.read_again()
    assert person.busy() == hours((0, 8, 9)) and person.sync()["trouble"] == "incomplete"
    assert person.sync()["last_synced_at"] > read_at, "it was got"
    assert "Some of its events can't be read" in person.browser.page().text
    gets = sandbox.requests("icloud.multiget")
    person.read_again()
    person.site.execute("UPDATE calendar_syncs SET full_read_at = full_read_at - interval '24 hours'")
    person.read_again()
    assert person.busy() == hours((0, 8, 9)) and person.sync()["trouble"] == "incomplete"
    assert sandbox.requests("icloud.multiget") == gets, "it is known in that version"
    sandbox.clear_faults()
    person.calendar.change(name, text=legible.replace("T08", "T16").replace("T09", "T17"))
    person.read_again()
    assert person.busy() == hours((0, 16, 17)) and person.sync()["trouble"] is None


@pytest.mark.parametrize("status, trouble", [(404, "gone"), (403, "forbidden"), (503, "unavailable")])
def test_a_calendar_that_fails_inside_of_an_answer_keeps_its_busy_time(at_apple, status, trouble):
    person, sandbox = at_apple, at_apple.sandbox
    sandbox.mode(icloud_sync=False)
    person.calendar.add(at(8), at(9))
    person.connect().expect((0, 8, 9))
    person.calendar.add(at(10), at(11))
    person.site.log.expect("CALINT0229")
    sandbox.fault("icloud.calendar", "inside", status=status, of="home", count=-1)
    person.read_again()
    assert person.busy() == hours((0, 8, 9)) and person.sync()["trouble"] == trouble
    sandbox.clear_faults()
    person.read_again()
    assert person.busy() == hours((0, 8, 9), (0, 10, 11)) and person.sync()["trouble"] is None


@pytest.mark.parametrize("status", [400, 409, 410, 412, 418, 507])
def test_a_cursor_refused_in_any_words_leads_to_one_comparison(at_apple, status):
    person = at_apple
    kept = person.calendar.add(at(8), at(9))
    gone = person.calendar.add(at(10), at(11))
    person.connect().expect((0, 8, 9), (0, 10, 11))
    first, gets = person.sync()["full_read_at"], person.sandbox.requests("icloud.multiget")
    person.calendar.remove(gone)
    person.sandbox.fault("icloud.sync", "error", error=str(status), cursor="with", count=2)
    person.read_again()
    assert person.busy() == hours((0, 8, 9)) and person.sync()["full_read_at"] > first
    assert person.sandbox.requests("icloud.multiget") == gets, f"{kept} is known in that version"


def test_a_listing_in_parts_is_read_to_its_end_before_anything_goes(at_apple):
    person = at_apple
    person.sandbox.mode(icloud_page=2)
    for hour in (8, 10, 12, 14, 16):
        person.calendar.add(at(hour), at(hour + 1))
    person.connect().expect((0, 8, 9), (0, 10, 11), (0, 12, 13), (0, 14, 15), (0, 16, 17))


@pytest.mark.parametrize("status", [507, 500])
def test_a_limit_that_is_refused_is_left_away(at_apple, status):
    person = at_apple
    person.sandbox.fault("icloud.sync", "status", status=status, limit="with", count=-1)
    person.calendar.add(at(8), at(9))
    person.connect().expect((0, 8, 9))
    person.calendar.add(at(10), at(11))
    reads = person.sandbox.requests(person.reads)
    person.read_again()
    assert person.busy() == hours((0, 8, 9), (0, 10, 11))
    assert person.sandbox.requests(person.reads) == reads + 1, "it is known not to take one"


def test_without_sync_collection_changes_are_found_by_ctag_and_etags(at_apple):
    person, sandbox = at_apple, at_apple.sandbox
    sandbox.mode(icloud_sync=False)
    person.calendar.add(at(8), at(9))
    gone = person.calendar.add(at(10), at(11))
    person.connect().expect((0, 8, 9), (0, 10, 11))
    gets = sandbox.requests("icloud.multiget")
    person.read_again()
    person.calendar.remove(gone)
    person.calendar.add(at(12), at(13))
    person.read_again()
    assert person.busy() == hours((0, 8, 9), (0, 12, 13))
    assert sandbox.requests("icloud.multiget") == gets + 1


def test_a_ctag_that_lies_is_found_out_by_sync_now_and_within_a_day(at_apple):
    person, sandbox = at_apple, at_apple.sandbox
    sandbox.mode(icloud_sync=False)
    first, second = person.calendar.add(at(8), at(9)), person.calendar.add(at(10), at(11))
    person.connect().expect((0, 8, 9), (0, 10, 11))
    (ticked,) = [row["calendar_id"] for row in person.site.rows("SELECT calendar_id FROM calendar_syncs")]
    sandbox.icloud.put_calendar(ticked.rstrip("/").rsplit("/", 1)[1], lying_ctag=True)
    person.read_again()
    person.calendar.remove(first)
    person.read_again()
    assert person.busy() == hours((0, 8, 9), (0, 10, 11)), "the ctag is the same"
    person.browser.submit(person.browser.page().form("Sync Now"))
    person.expect((0, 10, 11))
    person.calendar.remove(second)
    person.site.execute("UPDATE calendar_syncs SET full_read_at = full_read_at - interval '24 hours'")
    person.read_again()
    assert person.busy() == []


@pytest.mark.parametrize("asks", [True, False], ids=["sync-now", "by-itself"])
def test_what_has_no_zone_moves_with_the_calendars_zone(at_apple, asks):
    person = at_apple
    name = person.calendar.add(at(8), at(9))
    person.connect().expect((0, 8, 9))
    person.site.execute("UPDATE calendar_integration_calendars SET time_zone = 'Europe/Berlin'")
    text = person.calendar.events()[0]["text"]
    floating = re.sub(r"(DTSTART|DTEND);TZID=[^:]*:", r"\1:", text)
    assert floating != text
    person.calendar.change(name, text=floating)
    person.read_again()
    assert person.busy() == hours((0, 8, 9))
    person.site.execute("UPDATE calendar_integration_calendars SET time_zone = 'Asia/Tokyo'")
    if asks:
        person.browser.submit(person.browser.page().form("Sync Now"))
        wait_until(lambda: person.busy() != hours((0, 8, 9)), "the other zone")
    else:
        person.read_again()
    start = datetime.fromisoformat(at(8)).replace(tzinfo=ZoneInfo("Asia/Tokyo")).astimezone(timezone.utc)
    assert [begin for begin, _ in person.busy()] == [start.strftime("%Y-%m-%d %H:%M")]
    assert person.sync()["zone"] == "Asia/Tokyo"


def test_what_the_owner_declined_by_any_of_their_addresses_takes_no_time(at_apple):
    person = at_apple
    person.calendar.add(at(8), at(9), answer="declined")
    person.calendar.add(at(10), at(11), answer="accepted")
    person.connect().expect((0, 10, 11))
