"""A user connects Google Calendar: UC-455's basic flow."""

from datetime import datetime, timedelta, timezone

import pytest

from harness.paths import SETTINGS, start_path
from harness.people import ADA, IVY
from harness.session import USER_AGENT, notice_of, query_of
from harness.site import CLIENT_ID

AVERY = "avery@example.com"
SCOPE = "https://www.googleapis.com/auth/"
CALENDARS = [
    {"id": AVERY, "name": AVERY, "primary": True},
    {"id": "work@group.calendar.google.com", "name": "Work", "role": "writer"},
    {"id": "sam@example.com", "name": "Sam", "role": "freeBusyReader", "time_zone": "America/New_York"},
]


@pytest.fixture
def connected(site, ivy, sandbox):
    """Ivy's callback answer; she connected an account with CALENDARS."""
    sandbox.mode(token_prefix="recognisable")
    sandbox.add_account(AVERY, calendars=CALENDARS)
    return ivy.connect(sandbox, AVERY)


def test_the_start_asks_google_for_exactly_what_is_needed(site, ivy, sandbox):
    url = ivy.start()
    assert url.partition("?")[0] == sandbox.http["google"]["authorize_url"]
    query = query_of(url)
    assert set(query) == {"client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge",
                          "code_challenge_method", "access_type", "prompt"}
    assert query["client_id"] == CLIENT_ID
    assert query["redirect_uri"] == site.redirect_uri
    assert query["response_type"] == "code"
    assert set(query["scope"].split()) == {"openid", "email", SCOPE + "calendar.calendarlist.readonly",
                                           SCOPE + "calendar.freebusy", SCOPE + "calendar.events"}
    assert query["code_challenge_method"] == "S256"
    assert len(query["code_challenge"]) == 43
    assert query["access_type"] == "offline"
    assert query["prompt"] == "consent"


def test_every_start_has_a_state_nonce_and_challenge_of_its_own(ivy):
    first, second = query_of(ivy.start()), query_of(ivy.start())
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]


def test_the_start_writes_nothing_to_the_database(site, ivy):
    with site.nothing_written():
        ivy.start()


def test_any_number_of_starts_leaves_one_cookie_of_the_same_size(ivy):
    ivy.start()
    before = {cookie.name: cookie.value for cookie in ivy.cookies}
    for _ in range(20):
        ivy.start()
    after = {cookie.name: cookie.value for cookie in ivy.cookies}
    assert len(after) == 1
    assert {name: len(value) for name, value in after.items()} == {name: len(value) for name, value in before.items()}


def test_the_callback_leads_back_to_the_settings_page_with_a_notice(connected):
    assert connected.status_code == 303
    assert connected.headers["Location"] == f"{SETTINGS}?calint_notice=connected"
    assert connected.headers["Cache-Control"] == "no-store"
    assert connected.headers["Referrer-Policy"] == "no-referrer"


def test_the_integration_is_stored_as_the_contract_says(site, connected):
    now = datetime.now(timezone.utc)
    row = site.integration(IVY)
    assert row["organization_id"] == IVY.organization
    assert row["provider"] == "google"
    assert row["account"] == AVERY
    assert row["status"] == "connected"
    assert row["calendar_id"] == AVERY
    assert row["generation"] == 1
    assert row["last_error"] is None and row["error_since"] is None and row["disconnected_at"] is None
    assert AVERY not in row["account_key"]
    assert {SCOPE + "calendar.calendarlist.readonly", SCOPE + "calendar.freebusy",
            SCOPE + "calendar.events"} <= set(row["scopes"].split())
    assert timedelta(minutes=50) < row["token_expires_at"] - now < timedelta(minutes=61)
    ahead = row["token_expires_at"] - site.refresh(IVY)["due_at"]
    assert timedelta(seconds=300) <= ahead <= timedelta(seconds=375), "spread"
    assert abs(now - row["connected_at"]) < timedelta(seconds=30)
    client = site.row("SELECT * FROM calendar_oauth_clients WHERE id = %s", row["oauth_client_id"])
    assert (client["organization_id"], client["client_id"]) == ("", CLIENT_ID)
    assert client["secret_encrypted"] is None


def test_the_tokens_are_stored_sealed(site, connected):
    row = site.integration(IVY)
    access, refresh = bytes(row["access_token_encrypted"]), bytes(row["refresh_token_encrypted"])
    for sealed in (access, refresh):
        assert b"recognisable" not in sealed
        # version, key id, nonce of 24 bytes, tag of 16 bytes
        assert len(sealed) > 1 + 4 + 24 + 16
    assert access[:5] == refresh[:5], "one version and key"
    assert access[5:29] != refresh[5:29], "a nonce of its own each"


def test_the_calendars_are_stored_and_the_primary_one_is_ticked(site, connected):
    rows = site.rows("SELECT * FROM calendar_integration_calendars WHERE integration_id = %s",
                     site.integration(IVY)["id"])
    found = {row["calendar_id"]: row for row in rows}
    assert set(found) == {calendar["id"] for calendar in CALENDARS}
    primary, work, shared = (found[calendar["id"]] for calendar in CALENDARS)
    assert (primary["is_primary"], primary["can_write"], primary["sync"]) == (True, True, True)
    assert (work["name"], work["is_primary"], work["can_write"], work["sync"]) == ("Work", False, True, False)
    assert (shared["access_role"], shared["can_write"], shared["sync"]) == ("freeBusyReader", False, False)
    assert shared["time_zone"] == "America/New_York"


def test_connecting_is_audited_with_address_and_browser(site, connected):
    (row,) = site.audit()
    assert row["action"] == "calendar_integration.connected"
    assert row["auditable_type"] == "CalendarIntegration"
    assert str(row["auditable_id"]) == str(site.integration(IVY)["id"])
    assert str(row["user_id"]) == IVY.id
    assert str(row["organization_id"]) == IVY.organization
    assert row["metadata"] == {"provider": "google"}
    assert str(row["ip_address"]) == "127.0.0.1"
    assert row["user_agent"] == USER_AGENT


def test_the_ats_can_learn_of_the_connection(site, connected):
    changes = site.rows("SELECT * FROM calendar_changes ORDER BY id")
    assert changes
    assert {change["user_id"] for change in changes} == {IVY.id}
    assert {change["integration_id"] for change in changes} == {site.integration(IVY)["id"]}


def test_nothing_is_left_to_do_after_a_connection_but_what_goes_on_for_as_long_as_it_lasts(site, connected):
    assert sorted(job["kind"] for job in site.rows("SELECT kind FROM calendar_jobs")) == ["refresh", "sync"]


def test_the_page_shows_the_connection(ivy, connected):
    page = ivy.follow(connected)
    assert "Connected to Google Calendar" in page.text
    assert AVERY in page.text
    assert [kind for kind, _ in page.banners] == ["banner banner-success"]


def test_the_flow_returns_to_where_it_was_begun(ivy, sandbox):
    answer = ivy.get(ivy.consent(sandbox, return_to="/jobs/7?tab=interviews"))
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/jobs/7?tab=interviews&calint_notice=connected"


def test_an_administrator_connects_as_well(site, ada, sandbox):
    assert notice_of(ada.connect(sandbox)) == "connected"
    assert site.integration(ADA)["status"] == "connected"


def test_two_flows_of_one_browser_both_work(site, ivy, sandbox):
    first, second = ivy.consent(sandbox), ivy.consent(sandbox)
    assert notice_of(ivy.get(first)) == "connected"
    assert notice_of(ivy.get(second)) == "reconnected"
    assert len(site.integrations(IVY)) == 1


def test_an_account_with_thousands_of_calendars_connects_and_is_read_page_by_page(site, ivy, sandbox, provider):
    sandbox.add_account(provider.email, calendars=1200)
    assert notice_of(ivy.connect(sandbox, provider.email, provider=provider.id)) == "connected"
    assert site.count("calendar_integration_calendars") == 1200
    assert sandbox.requests(provider.calendars) == 5


def test_foreign_text_is_made_harmless(site, sandbox):
    sandbox.add_account(AVERY, calendars=[
        {"id": AVERY, "name": AVERY, "primary": True},
        {"id": "x@group.calendar.google.com", "name": "<script>alert(1)</script>\u0000\ud83d\ude00", "role": "reader"}])
    browser = site.client(IVY)
    location = browser.consent(sandbox)
    answer = browser.get(location, headers={"User-Agent": b"bad \xff\xfe bytes " + b"x" * 4000})
    page = browser.follow(answer)
    assert not page.inline
    assert "<script>alert(1)</script>" in page.text, "shown as text"
    (row,) = site.audit("connected")
    assert len(row["user_agent"].encode()) <= 512


def test_the_callback_answers_get_only(site, ivy, sandbox):
    location = ivy.consent(sandbox)
    for method in ("HEAD", "POST", "PUT"):
        assert ivy.request(method, location).status_code == 405
    assert notice_of(ivy.get(location)) == "connected"


def test_connecting_takes_no_longer_than_a_user_waits(ivy, sandbox):
    began = datetime.now()
    ivy.get(start_path())
    assert datetime.now() - began < timedelta(seconds=1)
