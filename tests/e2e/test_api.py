"""The door of /calendar/api/v1: who is let in, what is refused and how, and how a connection stands."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from harness.ats import Ats, let_keys_be_known, make_key, make_known_key, problem_of
from harness.httpd_config import PASSWORD
from harness.paths import API, SETTINGS
from harness.people import ADA, FAY, IAN, IVY, NORA, OTTO, SAM
from harness.process import wait_until

USER = f"/users/{IVY.id}/integration"


@pytest.fixture(scope="module")
def keys(shared_site):
    """Keys by name, made once: a node takes up to 10 seconds to hear of one."""
    made = {"all": make_key(shared_site, "all"), "changes": make_key(shared_site, "changes", scopes="changes"),
            "any": make_key(shared_site, "any", organization="*"),
            "foreign": make_key(shared_site, "foreign", organization="2")}
    let_keys_be_known()
    return made


@pytest.fixture
def ats(site, keys):
    return Ats(site.url, keys["all"])


def as_user(site, person):
    return Ats(site.url, browser=site.client(person))


# How a connection stands

def test_a_user_who_is_not_connected_learns_where_to_connect(site):
    answer = as_user(site, IVY).get("/integration")
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.json()
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", told.pop("csrf_token"))
    assert told == {"id": None, "user_id": IVY.id, "provider": None, "status": "inactive", "reason": "not_connected",
                    "account": None, "calendar_id": None, "connected_at": None, "last_synced_at": None,
                    "token_expires_at": None, "calendars": [], "connect_url": site.url + SETTINGS}


def test_a_connection_is_told_with_its_calendars(site, ivy, sandbox):
    ivy.connect(sandbox)
    told = Ats(site.url, browser=ivy).get("/integration").json()
    row = site.integration(IVY)
    assert told["id"] == str(row["id"])
    assert (told["provider"], told["status"], told["reason"]) == ("google", "connected", None)
    assert told["account"] == "avery@example.com" and told["calendar_id"] == row["calendar_id"]
    assert told["connected_at"] == row["connected_at"].strftime("%Y-%m-%dT%H:%M:%SZ")
    assert told["last_synced_at"] is None, "no calendar was read yet"
    assert sum(one["synced"] for one in told["calendars"]) == 1 and all(one["name"] for one in told["calendars"])


def test_a_connection_that_was_ended_is_disconnected(site, ivy, sandbox):
    ivy.connect(sandbox)
    ivy.disconnect()
    assert Ats(site.url, browser=ivy).get("/integration").json()["reason"] == "disconnected"


def test_the_back_end_hears_the_same_but_for_what_is_the_users_own(ats, ivy, sandbox):
    ivy.connect(sandbox)
    told = ats.get(USER).json()
    assert told["status"] == "connected" and told["calendars"]
    assert all(one["name"] is None for one in told["calendars"]) and "csrf_token" not in told


# Who may what

@pytest.mark.parametrize("person,path,status", [
    (IVY, "/integration", 200), (IVY, USER, 200), (IAN, USER, 403), (NORA, USER, 403), (SAM, USER, 200),
    (ADA, USER, 200),
    (SAM, "/integration", 200), (NORA, "/integration", 200), (FAY, USER, 404), (OTTO, "/integration", 403),
    (SAM, f"/users/{OTTO.id}/integration", 404), (SAM, f"/users/{FAY.id}/integration", 404),
    (SAM, "/users/12345/integration", 404), (IAN, f"/users/{FAY.id}/integration", 404),
], ids=lambda value: value.login if hasattr(value, "login") else str(value))
def test_what_users_may(site, person, path, status):
    site.log.allow("CALINT0201")
    answer = as_user(site, person).get(path)
    if status == 200:
        assert answer.status_code == 200, answer.text
    else:
        problem_of(answer, status, {403: "forbidden", 404: "not_found"}[status])


@pytest.mark.parametrize("name,path,status", [
    ("all", USER, 200), ("changes", USER, 403), ("foreign", USER, 404), ("all", "/integration", 403),
    ("any", f"{USER}?organization_id=1", 200), ("any", f"{USER}?organization_id=2", 404),
    ("any", f"{USER}?organization_id=nowhere", 404), ("all", f"{USER}?organization_id=1", 200),
    ("all", f"/users/{FAY.id}/integration", 404)])
def test_what_keys_may(site, keys, name, path, status):
    answer = Ats(site.url, keys[name]).get(path)
    if status == 200:
        assert answer.status_code == 200, answer.text
    else:
        problem_of(answer, status, {403: "forbidden", 404: "not_found"}[status])


def test_a_key_of_any_organisation_names_one(site, keys):
    problem_of(Ats(site.url, keys["any"]).get(USER), 400, "invalid_request", "/organization_id")


def test_another_organisation_is_not_known(site, ats):
    problem_of(ats.get(f"{USER}?organization_id=2"), 404, "not_found", "/organization_id")
    problem_of(as_user(site, ADA).get(f"{USER}?organization_id=2"), 404, "not_found", "/organization_id")


@pytest.mark.parametrize("authorization", ["Bearer calint_nonsense", "Bearer", "bearer x y",
                                           "Bearer " + "x" * 5000], ids=lambda text: text[:16])
def test_what_is_no_key_lets_nobody_in(site, authorization):
    answer = requests.get(site.url + API + USER, headers={"Authorization": authorization}, timeout=10)
    problem_of(answer, 401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_nobody_is_asked_to_sign_in_by_httpd(site):
    assert requests.get(site.url + API + "/integration", timeout=10).status_code == 401


def test_a_key_beside_a_session_counts_alone(site, keys, ivy):
    ivy.page()
    answer = requests.get(site.url + API + "/integration", headers={"Authorization": f"Bearer {keys['all']}"},
                          cookies=ivy.cookies, timeout=10)
    problem_of(answer, 403, "forbidden")
    assert "Set-Cookie" not in answer.headers


def test_a_key_ends_when_it_is_revoked_or_expires(site):
    brief, revoked, lasting = (Ats(site.url, make_key(site, name, **more)) for name, more in (
        ("brief", {"expires": "2099-01-01T00:00:00Z"}), ("revoked", {"expires": "2098-01-01T00:00:00Z"}),
        ("lasting", {})))
    let_keys_be_known()
    assert [ats.get(USER).status_code for ats in (brief, revoked, lasting)] == [200] * 3
    text = site.service_key_file.read_text()
    site.service_key_file.write_text(text.replace("2099", "2019"))
    site.ctl("service-keys", "--file", str(site.service_key_file), "revoke", "revoked")
    let_keys_be_known()
    for ats in (brief, revoked):
        problem_of(ats.get(USER), 401, "unauthenticated")
    assert lasting.get(USER).status_code == 200


# What is refused, and how

def test_an_unknown_parameter_is_named(ats):
    problem_of(ats.get(f"{USER}?limit=1&x%2Fy=2&limit=3"), 400, "invalid_request", "/limit", "/x~1y")


@pytest.mark.parametrize("query", ["%", "a=%zz", "organization_id=1&organization_id=1", "organization_id=",
                                   "organization_id=%00", "organization_id=%ff", "&".join(["a=1"] * 200),
                                   "organization_id=" + "1" * 5000], ids=lambda query: query[:20])
def test_a_query_that_cannot_be_read_is_refused(ats, query):
    answer = ats.get(f"{USER}?{query}")
    assert 400 <= answer.status_code < 500 and answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["", "/", "/nowhere", "/users//integration", "/users/2/3/integration", "/integration/",
                                  "/problems/nothing", "/problems/", "/Integration"])
def test_an_address_that_is_none_is_not_found(ats, path):
    problem_of(ats.get(path), 404, "not_found")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACK"])
def test_another_method_is_refused_with_those_there_are(ats, method):
    answer = ats.call(method, "/integration", body={})
    problem_of(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"] == "OPTIONS, GET, HEAD"


def test_options_and_head_are_answered(ats):
    answer = ats.call("OPTIONS", USER)
    assert answer.status_code == 204 and answer.headers["Allow"] == "OPTIONS, GET, HEAD" and not answer.content
    head, get = ats.call("HEAD", USER), ats.get(USER)
    assert head.status_code == 200 and not head.content
    assert head.headers["Content-Length"] == str(len(get.content))


@pytest.mark.parametrize("accept,status", [
    ("text/html", 406), ("application/xml, text/*;q=0.9", 406), ("application/json;q=0, */*;q=0", 406),
    ("*/*", 200), ("application/*", 200), ("application/problem+json", 200),
    ("text/html, application/json;q=0.1", 200)])
def test_an_answer_that_nobody_takes_is_refused(ats, accept, status):
    assert ats.get(USER, headers={"Accept": accept}).status_code == status


def test_every_problem_leads_to_a_page_that_says_what_to_do(site, ats):
    problem = ats.get("/nowhere").json()
    page = requests.get(problem["type"], timeout=10)
    assert page.status_code == 200 and page.headers["Content-Type"].startswith("text/html")
    assert problem["title"] in page.text
    everything = requests.get(f"{site.url}{API}/problems", timeout=10).text
    assert everything.count("<h2 ") == 23


def test_a_body_has_a_limit(ats):
    problem_of(ats.call("POST", "/integration", data="x" * (256 * 1024 + 1), body=""), 413, "too_large")


def test_while_the_database_is_away_it_is_said_so(make_site):
    site = make_site(CalIntDatabase='"host=/nowhere dbname=ats"')
    key = make_known_key(site, "all")
    site.log.expect("CALINT0205")
    answer = Ats(site.url, key).get(USER)
    problem_of(answer, 503, "database_unavailable")
    assert int(answer.headers["Retry-After"]) >= 5


def test_a_file_of_keys_that_is_gone_lets_nobody_in_and_is_an_alarm(make_site):
    site = make_site()
    key = make_key(site, "all")
    hidden = site.service_key_file.with_suffix(".hidden")
    site.service_key_file.rename(hidden)
    site.log.expect("CALINT0204")
    ats = Ats(site.url, key)
    for _ in range(20):
        problem_of(ats.get(USER), 503, "misconfigured")
    lines = site.log.with_tag("CALINT0204")
    # httpd has two processes at most.
    assert len(lines) == 20 and 1 <= sum(line.is_loud for line in lines) <= 2
    hidden.rename(site.service_key_file)
    let_keys_be_known()
    for _ in range(4):
        assert ats.get(USER).status_code == 200
    assert [line for line in site.log.with_tag("CALINT0204") if "CalIntServiceKeyFile: over" in line.text]


def test_a_schema_that_is_too_old_for_a_call_is_named(make_site):
    site = make_site(start=False)
    site.execute("DELETE FROM calendar_schema_migrations WHERE version > 18;"
                 " ALTER TABLE calendar_hold_people DROP COLUMN expires_at")
    site.start()
    site.log.expect("CALINT0204: ALARM: answered 503: the database's schema is version 18, .*calintctl migrate")
    ats = Ats(site.url, make_known_key(site, "all"))
    assert ats.get(USER).status_code == 200
    span = {"from": "2026-12-07T00:00:00Z", "to": "2026-12-08T00:00:00Z"}
    problem_of(ats.post("/availability", {"user_ids": [IVY.id], **span}), 503, "misconfigured")
    site.execute("DROP TABLE calendar_holds CASCADE")
    problem_of(ats.get("/holds"), 503, "misconfigured")
    lines = site.log.with_tag("CALINT0204")
    assert len(lines) == 2 and all("version 18" in line.text and "calint_users" not in line.text for line in lines)


def test_where_the_configuration_cannot_be_used_an_answer_still_has_its_id(make_site):
    site = make_site()
    key = make_known_key(site, "all")
    site.log.allow("CALINT010[2-6]")
    site.rewrite(CalIntKeyFile="/nonexistent/keys.json")
    site.httpd.graceful()
    answer = wait_until(lambda: (answer := Ats(site.url, key).get(USER)).status_code == 503 and [answer], "the 503")[0]
    assert answer.headers["Content-Type"] == "application/problem+json" and answer.headers["Retry-After"]
    request_id = answer.headers["X-Request-Id"]
    assert answer.json()["request_id"] == request_id
    assert [line for line in site.log.with_tag("CALINT0106") if request_id in line.text]
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Cache-Control"] == "no-store"


def test_head_is_answered_where_get_is(site, keys):
    assert [requests.head(site.url + API + path, headers={"Authorization": f"Bearer {keys['all']}"}, timeout=10)
            .status_code for path in (USER, "/availability", "/slots")] == [200, 400, 405]


def test_signed_in_users_are_those_of_httpd(site):
    answer = requests.get(site.url + API + "/integration", auth=(IVY.login, PASSWORD), timeout=10)
    assert answer.json()["user_id"] == IVY.id


def test_a_page_that_calls_in_a_loop_is_slowed_down_alone(site):
    started = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: as_user(site, IVY).get("/integration"), range(1000)))
    refused = [answer for answer in answers if answer.status_code == 429]
    allowed = 2 * (100 + 20 * (time.monotonic() - started) + 1)  # httpd has two processes at most
    assert refused and len(answers) - len(refused) <= allowed
    problem_of(refused[0], 429, "rate_limited")
    assert int(refused[0].headers["Retry-After"]) >= 1
    assert as_user(site, IAN).get("/integration").status_code == 200
    time.sleep(5)  # the next test's Ivy has all of her calls again
