"""An interview, from the calendar that is connected for it to its end, on the demonstration's page of an ATS."""

import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from harness.ats import Ats, make_known_key
from harness.browser import browser
from harness.httpd_config import FORM_SIGN_IN
from harness.people import IAN, IVY, SAM
from harness.process import Process, free_port, wait_until

PROGRAM = Path(__file__).resolve().parents[2] / "packaging" / "demo-files" / "ats" / "ats.py"
PAGE = "/interviews/jane-doe"
BEHIND_HTTPD = """<Location "/interviews">
    ProxyPass http://127.0.0.1:{port}/interviews
</Location>"""


@pytest.fixture
def ats(make_site, tmp_path):
    """A site that does background work, with the demonstration's ATS behind it."""
    port = free_port()
    process = Process([sys.executable, str(PROGRAM), "--port", str(port),
                       *(f"--interviewer={person.id}={person.name}" for person in (IAN, IVY))], tmp_path / "ats.log")
    yield make_site(replace(FORM_SIGN_IN, modules=("proxy", "proxy_http"), extra=BEHIND_HTTPD.format(port=port)),
                    CalIntWorker="on")
    process.end(15)


def choose(shown, label: str, text: str = "", index: int = 0) -> tuple[str, str]:
    """Text and value of what is chosen in the list with this label, by its text or its place."""
    (element,) = [one for one in shown.driver.find_elements(By.TAG_NAME, "select") if one.accessible_name == label]
    options = Select(element)
    options.select_by_visible_text(text) if text else options.select_by_index(index)
    return options.first_selected_option.text, options.first_selected_option.get_attribute("value")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone()


def open_page(shown, site) -> None:
    shown.open(site.url + PAGE)
    wait_until(lambda: "Find a time" in shown.text, "the page's script")


def test_an_interview_is_scheduled_moved_and_cancelled(ats, sandbox):
    ats.log.allow("CALINT0201")  # a scheduler who isn't an interviewer has no settings
    calendar = sandbox.calendar("google", "avery@example.com")
    back_end = Ats(ats.url, make_known_key(ats, "back-end"))

    def written() -> list[tuple[str, datetime]]:
        """What the calendar has, and when."""
        return [(event["summary"], moment(event["start"]["dateTime"]))
                for event in calendar.events() if event["status"] != "cancelled"]

    with browser() as shown:
        shown.sign_in(ats, IVY)
        open_page(shown, ats)
        shown.check()
        shown.click("connect your calendar")
        shown.click("Connect Google Calendar")
        shown.choose("Avery Quinn")
        shown.click("Allow")
        assert shown.path == f"{PAGE}?calint_notice=connected"
        wait_until(lambda: "Find a time" in shown.text, "the page's script")
        assert "connect your calendar" not in shown.text
        assert shown.driver.find_element(By.ID, "interviewer").get_attribute("value") == IVY.id, "she asks for herself"
        wait_until(lambda: ats.rows("SELECT FROM calendar_syncs WHERE last_synced_at IS NOT NULL"), "the first read")

        shown.sign_in(ats, SAM)
        shown.complaints()  # those of the settings
        open_page(shown, ats)
        choose(shown, "Interviewer", IAN.name)
        shown.push("Find free times")
        assert f"{IAN.name} has no calendar connected." in shown.text and "Hold this time" not in shown.text

        choose(shown, "Interviewer", IVY.name)
        shown.push("Find free times")
        taken, taken_start = choose(shown, "Time")
        shown.check()

        # A colleague is quicker.
        end = (moment(taken_start) + timedelta(minutes=45)).isoformat()
        made = back_end.post("/holds", {"user_ids": [IVY.id], "start": taken_start, "end": end, "ref": "another",
                                        "expires_at": end})
        assert made.status_code == 201, made.text
        shown.push("Hold this time")
        assert "taken" in shown.text and "Find a time" in shown.text
        shown.complaints()  # the 409

        shown.push("Find free times")
        first, first_start = choose(shown, "Time")
        assert first != taken
        shown.push("Hold this time")
        assert "Held for Jane Doe" in shown.text and f"{first}, with {IVY.name}" in shown.text
        assert written() == []
        shown.check()

        shown.push("Book the interview")
        assert f"{first}, with {IVY.name}: confirmed" in shown.text
        assert written() == [("Interview: Jane Doe", moment(first_start))]
        shown.check()

        shown.push("Find another time")
        second, second_start = choose(shown, "Time", index=3)
        assert second != first
        shown.push("Move the interview here")
        assert f"{second}, with {IVY.name}: confirmed" in shown.text
        assert written() == [("Interview: Jane Doe", moment(second_start))]

        # It stands in the database, not in the page.
        shown.open(ats.url + PAGE)
        wait_until(lambda: f"{second}, with {IVY.name}" in shown.text, "the interview that is booked")
        shown.push("Cancel the interview")
        assert "Find a time" in shown.text and written() == []
        shown.check()
