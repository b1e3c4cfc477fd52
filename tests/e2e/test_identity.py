"""Where the signed-in login comes from, and sessions that are encrypted, expired or of another key."""

import time

import pytest

from harness.httpd_config import Config
from harness.paths import AUTH, ORGANIZATION, SETTINGS, start_path
from harness.people import ADA, IAN, IVY
from harness.session import notice_of

COOKIE = "SessionCookieName calint_session path=/;HttpOnly;SameSite=Lax"


def encrypted(passphrase: str, more: str = "") -> str:
    return f"{COOKIE}\n    SessionCryptoPassphrase {passphrase}\n    {more}"


#: The module alone decides who may in.
OPEN = "\n".join(f'<Location "{path}">\n    Require all granted\n</Location>'
                 for path in (AUTH, SETTINGS, ORGANIZATION))


def signed_in_page(path: str, session: str) -> str:
    """A page of the ATS whose answer tells mod_session who signed in."""
    return (f'<Location "{path}">\n    SetHandler send-as-is\n    Session On\n    {session}\n'
            "    SessionHeader X-Ats-Session\n    Require all granted\n</Location>")


@pytest.fixture
def ats(make_site):
    """A site whose ATS signs users in by itself, through the httpd session."""
    site = make_site(start=False)
    session = encrypted("a-passphrase-for-tests")
    people = {"/ivy.txt": IVY, "/ian.txt": IAN}
    site.start(Config(session=session, modules=("asis",),
                      extra="\n".join([OPEN, *(signed_in_page(path, session) for path in people)])),
               CalIntIdentity="session:user", CalIntOrganization="session:org")
    for path, person in people.items():
        login = person.login.replace("@", "%40")
        (site.httpd.root / "documents" / path[1:]).write_text(
            f"Content-Type: text/plain\nX-Ats-Session: user={login}&org={person.organization}\n\nWelcome\n", "ascii")
    return site


def test_a_login_that_the_ats_put_into_the_session_connects(ats, sandbox):
    browser = ats.client()
    assert browser.get(SETTINGS).status_code == 401
    assert browser.get("/ivy.txt").status_code == 200
    assert notice_of(browser.connect(sandbox)) == "connected"
    assert [row["user_id"] for row in ats.integrations(IVY)] == [IVY.id]


@pytest.fixture
def users(make_site):
    """A site whose ATS has a calint_users of its own: `users(is_interviewer="1")` replaces columns of it."""
    site = make_site()

    def write(**columns):
        wanted = {"id": "id::text", "organization_id": "organization_id::text", "login": "email", "email": "email",
                  "name": "name", "time_zone": "'UTC'", "is_admin": "is_admin", "is_interviewer": "is_interviewer",
                  "is_scheduler": "false", "active": "active", **columns}
        site.execute("DROP VIEW calint_users; CREATE VIEW calint_users AS SELECT "
                     + ", ".join(f"{sql} AS {name}" for name, sql in wanted.items()) + " FROM users")
        return site

    return write


def test_users_without_an_organisation_connect_and_stay_connected(users, sandbox):
    site = users(organization_id="NULL::text")
    browser = site.client(IVY)
    assert notice_of(browser.connect(sandbox)) == "connected"
    assert "avery@example.com" in browser.get(SETTINGS).text
    assert site.run_ctl("jobs", "run", "--leavers").returncode == 0
    assert site.integration(IVY)["organization_id"] == ""


@pytest.mark.parametrize("columns", [{"is_interviewer": "1"}, {"active": "1::smallint"}, {"login": "1"},
                                     {"id": "NULL::text"}])
def test_users_of_wrong_types_are_an_alarm_and_no_bug(users, columns):
    site = users(**columns)
    site.log.expect("CALINT0204.*ALARM.*calint_users")
    answer = site.client(IVY).get(SETTINGS)
    assert answer.status_code == 503
    if "id" not in columns:
        said = site.run_ctl("migrate")
        assert said.returncode == 1 and f"{next(iter(columns))} is " in said.stdout


def test_another_login_in_the_same_session_cannot_end_the_flow(ats, sandbox):
    browser = ats.client()
    browser.get("/ivy.txt")
    callback = browser.consent(sandbox)
    browser.get("/ian.txt")
    ats.log.expect("CALINT0202")
    assert browser.get(callback).status_code == 400
    assert sandbox.requests("token") == 0


@pytest.mark.parametrize("entries", ["user={login}", "user={login}&org="])
def test_a_login_without_its_organisation_is_nobody(ats, entries):
    """Logins of other organisations may be the same: the login alone says nothing."""
    (ats.httpd.root / "documents" / "ivy.txt").write_text(
        f"Content-Type: text/plain\nX-Ats-Session: {entries.format(login=ADA.login.replace('@', '%40'))}\n\nWelcome\n",
        "ascii")
    browser = ats.client()
    browser.get("/ivy.txt")
    ats.log.expect(r"calint:warn\].*CALINT0211.*CalIntOrganization session:org")
    for path in (SETTINGS, start_path(), ORGANIZATION):
        answer = browser.get(path)
        assert answer.status_code == 401
        assert ADA.name not in answer.text
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("organization,status", [(None, 401), ("", 401), ("2", 403), ("1", 200)])
def test_the_organisation_may_come_from_the_environment(make_site, organization, status):
    site = make_site(Config(extra="\n".join([OPEN, "SetEnvIf X-Test-Login (.+) ATS_LOGIN=$1",
                                              "SetEnvIf X-Test-Org (.*) ATS_ORG=$1"])),
                     CalIntIdentity="env:ATS_LOGIN", CalIntOrganization="env:ATS_ORG")
    site.log.allow("CALINT0201", "CALINT0211.*CalIntOrganization env:ATS_ORG")
    browser = site.client()
    browser._http.headers["X-Test-Login"] = ADA.login
    if organization is not None:
        browser._http.headers["X-Test-Org"] = organization
    assert browser.get(ORGANIZATION).status_code == status


def test_a_session_that_browsers_can_write_themselves_is_refused_for_the_login(make_site):
    site = make_site(start=False)
    site.add_node(Config(session=COOKIE), launch=False, CalIntIdentity="session:user")
    tested = site.httpd.test_configuration()
    assert tested.returncode != 0
    assert "SessionCryptoPassphrase" in tested.stderr


def test_a_login_from_the_environment_connects(make_site, sandbox):
    """As mod_ssl, mod_auth_openidc and others hand it on."""
    site = make_site(Config(extra=OPEN + '\nSetEnvIf X-Test-Login "^(.+)$" ATS_LOGIN=$1'),
                     CalIntIdentity="env:ATS_LOGIN")
    browser = site.client()
    assert browser.get(SETTINGS).status_code == 401
    browser._http.headers["X-Test-Login"] = IVY.login
    assert notice_of(browser.connect(sandbox)) == "connected"


def test_a_header_of_the_browser_is_no_login(make_site):
    site = make_site(start=False)
    site.add_node(launch=False, CalIntIdentity="env:HTTP_X_USER")
    tested = site.httpd.test_configuration()
    assert tested.returncode != 0
    assert "HTTP_" in tested.stderr


def test_a_flow_works_in_an_encrypted_session(make_site, sandbox):
    site = make_site(Config(session=encrypted("a-passphrase-for-tests")))
    assert notice_of(site.client(IVY).connect(sandbox)) == "connected"


def test_a_session_of_a_former_key_opens_nothing_and_heals(make_site, sandbox):
    site = make_site(Config(session=encrypted("the-former-passphrase")))
    browser = site.client(IVY)
    callback = browser.consent(sandbox)
    site.rewrite(Config(session=encrypted("the-new-passphrase")))
    site.httpd.graceful()
    site.log.expect("CALINT0202")
    site.log.allow("AH018")
    assert browser.get(callback).status_code == 400
    assert sandbox.requests("token") == 0
    assert notice_of(browser.connect(sandbox)) == "connected"


def test_an_expired_session_opens_nothing_and_heals(make_site, sandbox):
    site = make_site(Config(session=f"{COOKIE}\n    SessionMaxAge 1"))
    browser = site.client(IVY)
    callback = browser.consent(sandbox)
    time.sleep(2.1)
    site.log.expect("CALINT0202")
    assert browser.get(callback).status_code == 400
    assert sandbox.requests("token") == 0
    assert notice_of(browser.connect(sandbox)) == "connected"


def test_a_location_without_a_session_is_the_operators_to_mend(make_site):
    extra = "\n".join(f'<Location "{path}">\n    Session Off\n</Location>' for path in (AUTH, SETTINGS))
    site = make_site(Config(extra=extra))
    site.log.expect(r":error\].*CALINT0204.*Session On")
    answer = site.client(IVY).get(start_path())
    assert answer.status_code == 503
    assert "Your administrator must mend this" in answer.text
