"""A user who clicks again and again: the provider is asked seldom, and the ATS hears of what changed alone."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.clocks import least_pauses_over
from harness.people import IAN, IVY
from harness.providers import PROVIDERS
from harness.session import SETTINGS, notice_of

SECONDS = 3


@pytest.fixture
def ivy(site):
    """A browser whose user doesn't wait."""
    return site.client(IVY, hurried=True)


def click(browser, form, **changes):
    return notice_of(browser.submit(form, **changes))


def changes(site):
    return site.count("calendar_changes")


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)
@pytest.mark.parametrize("action", ["refresh_calendars", "retry"])
def test_clicking_for_seconds_reads_the_list_once_and_is_no_news(site, ivy, sandbox, provider, action):
    ivy.connect(sandbox, provider.email, provider=provider.id)
    form = ivy.page().form("Refresh list")
    form.fields["action"] = action
    reads, told = sandbox.requests(provider.calendars), changes(site)
    with ThreadPoolExecutor(4) as pool:
        until = time.monotonic() + SECONDS
        answers = []
        while time.monotonic() < until:
            answers += pool.map(lambda _: click(ivy, form), range(8))
    assert len(answers) > 20 and answers.count("connected") == 1
    assert set(answers) == {"connected", "rate_limited"}
    assert sandbox.requests(provider.calendars) == reads + 1
    assert changes(site) == told
    assert "Please wait a little" in ivy.page(f"{SETTINGS}?calint_notice=rate_limited").text
    least_pauses_over(site)
    assert click(ivy, form) == "connected"


def test_a_choice_is_saved_once_and_the_same_choice_is_no_news(site, ivy, sandbox):
    ivy.connect(sandbox)
    page = ivy.page()
    told = changes(site)
    form = page.form("Save calendars")
    assert [click(ivy, form) for _ in range(5)] == ["saved"] + ["rate_limited"] * 4
    assert changes(site) == told
    for box in form.boxes:
        box.ticked = True
    with site.nothing_written():
        assert click(ivy, form) == "rate_limited"
    least_pauses_over(site)
    assert [click(ivy, form) for _ in range(5)] == ["saved"] + ["rate_limited"] * 4
    assert changes(site) == told + 1
    assert all(box.ticked for box in ivy.page().form("Save calendars").boxes)


def test_each_kind_of_action_and_each_user_has_a_pause_of_its_own(site, ivy, sandbox):
    ian = site.client(IAN, hurried=True)
    ivy.connect(sandbox)
    ian.connect(sandbox, "sam@example.com")
    for browser in (ivy, ian):
        page = browser.page()
        assert click(browser, page.form("Save calendars")) == "saved"
        assert click(browser, page.form("Save destination")) == "saved"
        assert click(browser, page.form("Refresh list")) == "connected"
        assert click(browser, page.form("Sync Now")) == "sync_started"
        for button in ("Save calendars", "Save destination", "Refresh list", "Sync Now"):
            assert click(browser, page.form(button)) == "rate_limited"


def test_it_holds_over_all_nodes(make_site, sandbox):
    site = make_site()
    other = site.add_node()
    browsers = [site.client(IVY, node, hurried=True) for node in (site.httpd, other)]
    browsers[0].connect(sandbox)
    forms = [browser.page().form("Refresh list") for browser in browsers]
    # Without an origin: the other node's is no other one to a user.
    answers = [browser.post(form.action, form.fields) for browser, form in zip(browsers, forms)]
    assert [notice_of(answer) for answer in answers] == ["connected", "rate_limited"]


def test_what_cannot_be_chosen_holds_nobody_up(site, ivy, sandbox):
    ivy.connect(sandbox)
    form = ivy.page().form("Save destination")
    assert ivy.submit(form, calendar="unknown").status_code == 400
    assert click(ivy, form) == "saved"


def test_a_withdrawal_is_asked_for_once(site, ivy, sandbox):
    site.log.allow("CALINT0218")
    ivy.connect(sandbox)
    sandbox.fault("revoke", "status", count=-1)
    assert notice_of(ivy.disconnect()) == "disconnected"
    form = ivy.page().form("Retry")
    assert [click(ivy, form) for _ in range(4)] == ["provider_unavailable"] + ["rate_limited"] * 3
    assert sandbox.requests("revoke") == 1


def test_neither_connecting_nor_disconnecting_is_ever_held_up(site, ivy, sandbox):
    for notice in ("connected", "reconnected", "reconnected"):
        assert notice_of(ivy.connect(sandbox)) == notice
        assert click(ivy, ivy.page().form("Refresh list")) in ("connected", "rate_limited")
    for _ in range(3):
        assert notice_of(ivy.disconnect()) == "disconnected"
        assert notice_of(ivy.connect(sandbox)) == "connected"
