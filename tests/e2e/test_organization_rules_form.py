"""The rules of an organisation as its administrator sets them on the organisation's page."""

import json

import pytest

from harness.browser import AXE, browser
from harness.httpd_config import PASSWORD, Config
from harness.own_client import PAGE
from harness.page import Page
from harness.people import ADA, IVY
from harness.session import notice_of

SAVE = "Save these rules"


def form_of(ada):
    return ada.page(PAGE).form(SAVE)


def save(ada, **typed):
    return ada.submit(form_of(ada), **typed)


def rules(site):
    return json.loads(site.ctl("--json", "organization", "1"))


def test_what_is_saved_stands_in_the_form_and_counts(site, ada):
    page = ada.page(PAGE)
    assert "Monday to Friday 09:00-17:00" in page.text and "with calintctl" in page.text
    answer = save(ada, mon="9:00-12:30, 13:30-17:00", sat="22:00 – 02:00", buffer_after="15", tentative="free")
    assert notice_of(answer) == "saved"
    page = ada.follow(answer)
    assert page.banners and "saved" in page.banners[0][1]
    shown = page.form(SAVE).fields
    assert {name: shown[name] for name in ("mon", "tue", "sat", "buffer_before", "buffer_after", "tentative", "unknown")} == {
        "mon": "09:00-12:30, 13:30-17:00", "tue": "", "sat": "22:00-02:00", "buffer_before": "", "buffer_after": "15",
        "tentative": "free", "unknown": ""}
    stored = rules(site)
    assert stored["working_hours"]["mon"] == [["09:00", "12:30"], ["13:30", "17:00"]]
    assert (stored["buffer_before"], stored["buffer_after"], stored["tentative"]) == (None, 15, "free")


def test_dates_stay_and_everything_can_be_taken_back(site, ada):
    site.ctl("organization", "1", "--set", json.dumps({
        "dates": {"2026-12-25": []}, "working_hours": {"mon": [["09:00", "12:00"]]}, "unknown": "free"}))
    assert notice_of(save(ada, mon="", unknown="")) == "saved"
    assert rules(site) == {**dict.fromkeys(rules(site)), "dates": {"2026-12-25": []}}


def test_a_change_is_audited_and_none_is_not(site, ada):
    assert notice_of(save(ada, buffer_before="5")) == "saved"
    (row,) = site.audit()
    assert row["action"] == "calendar_organization_settings.updated" and str(row["user_id"]) == ADA.id
    assert row["metadata"] == {"rules": {"buffer_before": 5}}
    with site.nothing_written():
        assert notice_of(save(ada)) == "saved"


@pytest.mark.parametrize("typed, says", [
    ({"wed": "nine to five"}, "Write times from 00:00 to 24:00"), ({"wed": "<b>"}, "Write times from 00:00 to 24:00"),
    ({"buffer_after": "1441"}, "Write whole minutes from 0 to 1440"), ({"buffer_before": "-5"}, "Write whole minutes")],
    ids=str)
def test_what_cannot_be_is_said_beside_its_field_and_kept(site, ada, typed, says):
    with site.nothing_written():
        answer = save(ada, **typed, thu="10:00-11:00")
    assert answer.status_code == 422
    page = Page(answer.text)
    assert says in page.text and "Nothing was saved" in page.text
    assert answer.text.count('aria-invalid="true"') == 1
    assert page.form(SAVE).fields | {**typed, "thu": "10:00-11:00"} == page.form(SAVE).fields, "what was typed is kept"
    mended = ada.submit(page.form(SAVE), **dict.fromkeys(typed, ""))
    assert notice_of(mended) == "saved" and rules(site)["working_hours"]["thu"] == [["10:00", "11:00"]]


@pytest.mark.parametrize("spoil", [{"csrf": ""}, {"csrf": "x"}, {"tentative": "maybe"}], ids=str)
def test_a_form_that_is_not_its_own_is_refused(site, ada, spoil):
    with site.nothing_written():
        assert save(ada, buffer_after="5", **spoil).status_code == 400


def test_a_form_without_one_of_its_fields_changes_nothing(site, ada):
    form = form_of(ada)
    del form.fields["sun"]
    with site.nothing_written():
        assert ada.submit(form, mon="09:00-10:00").status_code == 400


def test_only_administrators_save_and_only_their_own(site, ada):
    site.log.expect("CALINT0201")
    form = form_of(ada)
    with site.nothing_written():
        assert site.client(IVY).post(form.action, {**form.fields, "buffer_after": "5"}).status_code == 403
    save(ada, buffer_after="5")
    assert [row["organization_id"] for row in site.rows("SELECT organization_id FROM calendar_organization_settings")] == ["1"]


def test_of_two_administrators_the_second_is_told(site, ada):
    second = site.client(ADA)
    stale = form_of(second)
    assert notice_of(save(ada, buffer_after="5")) == "saved"
    with site.nothing_written():
        answer = second.submit(stale, buffer_after="10")
    assert answer.status_code == 409 and "changed your organisation" in answer.text


def test_before_the_schema_has_rules_the_page_works(make_site):
    site = make_site()
    site.execute("ALTER TABLE calendar_organization_settings DROP COLUMN unknown;"
                 "INSERT INTO calendar_organization_settings (organization_id) VALUES ('1')")
    page = site.client(ADA).page(PAGE)
    assert page.form(SAVE).fields["unknown"] == "" and page.has_button("Save the client for Google Calendar")


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_in_a_browser_everybody_can_use_it(make_site, javascript):
    site = make_site(Config(form_sign_in=True, session="SessionCookieName calint_session path=/;HttpOnly;SameSite=Lax\n"
                                                       "    SessionCryptoPassphrase a-passphrase-of-a-test"))
    with browser(javascript=javascript) as shown:
        def check():
            assert AXE.exists(), "axe-core is missing: npm install --prefix tests/e2e --no-package-lock"
            assert not javascript or not shown.accessibility_violations()
            assert not shown.complaints()

        shown.open(site.url + PAGE)
        shown.fill("httpd_username", ADA.login)
        shown.fill("httpd_password", PASSWORD)
        shown.click("Sign in")
        shown.open(site.url + PAGE)
        shown.fill("tue", "whenever")
        shown.click(SAVE)
        assert "Nothing was saved" in shown.text and "Write times from 00:00" in shown.text
        check()
        shown.driver.find_element("name", "tue").clear()
        shown.fill("tue", "10:00-12:00")
        shown.click(SAVE)
        assert "Your changes were saved" in shown.text
        check()
    assert rules(site)["working_hours"]["tue"] == [["10:00", "12:00"]]
