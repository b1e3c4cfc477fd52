"""A real CalDAV server that isn't iCloud: Radicale, where principal and home of a user are one collection."""

import pytest

from harness.people import IVY
from harness.session import notice_of

PASSWORD = "a password: with ß"


@pytest.fixture(scope="module")
def served(radicale):
    radicale.add_user("ivy", PASSWORD)
    radicale.make_calendar("ivy", "office", "Work", colour="#1badf8ff",
                           time_zone="BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\n"
                           "TZID:Europe/Berlin\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n")
    radicale.make_calendar("ivy", "tasks", "Tasks", components=("VTODO",))
    radicale.make_calendar("ivy", "holidays", "Holidays <&>", read_only=True)
    return radicale


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


def test_its_calendars_are_found_and_listed(site, ivy):
    assert notice_of(ivy.type_password("Ivy ", PASSWORD)) == "connected"
    assert [dict(row) for row in calendars(site)] == [
        {"calendar_id": "/ivy/holidays/", "name": "Holidays <&>", "color": "", "time_zone": "", "can_write": False,
         "is_primary": False, "gone": False},
        {"calendar_id": "/ivy/office/", "name": "Work", "color": "#1badf8", "time_zone": "Europe/Berlin",
         "can_write": True, "is_primary": True, "gone": False}]
    assert site.integration(IVY)["calendar_home"].endswith("/ivy/")
    assert "Holidays <&>" in ivy.page().text


def test_a_wrong_password_is_refused(site, ivy):
    assert ivy.type_password("ivy", "another").status_code == 422
    assert site.integrations(IVY) == []


def test_calendars_come_and_go(site, ivy, served):
    assert notice_of(ivy.type_password("ivy", PASSWORD)) == "connected"
    served.make_calendar("ivy", "new", "A new one")
    assert retry(site, ivy) == "connected"
    assert [row["name"] for row in calendars(site)] == ["A new one", "Holidays <&>", "Work"]
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
