"""The sandbox speaks OAuth as Google does: compared with the samples of tests/data/google."""

from __future__ import annotations

import base64
import hashlib
import time
from urllib.parse import urlencode

import pytest
import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from client import SandboxError
from flow import (CALENDAR_SCOPES, CALLBACK, OTHER_CLIENT, VERIFIER, answer_of, authorize_url,
                  challenge_of, claims_of, code_from, connect, exchange, list_calendars,
                  matches, post_token, refresh, revoke, sample)

GRANTED = set(sample("token-exchange-response")["response"]["json"]["scope"].split())


# Authorization

def test_consent_answers_with_the_parameters_of_the_sample(sandbox):
    callback_url = sandbox.approve(authorize_url(sandbox), "avery@example.com")
    wanted, found = sample("authorize-responses")["success"], answer_of(callback_url)
    assert callback_url.startswith(CALLBACK + "?")
    assert found.keys() == wanted.keys()
    assert (found["iss"], found["state"]) == (wanted["iss"], "STATE")
    assert found["scope"] == wanted["scope"]
    assert (found["authuser"], found["prompt"]) == (wanted["authuser"], wanted["prompt"])
    assert found["code"].startswith("4/") and "code=4%2F" in callback_url


def test_denial_answers_with_the_parameters_of_the_sample(sandbox):
    found = answer_of(sandbox.approve(authorize_url(sandbox), "avery@example.com", deny=True))
    assert found == {**sample("authorize-responses")["denied"], "state": "STATE"}


def test_state_comes_back_byte_by_byte_or_not_at_all(sandbox):
    state = "a+b c&d=e/ü%2F~"
    assert answer_of(sandbox.approve(authorize_url(sandbox, state=state)))["state"] == state
    assert "state" not in answer_of(sandbox.approve(authorize_url(sandbox, ("state",))))


@pytest.mark.parametrize("changes, status, error", [
    ({"client_id": "unknown"}, 401, "invalid_client"),
    ({"redirect_uri": CALLBACK + "/"}, 400, "redirect_uri_mismatch"),
    ({"redirect_uri": CALLBACK.replace("http:", "HTTP:")}, 400, "redirect_uri_mismatch"),
    ({"response_type": "token"}, 400, "unsupported_response_type"),
    ({"scope": "openid https://www.googleapis.com/auth/calendar.everything"}, 400,
     "invalid_scope"),
    ({"code_challenge": "short"}, 400, "invalid_request"),
    ({"code_challenge_method": "plain"}, 400, "invalid_request"),
    ({"access_type": "always"}, 400, "invalid_request"),
    ({"prompt": "login"}, 400, "invalid_request"),
])
def test_a_wrong_request_stays_on_the_providers_own_page(sandbox, changes, status, error):
    page = requests.get(authorize_url(sandbox, **changes), allow_redirects=False, timeout=10)
    assert page.status_code == status
    assert f"Error {status}: {error}" in page.text
    assert "Location" not in page.headers


@pytest.mark.parametrize("missing", ["client_id", "redirect_uri", "response_type", "scope",
                                     "code_challenge", "code_challenge_method"])
def test_a_missing_parameter_stays_on_the_providers_own_page(sandbox, missing):
    page = requests.get(authorize_url(sandbox, (missing,)), allow_redirects=False, timeout=10)
    assert page.status_code == 400 and "invalid_request" in page.text


def test_a_doubled_parameter_stays_on_the_providers_own_page(sandbox):
    page = requests.get(authorize_url(sandbox) + "&state=again", allow_redirects=False,
                        timeout=10)
    assert page.status_code == 400 and "single value: state" in page.text


def test_a_decision_is_checked_as_the_request_was(sandbox):
    url = sandbox.http["google"]["authorize_url"]
    answer = requests.post(url, data={"decision": "allow", "redirect_uri": "http://evil.example"},
                           allow_redirects=False, timeout=10)
    assert answer.status_code == 400 and "Location" not in answer.headers


def test_without_a_page_there_is_no_silent_consent(sandbox):
    answer = requests.get(authorize_url(sandbox, prompt="none"), allow_redirects=False,
                          timeout=10)
    assert answer_of(answer.headers["Location"])["error"] == "interaction_required"


def test_login_hint_preselects_but_does_not_force(sandbox):
    hinted = authorize_url(sandbox, login_hint="sam@example.com")
    for email, expected in ((None, "sam@example.com"), ("riley@example.com",) * 2):
        code = answer_of(sandbox.approve(hinted, email))["code"]
        assert claims_of(exchange(sandbox, code).json()["id_token"])["email"] == expected


def test_login_hint_may_be_the_lasting_identity_or_a_new_address(sandbox):
    sub = claims_of(connect(sandbox, "sam@example.com")["id_token"])["sub"]
    for hint, expected in ((sub, "sam@example.com"), ("new@example.com",) * 2):
        code = answer_of(sandbox.approve(authorize_url(sandbox, login_hint=hint)))["code"]
        assert claims_of(exchange(sandbox, code).json()["id_token"])["email"] == expected


def test_any_address_may_be_typed_but_it_must_be_one(sandbox):
    claims = claims_of(connect(sandbox, "someone.new@example.org")["id_token"])
    assert claims["email"] == "someone.new@example.org"
    with pytest.raises(SandboxError, match="whole e-mail address"):
        sandbox.approve(authorize_url(sandbox), "not an address")


def test_the_page_forbids_scripts_and_framing_and_names_the_redirect_origin(sandbox):
    page = requests.get(authorize_url(sandbox), timeout=10)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:9;" in policy
    assert "<script" not in page.text and "style=" not in page.text
    assert requests.get(sandbox.http["base"] + "/sandbox/style.css",
                        timeout=10).headers["Content-Type"].startswith("text/css")


def test_the_page_escapes_what_it_was_given(sandbox):
    url = authorize_url(sandbox, login_hint='"><b>x', state='"><i>y')
    page = requests.get(url, timeout=10).text
    assert "<b>x" not in page and "<i>y" not in page


# Scopes

def test_an_unticked_box_is_missing_from_the_scope_only(sandbox):
    tokens = connect(sandbox, allow=["calendar.calendarlist.readonly", "calendar.freebusy"])
    wanted = sample("token-exchange-partial-consent")["response"]["json"]
    assert tokens.keys() == wanted.keys()
    assert set(tokens["scope"].split()) == set(wanted["scope"].split())


def test_sign_in_scopes_can_not_be_unticked(sandbox):
    tokens = connect(sandbox, allow=[])
    assert set(tokens["scope"].split()) == {"openid",
                                            "https://www.googleapis.com/auth/userinfo.email"}


def test_a_single_calendar_scope_has_no_box(sandbox):
    tokens = connect(sandbox, allow=[], scope=f"openid {CALENDAR_SCOPES[0]}")
    assert set(tokens["scope"].split()) == {"openid", CALENDAR_SCOPES[0]}


def test_nothing_granted_is_a_denial(sandbox):
    url = authorize_url(sandbox, scope=" ".join(CALENDAR_SCOPES))
    assert answer_of(sandbox.approve(url, allow_scopes=[]))["error"] == "access_denied"


# Code exchange

def test_exchange_answers_with_the_members_of_the_sample(sandbox):
    answer = exchange(sandbox, code_from(sandbox))
    wanted = sample("token-exchange-response")["response"]
    assert answer.status_code == wanted["status"]
    assert answer.headers["Content-Type"] == wanted["headers"]["Content-Type"]
    assert "no-store" in answer.headers["Cache-Control"]
    body = answer.json()
    assert body.keys() == wanted["json"].keys()
    assert {name: type(value) for name, value in body.items()} == {
        name: type(value) for name, value in wanted["json"].items()}
    assert (body["expires_in"], body["token_type"]) == (3599, "Bearer")
    assert set(body["scope"].split()) == GRANTED
    assert len(body["access_token"]) <= 2048 and len(body["refresh_token"]) <= 512


def test_scope_comes_back_in_any_order(sandbox):
    token = connect(sandbox)["refresh_token"]
    assert len({refresh(sandbox, token).json()["scope"] for _ in range(20)}) > 1


def test_id_token_is_signed_by_the_published_key(sandbox):
    tokens = connect(sandbox)
    signed, _, signature = tokens["id_token"].rpartition(".")
    key = requests.get(sandbox.http["google"]["jwks_url"], timeout=10).json()["keys"][0]

    def decoded(text: str) -> bytes:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    numbers = rsa.RSAPublicNumbers(*(int.from_bytes(decoded(key[name]), "big") for name in "en"))
    numbers.public_key().verify(decoded(signature), signed.encode(), padding.PKCS1v15(),
                                hashes.SHA256())
    claims = claims_of(tokens["id_token"])
    assert claims["iss"] == "https://accounts.google.com"
    assert claims["aud"] == claims["azp"] == sandbox.client_id
    assert (claims["email"], claims["email_verified"]) == ("avery@example.com", True)
    assert claims["nonce"] == "NONCE" and claims["sub"].isdigit()
    assert claims["iat"] <= time.time() < claims["exp"]
    half = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
    assert decoded(claims["at_hash"]) == half


def test_basic_authentication_works_too(sandbox):
    code = code_from(sandbox)
    answer = post_token(sandbox, auth=(sandbox.client_id, sandbox.client_secret), code=code,
                        grant_type="authorization_code", redirect_uri=CALLBACK,
                        code_verifier=VERIFIER)
    assert answer.status_code == 200


def test_a_code_works_once(sandbox):
    code = code_from(sandbox)
    assert exchange(sandbox, code).status_code == 200
    assert matches(exchange(sandbox, code), "token-error-code-used")


def test_a_code_grows_old(sandbox):
    sandbox.mode(code_lifetime=0)
    assert matches(exchange(sandbox, code_from(sandbox)), "token-error-code-used")


def test_a_wrong_verifier_is_refused_and_spends_the_code(sandbox):
    code = code_from(sandbox)
    assert matches(exchange(sandbox, code, code_verifier="x" * 43), "token-error-code-used")
    assert matches(exchange(sandbox, code), "token-error-code-used")


@pytest.mark.parametrize("spoil", ["4%2F", "4%252F"])
def test_a_code_decoded_the_wrong_number_of_times_is_malformed(sandbox, spoil):
    code = code_from(sandbox).replace("4/", spoil)
    assert matches(exchange(sandbox, code), "token-error-malformed-code")


def test_another_redirect_uri_than_before_is_refused(sandbox):
    answer = exchange(sandbox, code_from(sandbox), redirect_uri=CALLBACK + "2")
    assert matches(answer, "token-error-redirect-uri-mismatch")


def test_an_unknown_client_and_a_wrong_secret_are_invalid_client(sandbox):
    code = code_from(sandbox)
    assert matches(exchange(sandbox, code, client_id="unknown"), "token-error-invalid-client")
    wrong = exchange(sandbox, code, client_secret="wrong")
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert exchange(sandbox, code).status_code == 200


def test_a_code_belongs_to_its_client(sandbox):
    client_id, secret = OTHER_CLIENT
    answer = exchange(sandbox, code_from(sandbox), client_id=client_id, client_secret=secret)
    assert matches(answer, "token-error-code-used")


@pytest.mark.parametrize("form, error", [
    ({"grant_type": "password"}, "unsupported_grant_type"),
    ({}, "invalid_request"),
    ({"grant_type": "authorization_code"}, "invalid_request"),
    ({"grant_type": "refresh_token"}, "invalid_request"),
])
def test_an_incomplete_token_request_says_so(sandbox, form, error):
    answer = post_token(sandbox, **form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_the_token_endpoint_knows_no_get(sandbox):
    assert requests.get(sandbox.http["google"]["token_url"], timeout=10).status_code == 404


# Refresh tokens

def test_no_refresh_token_without_a_second_consent(sandbox):
    assert "refresh_token" in connect(sandbox, prompt="select_account")
    again = connect(sandbox, prompt="select_account")
    again.pop("id_token")
    assert again.keys() == sample("token-exchange-no-refresh-token")["response"]["json"].keys()
    assert "refresh_token" in connect(sandbox, prompt="consent select_account")


def test_no_refresh_token_without_offline_access(sandbox):
    assert "refresh_token" not in connect(sandbox, access_type="online")


def test_refresh_answers_with_the_members_of_the_sample(sandbox):
    first = connect(sandbox)
    answer = refresh(sandbox, first["refresh_token"])
    wanted = sample("token-refresh-response")["response"]
    assert answer.status_code == 200 and answer.json().keys() == wanted["json"].keys()
    assert answer.json()["access_token"] != first["access_token"]
    assert set(answer.json()["scope"].split()) == GRANTED
    assert list_calendars(sandbox, first["access_token"]).status_code == 200


def test_an_unknown_refresh_token_is_an_invalid_grant(sandbox):
    assert matches(refresh(sandbox, "1//unknown"), "token-error-invalid-grant")


def test_a_refresh_token_belongs_to_its_client(sandbox):
    client_id, secret = OTHER_CLIENT
    answer = refresh(sandbox, connect(sandbox)["refresh_token"], client_id=client_id,
                     client_secret=secret)
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")


def test_rotation_ends_the_old_refresh_token_at_once(sandbox):
    sandbox.mode(rotate=True)
    first = connect(sandbox)["refresh_token"]
    second = refresh(sandbox, first).json()["refresh_token"]
    assert matches(refresh(sandbox, first), "token-error-invalid-grant")
    assert refresh(sandbox, second).status_code == 200


def test_reuse_of_a_rotated_token_can_end_the_grant(sandbox):
    sandbox.mode(rotate=True, reuse_kills_grant=True)
    first = connect(sandbox)["refresh_token"]
    second = refresh(sandbox, first).json()
    assert matches(refresh(sandbox, first), "token-error-invalid-grant")
    assert matches(refresh(sandbox, second["refresh_token"]), "token-error-invalid-grant")
    assert matches(list_calendars(sandbox, second["access_token"]), "error-401")


def test_beyond_a_hundred_refresh_tokens_the_oldest_dies(sandbox):
    sandbox.auto_approve("avery@example.com")
    tokens = [connect(sandbox) for _ in range(101)]
    assert matches(refresh(sandbox, tokens[0]["refresh_token"]), "token-error-invalid-grant")
    assert refresh(sandbox, tokens[1]["refresh_token"]).status_code == 200
    assert list_calendars(sandbox, tokens[0]["access_token"]).status_code == 200
    revoke(sandbox, tokens[100]["refresh_token"])
    assert matches(list_calendars(sandbox, tokens[0]["access_token"]), "error-401")


def test_time_limited_access_names_its_end_and_ends(sandbox):
    sandbox.mode(refresh_expires_in=604799)
    tokens = connect(sandbox)
    tokens.pop("id_token")
    wanted = sample("token-exchange-time-limited")["response"]["json"]
    assert tokens.keys() == wanted.keys()
    assert tokens["refresh_token_expires_in"] == wanted["refresh_token_expires_in"]
    sandbox.mode(refresh_expires_in=0)
    ended = connect(sandbox)["refresh_token"]
    assert matches(refresh(sandbox, ended), "token-error-invalid-grant")


# Revocation

@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_revocation_answers_as_the_samples_and_ends_both_tokens(sandbox, kind):
    tokens = connect(sandbox)
    assert matches(revoke(sandbox, tokens[kind]), "revoke-response-ok")
    assert matches(revoke(sandbox, tokens[kind]), "revoke-error-already")
    assert matches(refresh(sandbox, tokens["refresh_token"]), "token-error-invalid-grant")
    assert matches(list_calendars(sandbox, tokens["access_token"]), "error-401")


def test_revocation_ends_every_grant_of_the_account_for_the_project(sandbox):
    client_id, secret = OTHER_CLIENT
    code = code_from(sandbox, client_id=client_id)
    second = exchange(sandbox, code, client_id=client_id, client_secret=secret).json()
    first, bystander = connect(sandbox), connect(sandbox, "sam@example.com")
    assert revoke(sandbox, first["refresh_token"]).status_code == 200
    dead = refresh(sandbox, second["refresh_token"], client_id=client_id, client_secret=secret)
    assert matches(dead, "token-error-invalid-grant")
    assert refresh(sandbox, bystander["refresh_token"]).status_code == 200


def test_revocation_leaves_another_project_alone(sandbox):
    sandbox.add_client("elsewhere", secret="S", redirect_uris=[CALLBACK], project="other")
    code = code_from(sandbox, client_id="elsewhere")
    other = exchange(sandbox, code, client_id="elsewhere", client_secret="S").json()
    revoke(sandbox, connect(sandbox)["refresh_token"])
    alive = refresh(sandbox, other["refresh_token"], client_id="elsewhere", client_secret="S")
    assert alive.status_code == 200


def test_after_a_revocation_the_first_consent_is_a_first_one_again(sandbox):
    revoke(sandbox, connect(sandbox)["refresh_token"])
    assert "refresh_token" in connect(sandbox, prompt="select_account")


# The requests of the samples

def test_the_requests_of_the_samples_are_served(sandbox):
    addresses = sandbox.http["google"]
    query = {**sample("authorize-request")["query"], "redirect_uri": CALLBACK,
             "code_challenge": challenge_of(VERIFIER)}
    callback_url = sandbox.approve(f"{addresses['authorize_url']}?{urlencode(query)}")
    form = {**sample("token-exchange-request")["request"]["form"], "redirect_uri": CALLBACK,
            "code": answer_of(callback_url)["code"], "code_verifier": VERIFIER}
    token = requests.post(addresses["token_url"], data=form, timeout=10).json()["refresh_token"]
    form = {**sample("token-refresh-request")["request"]["form"], "refresh_token": token}
    answer = requests.post(addresses["token_url"], data=form, timeout=10)
    assert answer.status_code == 200
    path = sample("calendarlist-request")["request"]["url"].partition("/calendar/v3")[2]
    listed = requests.get(addresses["api_url"] + path, timeout=10, headers={
        "Authorization": f"Bearer {answer.json()['access_token']}"})
    assert len(listed.json()["items"]) == 4
    form = {**sample("revoke-request")["request"]["form"], "token": token}
    answer = requests.post(addresses["revoke_url"], data=form, timeout=10)
    assert matches(answer, "revoke-response-ok")
