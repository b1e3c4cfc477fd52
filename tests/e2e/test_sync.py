"""Busy time: what people's calendars say becomes the database's, whatever comes in between."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from harness import children, clocks
from harness.busy_time import ACCOUNTS, GONE, LISTS, OAUTH, Person, at, hours, read_all, two_calendars
from harness.httpd_config import Config
from harness.people import IVY
from harness.process import wait_until
from harness.session import notice_of


def test_a_calendar_is_read_at_once_after_connecting_and_followed_from_then_on(person):
    meeting = person.calendar.add(at(10), at(11))
    person.connect().expect((0, 10, 11))
    assert person.sync()["last_synced_at"] and person.changes() == 1

    series = person.calendar.add(at(14), at(15), repeat="FREQ=WEEKLY;COUNT=3")
    person.read_again()
    assert person.busy() == hours((0, 10, 11), (0, 14, 15), (7, 14, 15), (14, 14, 15))
    person.calendar.set_occurrence(series, at(14, 7), at(16, 8), at(17, 8))
    person.calendar.remove(meeting)
    person.read_again()
    assert person.busy() == hours((0, 14, 15), (8, 16, 17), (14, 14, 15))
    person.calendar.set_occurrence(series, at(14, 14))
    person.read_again()
    assert person.busy() == hours((0, 14, 15), (8, 16, 17))
    assert person.changes() == 4
    person.calendar.remove(series)
    person.read_again()
    assert person.busy() == []


def test_a_look_that_finds_nothing_new_moves_the_time_and_tells_nobody(person):
    person.calendar.add(at(10), at(11))
    person.connect().expect((0, 10, 11))
    before = person.sync()
    person.read_again()
    after = person.sync()
    assert after["last_synced_at"] > before["last_synced_at"] and after["full_read_at"] == before["full_read_at"]
    assert person.changes() == 1


def test_nothing_personal_is_kept(person):
    site = person.site
    tables = [row["name"] for row in site.rows(
        "SELECT table_name AS name FROM information_schema.tables WHERE table_name LIKE 'calendar\\_%'")]

    def is_silent(filled: set[str]) -> bool:
        texts = {table: str(site.rows(f"SELECT * FROM {table}")) for table in tables}
        assert {table for table in filled if texts[table] == "[]"} == set()
        return not any("Visible" in text or "candidate" in text for text in texts.values())

    meeting = {"title": "Visible title", "guests": ["somebody@candidate.test"], "repeat": "FREQ=DAILY;COUNT=2"}
    person.calendar.add(at(10), at(11), **meeting)
    person.connect().expect((0, 10, 11), (1, 10, 11))
    stored = {"calendar_syncs", "calendar_series", "calendar_busy_intervals"}
    assert is_silent(stored)
    person.calendar.add(at(12), at(13), **meeting)
    with site.locked("SELECT FROM calendar_syncs FOR UPDATE"):
        site.execute("UPDATE calendar_jobs SET due_at = now() WHERE kind = 'sync'")
        wait_until(lambda: site.count("calendar_read_intervals"), "a read that waits to be stored")
        assert is_silent(stored | {"calendar_read_items", "calendar_read_series"})
    person.expect((0, 10, 11), (1, 10, 11), (0, 12, 13), (1, 12, 13))


def test_a_refused_cursor_leads_to_one_read_of_everything_that_also_removes(person):
    gone = person.calendar.add(at(8), at(9))
    person.calendar.add(at(10), at(11))
    person.connect().expect((0, 8, 9), (0, 10, 11))
    first = person.sync()["full_read_at"]
    person.calendar.remove(gone)
    person.calendar.expire_cursors()
    person.read_again()
    assert person.busy() == hours((0, 10, 11))
    assert person.sync()["full_read_at"] > first and person.sync()["trouble"] is None


@pytest.mark.parametrize("kind, params", [("status", {"status": 500}), ("malformed_json", {}), ("html", {}),
                                          ("reset", {}), ("oversize", {}), ("no_cursor", {})],
                         ids=lambda value: value if isinstance(value, str) else "")
def test_a_read_that_breaks_off_changes_nothing(person, kind, params):
    if person.provider == "apple":
        if kind == "no_cursor":
            kind, params = "xml", {"shape": "cut"}
        person.sandbox.mode(icloud_page=1000)
    person.calendar.fill(1500, first=at(9), every=24 * 60, length=60)
    person.connect()
    wait_until(lambda: person.sync()["last_synced_at"], "the first read", 30)
    whole, cursor = person.busy(), person.sync()["cursor"]
    person.calendar.add(at(20), at(21))
    person.calendar.expire_cursors()
    person.site.log.expect("CALINT0229")
    person.sandbox.fault(person.reads, kind, page="later", count=-1, **params)
    person.read_again(30)
    assert person.busy() == whole and person.sync()["cursor"] == cursor and person.sync()["trouble"] == "unavailable"
    person.sandbox.clear_faults()
    person.read_again(30)
    assert person.busy() == sorted(whole + hours((0, 20, 21)))
    assert person.sync()["trouble"] is None


@OAUTH
@pytest.mark.parametrize("link", ["loop", "endless"])
def test_pages_that_lead_to_themselves_end_the_read_as_failed(person, link):
    person.calendar.add(at(10), at(11))
    person.connect().expect((0, 10, 11))
    person.site.log.expect("CALINT0229")
    person.sandbox.fault(person.reads, "next_link", link=link, count=-1)
    person.calendar.expire_cursors()
    before = person.sandbox.requests(person.reads)
    person.read_again()
    assert person.busy() == hours((0, 10, 11)) and person.sync()["trouble"] == "unavailable"
    assert person.sandbox.requests(person.reads) < before + 10, "an account has a quota"


@OAUTH
def test_short_and_empty_pages_that_go_on_are_read_to_the_end(person):
    person.calendar.add(at(10), at(11))
    person.calendar.add(at(12), at(13))
    person.sandbox.fault(person.reads, "short_page", items=0)
    person.sandbox.fault(person.reads, "short_page", items=1)
    person.connect().expect((0, 10, 11), (0, 12, 13))


@OAUTH
def test_a_read_whose_first_page_is_lost_with_the_database_begins_anew(person):
    person.calendar.add(at(8), at(9))
    person.calendar.add(at(10), at(11))
    person.connect().expect((0, 8, 9), (0, 10, 11))
    person.calendar.add(at(12), at(13))
    person.calendar.expire_cursors()
    person.sandbox.fault(person.reads, "short_page", items=1, cursor="without")
    person.sandbox.fault(person.reads, "hold", page="later", when="after")
    person.site.execute("UPDATE calendar_jobs SET due_at = now() WHERE kind = 'sync'")
    person.sandbox.wait_until_held()
    # As a crash of the server leaves what is unlogged.
    person.site.execute("TRUNCATE calendar_read_items, calendar_read_series, calendar_read_intervals")
    person.sandbox.release()
    person.expect((0, 8, 9), (0, 10, 11), (0, 12, 13))
    assert person.changes() == 2, "nothing went meanwhile"


NEVER_HOLDS = {"google": {"error": "fullSyncRequired"}, "outlook": {"error": "SyncStateNotFound", "status": 410},
               "apple": {"error": "410"}}


def test_a_cursor_that_never_holds_costs_one_whole_read_an_interval_and_counts_as_read(person):
    person.calendar.add(at(10), at(11))
    person.connect().expect((0, 10, 11))
    person.sandbox.fault(person.reads, "error", cursor="with", count=-1, **NEVER_HOLDS[person.provider])
    for number in (1, 2):
        before, asked = person.sync(), person.sandbox.requests(person.reads)
        person.calendar.add(at(11 + number), at(12 + number))
        person.read_again()
        after = person.sync()
        assert person.busy() == hours((0, 10, 11), *((0, 11 + n, 12 + n) for n in range(1, number + 1)))
        assert after["full_read_at"] > before["full_read_at"] and after["last_synced_at"] > before["last_synced_at"]
        assert after["trouble"] is None and person.sandbox.requests(person.reads) == asked + 2
        (job,) = person.site.jobs("sync")
        assert job["due_at"] > datetime.now(timezone.utc) + timedelta(seconds=400), "at most one an interval"


@pytest.mark.parametrize("status, code", [(400, "SyncStateInvalid"), (404, "resyncRequired"), (410, "syncStateNotFound"),
                                          (500, "SyncStateNotFound")])
def test_graphs_words_for_a_lost_cursor_count_under_any_status(working, sandbox, status, code):
    person = Person(working, sandbox, "outlook")
    gone = person.calendar.add(at(8), at(9))
    person.calendar.add(at(10), at(11))
    person.connect().expect((0, 8, 9), (0, 10, 11))
    first = person.sync()["full_read_at"]
    person.calendar.remove(gone)
    sandbox.fault(person.reads, "error", cursor="with", error=code, status=status)
    person.read_again()
    assert person.busy() == hours((0, 10, 11)) and person.sync()["full_read_at"] > first
    assert person.sync()["trouble"] is None


#: What tells of an event of what kind it is, and the first event's start in an answer.
KINDS = {"google": ("eventType", "items.0.start"), "outlook": ("showAs", "value.0.start")}


@OAUTH
def test_one_event_that_cannot_be_read_loses_itself_alone_and_is_reported(person):
    kind, start = KINDS[person.provider]
    person.calendar.add(at(8), at(9))
    person.sandbox.fault(person.reads, "wrong_types", member=start, value="tomorrow")
    unknown = person.calendar.add(at(12), at(13))
    shown = next(one for one in person.calendar.events() if one["id"] == unknown)
    person.calendar.put({**shown, kind: "somethingNew"}, unknown, odd=True)
    person.calendar.add(at(10), at(11))
    person.connect().expect((0, 10, 11), (0, 12, 13))
    assert person.sync()["trouble"] is None
    assert "1 events couldn't be read as written" in person.site.httpd.log.text()


def test_a_series_whose_master_cannot_be_read_is_busy_until_it_can(working, sandbox):
    person = Person(working, sandbox, "outlook")
    person.calendar.add(at(10), at(11), repeat="FREQ=WEEKLY;COUNT=2", show="free")
    # The master's item isn't legible, so that it has to be asked for by itself, and that fails.
    sandbox.fault(person.reads, "wrong_types", member="value.0.id", value="")
    sandbox.fault("outlook.event", "status", status=503, count=-1)
    person.connect().expect((0, 10, 11), (7, 10, 11))
    assert person.sync()["trouble"] == "incomplete"
    person.read_again()
    assert person.busy() == hours((0, 10, 11), (7, 10, 11)) and person.sync()["trouble"] == "incomplete"
    sandbox.clear_faults()
    person.read_again()
    assert person.busy() == [] and person.sync()["trouble"] is None


def test_a_master_that_is_owed_is_asked_for_once_a_look_whatever_is_told_of_its_series(working, sandbox):
    person = Person(working, sandbox, "outlook")
    series = person.calendar.add(at(10), at(11), repeat="FREQ=WEEKLY;COUNT=2", show="free")
    sandbox.fault(person.reads, "wrong_types", member="value.0.id", value="")
    sandbox.fault("outlook.event", "status", status=503)
    person.connect().expect((0, 10, 11), (7, 10, 11))
    for hour, faults in ((14, -1), (16, 1)):
        person.calendar.set_occurrence(series, at(10, 7), at(hour, 7), at(hour + 1, 7))
        sandbox.fault(person.reads, "wrong_types", member="value.0.id", value="")
        sandbox.fault("outlook.event", "status", status=503, count=faults)
        asked = sandbox.requests("outlook.event")
        person.read_again()
        assert sandbox.requests("outlook.event") == asked + 1
        # The other one comes with what it is.
        assert person.busy() == hours((0, 10, 11)) and person.sync()["trouble"] == "incomplete"
        sandbox.clear_faults()
    person.read_again()
    assert person.busy() == [] and person.sync()["trouble"] is None


def test_a_token_that_is_refused_for_a_master_alone_is_refreshed(working, sandbox):
    person = Person(working, sandbox, "outlook")
    person.calendar.add(at(8), at(9))
    person.connect().expect((0, 8, 9))
    person.calendar.add(at(10), at(11), repeat="FREQ=WEEKLY;COUNT=2", show="free")
    sandbox.fault(person.reads, "wrong_types", member="value.0.id", value="")
    sandbox.fault("outlook.event", "error", error="InvalidAuthenticationToken", status=401)
    person.read_again()
    assert person.busy() == hours((0, 8, 9)) and person.sync()["trouble"] is None
    assert person.site.integration(IVY)["status"] == "connected"


@pytest.mark.parametrize("first", ["old", "new"])
def test_an_event_that_moves_to_another_calendar_stays_busy(person, first):
    meeting = person.calendar.add(at(10), at(11))
    second, other = two_calendars(person)
    assert person.busy() == hours((0, 10, 11))
    person.calendar.move(meeting, other.calendar)
    is_second = f"subject = '{second}'"
    read_all(person, is_second if first == "new" else f"NOT {is_second}")
    if first == "new":
        assert set(person.busy()) == set(hours((0, 10, 11)))
    read_all(person)
    assert person.busy() == hours((0, 10, 11))


def test_of_two_calendars_the_one_that_fails_is_named_and_the_oldest_counts(person):
    person.calendar.add(at(10), at(11))
    second, other = two_calendars(person)
    other.add(at(14), at(15))
    read_all(person)
    assert person.busy() == hours((0, 10, 11), (0, 14, 15))
    person.site.log.expect("CALINT0229")
    person.sandbox.fault(person.reads, "error", calendar=other.calendar, count=-1, **GONE[person.provider])
    person.site.execute("UPDATE calendar_syncs SET last_synced_at = now() - interval '65 minutes'")
    person.calendar.add(at(12), at(13))
    read_all(person)
    assert person.busy() == hours((0, 10, 11), (0, 12, 13), (0, 14, 15))
    page = person.browser.page()
    assert "Last synced 1 hour ago" in page.text and "Last read 1 hour ago" in page.text
    failing = person.site.row("SELECT * FROM calendar_syncs WHERE calendar_id = %s", second)
    assert failing["trouble"] == "gone"
    assert person.site.row("SELECT sync FROM calendar_integration_calendars WHERE calendar_id = %s", second)["sync"]
    person.sandbox.clear_faults()
    other.add(at(16), at(17))
    read_all(person)
    assert person.busy() == hours((0, 10, 11), (0, 12, 13), (0, 14, 15), (0, 16, 17))
    assert "Last synced just now" in person.browser.page().text


def moved(person, event: str, day: int) -> None:
    person.calendar.change(event, start={"dateTime": at(10, day), "timeZone": "Europe/Berlin"},
                           end={"dateTime": at(11, day), "timeZone": "Europe/Berlin"})


@OAUTH
def test_an_event_counts_while_it_lies_within_the_window(person):
    meeting = person.calendar.add(at(10), at(11))
    far = person.calendar.add(at(10, 365), at(11, 365))
    person.connect().expect((0, 10, 11))
    moved(person, meeting, 400)
    person.read_again()
    assert person.busy() == []
    moved(person, far, 7)
    person.read_again()
    assert person.busy() == hours((7, 10, 11))
    moved(person, meeting, 1)
    moved(person, far, 401)
    person.read_again()
    assert person.busy() == hours((1, 10, 11))


def test_what_lies_behind_the_window_comes_into_it_unasked_but_at_outlook_by_a_whole_read(make_site, sandbox):
    for provider in ACCOUNTS:
        site = make_site(CalIntWorker="on")
        person = Person(site, sandbox, provider)
        person.calendar.add(at(10), at(11))
        late = (datetime.now(timezone.utc) + timedelta(days=230)).replace(minute=0, second=0, microsecond=0, tzinfo=None)
        person.calendar.add(late.isoformat(), (late + timedelta(hours=1)).isoformat(), time_zone="UTC")
        person.connect().expect((0, 10, 11))
        site.stop()
        asked = sandbox.requests(person.reads)
        site.start(Config(), CalIntWorker="on", CalIntSyncWindow="7 240")
        site.execute("UPDATE calendar_jobs SET due_at = now(), retry_at = NULL WHERE kind = 'sync'")
        wait_until(lambda: len(person.busy()) == 2, "the wider window", 30)
        if provider != "outlook":
            assert sandbox.requests(person.reads) <= asked + 1, "a look, and what is known is expanded"
        site.stop()


def test_a_child_that_is_killed_in_a_read_loses_nothing(make_site, sandbox):
    site = make_site(Config(), CalIntWorker="on")
    site.log.allow("AH00052")
    person = Person(site, sandbox, "google")
    person.calendar.add(at(10), at(11))
    person.connect().expect((0, 10, 11))
    person.calendar.add(at(12), at(13))
    sandbox.fault(person.reads, "hold", when="after")
    site.execute("UPDATE calendar_jobs SET due_at = now() WHERE kind = 'sync'")
    sandbox.wait_until_held()
    assert children.kill(site.httpd, children.worker(site.httpd))
    sandbox.release()
    assert person.busy() == hours((0, 10, 11))
    person.expect((0, 10, 11), (0, 12, 13), seconds=75)


def test_what_becomes_due_while_a_read_runs_leads_to_another_read(person):
    person.calendar.add(at(10), at(11))
    person.connect().expect((0, 10, 11))
    person.sandbox.fault(person.reads, "hold", when="after")
    person.site.execute("UPDATE calendar_jobs SET due_at = now() WHERE kind = 'sync'")
    person.sandbox.wait_until_held()
    person.calendar.add(at(12), at(13))
    person.site.execute("UPDATE calendar_jobs SET due_at = clock_timestamp() WHERE kind = 'sync'")
    person.sandbox.release()
    person.expect((0, 10, 11), (0, 12, 13))


def test_a_disconnect_takes_everything_and_wins_over_a_read_that_runs(person):
    person.calendar.add(at(10), at(11), repeat="FREQ=DAILY;COUNT=2")
    person.connect().expect((0, 10, 11), (1, 10, 11))
    person.sandbox.fault(person.reads, "hold", when="after")
    person.calendar.add(at(12), at(13))
    person.site.execute("UPDATE calendar_jobs SET due_at = now() WHERE kind = 'sync'")
    person.sandbox.wait_until_held()
    assert notice_of(person.browser.disconnect()) == "disconnected"
    assert "it changed meanwhile" not in person.site.httpd.log.text()
    person.sandbox.release()
    wait_until(lambda: "it changed meanwhile" in person.site.httpd.log.text(), "the end of the read")
    for table in ("calendar_busy_intervals", "calendar_series", "calendar_syncs", "calendar_read_items",
                  "calendar_read_series", "calendar_read_intervals"):
        assert person.site.count(table) == 0
    assert not person.site.jobs("sync")


def test_a_calendar_that_is_gone_keeps_its_busy_time_and_is_whole_again_when_it_answers(person):
    person.calendar.add(at(10), at(11))
    person.connect().expect((0, 10, 11))
    read_at = person.sync()["last_synced_at"]
    person.site.log.expect("CALINT0229")
    person.sandbox.fault(person.reads, "error", count=-1, **GONE[person.provider])
    person.read_again()
    after = person.sync()
    assert person.busy() == hours((0, 10, 11)) and after["last_synced_at"] == read_at
    assert after["trouble"] == "gone" and after["trouble_since"]
    assert person.site.integration(IVY)["status"] == "connected"
    person.sandbox.clear_faults()
    person.calendar.add(at(12), at(13))
    person.read_again()
    assert person.busy() == hours((0, 10, 11), (0, 12, 13)) and person.sync()["trouble"] is None


def test_a_calendar_that_the_list_has_lacked_for_a_week_is_no_longer_read(person):
    person.calendar.add(at(10), at(11))
    person.connect().expect((0, 10, 11))
    site, sandbox = person.site, person.sandbox
    site.execute("UPDATE calendar_integration_calendars SET calendar_id = calendar_id || '-former' WHERE sync")
    site.execute("UPDATE calendar_syncs SET calendar_id = calendar_id || '-former'")

    def list_again() -> None:
        clocks.list_was_read(site, "25 hours")
        lists = sandbox.requests(LISTS[person.provider])
        clocks.chores_due(site, "lists")
        wait_until(lambda: site.jobs("validate"), "the look for old lists")
        site.execute("UPDATE calendar_jobs SET due_at = now() WHERE kind = 'validate'")
        wait_until(lambda: not site.jobs("validate"), "the list")
        assert sandbox.requests(LISTS[person.provider]) > lists

    list_again()
    row = site.row("SELECT * FROM calendar_integration_calendars WHERE sync")
    assert row["gone_since"] and person.busy() == hours((0, 10, 11))
    assert "No longer in this account" in person.browser.page().text
    site.execute("UPDATE calendar_integration_calendars SET gone_since = gone_since - interval '7 days' WHERE sync")
    list_again()
    assert person.busy() == [] and site.count("calendar_syncs") == 0
    (entry,) = site.audit("calendars_changed")
    assert entry["metadata"]["reason"] == "gone" and entry["metadata"]["removed"] == 1


@OAUTH
def test_a_refused_access_token_is_refreshed_once(person):
    person.calendar.add(at(10), at(11))
    person.connect().expect((0, 10, 11))
    person.sandbox.expire_access_tokens()
    person.calendar.add(at(12), at(13))
    person.read_again()
    assert person.busy() == hours((0, 10, 11), (0, 12, 13))


def test_the_window_moves_on_and_where_it_can_without_asking_anybody(person):
    person.calendar.add(at(10), at(11), repeat="FREQ=DAILY")
    person.connect()
    wait_until(lambda: person.sync()["last_synced_at"], "the first read", 30)
    last = person.busy()[-1]
    # As if it had been read a month ago.
    person.site.execute("UPDATE calendar_syncs SET known_from = known_from - interval '28 days',"
                        " known_until = known_until - interval '28 days'")
    person.site.execute("DELETE FROM calendar_busy_intervals"
                        " WHERE starts_at > (SELECT known_until FROM calendar_syncs)")
    assert person.busy()[-1] < last
    reads, changes = person.sandbox.requests(person.reads), person.changes()
    person.read_again()
    wait_until(lambda: person.busy()[-1] == last, "the window to move on")
    if person.provider != "outlook":
        assert person.sandbox.requests(person.reads) <= reads + 1 and person.changes() == changes
