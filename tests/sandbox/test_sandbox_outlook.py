"""The sandbox speaks as Microsoft's identity platform does: compared with the samples of tests/data/microsoft."""

from __future__ import annotations

import base64
import time

import pytest
import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from client import SandboxError
from flow import CALLBACK, OTHER_CLIENT, answer_of, claims_of
from outlook_flow import (AVERY, SCOPE, assertion, authorize_url, calendars, certificate_pem,
                          code_from, connect, exchange, post_token, refresh, refused, sample, url)

PERSONAL = "avery@outlook.example"


# Authorization

def test_consent_answers_with_the_parameters_of_the_sample(sandbox):
    callback_url = sandbox.approve(authorize_url(sandbox), AVERY)
    assert callback_url.startswith(CALLBACK + "?")
    assert answer_of(callback_url).keys() == sample("authorize-responses")["success"].keys()
    assert answer_of(callback_url)["state"] == "STATE"


def test_denial_answers_as_the_sample(sandbox):
    found = answer_of(sandbox.approve(authorize_url(sandbox), AVERY, deny=True))
    assert found == {**sample("authorize-responses")["user_declined"], "state": "STATE"}


def test_an_account_that_needs_its_administrator_answers_as_the_sample(sandbox):
    sandbox.add_account(AVERY, needs_admin_consent=True)
    found = answer_of(sandbox.approve(authorize_url(sandbox), AVERY))
    assert found == {**sample("authorize-responses")["admin_consent_needed"], "state": "STATE"}


def test_without_a_page_there_is_no_silent_sign_in(sandbox):
    answer = requests.get(authorize_url(sandbox, prompt="none"), allow_redirects=False, timeout=10)
    found = answer_of(answer.headers["Location"])
    wanted = sample("authorize-responses")["interaction_required_after_prompt_none"]
    assert found["error"] == wanted["error"]
    assert found["error_description"].startswith("AADSTS50076")


@pytest.mark.parametrize("changes, number", [
    ({"client_id": "unknown"}, 700016), ({"redirect_uri": CALLBACK + "/"}, 50011),
    ({"response_type": "token"}, 700054), ({"response_mode": "fragment"}, 700054),
    ({"scope": "openid Calendars.Everything"}, 70011), ({"code_challenge": "short"}, 501471),
    ({"code_challenge_method": "plain"}, 501471), ({"prompt": "consent select_account"}, 90023),
])
def test_a_wrong_request_stays_on_microsofts_own_page(sandbox, changes, number):
    page = requests.get(authorize_url(sandbox, **changes), allow_redirects=False, timeout=10)
    assert page.status_code == 400 and f"AADSTS{number}" in page.text
    assert "Location" not in page.headers


@pytest.mark.parametrize("missing", ["client_id", "redirect_uri", "response_type", "scope"])
def test_a_missing_parameter_stays_on_microsofts_own_page(sandbox, missing):
    page = requests.get(authorize_url(sandbox, (missing,)), allow_redirects=False, timeout=10)
    assert page.status_code == 400 and "AADSTS900144" in page.text


def test_consent_is_all_or_nothing(sandbox):
    tokens = exchange(sandbox, answer_of(sandbox.approve(authorize_url(sandbox), AVERY,
                                                         allow_scopes=[]))["code"]).json()
    assert tokens["scope"] == sample("token-exchange-response")["response"]["json"]["scope"]


def test_a_login_hint_preselects_but_does_not_force(sandbox):
    hinted = authorize_url(sandbox, login_hint="sam@example.com")
    for email, expected in ((None, "sam@example.com"), (AVERY, AVERY)):
        code = answer_of(sandbox.approve(hinted, email))["code"]
        claims = claims_of(exchange(sandbox, code).json()["id_token"])
        assert claims["preferred_username"] == expected


@pytest.mark.parametrize("tenant, lets_in, keeps_out", [
    ("organizations", AVERY, PERSONAL), ("consumers", PERSONAL, AVERY),
    ("contoso.example", AVERY, "sam@example.com")])
def test_a_tenant_says_who_may_sign_in(sandbox, tenant, lets_in, keeps_out):
    address = authorize_url(sandbox, tenant=tenant)
    code = answer_of(sandbox.approve(address, lets_in))["code"]
    assert exchange(sandbox, code, tenant=tenant).status_code == 200
    with pytest.raises(SandboxError, match="can&#x27;t be used here"):
        sandbox.approve(address, keeps_out)


# Code exchange

def test_exchange_answers_with_the_members_of_the_sample(sandbox):
    answer = exchange(sandbox, code_from(sandbox))
    wanted = sample("token-exchange-response")["response"]
    assert answer.status_code == wanted["status"]
    assert answer.headers["Content-Type"] == wanted["headers"]["Content-Type"]
    body = answer.json()
    assert body.keys() == wanted["json"].keys()
    assert (body["scope"], body["token_type"]) == (wanted["json"]["scope"], "Bearer")


@pytest.mark.parametrize("email, kind", [(AVERY, "work"), (PERSONAL, "personal")])
def test_id_token_has_the_claims_of_the_sample_and_is_signed(sandbox, email, kind):
    token = connect(sandbox, email)["id_token"]
    signed, _, signature = token.rpartition(".")
    key = requests.get(url(sandbox, "jwks_url"), timeout=10).json()["keys"][0]

    def decoded(text: str) -> bytes:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    numbers = rsa.RSAPublicNumbers(*(int.from_bytes(decoded(key[name]), "big") for name in "en"))
    numbers.public_key().verify(decoded(signature), signed.encode(), padding.PKCS1v15(),
                                hashes.SHA256())
    claims, wanted = claims_of(token), sample("id-token-payload")[kind]
    assert claims.keys() >= wanted.keys()
    assert claims["iss"] == f"{sandbox.http['base']}/{claims['tid']}/v2.0"
    assert (claims["tid"] == wanted["tid"]) == (kind == "personal")
    assert (claims["aud"], claims["nonce"]) == (sandbox.client_id, "NONCE")
    assert claims["iat"] <= time.time() < claims["exp"]


def test_an_account_keeps_its_identity_when_its_address_changes(sandbox):
    first = claims_of(connect(sandbox)["id_token"])
    sub = sandbox.add_account(AVERY)["sub"]
    sandbox.add_account("avery.stone@contoso.example", sub=sub)
    second = claims_of(connect(sandbox, "avery.stone@contoso.example")["id_token"])
    assert (first["tid"], first["oid"]) == (second["tid"], second["oid"])
    assert first["preferred_username"] != second["preferred_username"]


def test_a_code_works_once(sandbox):
    code = code_from(sandbox)
    assert exchange(sandbox, code).status_code == 200
    assert refused(exchange(sandbox, code), 54005)


def test_a_code_grows_old(sandbox):
    sandbox.mode(code_lifetime=0)
    assert refused(exchange(sandbox, code_from(sandbox)), 70008)


def test_a_wrong_verifier_is_refused_and_spends_the_code(sandbox):
    code = code_from(sandbox)
    assert refused(exchange(sandbox, code, code_verifier="x" * 43), 501481)
    assert refused(exchange(sandbox, code), 54005)


def test_a_code_is_redeemed_at_the_tenant_that_gave_it(sandbox):
    code = code_from(sandbox)
    assert exchange(sandbox, code, tenant="organizations").json()["error_codes"] == [700005]
    assert exchange(sandbox, code).status_code == 200


def test_an_unknown_client_and_a_wrong_secret_are_told_apart(sandbox):
    code = code_from(sandbox)
    assert refused(exchange(sandbox, code, client_id="unknown"), 700016)
    assert refused(exchange(sandbox, code, client_secret="wrong"), 7000215)
    assert exchange(sandbox, code, leave_out=("client_secret",)).json()["error_codes"] == [7000218]
    assert exchange(sandbox, code).status_code == 200


def test_a_code_belongs_to_its_client(sandbox):
    client_id, secret = OTHER_CLIENT
    answer = exchange(sandbox, code_from(sandbox), client_id=client_id, client_secret=secret)
    assert answer.json()["error_codes"] == [70000]


def test_an_origin_is_refused_as_a_browsers(sandbox):
    answer = exchange(sandbox, code_from(sandbox), headers={"Origin": "https://ats.example.com"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


# A certificate instead of a secret

@pytest.fixture
def certified(sandbox):
    sandbox.add_client(sandbox.client_id, certificate=certificate_pem())
    return sandbox


def proved(sandbox, proof: dict) -> requests.Response:
    return exchange(sandbox, code_from(sandbox), leave_out=("client_secret",), **proof)


def test_a_signed_assertion_proves_the_client(certified):
    tokens = proved(certified, assertion(certified))
    assert tokens.status_code == 200
    again = refresh(certified, tokens.json()["refresh_token"], leave_out=("client_secret",),
                    **assertion(certified))
    assert again.status_code == 200


@pytest.mark.parametrize("changes, number", [
    ({"aud": "https://login.microsoftonline.com/common/oauth2/v2.0/token"}, 700023),
    ({"iss": "another"}, 700021), ({"sub": "another"}, 700021), ({"exp": 1}, 700024),
    ({"nbf": 4_000_000_000, "exp": 4_000_000_300}, 700024), ({"exp": 4_000_000_000}, 700024),
    ({"exp": "soon"}, 700024), ({"jti": ""}, 700027), ({"salt": 20}, 700027),
    ({"header": {"alg": "RS256"}}, 700027), ({"header": {"x5t#S256": "another"}}, 700027),
])
def test_an_assertion_that_proves_nothing_is_refused(certified, changes, number):
    answer = proved(certified, assertion(certified, **changes))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.json()["error_codes"] == [number]


def test_an_assertion_works_once_and_only_for_a_registered_certificate(certified):
    proof = assertion(certified)
    assert proved(certified, proof).status_code == 200
    assert proved(certified, proof).json()["error_codes"] == [700027]
    certified.add_client(certified.client_id, certificate="")
    assert proved(certified, assertion(certified)).json()["error_codes"] == [700027]


# Refresh tokens

def test_refresh_answers_with_the_members_of_the_sample_and_a_new_token(sandbox):
    first = connect(sandbox)
    answer = refresh(sandbox, first["refresh_token"])
    wanted = sample("token-refresh-response")["response"]
    assert answer.status_code == 200 and answer.json().keys() == wanted["json"].keys()
    assert answer.json()["refresh_token"] != first["refresh_token"]
    assert answer.json()["scope"] == wanted["json"]["scope"]


def test_an_earlier_refresh_token_stays_good_unless_told_otherwise(sandbox):
    first = connect(sandbox)["refresh_token"]
    assert refresh(sandbox, first).status_code == refresh(sandbox, first).status_code == 200
    sandbox.mode(rotate=True)
    newest = refresh(sandbox, first).json()["refresh_token"]
    assert refresh(sandbox, first).json()["error_codes"] == [70000]
    assert refresh(sandbox, newest).status_code == 200


def test_without_offline_access_there_is_no_refresh_token(sandbox):
    scope = SCOPE.replace(" offline_access", "")
    tokens = exchange(sandbox, code_from(sandbox, scope=scope), scope=scope).json()
    assert "refresh_token" not in tokens


def test_what_the_user_withdraws_ends_refreshes_but_not_access_tokens(sandbox):
    tokens = connect(sandbox)
    assert sandbox.revoke_account(AVERY) == 1
    assert refused(refresh(sandbox, tokens["refresh_token"]), 65001)
    assert calendars(sandbox, tokens["access_token"]).status_code == 200
    assert not sandbox.live_grants(AVERY)


def test_a_refresh_token_belongs_to_its_client(sandbox):
    client_id, secret = OTHER_CLIENT
    answer = refresh(sandbox, connect(sandbox)["refresh_token"], client_id=client_id,
                     client_secret=secret)
    assert answer.json()["error"] == "invalid_grant"


# Faults

@pytest.mark.parametrize("number", [50076, 501481, 50173, 54005, 65001, 700016, 7000215, 7000222,
                                    70008, 90055])
def test_every_error_of_the_samples_can_be_armed_by_its_number(sandbox, number):
    sandbox.fault("outlook.token", "error", error=f"AADSTS{number}")
    assert refused(post_token(sandbox), number)


def test_other_faults_of_the_token_endpoint(sandbox):
    sandbox.fault("outlook.token", "error", error="consent_required")
    answer = post_token(sandbox).json()
    assert (answer["error"], answer["error_codes"]) == ("consent_required", [65001])
    sandbox.fault("outlook.token", "status", status=502)
    assert post_token(sandbox).status_code == 502
    sandbox.fault("outlook.token", "rate_limit", retry_after="7")
    limited = post_token(sandbox)
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "7")
    for kind, member in (("short_scope", "scope"), ("no_refresh_token", "refresh_token")):
        usual = connect(sandbox)[member]
        sandbox.fault("outlook.token", kind)
        assert connect(sandbox).get(member) != usual


@pytest.mark.parametrize("claim", ["iss", "aud", "exp", "nonce", "sub", "tid"])
def test_a_claim_can_be_wrong(sandbox, claim):
    usual = claims_of(connect(sandbox)["id_token"])
    sandbox.fault("outlook.token", "bad_id_token", claim=claim)
    found = claims_of(connect(sandbox)["id_token"])
    assert {name for name in usual if found[name] != usual[name]} - {"iat", "nbf", "exp"} in (
        {claim}, set())
    assert found[claim] != usual[claim]


@pytest.mark.parametrize("error, wanted", [
    ("server_error", {"error": "server_error"}),
    ("AADSTS90095", {"error": "access_denied", "error_description": "AADSTS90095: An error of the "
                                                                    "test's choice."})])
def test_the_browser_can_come_back_with_an_error(sandbox, error, wanted):
    sandbox.fault("outlook.authorize", "error", error=error)
    answer = requests.get(authorize_url(sandbox), allow_redirects=False, timeout=10)
    assert answer_of(answer.headers["Location"]) == {**wanted, "state": "STATE"}
