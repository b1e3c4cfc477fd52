"""A user connects Apple Calendar with an app-specific password; what becomes of wrong ones, and of too many."""

import re

import pytest

from harness import clocks
from harness.apple import WRONG, assert_nothing_stored, audits, calls
from harness.page import Page
from harness.paths import SETTINGS, start_path
from harness.people import ADA, IAN, IVY
from harness.session import notice_of
from icloud_client import AVERY, AVERY_PASSWORD, SAM, SAM_PASSWORD

APPLE = start_path("apple")


def tries(site):
    counted = site.rows("SELECT tries FROM calendar_password_tries WHERE subject NOT LIKE 'pause/%'")
    return [len(row["tries"]) for row in counted]


@pytest.fixture
def connected(site, ivy):
    assert notice_of(ivy.type_password(AVERY, AVERY_PASSWORD)) == "connected"
    return site.integration(IVY)


# The page

def test_the_page_tells_how_to_make_a_password_and_what_it_opens(ivy):
    assert ivy.page().link("Connect Apple Calendar") == APPLE
    answer = ivy.get(APPLE)
    assert answer.status_code == 200
    assert "form-action 'self';" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    for text in ("https://account.apple.com", "Interviews (127.0.0.1)", "two-factor authentication",
                 "opens mail and contacts as well"):
        assert text in answer.text


def test_it_asks_for_a_signed_in_interviewer(site):
    assert site.client().get(APPLE).status_code == 401


def test_another_method_is_refused(ivy):
    answer = ivy.request("PUT", APPLE)
    assert answer.status_code == 405 and answer.headers["Allow"] == "GET, HEAD, POST"


def test_there_is_no_callback(ivy, sandbox):
    assert ivy.get(f"{APPLE}/callback?state=a&code=b").status_code == 404
    assert calls(sandbox) == []


# Connecting

def test_three_calls_find_the_calendars_and_one_row_keeps_them(site, ivy, sandbox):
    assert notice_of(ivy.type_password(AVERY, AVERY_PASSWORD)) == "connected"
    assert calls(sandbox) == [("entry", "PROPFIND", "/", "0"), ("entry", "PROPFIND", "/1234567890/principal/", "0"),
                              ("p42", "PROPFIND", "/1234567890/calendars/", "1")]
    row = site.integration(IVY)
    assert (row["provider"], row["status"], row["account"]) == ("apple", "connected", AVERY)
    assert row["access_token_encrypted"] and row["refresh_token_encrypted"] is None and row["token_expires_at"] is None
    assert row["oauth_client_id"] is None and site.refresh(IVY) is None
    assert AVERY_PASSWORD.encode() not in bytes(row["access_token_encrypted"])
    home, *addresses = row["calendar_home"].split()
    assert home.endswith("/1234567890/calendars/") and AVERY in addresses
    calendars = site.rows("SELECT name, color, is_primary, can_write, shared, sync FROM calendar_integration_calendars"
                          " ORDER BY name")
    assert [(one["name"], one["can_write"], one["shared"]) for one in calendars] == [
        ("Hiring", True, False), ("Home", True, False), ("Team (shared, read only)", False, True)]
    assert [one["name"] for one in calendars if one["sync"]] == [one["name"] for one in calendars if one["is_primary"]]
    assert all(re.fullmatch("#[0-9a-f]{6}", one["color"]) for one in calendars)
    assert audits(site) == [("connected", {"provider": "apple"})]
    assert tries(site) == [1, 1, 1]
    page = ivy.page()
    assert "Connected to Apple Calendar" in page.text and AVERY in page.text and "Hiring" in page.text
    assert [form for form in page.forms if form.button == "Sync Now"]


def test_return_to_leads_back(ivy):
    answer = ivy.type_password(AVERY, AVERY_PASSWORD, return_to="/jobs?week=48")
    assert answer.headers["Location"] == "/jobs?week=48&calint_notice=connected"


@pytest.mark.parametrize("typed, password", [
    (f"  {AVERY.upper()} ", AVERY_PASSWORD), (AVERY, f" {AVERY_PASSWORD}\t"), (AVERY, AVERY_PASSWORD.replace("-", "")),
    (AVERY, AVERY_PASSWORD.upper())], ids=["capitals and blanks", "blanks", "no hyphens", "capitals"])
def test_what_people_get_wrong_in_copying_is_put_right(site, ivy, typed, password):
    assert notice_of(ivy.type_password(typed, password)) == "connected"
    assert site.integration(IVY)["account"] == AVERY


def test_a_redirect_to_the_partition_is_followed_with_the_password(ivy, sandbox):
    sandbox.fault("icloud.entry", "redirect")
    assert notice_of(ivy.type_password(AVERY, AVERY_PASSWORD)) == "connected"
    assert len(calls(sandbox)) == 4, "at most four calls"


def test_the_list_is_read_again_where_it_was_found(site, ivy, connected, sandbox):
    before = len(calls(sandbox))
    site.execute("UPDATE calendar_integrations SET status = 'error', last_error = 'provider_unavailable'")
    assert notice_of(ivy.submit(ivy.page().form("Retry"))) == "connected"
    assert calls(sandbox)[before:] == [("p42", "PROPFIND", "/1234567890/calendars/", "1")]


@pytest.mark.parametrize("elsewhere", [301, 404, 421])
def test_an_account_that_moved_is_found_again(site, ivy, connected, sandbox, elsewhere):
    site.execute("UPDATE calendar_integrations SET status = 'error', last_error = 'provider_unavailable'")
    sandbox.icloud.put_account(partition=43, elsewhere=elsewhere)
    assert notice_of(ivy.submit(ivy.page().form("Retry"))) == "connected"
    assert site.integration(IVY)["calendar_home"] != connected["calendar_home"]


# Refusals

@pytest.mark.parametrize("apple_id, password", [
    (AVERY, WRONG), ("nobody@icloud.example", AVERY_PASSWORD), (SAM, AVERY_PASSWORD)])
@pytest.mark.parametrize("challenges", ["two headers", "one header"])
def test_a_wrong_password_is_told_beside_its_field_and_nothing_is_stored(site, ivy, sandbox, apple_id, password,
                                                                         challenges):
    if challenges == "one header":
        sandbox.fault("icloud.entry", "challenge", count=-1)
    answer = ivy.type_password(apple_id, password)
    assert answer.status_code == 422
    assert "Apple refused this Apple ID with this password." in answer.text
    assert f'value="{apple_id}"' in answer.text and password not in answer.text
    assert_nothing_stored(site)
    assert audits(site) == [("credentials_rejected", {"provider": "apple"})]
    assert len(calls(sandbox)) == 1, "a refused password isn't repeated"


def test_the_main_apple_password_is_refused(site, ivy, sandbox):
    sandbox.icloud.put_account(main_password="main-Password-1")
    assert ivy.type_password(AVERY, "main-Password-1").status_code == 422
    assert_nothing_stored(site)


@pytest.mark.parametrize("apple_id, password, told", [
    ("", AVERY_PASSWORD, "Write your Apple ID."), (AVERY, "", "Write the app-specific password."),
    ("   ", "  ", "Write your Apple ID."), (AVERY, "a" * 129, "This is too long for an app-specific password."),
    ("a:b@icloud.example", AVERY_PASSWORD, "This has a character that no Apple ID has."),
    (AVERY.replace("@", "\x01@"), AVERY_PASSWORD, "This has a character that no Apple ID has."),
    ("a" * 255, AVERY_PASSWORD, "This is too long for an Apple ID."),
    (AVERY, "a\x01b", "This has a character that no password has.")])
def test_what_cannot_be_right_is_not_tried(site, ivy, sandbox, apple_id, password, told):
    answer = ivy.type_password(apple_id, password)
    assert answer.status_code == 400 and told in answer.text
    assert calls(sandbox) == [] and tries(site) == [] and audits(site) == []


def test_a_forged_form_is_refused(ivy, sandbox):
    (form,) = ivy.page(APPLE).forms
    fields = {**form.fields, "apple_id": AVERY, "app_password": AVERY_PASSWORD}
    assert ivy.post(APPLE, {**fields, "csrf": "x"}).status_code == 400
    assert ivy.post(APPLE, fields, headers={"Origin": "https://attacker.example"}).status_code == 400
    assert calls(sandbox) == []


# Limits

def test_the_sixth_try_within_an_hour_waits(site, ivy, sandbox):
    site.log.expect("CALINT0215")
    for _ in range(5):
        assert ivy.type_password(AVERY, WRONG).status_code == 422
    answer = ivy.type_password(AVERY, AVERY_PASSWORD)
    assert answer.status_code == 429 and 3500 < int(answer.headers["Retry-After"]) <= 3600
    assert "60 minutes" in answer.text and AVERY_PASSWORD not in answer.text
    assert len(calls(sandbox)) == 5, "not tried"
    clocks.passwords_were_tried(site, "1 hour")
    assert notice_of(ivy.type_password(AVERY, AVERY_PASSWORD)) == "connected"


def test_an_account_is_protected_from_all_users_together(site, ivy, sandbox):
    site.log.expect("CALINT0215")
    for person in (IVY, IAN, ADA, IVY, IAN):
        assert site.client(person).type_password(AVERY, WRONG).status_code == 422
    assert site.client(ADA).type_password(AVERY.upper(), AVERY_PASSWORD).status_code == 429
    assert notice_of(ivy.type_password(SAM, SAM_PASSWORD)) == "connected"


def test_another_spelling_is_no_other_account(site, ivy):
    site.log.expect("CALINT0215")
    people = [site.client(person) for person in (IVY, IAN, ADA)]
    spellings = ["+49 170 1234567", "+491701234567", "+49 (170) 123-45-67", "+49.170.1234567", " +49 1701234567 "]
    for index, spelling in enumerate(spellings):
        assert people[index % 3].type_password(spelling, WRONG).status_code == 422
    assert people[2].type_password("+49-170-1234567", WRONG).status_code == 429


def test_the_count_holds_over_nodes(make_site, sandbox):
    site = make_site()
    site.log.allow("CALINT0215")
    other = site.add_node()
    other.log.allow("CALINT0215")
    browsers = [site.client(IVY, node) for node in (site.httpd, other)]
    fields = [{**browser.page(APPLE).forms[0].fields, "apple_id": AVERY, "app_password": WRONG} for browser in browsers]
    statuses = [browsers[index % 2].post(APPLE, fields[index % 2]).status_code for index in range(7)]
    assert statuses == [422] * 5 + [429] * 2


def test_a_node_has_a_limit_over_all_users_and_accounts(make_site, sandbox):
    site = make_site()
    site.log.expect("CALINT0215")
    assert site.client(IVY).type_password(AVERY, WRONG).status_code == 422
    of_this_node = "UPDATE calendar_password_tries SET tries = array_fill(now(), ARRAY[%s]) WHERE organization_id = ''"
    site.execute(of_this_node, 299)
    ian = site.client(IAN)
    assert ian.type_password(SAM, WRONG).status_code == 422
    assert ian.type_password(SAM, SAM_PASSWORD).status_code == 429


@pytest.mark.parametrize("fault, options", [
    ("status", {"status": 503, "retry_after": "120"}), ("rate_limit", {}), ("reset", {}), ("status", {"status": 500})])
def test_a_try_that_was_not_judged_does_not_count(site, ivy, sandbox, fault, options):
    site.log.expect("CALINT0208")
    sandbox.fault("icloud.entry", fault, count=-1, **options)
    for _ in range(6):
        answer = ivy.type_password(AVERY, AVERY_PASSWORD)
        assert answer.status_code == 503 and "cannot be reached right now" in answer.text
        assert f'value="{AVERY}"' in answer.text
    assert int(answer.headers["Retry-After"]) >= int(options.get("retry_after", 5))
    assert_nothing_stored(site)
    sandbox.clear_faults()
    assert notice_of(ivy.type_password(AVERY, AVERY_PASSWORD)) == "connected"


# Afterwards

def withdrawn(site, ivy, sandbox):
    sandbox.icloud.revoke_passwords()
    site.execute("UPDATE calendar_integrations SET status = 'error', last_error = 'provider_unavailable'")
    return notice_of(ivy.submit(ivy.page().form("Retry")))


def test_a_withdrawn_password_is_believed_at_the_second_sight(site, ivy, connected, sandbox):
    site.log.expect("CALINT0208")
    assert withdrawn(site, ivy, sandbox) == "validation_failed"
    assert (site.integration(IVY)["status"], site.integration(IVY)["last_error"]) == ("error", "access_withdrawn")
    ivy.submit(ivy.page().form("Retry"))
    assert site.integration(IVY)["status"] == "error", "minutes must pass in between"
    clocks.trouble_began_earlier(site, "4 minutes")
    ivy.submit(ivy.page().form("Retry"))
    assert site.integration(IVY)["status"] == "expired"
    page = ivy.page()
    assert page.link("Reconnect Apple Calendar") == APPLE
    assert [action for action, _ in audits(site)][-2:] == ["validation_failed", "expired"]


def test_an_outage_before_the_first_refusal_does_not_count(site, ivy, connected, sandbox):
    site.log.expect("CALINT0208")
    sandbox.icloud.revoke_passwords()
    site.execute("UPDATE calendar_integrations SET status = 'error', last_error = 'provider_unavailable',"
                 " error_since = now()")
    clocks.trouble_began_earlier(site, by="1 hour")
    for _ in range(2):
        assert notice_of(ivy.submit(ivy.page().form("Retry"))) == "validation_failed"
        assert site.integration(IVY)["status"] == "error"
    clocks.trouble_began_earlier(site, "4 minutes")
    ivy.submit(ivy.page().form("Retry"))
    assert site.integration(IVY)["status"] == "expired"


def test_a_refused_password_is_not_sent_again_and_again(site, ivy, connected, sandbox):
    site.log.expect("CALINT0208", "CALINT0215")
    assert withdrawn(site, ivy, sandbox) == "validation_failed"
    retry = ivy.page().form("Retry")
    notices = [notice_of(ivy.submit(retry)) for _ in range(5)]
    assert notices == ["validation_failed"] * 3 + ["rate_limited"] * 2
    assert len(calls(sandbox)) == 3 + 4 * 2, "the home and the entry, four times"
    site.execute("UPDATE calendar_integrations SET status = 'expired'")
    assert notice_of(ivy.submit(retry)) == "rate_limited"
    password = sandbox.icloud.make_password(label="second")
    assert notice_of(ivy.type_password(AVERY, password)) == "reconnected"


def test_a_passing_401_is_got_over(site, ivy, connected, sandbox):
    site.log.expect("CALINT0208")
    sandbox.fault("icloud.home", "error")
    sandbox.fault("icloud.entry", "error")
    site.execute("UPDATE calendar_integrations SET status = 'error', last_error = 'provider_unavailable'")
    ivy.submit(ivy.page().form("Retry"))
    assert site.integration(IVY)["last_error"] == "access_withdrawn"
    assert notice_of(ivy.submit(ivy.page().form("Retry"))) == "connected"


def test_reconnecting_keeps_the_row_and_its_calendars(site, ivy, connected, sandbox):
    site.execute("UPDATE calendar_integration_calendars SET sync = true WHERE name = 'Hiring'")
    password = sandbox.icloud.make_password(label="second")
    page = ivy.page(APPLE)
    assert "Reconnect Apple Calendar" in page.text and page.forms[0].fields["apple_id"] == AVERY
    assert notice_of(ivy.type_password(AVERY, password)) == "reconnected"
    row = site.integration(IVY)
    assert row["id"] == connected["id"] and row["generation"] == connected["generation"] + 1
    ticked = site.rows("SELECT name FROM calendar_integration_calendars WHERE sync ORDER BY name")
    assert {one["name"] for one in ticked} >= {"Hiring"}
    assert [action for action, _ in audits(site)] == ["connected", "reconnected"]


def test_another_apple_account_asks_first(site, ivy, connected, sandbox):
    answer = ivy.type_password(SAM, SAM_PASSWORD)
    assert answer.headers["Location"].startswith(f"{SETTINGS}/switch?to=apple")
    assert site.integration(IVY)["account"] == AVERY
    assert [action for action, _ in audits(site)] == ["connected"], "nothing was granted that could be left behind"
    (question,) = ivy.follow(answer).forms
    page = ivy.submit(question)
    assert page.status_code == 200 and "will be disconnected" in page.text
    (form,) = Page(page.text).forms
    assert notice_of(ivy.submit(form, apple_id=SAM, app_password=SAM_PASSWORD)) == "switched"
    assert site.integration(IVY)["account"] == SAM


def test_a_page_replaces_only_what_it_names(site, ivy, connected, sandbox):
    (question,) = ivy.follow(ivy.type_password(SAM, SAM_PASSWORD)).forms
    (form,) = Page(ivy.submit(question).text).forms
    assert notice_of(ivy.type_password(AVERY, sandbox.icloud.make_password(label="second"))) == "reconnected"
    answer = ivy.submit(form, apple_id=SAM, app_password=SAM_PASSWORD)
    assert answer.headers["Location"].startswith(f"{SETTINGS}/switch?to=apple&changed=1")
    assert site.integration(IVY)["account"] == AVERY


def test_disconnecting_says_where_the_password_is_withdrawn(site, ivy, connected):
    page = ivy.page(f"{SETTINGS}/disconnect")
    (where,) = [address for text, address in page.links.items() if 'you named "Interviews (127.0.0.1)"' in text]
    assert where == "https://account.apple.com"
    assert notice_of(ivy.disconnect()) == "disconnected"
    (row,) = site.integrations(IVY)
    assert not row["active"] and row["access_token_encrypted"] is None
    assert site.jobs("revoke") == []
    assert audits(site)[-1] == ("disconnected", {"provider": "apple", "provider_revocation": "unsupported"})
