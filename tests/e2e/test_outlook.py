"""A user connects Outlook, connects it again, and disconnects it; what Microsoft says instead of a code."""

import pytest

from harness.paths import DISCONNECT, SETTINGS, start_path, switch_path
from harness.people import IVY
from harness.session import notice_of, query_of
from harness.site import OUTLOOK_CLIENT_ID

AVERY, SAM = "avery@contoso.example", "sam@contoso.example"


def connect(browser, sandbox, email=AVERY, **choices):
    return browser.connect(sandbox, email, provider="outlook", **choices)


def retry(browser):
    return browser.submit(browser.page().form("Retry"))


@pytest.fixture
def connected(site, ivy, sandbox):
    assert notice_of(connect(ivy, sandbox)) == "connected"
    return site.integration(IVY)


@pytest.fixture
def unvalidated(site, ivy, sandbox):
    site.log.expect("CALINT0208")
    sandbox.fault("outlook.calendars", "status")
    assert notice_of(connect(ivy, sandbox)) == "validation_failed"
    return site.integration(IVY)


# Connecting

def test_the_page_offers_outlook_beside_google(ivy):
    page = ivy.page()
    assert page.link("Connect Google Calendar") == start_path("google")
    assert page.link("Connect Microsoft Outlook") == start_path("outlook")


def test_the_start_asks_microsoft_for_exactly_what_is_needed(site, ivy, sandbox):
    url = ivy.start("outlook")
    assert url.partition("?")[0] == sandbox.http["outlook"]["authorize_url"].replace("{tenant}", "common")
    query = query_of(url)
    assert len(query.pop("state")) > 100 and len(query.pop("nonce")) == 43 and len(query.pop("code_challenge")) == 43
    assert query == {
        "client_id": OUTLOOK_CLIENT_ID, "redirect_uri": site.outlook_redirect_uri, "response_type": "code",
        "response_mode": "query", "code_challenge_method": "S256", "prompt": "select_account",
        "scope": "openid profile email offline_access Calendars.ReadWrite MailboxSettings.Read"}


def test_outlook_is_connected_with_two_calls(site, ivy, sandbox):
    sandbox.mode(token_prefix="recognisable")
    answer = connect(ivy, sandbox)
    assert answer.headers["Location"] == f"{SETTINGS}?calint_notice=connected"
    assert (sandbox.requests("outlook.token"), sandbox.requests("outlook.calendars")) == (1, 1)
    row = site.integration(IVY)
    assert (row["provider"], row["account"], row["status"]) == ("outlook", AVERY, "connected")
    assert set(row["scopes"].split()) == {"openid", "profile", "email", "Calendars.ReadWrite", "MailboxSettings.Read"}
    assert b"recognisable" not in bytes(row["access_token_encrypted"]) + bytes(row["refresh_token_encrypted"])
    calendars = site.rows("SELECT * FROM calendar_integration_calendars ORDER BY is_primary DESC, name")
    assert [(one["name"], one["is_primary"], one["sync"], one["can_write"]) for one in calendars] == [
        ("Calendar", True, True, True), ("Holidays in Germany", False, False, False),
        ("Interviews", False, False, True), ("Sam", False, False, False)]
    assert row["calendar_id"] == calendars[0]["calendar_id"]
    (entry,) = site.audit("connected")
    assert entry["metadata"]["provider"] == "outlook"
    page = ivy.follow(answer)
    assert "Connected to Microsoft Outlook" in page.text and AVERY in page.text
    site.httpd.settle()
    assert "recognisable" not in site.log.text() + "".join(site.httpd.access_lines())


def test_a_personal_account_connects(site, ivy, sandbox):
    assert notice_of(connect(ivy, sandbox, "avery@outlook.example")) == "connected"
    assert site.integration(IVY)["account"] == "avery@outlook.example"


@pytest.mark.parametrize("link", ["loop", "endless"])
def test_a_list_that_does_not_end_is_given_up(site, ivy, sandbox, link):
    site.log.expect("CALINT0208.*doesn't end")
    sandbox.fault("outlook.calendars", "next_link", count=-1, link=link)
    assert notice_of(connect(ivy, sandbox)) == "validation_failed"
    assert sandbox.requests("outlook.calendars") <= 100
    assert site.integration(IVY)["status"] == "error"


def test_a_link_to_another_origin_never_gets_the_token(site, ivy, sandbox, trap):
    site.log.expect("CALINT0208.*leads away from CalIntApiURL")
    sandbox.fault("outlook.calendars", "next_link", link=f"{trap.url}/v1.0/me/calendars")
    assert notice_of(connect(ivy, sandbox)) == "validation_failed"
    assert trap.requests == []


def test_an_account_without_mailbox_is_told(site, ivy, sandbox):
    site.log.expect("CALINT0208.*no_mailbox")
    sandbox.add_account(AVERY, mailbox=False)
    assert notice_of(connect(ivy, sandbox)) == "validation_failed"
    assert site.integration(IVY)["last_error"] == "no_mailbox"
    (trouble,) = [text for kind, text in ivy.page().banners if "banner-error" in kind]
    assert "has no mailbox" in trouble


def test_another_account_asks_first_and_the_audit_tells_that_its_grant_stays(site, ivy, sandbox, connected):
    answer = connect(ivy, sandbox, SAM)
    assert answer.headers["Location"].startswith(switch_path("outlook"))
    assert site.integrations(IVY) == [connected]
    (entry,) = site.audit("revocation_abandoned")
    assert entry["metadata"] == {"provider": "outlook", "provider_revocation": "unsupported"}
    assert not site.jobs("revoke")


# Tokens

@pytest.mark.parametrize("error, status, reason, says", [
    ("AADSTS50173", "expired", "access_withdrawn", "no longer accepts the access"),
    ("AADSTS65001", "expired", "access_withdrawn", "no longer accepts the access"),
    ("AADSTS700082", "expired", "access_withdrawn", "no longer accepts the access"),
    ("AADSTS50076", "expired", "sign_in_policy", "sign-in policy"),
    ("interaction_required", "expired", "sign_in_policy", "sign-in policy"),
    ("AADSTS7000222", "error", "operator", "administrator must mend it"),
    ("AADSTS700016", "error", "operator", "administrator must mend it"),
    ("AADSTS700084", "error", "operator", "administrator must mend it"),
    ("AADSTS90055", "error", "rate_limited", "asked us to slow down"),
])
def test_a_refused_refresh_is_the_users_or_the_operators_to_mend(site, ivy, sandbox, unvalidated, error, status, reason,
                                                                 says):
    if reason == "operator":
        site.log.expect(rf":error\].*CALINT0204: ALARM.*{error}")
    sandbox.fault("outlook.token", "error", grant_type="refresh_token", error=error)
    sandbox.expire_access_tokens()
    retry(ivy)
    row = site.integration(IVY)
    assert (row["status"], row["last_error"]) == (status, reason)
    (trouble,) = [text for kind, text in ivy.page().banners if "banner-error" in kind]
    assert says in trouble


def test_a_throttled_mailbox_waits_as_long_as_it_is_told(site, ivy, sandbox, unvalidated):
    sandbox.fault("outlook.calendars", "rate_limit", retry_after="600")
    assert notice_of(retry(ivy)) == "rate_limited"
    (job,) = site.rows("SELECT extract(epoch FROM due_at - now()) AS wait FROM calendar_jobs WHERE kind = 'validate'")
    assert 500 < job["wait"] <= 600


# Disconnecting

def test_disconnecting_says_where_the_user_withdraws_the_access(site, ivy, sandbox, connected):
    page = ivy.page(DISCONNECT)
    assert "The access can't be withdrawn from here" in page.text
    assert {"https://myapps.microsoft.com", "https://account.live.com/consent/Manage"} <= set(page.links.values())
    before = sandbox.state()["requests"]
    answer = ivy.submit(page.form("Disconnect"))
    assert notice_of(answer) == "disconnected"
    (row,) = site.integrations(IVY)
    assert (row["active"], row["access_token_encrypted"], row["refresh_token_encrypted"]) == (False, None, None)
    (entry,) = site.audit("disconnected")
    assert entry["metadata"] == {"provider": "outlook", "provider_revocation": "unsupported"}
    assert not site.jobs("revoke")
    assert "hasn't confirmed" not in ivy.follow(answer).text
    assert sandbox.state()["requests"] == before, "there is nobody to tell"


# What Microsoft says instead of a code

def says_what_the_administrator_must_do(ivy, answer):
    assert notice_of(answer) == "admin_consent_required"
    (text,) = [text for kind, text in ivy.follow(answer).banners if "banner-warning" in kind]
    return "grant admin consent" in text and "Entra admin center" in text


def test_an_account_that_needs_its_administrator_says_so(site, ivy, sandbox):
    sandbox.add_account(AVERY, needs_admin_consent=True)
    assert says_what_the_administrator_must_do(ivy, connect(ivy, sandbox))
    (row,) = site.audit()
    assert row["metadata"] == {"provider": "outlook", "reason": "admin_consent"}
    assert sandbox.requests("outlook.token") == 0
    sandbox.add_account(AVERY, needs_admin_consent=False)
    assert notice_of(connect(ivy, sandbox)) == "connected"


@pytest.mark.parametrize("error", ["consent_required", "AADSTS90094", "AADSTS90095", "AADSTS65001"])
def test_consent_errors_of_the_authorization_say_so_too(ivy, sandbox, error):
    sandbox.fault("outlook.authorize", "error", error=error)
    assert says_what_the_administrator_must_do(ivy, ivy.get(sandbox.approve(ivy.start("outlook"))))


@pytest.mark.parametrize("error", ["consent_required", "AADSTS65001", "AADSTS90094"])
def test_consent_errors_of_the_exchange_say_so_too(site, ivy, sandbox, error):
    site.log.expect("CALINT0203.*admin_consent")
    sandbox.fault("outlook.token", "error", error=error)
    assert says_what_the_administrator_must_do(ivy, connect(ivy, sandbox))
    assert not site.integrations(IVY)
