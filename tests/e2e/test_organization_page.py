"""The organisation's page: who sees it, its form, and what it keeps to itself."""

import pytest

from harness.browser import AXE, browser
from harness.httpd_config import PASSWORD, Config
from harness.own_client import (OWN_ID, OWN_OUTLOOK_ID, OWN_SECRET, PAGE, form_of, register, remove, save, versions)
from harness.page import Page
from harness.paths import SETTINGS
from harness.people import ADA, IVY, NORA
from harness.providers import OUTLOOK
from harness.session import notice_of
from test_leaks import assert_absent, kept_by


def test_it_says_which_client_is_used_and_what_to_register(site, ada):
    page = ada.page(PAGE)
    assert ADA.name in page.text and ADA.login in page.text
    assert page.text.count("this server's client") == 2
    assert site.redirect_uri in page.text and site.outlook_redirect_uri in page.text
    register(site)
    answer = save(ada)
    assert notice_of(answer) == "saved"
    page = ada.follow(answer)
    assert page.banners and "saved" in page.banners[0][1]
    assert "your organisation's client" in page.text and OWN_ID in page.text and "1, since" in page.text
    assert notice_of(save(ada, OWN_OUTLOOK_ID, provider=OUTLOOK, tenant="organizations")) == "saved"
    page = ada.page(PAGE)
    assert OWN_OUTLOOK_ID in page.text and "Tenant organizations" in page.text
    remove(ada)
    page = ada.page(PAGE)
    assert OWN_ID not in page.text and OWN_OUTLOOK_ID in page.text
    assert {row["provider"]: (row["version"], row["active"]) for row in versions(site)} == {
        "google": (1, False), "outlook": (1, True)}


def test_it_counts_who_is_connected_through_which_client(site, ada, ivy, ian, sandbox):
    register(site)
    ivy.connect(sandbox)
    assert "1 person is connected through this client. A change breaks nothing" in ada.page(PAGE).text
    save(ada)
    assert "1 person is connected through another client" in ada.page(PAGE).text
    ian.connect(sandbox, "sam@example.com")
    ivy.connect(sandbox)
    assert "2 people are connected through this client" in ada.page(PAGE).text
    assert "another client" not in ada.page(PAGE).text


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("person", [IVY, NORA], ids=lambda person: person.login)
def test_only_administrators_see_it(site, ada, method, person):
    site.log.expect("CALINT0201")
    form = form_of(ada)
    browser = site.client(person)
    with site.nothing_written():
        answer = browser.get(PAGE) if method == "GET" else browser.post(form.action, {
            **form.fields, "client_id": OWN_ID, "client_secret": OWN_SECRET})
    assert answer.status_code == 403


def test_nobody_sees_it_without_signing_in(site):
    assert site.client().get(PAGE).status_code == 401


@pytest.mark.parametrize("method, path, status", [("PUT", PAGE, 405), ("GET", f"{PAGE}/x", 404),
                                                  ("GET", f"{PAGE}/", 404)])
def test_other_methods_and_addresses(ada, method, path, status):
    assert ada.request(method, path).status_code == status


@pytest.mark.parametrize("spoil", [
    {"csrf": ""}, {"csrf": "x"}, {"action": "drop"}, {"provider": "apple"}, {"provider": "x"}, {"version": "x"},
    {"version": "-1"}, {"version": ""}, {"version": "99999999999"}, {"action": "remove"},
], ids=str)
def test_a_form_that_is_not_its_own_is_refused(site, ada, spoil):
    form = form_of(ada)
    with site.nothing_written():
        answer = ada.submit(form, **{"client_id": OWN_ID, "client_secret": OWN_SECRET, **spoil})
    assert answer.status_code == 400
    assert OWN_SECRET not in answer.text


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}], ids=str)
def test_a_form_from_elsewhere_is_refused(site, ada, headers):
    form = form_of(ada)
    fields = {**form.fields, "client_id": OWN_ID, "client_secret": OWN_SECRET}
    with site.nothing_written():
        assert ada.post(form.action, fields, headers=headers).status_code == 400


@pytest.mark.parametrize("values, says", [
    ({"client_id": ""}, "Enter the client's ID"),
    ({"client_id": "a b"}, "Enter the client's ID"),
    ({"client_id": "x" * 256}, "Enter the client's ID"),
    ({"client_id": "é"}, "Enter the client's ID"),
    ({"client_id": "1234567890-example.apps.googleusercontent.com"}, "This is the server's client"),
    ({"client_secret": ""}, "Enter the client's secret"),
    ({"client_secret": "two\nlines"}, "Enter the client's secret"),
    ({"client_secret": "s" * 1025}, "Enter the client's secret"),
], ids=lambda value: str(value)[:30])
def test_what_cannot_be_used_is_said_beside_its_field(site, ada, values, says):
    form = form_of(ada)
    wanted = {"client_id": OWN_ID, "client_secret": OWN_SECRET, **values}
    with site.nothing_written():
        answer = ada.submit(form, **wanted)
    assert answer.status_code == 400
    assert says in Page(answer.text).text and "Nothing was saved" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert OWN_SECRET not in answer.text, "a secret is never shown again"


@pytest.mark.parametrize("tenant", ["everybody", "../common", "a b", "x" * 300], ids=lambda tenant: tenant[:12])
def test_a_tenant_is_checked_as_the_directive_is(site, ada, tenant):
    with site.nothing_written():
        answer = save(ada, OWN_OUTLOOK_ID, provider=OUTLOOK, tenant=tenant)
    assert answer.status_code == 400 and "the tenant's id or one of its domains" in Page(answer.text).text


def test_the_longest_values_and_blanks_around_them_are_taken(site, ada):
    assert notice_of(save(ada, "  " + "x" * 255 + " ", "s" * 1024)) == "saved"
    assert versions(site)[0]["client_id"] == "x" * 255


def test_of_two_administrators_the_second_is_told(site, ada):
    form, other = form_of(ada), form_of(site.client(ADA))
    assert notice_of(save(ada, form=form)) == "saved"
    second = site.client(ADA)
    other.fields["csrf"] = form_of(second).fields["csrf"]
    with site.nothing_written():
        answer = save(second, "another", "secret", form=other)
    assert answer.status_code == 409 and "changed meanwhile" in answer.text
    stale = second.page(PAGE).form("Use this server's client again for Google Calendar")
    assert notice_of(save(ada, "third", "secret")) == "saved"
    with site.nothing_written():
        assert second.submit(stale).status_code == 409


def test_two_who_save_at_once_make_one_version(site, ada):
    form = form_of(ada)
    fields = [{**form.fields, "client_id": f"client-{n}", "client_secret": "secret"} for n in range(6)]
    answers = [ada.post_in_background(form.action, one) for one in fields]
    assert sorted(answer.result(30).status_code for answer in answers) == [303] + 5 * [409]
    assert [row["version"] for row in versions(site)] == [1]


def test_a_change_is_audited_without_its_secret(site, ada):
    save(ada)
    remove(ada)
    saved, removed = site.audit()
    for entry in (saved, removed):
        assert (entry["action"], entry["auditable_type"]) == ("calendar_organization_settings.updated",
                                                              "CalendarOrganizationSettings")
        assert str(entry["user_id"]) == ADA.id and str(entry["auditable_id"]) == "1"
    assert saved["metadata"] == {"provider": "google", "oauth_client": "organization", "client_id": OWN_ID,
                                 "version": 1}
    assert removed["metadata"] == {"provider": "google", "oauth_client": "server"}


def test_the_secret_is_kept_nowhere_in_the_open(make_site, sandbox):
    site = make_site(Config(log_level="debug calint:trace8"))
    site.log.allow("CALINT0204", "CALINT0208")
    register(site)
    ada, ivy = site.client(ADA), site.client(IVY)
    seen = {"saved": save(ada).text, "refused": save(ada, "", OWN_SECRET).text}
    ivy.connect(sandbox)
    seen |= {"the page": ada.get(PAGE).text, "the user's page": ivy.get(SETTINGS).text}
    register(site, OWN_ID, "withdrawn")
    ivy.connect(sandbox)
    seen["cookies"] = repr(ada.cookies.items())
    assert_absent(OWN_SECRET, {**kept_by(site), **seen})


def test_without_the_database_it_says_503(make_site):
    site = make_site(CalIntDatabase='"host=127.0.0.1 port=1 dbname=x connect_timeout=1"')
    site.log.expect("CALINT0205")
    assert site.client(ADA).get(PAGE).status_code == 503


def test_the_page_is_protected_like_the_others(ada):
    answer = ada.get(PAGE)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "form-action 'self';" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert not ada.page(PAGE).inline


def test_a_proxy_to_the_ats_does_not_swallow_it(make_site, trap):
    site = make_site(Config(modules=("proxy", "proxy_http"), extra=f"ProxyPass / {trap.url}/"))
    assert "Calendar Integration of your organisation" in site.client(ADA).page(PAGE).text


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
        check()
        shown.fill("client_id", "two words")
        shown.fill("client_secret", OWN_SECRET)
        shown.click("Save the client for Google Calendar")
        assert "Nothing was saved" in shown.text
        check()
        # What was typed stands in the field, but for the secret.
        shown.driver.find_element("name", "client_id").clear()
        shown.fill("client_id", OWN_ID)
        shown.fill("client_secret", OWN_SECRET)
        shown.click("Save the client for Google Calendar")
        assert "Your changes were saved" in shown.text and OWN_ID in shown.text
        check()
        shown.click("Use this server's client again for Google Calendar")
        assert OWN_ID not in shown.text
    assert [row["active"] for row in versions(site)] == [False]
