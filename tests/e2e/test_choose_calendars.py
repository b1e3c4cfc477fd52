"""The user ticks calendars, says where interviews go, and reads the list of the account again; the same for each
provider."""

import pytest

from harness import clocks
from harness.paths import SETTINGS
from harness.people import IVY
from harness.providers import PROVIDERS
from harness.session import notice_of

MINE = {"id": "AAMkMine", "name": "Mine", "primary": True}
TEAM = {"id": "AAMkTeam#1/=", "name": "Team & Co", "colour": "#16a765"}
ROOM = {"id": "AAMkRoom", "name": "Room", "role": "writer"}
SAM = {"id": "sam@example.com", "name": "Sam", "role": "freeBusyReader"}
ALL = [MINE, TEAM, ROOM, SAM]


@pytest.fixture(params=PROVIDERS, ids=lambda provider: provider.id)
def provider(request):
    return request.param


@pytest.fixture
def account(provider, sandbox, site):
    """What the account's calendars are from now on."""
    def has(*calendars):
        sandbox.add_account(provider.email, calendars=list(calendars))
    has(*ALL)
    return has


@pytest.fixture
def connected(account, provider, ivy, sandbox):
    """Ivy's browser, with the account connected."""
    assert notice_of(ivy.connect(sandbox, provider.email, provider=provider.id)) == "connected"
    return ivy


def ticked(site) -> list[str]:
    chosen = site.rows("SELECT name FROM calendar_integration_calendars WHERE sync ORDER BY name")
    return [row["name"] for row in chosen]


def choice(browser, *names):
    """The form, with the boxes of these names ticked and no others."""
    form = browser.page().form("Save calendars")
    for box in form.boxes:
        box.ticked = False
    for name in names:
        form.box(name).ticked = True
    return form


def destination(site) -> str | None:
    return site.row("SELECT (SELECT name FROM calendar_integration_calendars c"
                    " WHERE c.calendar_id = i.calendar_id) AS name"
                    " FROM calendar_integrations i WHERE active")["name"]


def refresh(browser):
    return browser.submit(browser.page().form("Refresh list"))


def refused(site, answer, words="Nothing was saved"):
    assert answer.status_code == 400 and words in answer.text
    assert not site.audit("calendars_changed")


# What the page shows


def test_the_account_is_shown_as_it_is_the_primary_calendar_first(connected, provider):
    boxes = connected.page().form("Save calendars").boxes
    assert [" ".join(box.label.split()) for box in boxes] == [
        "Sync Mine Primary",
        "Sync Room Shared Shared " + ("with you" if provider.id == "google" else "by room@example.com")
        + ", you may add events",
        "Sync Sam Shared Shared by sam@example.com, "
        + ("availability only" if provider.id == "google" else "read only"),
        "Sync Team & Co"]
    assert [box.ticked for box in boxes] == [True, False, False, False]
    assert all(box.enabled for box in boxes)
    assert '<circle cx="6" cy="6" r="5.5" fill="#16a765"/>' in connected.get(SETTINGS).text


def test_nothing_is_called_synced_before_anything_was(connected):
    text = connected.page().text
    assert "Last synced not yet" in text and "Synced" not in text


def test_the_page_says_when_the_list_was_read(site, connected):
    assert "Read just now" in connected.page().text
    clocks.list_was_read(site, "5 hours")
    assert "Read 5 hours ago" in connected.page().text


# Ticks


def test_what_is_ticked_is_stored_shown_and_audited(site, connected, provider):
    assert notice_of(connected.submit(choice(connected, "Team & Co", "Sam"))) == "saved"
    assert ticked(site) == ["Sam", "Team & Co"]
    assert [box.ticked for box in connected.page().form("Save calendars").boxes] == [False, False, True, True]
    (row,) = site.audit("calendars_changed")
    assert row["metadata"] == {"provider": provider.id, "added": 2, "removed": 1}
    assert (row["user_id"], row["auditable_id"]) == (int(IVY.id), site.integration(IVY)["id"])
    assert site.row("SELECT change FROM calendar_changes ORDER BY id DESC LIMIT 1")["change"] == "calendars_changed"


def test_nothing_ticked_means_that_nothing_is_synced(site, connected):
    assert "nothing is synced" not in connected.page().text
    assert notice_of(connected.submit(choice(connected))) == "saved"
    assert ticked(site) == []
    assert "No calendar is ticked: nothing is synced" in connected.page().text


def test_the_same_choice_again_is_no_news(site, connected):
    with site.nothing_written():
        assert notice_of(connected.submit(choice(connected, "Mine"))) == "saved"


@pytest.mark.parametrize("foreign", ["unknown", "", "\x01", "x" * 2000, b"\xff\xfe", "'; DROP TABLE users; --"],
                         ids=repr)
def test_what_is_no_calendar_of_the_account_cannot_be_ticked(site, connected, foreign):
    form = choice(connected, "Team & Co")
    with site.nothing_written():
        refused(site, connected.post(form.action, [*form.sent(), ("calendar", foreign)]))


def test_somebody_elses_calendar_cannot_be_ticked(site, connected, ian, sandbox, provider):
    sandbox.add_account("morgan@contoso.example", calendars=[{"id": "AAMkTheirs", "name": "Theirs", "primary": True}])
    ian.connect(sandbox, "morgan@contoso.example", provider=provider.id)
    form = choice(connected, "Team & Co")
    refused(site, connected.post(form.action, [*form.sent(), ("calendar", "AAMkTheirs")]))
    assert ticked(site) == ["Mine", "Theirs"]


def test_a_calendar_that_is_named_twice_is_ticked_once(site, connected):
    form = choice(connected, "Team & Co")
    assert notice_of(connected.post(form.action, [*form.sent(), ("calendar", form.box("Team").value)])) == "saved"
    assert ticked(site) == ["Team & Co"]


@pytest.mark.parametrize("change", [{"generation": "99"}, {"integration": "0"}], ids=str)
def test_a_choice_about_another_state_of_things_is_a_conflict(site, connected, change):
    form = choice(connected, "Team & Co")
    with site.nothing_written():
        assert connected.submit(form, **change).status_code == 409


def test_of_two_tabs_the_last_to_save_wins(site, connected):
    tabs = choice(connected, "Team & Co"), choice(connected, "Sam", "Mine")
    for tab in tabs:
        assert notice_of(connected.submit(tab)) == "saved"
    assert ticked(site) == ["Mine", "Sam"]
    assert len(site.audit("calendars_changed")) == 2


def test_a_reconnect_keeps_ticks_and_destination(site, connected, sandbox, provider):
    connected.submit(choice(connected, "Room", "Sam"))
    form = connected.page().form("Save destination")
    connected.submit(form, calendar=form.options["Room"])
    assert notice_of(connected.connect(sandbox, provider.email, provider=provider.id)) == "reconnected"
    assert ticked(site) == ["Room", "Sam"] and destination(site) == "Room"


# The destination


def test_interviews_go_to_the_primary_calendar_until_the_user_says_where(site, connected, provider):
    form = connected.page().form("Save destination")
    assert list(form.options) == ["Mine", "Room", "Team & Co"], "Sam's can't be written to"
    assert form.fields["calendar"] == form.options["Mine"] and destination(site) == "Mine"
    assert notice_of(connected.submit(form, calendar=form.options["Team & Co"])) == "saved"
    assert destination(site) == "Team & Co"
    form = connected.page().form("Save destination")
    assert form.fields["calendar"] == form.options["Team & Co"]
    (row,) = site.audit("calendars_changed")
    assert row["metadata"] == {"provider": provider.id, "destination": True}


def test_where_interviews_cannot_be_written_they_do_not_go(site, connected):
    form = connected.page().form("Save destination")
    readable = connected.page().form("Save calendars").box("Sam").value
    with site.nothing_written():
        for calendar in ("", "unknown", readable):
            refused(site, connected.submit(form, calendar=calendar))
        refused(site, connected.post(form.action, [*form.sent(), ("calendar", form.options["Room"])]))


@pytest.mark.parametrize("now, why", [([TEAM, MINE], "which is no longer in this account"),
                                      ([MINE, {**ROOM, "role": "reader"}], "which you may now only read")],
                         ids=["gone", "read only"])
def test_a_destination_that_is_lost_is_named_and_must_be_chosen_again(site, connected, account, now, why):
    form = connected.page().form("Save destination")
    connected.submit(form, calendar=form.options["Room"])
    account(*now)
    refresh(connected)
    page = connected.page()
    assert f"Interviews were written to “Room”, {why}. Choose the calendar that they go to." in page.text
    form = page.form("Save destination")
    assert "Room" not in form.options and form.fields["calendar"] == ""
    assert notice_of(connected.submit(form, calendar=form.options["Mine"])) == "saved"
    assert "Interviews were written to" not in connected.page().text


# Reading the list again


def test_the_button_brings_new_calendars_unticked_and_marks_lost_ones(site, connected, account, sandbox, provider):
    connected.submit(choice(connected, "Mine", "Room"))
    account({**MINE, "name": "My own"}, SAM, {"id": "AAMkNew", "name": "New"})
    before = sandbox.requests(provider.calendars)
    assert notice_of(refresh(connected)) == "connected"
    assert sandbox.requests(provider.calendars) == before + 1
    assert ticked(site) == ["My own", "Room"]
    form = connected.page().form("Save calendars")
    assert not form.box("New").ticked
    assert "No longer in this account" in form.box("Room").label and form.box("Room").enabled, "it can be unticked"
    assert "No longer in this account" in form.box("Team").label and not form.box("Team").enabled
    assert form.boxes[-1].label.find("Team") > 0 and form.boxes[-2].label.find("Room") > 0, "gone ones come last"


def test_a_calendar_that_comes_back_has_the_tick_that_it_had(site, connected, account):
    connected.submit(choice(connected, "Team"))
    account(MINE)
    refresh(connected)
    assert notice_of(connected.submit(choice(connected, "Team", "Mine"))) == "saved", "it is ticked still"
    account(*ALL)
    refresh(connected)
    assert ticked(site) == ["Mine", "Team & Co"]
    assert "No longer" not in connected.page().text


def test_a_calendar_that_went_meanwhile_cannot_be_ticked(site, connected, account):
    form = choice(connected, "Team", "Mine")
    account(MINE)
    refresh(connected)
    refused(site, connected.submit(form), "no longer, in your account")
    assert ticked(site) == ["Mine"]


def test_another_primary_calendar_is_not_ticked_for_the_user(site, connected, account):
    connected.submit(choice(connected))
    account({**MINE, "primary": False}, {"id": "AAMkNew", "name": "New", "primary": True})
    refresh(connected)
    assert ticked(site) == [] and destination(site) == "Mine"


def test_a_refresh_that_fails_keeps_the_list_and_says_so(site, connected, sandbox, provider):
    site.log.expect("CALINT0208")
    sandbox.fault(provider.calendars, "status")
    assert notice_of(refresh(connected)) == "provider_unavailable"
    page = connected.page()
    assert page.has_button("Retry") and page.form("Save calendars").box("Team & Co")
    assert notice_of(connected.submit(choice(connected, "Sam"))) == "saved", "choosing needs no provider"


# Two things at once


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_choice_that_is_saved_during_a_refresh_stays(site, connected, account, sandbox, provider, when):
    account(MINE, TEAM, {"id": "AAMkNew", "name": "New"})
    form = connected.page().form("Refresh list")
    hold = sandbox.fault(provider.calendars, "hold", when=when)
    refreshing = connected.post_in_background(form.action, form.fields)
    sandbox.wait_until_held()
    assert notice_of(connected.submit(choice(connected, "Team", "Room"))) == "saved"
    to = connected.page().form("Save destination")
    assert notice_of(connected.submit(to, calendar=to.options["Team & Co"])) == "saved"
    sandbox.release(hold)
    assert notice_of(refreshing.result(30)) == "connected"
    assert ticked(site) == ["Room", "Team & Co"] and destination(site) == "Team & Co"
    assert "No longer" in connected.page().form("Save calendars").box("Room").label


def test_after_a_disconnect_nothing_is_chosen(site, connected):
    forms = [choice(connected, "Team"), *(connected.page().form(name) for name in ("Save destination", "Refresh list"))]
    assert notice_of(connected.disconnect()) == "disconnected"
    with site.nothing_written():
        assert [connected.submit(form).status_code for form in forms] == [409] * 3
    row = site.row("SELECT calendar_id, calendar_home FROM calendar_integrations")
    assert row == {"calendar_id": None, "calendar_home": None}
