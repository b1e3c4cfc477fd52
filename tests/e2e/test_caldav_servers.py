"""Real CalDAV servers that aren't iCloud: Radicale, where principal and home of a user are one collection, Xandikos,
which keeps less of a calendar's making and tells of refusals in its own way, and Cyrus, which invites guests."""

from datetime import date, datetime, timedelta, timezone

import pytest

from harness.ats import Ats, make_known_key
from harness.httpd_config import Config
from harness.people import IVY
from harness.process import wait_until
from harness.session import notice_of

PASSWORD = "a password: with ß"


@pytest.fixture(scope="module")
def served(caldav_server):
    caldav_server.add_user("ivy", PASSWORD)
    caldav_server.make_calendar("ivy", "office", "Work", colour="#1badf8ff",
                                time_zone="BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\n"
                                "TZID:Europe/Berlin\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n")
    caldav_server.make_calendar("ivy", "tasks", "Tasks", components=("VTODO",))
    caldav_server.make_calendar("ivy", "holidays", "Holidays <&>", read_only=True)
    return caldav_server


@pytest.fixture
def site(make_site, served):
    site = make_site(start=False)
    site.apple_urls = {"api_url": served.url, "api_hosts": ""}
    return site.start()


@pytest.fixture
def ivy(site):
    return site.client(IVY)


def calendars(site):
    return site.rows("SELECT calendar_id, name, color, time_zone, can_write, is_primary, gone_since IS NOT NULL AS gone"
                     " FROM calendar_integration_calendars ORDER BY name")


def retry(site, ivy):
    site.execute("UPDATE calendar_integrations SET status = 'error', last_error = 'provider_unavailable'")
    return notice_of(ivy.submit(ivy.page().form("Retry")))


def test_its_calendars_are_found_and_listed(site, ivy, served):
    assert notice_of(ivy.type_password("Ivy ", PASSWORD)) == "connected"
    home = served.home("ivy")
    wanted = [
        {"calendar_id": f"{home}holidays/", "name": "Holidays <&>", "color": "", "time_zone": "",
         "can_write": not served.has_rights, "gone": False},
        {"calendar_id": f"{home}tasks/", "name": "Tasks", "color": "", "time_zone": "", "can_write": True,
         "gone": False},
        {"calendar_id": f"{home}office/", "name": "Work", "color": "#1badf8",
         "time_zone": "Europe/Berlin" if served.keeps_time_zone else "", "can_write": True, "gone": False}]
    listed = [dict(row) for row in calendars(site)]
    primary = [one["calendar_id"] for one in listed if one.pop("is_primary")]
    assert listed == [one for one in wanted if one["name"] != "Tasks" or not served.keeps_components]
    # Where several can be written to, it is the server's first.
    assert len(primary) == 1 and (primary == [f"{home}office/"] or not served.has_rights)
    assert site.integration(IVY)["calendar_home"].split()[0].endswith(home)
    assert "Holidays <&>" in ivy.page().text


def test_a_wrong_password_is_refused(site, ivy):
    assert ivy.type_password("ivy", "another").status_code == 422
    assert site.integrations(IVY) == []


def test_calendars_come_and_go(site, ivy, served):
    assert notice_of(ivy.type_password("ivy", PASSWORD)) == "connected"
    served.make_calendar("ivy", "new", "A new one")
    assert retry(site, ivy) == "connected"
    tasks = [] if served.keeps_components else ["Tasks"]
    assert [row["name"] for row in calendars(site)] == ["A new one", "Holidays <&>", *tasks, "Work"]
    served.remove_calendar("ivy", "new")
    assert retry(site, ivy) == "connected"
    assert [row["name"] for row in calendars(site) if row["gone"]] == ["A new one"]


def test_a_password_that_was_changed_is_refused_and_a_new_one_reconnects(site, ivy, served):
    site.log.expect("CALINT0208")
    assert notice_of(ivy.type_password("ivy", PASSWORD)) == "connected"
    served.add_user("ivy", "changed")
    try:
        assert retry(site, ivy) == "validation_failed"
        assert site.integration(IVY)["last_error"] == "access_withdrawn"
        assert notice_of(ivy.type_password("ivy", "changed")) == "reconnected"
    finally:
        served.add_user("ivy", PASSWORD)


#: In the calendar's zone; no clocks change near it.
MONDAY = date.today() + timedelta(days=14 + (0 - date.today().weekday()) % 7)


def moment(day: int, hour: int) -> str:
    return f"{MONDAY + timedelta(days=day):%Y%m%d}T{hour:02}0000"


def ics(uid: str, *events: tuple[str, str, str]) -> str:
    """One object: of each event begin, end and further lines."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//tests//EN"]
    for begin, end, more in events:
        lines += ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", f"DTSTART:{begin}Z", f"DTEND:{end}Z"]
        lines += [*([more] if more else []), "SUMMARY:Not for the database", "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def test_events_are_read_and_followed(make_site, caldav_server):
    """Created, changed, deleted, recurring, moved: a calendar at a server of the wild."""
    caldav_server.add_user("una", PASSWORD)
    work = caldav_server.make_calendar("una", "work", "Work")
    task = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VTODO", "UID:t",
                        "DTSTAMP:20260101T000000Z", "END:VTODO", "END:VCALENDAR", ""])
    # Where a calendar can't be one of tasks alone, they are among the events.
    tasks = work
    if caldav_server.keeps_components:
        tasks = caldav_server.make_calendar("una", "todo", "To do", components=("VTODO",))
    caldav_server.put("una", f"{tasks}t.ics", task)
    caldav_server.put("una", f"{work}a.ics", ics("a", (moment(0, 10), moment(0, 11), "")))
    site = make_site(start=False)
    site.apple_urls = {"api_url": caldav_server.url, "api_hosts": ""}
    site.start(Config(), CalIntWorker="on")
    una = site.client(IVY)

    def expect(*spans) -> None:
        wanted = [(moment(day, begin), moment(day, end)) for day, begin, end in spans]
        wait_until(lambda: busy() == wanted, f"busy time {wanted}")

    def busy():
        return [(row["a"], row["b"]) for row in site.rows(
            "SELECT to_char(starts_at AT TIME ZONE 'UTC', 'YYYYMMDD\"T\"HH24MISS') AS a,"
            " to_char(ends_at AT TIME ZONE 'UTC', 'YYYYMMDD\"T\"HH24MISS') AS b"
            " FROM calendar_busy_intervals ORDER BY 1, 2")]

    def read_again() -> None:
        site.execute("UPDATE calendar_jobs SET due_at = now() WHERE kind = 'sync'")
        wait_until(lambda: all(job["lease_owner"] is None and job["due_at"] > datetime.now(timezone.utc)
                               for job in site.jobs("sync")), "a look at the calendar")

    assert notice_of(una.type_password("una", PASSWORD)) == "connected"
    expect((0, 10, 11))
    assert [row["calendar_id"] for row in site.rows("SELECT calendar_id FROM calendar_syncs")] == [work]

    caldav_server.put("una", f"{work}a.ics", ics("a", (moment(0, 12), moment(0, 13), "")))
    series = (moment(1, 9), moment(1, 10), "RRULE:FREQ=DAILY;COUNT=3")
    caldav_server.put("una", f"{work}b c.ics", ics("b", series))
    read_again()
    assert busy() == [(moment(d, b), moment(d, e)) for d, b, e in [(0, 12, 13), (1, 9, 10), (2, 9, 10), (3, 9, 10)]]
    moved = (moment(2, 15), moment(2, 16), f"RECURRENCE-ID:{moment(2, 9)}Z")
    caldav_server.put("una", f"{work}b c.ics", ics("b", series, moved))
    caldav_server.remove("una", f"{work}a.ics")
    read_again()
    assert busy() == [(moment(d, b), moment(d, e)) for d, b, e in [(1, 9, 10), (2, 15, 16), (3, 9, 10)]]
    full = site.row("SELECT full_read_at FROM calendar_syncs")["full_read_at"]
    read_again()
    assert site.row("SELECT full_read_at FROM calendar_syncs")["full_read_at"] == full
    # A token that it has forgotten.
    site.execute("UPDATE calendar_syncs SET cursor = %s", f"token {caldav_server.forgotten_token}")
    caldav_server.remove("una", f"{work}b c.ics")
    caldav_server.put("una", f"{work}d.ics", ics("d", (moment(0, 8), moment(0, 9), "")))
    read_again()
    assert busy() == [(moment(0, 8), moment(0, 9))]
    assert site.row("SELECT full_read_at, trouble FROM calendar_syncs")["full_read_at"] > full


def test_an_interview_is_an_object_that_a_person_changes_too(make_site, caldav_server):
    """Booked, written in by hand, moved by the ATS, moved by hand, cancelled."""
    caldav_server.add_user("vera", PASSWORD)
    work = caldav_server.make_calendar("vera", "work", "Work")
    site = make_site(start=False)
    site.apple_urls = {"api_url": caldav_server.url, "api_hosts": ""}
    site.start(Config(), CalIntWorker="on")
    assert notice_of(site.client(IVY).type_password("vera", PASSWORD)) == "connected"
    wait_until(lambda: site.rows("SELECT FROM calendar_syncs WHERE last_synced_at IS NOT NULL"), "the first read")
    ats = Ats(site.url, make_known_key(site, "interviews"))

    def times(begin: int, end: int) -> dict:
        return {"start": f"{MONDAY}T{begin:02}:00:00Z", "end": f"{MONDAY}T{end:02}:00:00Z"}

    def edit(before: str, after: str) -> None:
        text = caldav_server.get("vera", path)
        assert before in text
        caldav_server.put("vera", path, text.replace(before, after))
        site.execute("UPDATE calendar_jobs SET due_at = now(), retry_at = NULL WHERE kind = 'sync'")

    answer = ats.post("/events", {
        "user_id": IVY.id, "interview_ref": "int-1", "title": "Interview; Jane, 2 < 3", "description": "Hi\n\n  there",
        "attendees": [{"email": "jane@candidate.test", "name": "Jane"}], "reminder": 15, **times(10, 11)})
    assert answer.status_code == 201, answer.text
    made, path = answer.json(), work + answer.json()["provider_event_id"]
    text = caldav_server.get("vera", path)
    named = "" if caldav_server.invites else "\\n\\n\u2022 Jane <jane@candidate.test>"
    for line in ("SUMMARY:Interview\\; Jane\\, 2 < 3", f"DTSTART:{moment(0, 10)}Z", "TRIGGER:-PT15M",
                 f"DESCRIPTION:Hi\\n\\n  there{named}"):
        assert f"{line}\r\n" in text, text
    # The server's word of what became of the invitation.
    assert ("SCHEDULE-STATUS=" in text) == caldav_server.invites

    edit("TRANSP:OPAQUE", "TRANSP:OPAQUE\r\nX-MINE;X-P=\"a;b\":1")
    assert ats.call("PATCH", f"/events/{made['id']}", times(12, 13)).status_code == 200
    text = caldav_server.get("vera", path)
    assert "X-MINE;X-P=\"a;b\":1\r\n" in text and f"DTSTART:{moment(0, 12)}Z\r\n" in text and "SEQUENCE:1" in text

    edit(f"DTEND:{moment(0, 13)}Z", f"DTEND:{moment(0, 14)}Z")
    wait_until(lambda: ats.get(f"/events/{made['id']}").json()["end"].startswith(f"{MONDAY}T14"),
               "what was moved by hand")
    assert ats.call("DELETE", f"/events/{made['id']}").status_code == 204
    with pytest.raises(AssertionError, match="404"):
        caldav_server.get("vera", path)
