"""The sandbox serves the calendars of Graph as Microsoft does: compared with tests/data/microsoft."""

from __future__ import annotations

import pytest

from outlook_flow import (AVERY, calendars, code_from, connect, exchange, refused_by_graph,
                          sample)


@pytest.fixture
def token(sandbox):
    return connect(sandbox)["access_token"]


def test_calendars_are_the_sample(sandbox, token):
    wanted = sample("calendars-response")["response"]
    sandbox.add_account(AVERY, name="Avery Stone", calendars=[
        {"id": one["id"], "name": one["name"], "primary": one["isDefaultCalendar"],
         "role": "owner" if one["canShare"] else "reader", "colour": one["hexColor"],
         "extra": {"color": one["color"], "changeKey": one["changeKey"], "owner": one["owner"]}}
        for one in wanted["json"]["value"]])
    answer = calendars(sandbox, token)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == wanted["headers"]["Content-Type"]
    assert answer.json()["@odata.context"].endswith("/calendars")
    assert answer.json()["value"] == wanted["json"]["value"]


def test_pages_are_of_ten_and_lead_to_the_next(sandbox, token):
    sandbox.add_account(AVERY, calendars=25)
    sizes, seen, link = [], [], None
    while True:
        body = calendars(sandbox, token, link).json()
        sizes.append(len(body["value"]))
        seen += [one["id"] for one in body["value"]]
        link = body.get("@odata.nextLink")
        if link is None:
            break
        assert link.startswith(sandbox.http["outlook"]["api_url"] + "/me/calendars?")
    assert sizes == [10, 10, 5]
    assert len(set(seen)) == 25


def test_a_page_has_the_size_that_is_asked_for(sandbox, token):
    sandbox.add_account(AVERY, calendars=25)
    body = calendars(sandbox, token, **{"$top": "20"}).json()
    assert len(body["value"]) == 20 and "%24top=20" not in body["@odata.nextLink"]
    assert len(calendars(sandbox, token, body["@odata.nextLink"]).json()["value"]) == 5


@pytest.mark.parametrize("query", [{"$top": "0"}, {"$top": "1001"}, {"$skip": "-1"}])
def test_a_wrong_query_is_a_bad_request(sandbox, token, query):
    answer = calendars(sandbox, token, **query)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "ErrorInvalidUrlQuery")


def test_an_id_is_the_accounts_own_and_lasts(sandbox, token):
    ids = [one["id"] for one in calendars(sandbox, token).json()["value"]]
    assert ids == [one["id"] for one in calendars(sandbox, token).json()["value"]]
    other = connect(sandbox, "sam@example.com")["access_token"]
    assert not set(ids) & {one["id"] for one in calendars(sandbox, other).json()["value"]}


def test_a_token_that_is_unknown_or_expired_is_401(sandbox, token):
    assert refused_by_graph(calendars(sandbox, "unknown"), "error-401")
    assert refused_by_graph(calendars(sandbox, None), "error-401")
    sandbox.expire_access_tokens(AVERY)
    answer = calendars(sandbox, token)
    assert refused_by_graph(answer, "error-401")
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm=""')


def test_a_token_for_something_else_is_403(sandbox):
    scope = "openid MailboxSettings.Read"
    tokens = exchange(sandbox, code_from(sandbox, scope=scope), scope=scope).json()
    assert refused_by_graph(calendars(sandbox, tokens["access_token"]), "error-403")


def test_an_account_without_mailbox_is_404(sandbox, token):
    sandbox.add_account(AVERY, mailbox=False)
    assert refused_by_graph(calendars(sandbox, token), "error-404-mailbox")


@pytest.mark.parametrize("kind, params, name", [
    ("rate_limit", {"retry_after": "10"}, "error-429"), ("status", {"retry_after": "30"}, "error-503"),
    ("error", {}, "error-401"), ("error", {"error": "ErrorAccessDenied"}, "error-403")])
def test_faults_are_worded_as_the_samples(sandbox, token, kind, params, name):
    sandbox.fault("outlook.calendars", kind, **params)
    answer = calendars(sandbox, token)
    assert refused_by_graph(answer, name)
    assert answer.headers.get("Retry-After") == sample(name)["response"]["headers"].get("Retry-After")


def test_a_claims_challenge_can_be_armed(sandbox, token):
    sandbox.fault("outlook.calendars", "error", error="insufficient_claims")
    challenge = calendars(sandbox, token).headers["WWW-Authenticate"]
    wanted = sample("error-401-claims-challenge")["response"]["headers"]["WWW-Authenticate"]
    assert 'error="insufficient_claims", claims="' in challenge
    assert challenge.count('"') == wanted.count('"')


def test_links_can_loop_go_on_for_ever_or_lead_away(sandbox, token):
    def link(**fault):
        sandbox.fault("outlook.calendars", "next_link", **fault)
        return calendars(sandbox, token).json()["@odata.nextLink"]

    api = sandbox.http["outlook"]["api_url"]
    assert link() == f"{api}/me/calendars"
    assert link(link="endless") == f"{api}/me/calendars?$top=10&$skip=10"
    assert link(link="https://evil.example/x") == "https://evil.example/x"
