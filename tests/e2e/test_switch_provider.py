"""Switching from one provider to the other (UC-455, AF-3), both ways."""

import pytest

from harness.paths import SETTINGS, switch_path
from harness.people import IAN, IVY
from harness.providers import APPLE, GOOGLE, OUTLOOK
from harness.session import notice_of

SWITCH = switch_path("")


@pytest.fixture(params=[OUTLOOK, GOOGLE], ids=["to-outlook", "to-google"])
def to(request):
    return request.param


@pytest.fixture
def old(site, ivy, sandbox, to):
    """What is connected before: the other provider, with ticked calendars."""
    assert notice_of(ivy.connect(sandbox, to.other.email, provider=to.other.id)) == "connected"
    return site.integration(IVY)


def confirm(browser, to):
    """Answers the question with yes; the provider's address."""
    started = browser.submit(browser.page(SWITCH + to.id).form(f"Switch to {to.name}"))
    assert started.status_code == 303
    return started.headers["Location"]


def switch(browser, sandbox, to, **choices):
    return browser.get(sandbox.approve(confirm(browser, to), to.email, **choices))


def calendars(site):
    return site.rows("SELECT * FROM calendar_integration_calendars ORDER BY integration_id, calendar_id")


def works_as_before(site, ivy, sandbox, old, before):
    """The old connection is untouched, and its access still opens the calendars."""
    assert site.integrations(IVY) == [old]
    assert calendars(site) == before
    assert len(sandbox.live_grants(old["account"])) == 1
    site.execute("UPDATE calendar_integrations SET status = 'error', last_error = 'provider_unavailable'")
    assert notice_of(ivy.submit(ivy.page().form("Retry"))) == "connected"
    return True


def test_the_page_offers_the_other_provider_and_asks_first(site, ivy, sandbox, to, old):
    with site.nothing_written():
        question = ivy.get(ivy.page().link(f"Switch to {to.name}"))
        assert question.headers["Location"] == SWITCH + to.id
        page = ivy.follow(question)
    assert f"Switch to {to.name}?" in page.text
    assert to.other.name in page.text and to.other.email in page.text, "what will be disconnected is named"
    assert page.link(f"Keep {to.other.name}") == SETTINGS


def test_the_question_lets_its_form_lead_to_that_provider(ivy, sandbox, to, old):
    policy = ivy.get(SWITCH + to.id).headers["Content-Security-Policy"]
    assert f"form-action 'self' {sandbox.http['base']};" in policy


def test_a_switch_suggests_no_account_of_the_other_provider(ivy, to, old):
    assert "login_hint" not in confirm(ivy, to)


def test_a_confirmed_switch_replaces_the_connection(site, ivy, sandbox, to, old):
    answer = switch(ivy, sandbox, to)
    assert notice_of(answer) == "switched"
    before, after = site.integrations(IVY)
    assert (before["id"], before["active"], before["status"]) == (old["id"], False, "inactive")
    assert before["access_token_encrypted"] is None and before["refresh_token_encrypted"] is None
    assert (after["provider"], after["active"], after["status"]) == (to.id, True, "connected")
    assert after["account"] == to.email
    assert {row["integration_id"] for row in calendars(site)} == {after["id"]}
    (entry,) = site.audit("switched")
    assert (entry["metadata"]["provider"], entry["metadata"]["from_provider"]) == (to.id, to.other.id)
    assert (sandbox.requests(to.token), sandbox.requests(to.calendars)) == (1, 1)
    assert f"Connected to {to.name}" in ivy.follow(answer).text


def test_the_old_grant_is_revoked_where_the_provider_can(site, ivy, sandbox, to, old):
    assert notice_of(switch(ivy, sandbox, to)) == "switched"
    (entry,) = site.audit("switched")
    assert site.run_jobs().returncode == 0
    if to is OUTLOOK:
        assert "provider_revocation" not in entry["metadata"]
        assert not sandbox.live_grants(GOOGLE.email)
        assert site.audit("revoked")
    else:
        assert entry["metadata"]["provider_revocation"] == "unsupported"
        assert sandbox.live_grants(OUTLOOK.email), "only the user can end it"
        assert sandbox.requests("revoke") == 0
    assert sandbox.live_grants(to.email)


def test_an_old_token_that_cannot_be_opened_does_not_hold_a_switch_up(site, ivy, sandbox, to, old):
    site.execute("UPDATE calendar_integrations SET access_token_encrypted = %s", "\\x00")
    assert notice_of(switch(ivy, sandbox, to)) == "switched"
    (entry,) = site.audit("switched")
    if to is OUTLOOK:
        site.log.expect("CALINT0209")
        assert entry["metadata"]["provider_revocation"] == "token_unreadable"
    assert site.integration(IVY)["provider"] == to.id


def test_the_new_calendars_are_read_before_anything_changes(site, ivy, sandbox, to, old):
    before = calendars(site)
    hold = sandbox.fault(to.calendars, "hold")
    answer = ivy.get_in_background(sandbox.approve(confirm(ivy, to), to.email))
    sandbox.wait_until_held()
    assert site.integrations(IVY) == [old] and calendars(site) == before
    sandbox.release(hold)
    assert notice_of(answer.result(30)) == "switched"


@pytest.mark.parametrize("kind", ["status", "html", "malformed_json", "hang", "reset"])
def test_a_switch_to_calendars_that_cannot_be_read_leaves_the_old_ones(site, ivy, sandbox, to, old, kind):
    site.log.expect("CALINT0208")
    before = calendars(site)
    fault = sandbox.fault(to.calendars, kind, count=-1)
    assert notice_of(switch(ivy, sandbox, to)) == "provider_unavailable"
    sandbox.clear_faults(fault)
    assert works_as_before(site, ivy, sandbox, old, before)


def test_a_denied_switch_leaves_the_old_connection_and_blames_nobody_else(site, ivy, sandbox, to, old):
    before = calendars(site)
    answer = switch(ivy, sandbox, to, deny=True)
    assert notice_of(answer) == "denied"
    (text,) = [text for kind, text in ivy.follow(answer).banners if "banner-warning" in kind]
    assert "Access Denied" in text and to.other.name not in text
    assert works_as_before(site, ivy, sandbox, old, before)


@pytest.mark.parametrize("kind", ["status", "reset", "malformed_json"])
def test_a_switch_whose_exchange_breaks_leaves_the_old_connection(site, ivy, sandbox, to, old, kind):
    site.log.expect("CALINT0203")
    before = calendars(site)
    sandbox.fault(to.token, kind)
    assert notice_of(switch(ivy, sandbox, to)) == "exchange_failed"
    assert works_as_before(site, ivy, sandbox, old, before)


def test_an_abandoned_switch_leaves_the_old_connection(site, ivy, sandbox, to, old):
    before = calendars(site)
    confirm(ivy, to)
    assert works_as_before(site, ivy, sandbox, old, before)


def test_a_switch_through_the_plain_start_stores_nothing_before_the_question(site, ivy, sandbox, to):
    """Begun in another tab before the first connection: the question comes at the callback."""
    begun = ivy.consent(sandbox, to.email, provider=to.id)
    assert notice_of(ivy.connect(sandbox, to.other.email, provider=to.other.id)) == "connected"
    old = site.integration(IVY)
    answer = ivy.get(begun)
    assert answer.headers["Location"].startswith(SWITCH + to.id)
    assert site.integrations(IVY) == [old]
    assert ivy.follow(answer).has_button(f"Switch to {to.name}")


def test_a_users_switch_leaves_the_same_account_of_another_user(site, ivy, ian, sandbox, to, old):
    assert notice_of(ian.connect(sandbox, to.other.email, provider=to.other.id)) == "connected"
    assert notice_of(switch(ivy, sandbox, to)) == "switched"
    assert site.run_jobs().returncode == 0
    assert sandbox.requests("revoke") == 0, "Google would end Ian's access as well"
    assert site.integration(IAN)["status"] == "connected"


# A tab that was opened before


def refused(site, browser, form):
    """It named something else than what is connected now: nothing is done."""
    before = calendars(site)
    with site.nothing_written():
        answer = browser.submit(form)
    assert answer.status_code == 409 and "Location" not in answer.headers
    assert "Your connection has changed meanwhile" in answer.text
    assert calendars(site) == before


def question(browser, to):
    """The form of the page that asks before `to` takes over."""
    (form,) = browser.page(SWITCH + to.id).forms
    return form


@pytest.mark.parametrize("to", [GOOGLE, OUTLOOK, APPLE], ids=lambda provider: provider.id)
def test_a_question_that_named_another_account_replaces_nothing(site, ivy, sandbox, to):
    other = OUTLOOK if to is GOOGLE else GOOGLE
    assert notice_of(ivy.connect(sandbox, other.email, provider=other.id)) == "connected"
    old_tab = question(ivy, to)
    another = "sam@example.com" if other is GOOGLE else "sam@contoso.example"
    sandbox.add_account(another, calendars=1)
    assert notice_of(ivy.get(ivy.consent_to_switch(sandbox, another, provider=other.id))) == "switched"
    refused(site, ivy, old_tab)
    assert site.integration(IVY)["account"] == another


@pytest.mark.parametrize("to", [GOOGLE, OUTLOOK, APPLE], ids=lambda provider: provider.id)
def test_nor_one_that_is_answered_after_a_reconnection_or_an_end(site, ivy, sandbox, to):
    other = OUTLOOK if to is GOOGLE else GOOGLE
    ivy.connect(sandbox, other.email, provider=other.id)
    old_tab = question(ivy, to)
    assert notice_of(ivy.connect(sandbox, other.email, provider=other.id)) == "reconnected"
    refused(site, ivy, old_tab)
    old_tab = question(ivy, to)
    assert notice_of(ivy.disconnect()) == "disconnected"
    refused(site, ivy, old_tab)


@pytest.mark.parametrize("to", [GOOGLE, OUTLOOK], ids=lambda provider: provider.id)
def test_nor_one_that_found_nothing_connected(site, ivy, sandbox, to):
    old_tab = question(ivy, to)
    assert old_tab.fields["action"] == "connect"
    assert notice_of(ivy.connect(sandbox, to.other.email, provider=to.other.id)) == "connected"
    refused(site, ivy, old_tab)


@pytest.mark.parametrize("changes", [{"integration": ""}, {"generation": ""}, {"generation": "99"},
                                     {"integration": "0"}, {"integration": None}, {"generation": None}], ids=str)
def test_nor_one_that_names_what_is_connected_not_at_all_or_wrong(site, ivy, sandbox, old, to, changes):
    form = question(ivy, to)
    for name, value in changes.items():
        if value is None:
            del form.fields[name]
        else:
            form.fields[name] = value
    refused(site, ivy, form)


# Two tabs at the same time

TABS = [(OUTLOOK, "avery@contoso.example"), (GOOGLE, "sam@example.com")]


@pytest.mark.parametrize("first", [0, 1], ids=["outlook-first", "google-first"])
def test_two_tabs_that_switch_to_different_providers_leave_one_connection(site, ivy, sandbox, first):
    """Both codes are presented before either answer comes. The first to come back wins; the other is asked."""
    assert notice_of(ivy.connect(sandbox, GOOGLE.email)) == "connected"
    old = site.integration(IVY)
    callbacks = [sandbox.approve(confirm(ivy, to), email) for to, email in TABS]
    holds = [sandbox.fault(to.token, "hold", grant_type="authorization_code", when="after") for to, _ in TABS]
    answers = [ivy.get_in_background(callback) for callback in callbacks]
    sandbox.wait_until_held(2)
    assert site.integrations(IVY) == [old]

    winner, loser = TABS[first], TABS[1 - first]
    sandbox.release(holds[first])
    assert notice_of(answers[first].result(30)) == "switched"
    sandbox.release(holds[1 - first])
    assert answers[1 - first].result(30).headers["Location"].startswith(SWITCH + loser[0].id)

    before, after = site.integrations(IVY)
    assert (before["id"], before["active"]) == (old["id"], False)
    assert (after["provider"], after["account"], after["status"]) == (winner[0].id, winner[1], "connected")
    assert len(site.audit("switched")) == 1
    assert site.run_jobs().returncode == 0
    assert not sandbox.live_grants(GOOGLE.email), "the old grant"
    assert len(sandbox.live_grants(winner[1])) == 1
    if loser[0] is GOOGLE:
        assert not sandbox.live_grants(loser[1]), "the loser's grant"
    else:
        (entry,) = [row for row in site.audit("revocation_abandoned") if row["metadata"]["provider"] == "outlook"]
        assert entry["metadata"]["provider_revocation"] == "unsupported"


def test_two_tabs_that_read_calendars_at_the_same_time_leave_one_connection(site, ivy, sandbox):
    """Both are past the exchange and validate before either stores: the database decides."""
    assert notice_of(ivy.connect(sandbox, GOOGLE.email)) == "connected"
    callbacks = [sandbox.approve(confirm(ivy, to), email) for to, email in TABS]
    holds = [sandbox.fault(to.calendars, "hold") for to, _ in TABS]
    answers = [ivy.get_in_background(callback) for callback in callbacks]
    sandbox.wait_until_held(2)
    for hold in holds:
        sandbox.release(hold)
    locations = [answer.result(30).headers["Location"] for answer in answers]
    assert sorted("calint_notice=switched" in location for location in locations) == [False, True]
    assert sum(location.startswith(SWITCH) for location in locations) == 1
    site.integration(IVY)
    assert len(site.integrations(IVY)) == 2
    assert len(site.audit("switched")) == 1
