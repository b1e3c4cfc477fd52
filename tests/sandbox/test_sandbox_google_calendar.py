"""The sandbox serves the Calendar API as Google does: compared with tests/data/google."""

from __future__ import annotations

import pytest
import requests

from flow import CALENDAR_SCOPES, connect, list_calendars, matches, sample


def test_calendar_list_is_the_sample(sandbox):
    token = connect(sandbox)["access_token"]
    answer = list_calendars(sandbox, token, maxResults=250, showHidden="true")
    wanted = sample("calendarlist-response")["response"]
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == wanted["headers"]["Content-Type"]
    body = answer.json()
    assert body.pop("nextSyncToken") and wanted["json"].pop("nextSyncToken")
    assert body == wanted["json"]


def test_hidden_calendars_are_listed_only_when_asked_for(sandbox):
    token = connect(sandbox)["access_token"]
    assert len(list_calendars(sandbox, token).json()["items"]) == 3
    owned = list_calendars(sandbox, token, minAccessRole="writer").json()["items"]
    assert [item["accessRole"] for item in owned] == ["owner", "writer"]


def test_pages_give_every_calendar_once_and_a_sync_token_at_the_end(sandbox):
    sandbox.add_account("avery@example.com", calendars=601)
    token, seen, page = connect(sandbox)["access_token"], [], {}
    sizes = []
    while True:
        body = list_calendars(sandbox, token, maxResults=999, showHidden="true", **page).json()
        sizes.append(len(body["items"]))
        seen += [item["id"] for item in body["items"]]
        assert ("nextPageToken" in body) != ("nextSyncToken" in body)
        if "nextPageToken" not in body:
            break
        page = {"pageToken": body["nextPageToken"]}
    assert sizes == [250, 250, 101]
    assert len(set(seen)) == 601


def test_a_sync_token_tells_what_has_changed_and_what_is_gone(sandbox):
    token = connect(sandbox)["access_token"]
    body = list_calendars(sandbox, token).json()
    cursor, second = body["nextSyncToken"], body["items"][1]
    assert list_calendars(sandbox, token, syncToken=cursor).json()["items"] == []
    sandbox.add_account("avery@example.com", calendars=[
        {"id": "avery@example.com", "name": "avery@example.com", "primary": True},
        {"id": second["id"], "name": "Other name", "role": "writer", "hidden": True}])
    told = list_calendars(sandbox, token, syncToken=cursor).json()
    assert [(one["id"], one.get("summary"), one.get("deleted")) for one in told["items"]] == [
        (second["id"], "Other name", None), ("sam@example.com", None, True),
        ("en.german#holiday@group.v.calendar.google.com", None, True)]
    assert list_calendars(sandbox, token, syncToken=told["nextSyncToken"]).json()["items"] == []


def test_a_sync_token_can_go_stale(sandbox):
    token = connect(sandbox)["access_token"]
    cursor = list_calendars(sandbox, token).json()["nextSyncToken"]
    sandbox.control("POST", "google/expire-lists", {"account": "avery@example.com"})
    assert matches(list_calendars(sandbox, token, syncToken=cursor), "error-410-full-sync")
    assert list_calendars(sandbox, token, syncToken=cursor, minAccessRole="owner").status_code == 400


@pytest.mark.parametrize("query", [{"maxResults": "0"}, {"pageToken": "bm9uc2Vuc2U="}, {"minAccessRole": "king"}])
def test_a_wrong_query_is_a_bad_request(sandbox, query):
    answer = list_calendars(sandbox, connect(sandbox)["access_token"], **query)
    assert answer.status_code == 400
    assert answer.json()["error"]["errors"][0]["location"] == next(iter(query))


def test_a_token_that_is_unknown_or_expired_is_401(sandbox):
    assert matches(list_calendars(sandbox, "ya29.unknown"), "error-401")
    token = connect(sandbox)["access_token"]
    sandbox.expire_access_tokens("avery@example.com")
    assert matches(list_calendars(sandbox, token), "error-401")
    sandbox.mode(expires_in=0)
    assert matches(list_calendars(sandbox, connect(sandbox)["access_token"]), "error-401")
    assert list_calendars(sandbox, None).status_code == 401


def test_events_scope_alone_does_not_open_the_calendar_list(sandbox):
    token = connect(sandbox, allow=["calendar.events"])["access_token"]
    answer = list_calendars(sandbox, token)
    wanted = sample("error-403-insufficient-scope")["response"]
    wanted["json"]["error"]["details"][0]["metadata"]["method"] = "calendar.v3.CalendarList.List"
    assert (answer.status_code, answer.json()) == (wanted["status"], wanted["json"])
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith(wanted["headers"]["WWW-Authenticate"].partition("scope=")[0])
    assert CALENDAR_SCOPES[0] in challenge


# Metadata

def test_metadata_has_the_members_of_the_sample(sandbox):
    found = requests.get(sandbox.http["google"]["metadata_url"], timeout=10).json()
    wanted = sample("discovery-metadata")
    assert found["issuer"] == wanted["issuer"]
    assert found["authorization_response_iss_parameter_supported"] is True
    assert (found["token_endpoint_auth_methods_supported"]
            == wanted["token_endpoint_auth_methods_supported"])
    for name in ("authorization_endpoint", "token_endpoint", "revocation_endpoint", "jwks_uri"):
        assert found[name].startswith(sandbox.http["base"])
