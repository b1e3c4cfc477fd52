"""What people see of their calendars' busy time and can ask for, and what an administrator is told of it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest

from harness import clocks
from harness.busy_time import GONE, at
from harness.page import Page
from harness.people import IVY
from harness.process import wait_until
from harness.session import notice_of


def test_sync_now_reads_at_once_and_the_page_says_when_it_was_read(person):
    person.calendar.add(at(10), at(11))
    person.connect().expect((0, 10, 11))
    person.site.execute("UPDATE calendar_syncs SET last_synced_at = now() - interval '25 minutes'")
    page = person.browser.page()
    assert "25 minutes ago" in page.text
    person.calendar.add(at(12), at(13))
    answer = person.browser.submit(page.form("Sync Now"))
    assert notice_of(answer) == "sync_started"
    person.expect((0, 10, 11), (0, 12, 13))
    assert "25 minutes ago" not in person.browser.page().text


def look(person, address: str):
    """A page, and where it leads to by itself."""
    answer = person.browser.get(address)
    return Page(answer.text), answer.headers.get("Refresh")


def test_after_sync_now_the_page_looks_again_by_itself_until_it_can_say_what_came_of_it(person):
    person.calendar.add(at(10), at(11))
    person.connect().expect((0, 10, 11))
    person.sandbox.fault(person.reads, "hold", when="after")
    address = person.browser.submit(person.browser.page().form("Sync Now")).headers["Location"]
    page, refresh = look(person, address)
    assert "Your calendars are being read: 0 of 1 done." in page.text
    person.sandbox.wait_until_held()
    for number in range(1, 11):
        seconds, _, address = refresh.partition(";url=")
        assert seconds == "2" and address.endswith(f"looks={number}")
        page, refresh = look(person, address)
        assert "0 of 1 done" in page.text
    assert refresh is None
    person.sandbox.release()
    wait_until(lambda: "Your calendar was read." in look(person, page.link("Look again"))[0].text, "the outcome")
    assert look(person, page.link("Look again"))[1] is None


def test_a_look_that_was_put_off_is_not_said_to_be_over(person):
    person.calendar.add(at(10), at(11))
    person.connect().expect((0, 10, 11))
    answer = person.browser.submit(person.browser.page().form("Sync Now"))
    wait_until(lambda: "Your calendar was read." in look(person, answer.headers["Location"])[0].text, "the first look")
    clocks.least_pauses_over(person.site)
    # As a client without a request left, or an account without a slot, has it.
    person.site.execute("UPDATE calendar_syncs SET asked_at = now()")
    person.site.execute("UPDATE calendar_jobs SET due_at = now() + interval '1 minute' WHERE kind = 'sync'")
    page, refresh = look(person, answer.headers["Location"])
    assert "0 of 1 done" in page.text and refresh
    person.read_again()
    assert "Your calendar was read." in look(person, answer.headers["Location"])[0].text


def test_sync_now_while_a_read_runs_leads_to_another_read(person):
    person.calendar.add(at(10), at(11))
    person.connect().expect((0, 10, 11))
    person.sandbox.fault(person.reads, "hold", when="after")
    person.site.execute("UPDATE calendar_jobs SET due_at = now() WHERE kind = 'sync'")
    person.sandbox.wait_until_held()
    person.calendar.add(at(12), at(13))
    assert notice_of(person.browser.submit(person.browser.page().form("Sync Now"))) == "sync_started"
    person.sandbox.release()
    person.expect((0, 10, 11), (0, 12, 13))


def test_sync_now_while_a_read_runs_counts_after_a_wait_that_is_over(person):
    person.calendar.add(at(10), at(11))
    person.connect().expect((0, 10, 11))
    person.site.log.expect("CALINT0229")
    person.sandbox.fault(person.reads, "rate_limit", status=429, retry_after="900")
    person.read_again()
    person.sandbox.fault(person.reads, "hold", when="after")
    person.site.execute("UPDATE calendar_jobs SET due_at = now(), retry_at = NULL WHERE kind = 'sync'")
    person.sandbox.wait_until_held()
    person.calendar.add(at(12), at(13))
    assert notice_of(person.browser.submit(person.browser.page().form("Sync Now"))) == "sync_started"
    person.sandbox.release()
    person.expect((0, 10, 11), (0, 12, 13))


@pytest.mark.parametrize("kind, status, trouble", [("rate_limit", 429, "rate_limited"), ("status", 503, "unavailable")])
def test_sync_now_does_not_override_what_the_provider_asked_for(person, kind, status, trouble):
    person.calendar.add(at(10), at(11))
    person.connect().expect((0, 10, 11))
    person.site.log.expect("CALINT0229")
    person.sandbox.fault(person.reads, kind, status=status, retry_after="900")
    person.read_again()
    # iCloud has no other word for it than a 503.
    assert person.sync()["trouble"] in (trouble, "unavailable" if person.provider == "apple" else trouble)
    reads = person.sandbox.requests(person.reads)
    answer = person.browser.submit(person.browser.page().form("Sync Now"))
    assert notice_of(answer) == "sync_started"
    page, refresh = look(person, answer.headers["Location"])
    assert "asked us to slow down" in page.text and refresh is None
    (job,) = person.site.jobs("sync")
    assert job["due_at"] > datetime.now(timezone.utc) + timedelta(seconds=800)
    assert person.sandbox.requests(person.reads) == reads


def test_the_page_names_a_calendar_that_cannot_be_read(person):
    person.connect()
    wait_until(lambda: person.sync()["last_synced_at"], "the first read")
    person.site.log.expect("CALINT0229")
    person.sandbox.fault(person.reads, "error", count=-1, **GONE[person.provider])
    person.read_again()
    assert "no longer shared. Last read just now, and counted as it was then" in person.browser.page().text
    clocks.least_pauses_over(person.site)
    answer = person.browser.submit(person.browser.page().form("Sync Now"))
    wait_until(lambda: "One of your calendars could not be read" in person.browser.follow(answer).text, "the outcome")


def test_calintctl_explains_what_is_stored(person):
    person.calendar.add(at(10), at(11), title="Visible title")
    series = person.calendar.add(at(14), at(15), repeat="FREQ=WEEKLY;COUNT=3")
    person.calendar.set_occurrence(series, at(14, 7))
    person.connect().expect((0, 10, 11), (0, 14, 15), (14, 14, 15))
    integration = str(person.site.integration(IVY)["id"])
    told = json.loads(person.site.ctl("--json", "explain", "--integration", integration))
    whole = [[datetime.fromisoformat(a).strftime("%Y-%m-%d %H:%M") for a in (start, end)]
             for start, end, _ in told["busy"]]
    assert [tuple(one) for one in whole] == person.busy()
    assert {one["file"] for one in told["events"]} == {person.sync()["calendar_id"]} and told["left_out"] == []
    assert "Visible" not in json.dumps(told)

    day = json.loads(person.site.ctl("--json", "explain", "--integration", integration, "--zone", "Europe/Berlin",
                                     "--from", at(0, 14), "--to", at(0, 15)))
    assert len(day["busy"]) == 1
    person.site.execute("UPDATE calendar_syncs SET trouble = 'gone'")
    (doubt,) = json.loads(person.site.ctl("--json", "explain", "--integration", integration))["left_out"]
    assert doubt["file"] == person.sync()["calendar_id"] and "can't be read (gone)" in doubt["why"]
    assert "takes its time" in person.site.ctl("explain", "--integration", integration)
    for arguments, code in ((("--integration", "999999"), 1), (("--integration", integration, "file.json"), 2),
                            (("--provider", "google"), 2)):
        assert person.site.run_ctl("explain", *arguments).returncode == code
