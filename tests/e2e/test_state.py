"""The state parameter: whose it is, how long it lives, and that it is used once (UC-455, EF-2)."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest

from harness.page import Page
from harness.paths import SETTINGS, start_path
from harness.people import IAN, IVY
from harness.session import notice_of, query_of


def with_query(url, **changes):
    """The URL with changed parameters; None takes one out."""
    parts = urlsplit(url)
    query = {**dict(parse_qsl(parts.query)), **changes}
    kept = {name: value for name, value in query.items() if value is not None}
    return urlunsplit(parts._replace(query=urlencode(kept)))


def doubled(url, name):
    return f"{url}&{urlencode({name: query_of(url)[name]})}"


def refuse(site, browser, url, sandbox):
    """The callback answers 400 with a fresh start, warns, writes nothing, and presents no code."""
    site.log.expect("CALINT0202")
    with site.nothing_written("audit_logs"):
        answer = browser.get(url)
    assert answer.status_code == 400
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert start_path() in Page(answer.text).links.values(), "a fresh start is offered"
    assert sandbox.requests("token") == 0
    return answer


@pytest.fixture
def callback(ivy, sandbox):
    return ivy.consent(sandbox)


def last_character_changed(text):
    return text[:-1] + ("A" if text[-1] != "A" else "B")


@pytest.mark.parametrize("forge", [
    lambda state: "x", lambda state: "", lambda state: state[:-8], lambda state: state[8:],
    lambda state: state + "AAAA",
    last_character_changed, lambda state: ("B" if state[0] != "B" else "C") + state[1:], lambda state: "A" * 1000,
    lambda state: state.swapcase(), lambda state: None, lambda state: "\u00e4\x00", lambda state: "A" * 5000,
], ids=["short", "empty", "truncated", "beheaded", "longer", "last", "first", "zeros", "case", "missing", "foreign",
        "overlong"])
def test_a_forged_state_is_refused(site, ivy, callback, sandbox, forge):
    refuse(site, ivy, with_query(callback, state=forge(query_of(callback)["state"])), sandbox)


def test_every_byte_of_the_state_is_bound(site, ivy, callback, sandbox):
    site.log.expect("CALINT0202")
    state = query_of(callback)["state"]
    for at in range(0, len(state), 17):
        changed = state[:at] + ("A" if state[at] != "A" else "B") + state[at + 1:]
        assert ivy.get(with_query(callback, state=changed)).status_code == 400
    assert notice_of(ivy.get(callback)) == "connected", "the real one still works"


def test_another_users_state_is_refused(site, ian, callback, sandbox):
    ian.page()
    refuse(site, ian, callback, sandbox)


def test_another_users_state_is_refused_even_in_the_same_session(site, ivy, callback, sandbox):
    ivy.sign_in_as(IAN)
    refuse(site, ivy, callback, sandbox)


def test_another_sessions_state_is_refused(site, callback, sandbox):
    other_browser = site.client(IVY)
    other_browser.page()
    refuse(site, other_browser, callback, sandbox)


def test_a_state_without_its_session_is_refused_and_the_session_is_not_replaced(site, ivy, callback, sandbox):
    bare = site.client(IVY)
    answer = refuse(site, bare, callback, sandbox)
    assert "Set-Cookie" not in answer.headers
    assert notice_of(ivy.get(callback)) == "connected", "with its session it works"


def test_the_state_of_another_site_is_refused(site, make_site, sandbox):
    other = make_site()
    site.register()
    browser = other.client(IVY)
    answer = browser.get(start_path())
    site.log.expect("CALINT0202")
    here = site.client(IVY)
    here.page()
    state = query_of(answer.headers["Location"])["state"]
    assert here.get(f"{start_path()}/callback", params={"state": state, "code": "x"}).status_code == 400


@pytest.mark.parametrize("name", ["state", "code", "iss", "scope"])
def test_a_doubled_parameter_is_refused(site, ivy, callback, sandbox, name):
    refuse(site, ivy, doubled(callback, name), sandbox)


@pytest.mark.parametrize("changes", [{"code": None}, {"code": ""}, {"error": "access_denied"}, {"code": "x" * 5000}],
                         ids=["missing", "empty", "code-and-error", "overlong"])
def test_a_code_that_cannot_be_one_is_refused(site, ivy, callback, sandbox, changes):
    refuse(site, ivy, with_query(callback, **changes), sandbox)


@pytest.mark.parametrize("query", ["", "?", "?%", "?state=%zz&code=x", "?&&&&", "?state", "?=x"])
def test_a_malformed_query_is_refused(site, ivy, sandbox, query):
    ivy.page()
    refuse(site, ivy, f"{start_path()}/callback{query}", sandbox)


def test_a_mismatch_is_audited_once_a_minute_and_user(make_site, sandbox):
    site = make_site()
    site.log.expect("CALINT0202")
    browser = site.client(IVY)
    callback = browser.consent(sandbox)
    for _ in range(5):
        assert browser.get(with_query(callback, state="forged")).status_code == 400
    (row,) = site.audit()
    assert row["action"] == "calendar_integration.state_mismatch"
    assert row["metadata"]["provider"] == "google"
    assert str(row["user_id"]) == IVY.id
    assert str(row["ip_address"]) == "127.0.0.1"
    assert len(site.log.with_tag("CALINT0202")) == 5, "the log has each of them"


def test_a_reloaded_callback_presents_its_code_once(site, ivy, callback, sandbox):
    first = ivy.get(callback)
    assert notice_of(first) == "connected"
    audited = len(site.audit())
    for _ in range(3):
        again = ivy.get(callback)
        assert again.status_code == 303
        assert again.headers["Location"] == first.headers["Location"]
    assert sandbox.requests("token") == 1
    assert len(site.audit()) == audited
    assert len(sandbox.live_grants()) == 1


def test_a_reload_of_a_refused_flow_shows_the_refusal_again(ivy, sandbox):
    callback = ivy.consent(sandbox, deny=True)
    assert [notice_of(ivy.get(callback)) for _ in range(2)] == ["denied", "denied"]


def test_an_old_code_cannot_be_brought_into_a_new_flow(site, ivy, callback, sandbox):
    """A used flow's state with another code presents nothing."""
    assert notice_of(ivy.get(callback)) == "connected"
    other = ivy.consent(sandbox)
    mixed = with_query(callback, code=query_of(other)["code"])
    assert ivy.get(mixed).headers["Location"] == f"{SETTINGS}?calint_notice=connected"
    assert sandbox.requests("token") == 1


def test_a_code_of_another_flow_does_not_pass_pkce(site, ivy, ian, sandbox):
    """An attacker's code with the victim's state: the verifier doesn't fit."""
    site.log.allow("CALINT0203")
    stolen = query_of(ian.consent(sandbox, "sam@example.com"))["code"]
    answer = ivy.get(with_query(ivy.consent(sandbox), code=stolen))
    assert notice_of(answer) == "exchange_failed"
    assert not site.integrations(IVY)


@pytest.mark.parametrize("later, is_valid", [(100, True), (150, True), (190, False), (86400, False)])
def test_a_state_lives_as_long_as_configured_and_a_minute_of_skew(make_site, sandbox, later, is_valid):
    site = make_site(CalIntStateLifetime="120")
    browser = site.client(IVY)
    callback = browser.consent(sandbox)
    site.httpd.stop()
    site.httpd.start(clock_ahead=later)
    if is_valid:
        assert notice_of(browser.get(callback)) == "connected"
    else:
        refuse(site, browser, callback, sandbox)
        assert "too old" in site.log.with_tag("CALINT0202")[0].text


def test_a_state_from_the_future_is_refused(make_site, sandbox):
    """A node whose clock is far ahead can't make states that outlive theirs."""
    site = make_site(start=False)
    site.start(clock_ahead=3600)
    browser = site.client(IVY)
    callback = browser.consent(sandbox)
    site.httpd.stop()
    site.httpd.start()
    refuse(site, browser, callback, sandbox)


@pytest.mark.parametrize("iss", [None, "https://evil.example"])
def test_an_answer_of_another_issuer_is_refused(site, ivy, sandbox, iss):
    site.log.expect("CALINT0207")
    callback = with_query(ivy.consent(sandbox), iss=iss)
    answer = ivy.get(callback)
    assert answer.status_code == 400
    assert sandbox.requests("token") == 0
    assert not site.integrations(IVY)


def test_a_garbage_cookie_is_no_session(site, ivy, callback, sandbox):
    (cookie,) = list(ivy.cookies)
    for garbage in ("", "x", "calint=AAAA", "%00%ff", cookie.value[:-10], "a" * 3000):
        stranger = site.client(IVY)
        stranger.cookies.set(cookie.name, garbage, domain="127.0.0.1")
        site.log.expect("CALINT0202")
        site.log.allow("AH01")
        assert stranger.get(callback).status_code == 400
    assert notice_of(ivy.get(callback)) == "connected"


def test_a_garbage_cookie_is_replaced_at_the_start(site, sandbox):
    browser = site.client(IVY)
    browser.cookies.set("calint_session", "garbage", domain="127.0.0.1", path="/")
    assert notice_of(browser.connect(sandbox)) == "connected"
