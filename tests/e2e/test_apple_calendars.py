"""The user chooses among the calendars of an Apple account, which are read over CalDAV."""

import pytest

from harness.people import IVY
from harness.session import notice_of
from icloud_client import AVERY, AVERY_PASSWORD


@pytest.fixture
def connected(site, ivy):
    assert notice_of(ivy.type_password(AVERY, AVERY_PASSWORD)) == "connected"
    return ivy


def ticked(site):
    chosen = site.rows("SELECT name FROM calendar_integration_calendars WHERE sync ORDER BY name")
    return [row["name"] for row in chosen]


def choose(browser, *names):
    form = browser.page().form("Save calendars")
    for box in form.boxes:
        box.ticked = any(name in box.label for name in names)
    return browser.submit(form)


def refresh(browser):
    return browser.submit(browser.page().form("Refresh list"))


def test_shared_and_read_only_calendars_are_marked(connected):
    labels = [" ".join(box.label.split()) for box in connected.page().form("Save calendars").boxes]
    assert len(labels) == 3 and "Primary" in labels[0]
    (team,) = [label for label in labels if "Team" in label]
    assert "Shared" in team and "read only" in team


def test_a_choice_is_stored_and_audited(site, connected):
    assert notice_of(choose(connected, "Hiring", "Team")) == "saved"
    assert ticked(site) == ["Hiring", "Team (shared, read only)"]
    (row,) = site.audit("calendars_changed")
    assert row["metadata"]["provider"] == "apple" and row["metadata"]["added"] >= 1


def test_interviews_go_to_a_calendar_that_can_be_written(site, connected):
    names = {row["name"]: row["calendar_id"] for row in site.rows("SELECT * FROM calendar_integration_calendars")}
    form = connected.page().form("Save destination")
    assert notice_of(connected.submit(form, calendar=names["Hiring"])) == "saved"
    assert site.integration(IVY)["calendar_id"] == names["Hiring"]
    assert connected.submit(form, calendar=names["Team (shared, read only)"]).status_code == 400
    assert site.integration(IVY)["calendar_id"] == names["Hiring"]


def test_a_refresh_is_one_call_and_keeps_the_choice(site, connected, sandbox):
    choose(connected, "Hiring")
    sandbox.icloud.remove_calendar("5E7A0000-1111-4222-8333-444455556666")
    sandbox.icloud.put_calendar("new", name="New")
    before = len(sandbox.icloud.requests())
    assert notice_of(refresh(connected)) == "connected"
    assert len(sandbox.icloud.requests()) == before + 1
    rows = {row["name"]: row for row in site.rows("SELECT * FROM calendar_integration_calendars")}
    assert rows["Hiring"]["gone_since"] and rows["Hiring"]["sync"] and not rows["New"]["sync"]
    assert "No longer in this account" in connected.page().text


def test_a_thousand_calendars_are_listed_and_saved(site, ivy, sandbox):
    # One of them is a list of reminders.
    sandbox.icloud.put_account(calendars=1001)
    assert notice_of(ivy.type_password(AVERY, AVERY_PASSWORD)) == "connected"
    assert len(site.rows("SELECT 1 FROM calendar_integration_calendars")) == 1000
    form = ivy.page().form("Save calendars")
    for box in form.boxes:
        box.ticked = True
    assert notice_of(ivy.submit(form)) == "saved"
    assert len(ticked(site)) == 1000
