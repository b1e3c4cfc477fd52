"""The sandbox's iCloud answers as the samples say, and knows who is asking."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree

import pytest

from client import SandboxError
from icloud_client import AVERY, AVERY_PASSWORD, SAM, SAM_PASSWORD
from icloud_flow import (DAV, DSID, HOME, PRINCIPAL, basic, calendars, exchange, home_set, host_of, hrefs, location,
                         names, principal, propfind, sample, send, shape)


# Discovery

def test_the_entry_names_the_principal_as_the_sample(sandbox):
    answer = principal(sandbox)
    assert answer.status_code == 207 and shape(answer.content) == shape(sample("icloud-principal"))


def test_the_principal_names_a_home_on_the_partition_with_its_port(sandbox):
    answer = home_set(sandbox)
    assert shape(answer.content, sandbox.http["icloud"]["p42"]) == shape(sample("icloud-home-set"))


def test_the_home_lists_itself_calendars_and_what_is_none_as_the_sample(sandbox):
    answer = calendars(sandbox)
    assert shape(answer.content) == shape(sample("icloud-calendar-list"))
    assert b'<multistatus xmlns="DAV:">' in answer.content, "Apple's style: no prefixes"


def test_the_partition_has_another_host_name_than_the_entry(sandbox):
    assert host_of(sandbox, "entry").startswith("127.0.0.1:") and host_of(sandbox, "p42").startswith("localhost:")


def test_the_well_known_path_leads_to_the_root(sandbox):
    answer = send(sandbox, "PROPFIND", "/.well-known/caldav", authorization=None)
    assert location(answer) == (301, "", "/")


def test_only_what_is_asked_for_is_answered(sandbox):
    body = b'<propfind xmlns="DAV:"><prop><displayname/><unheard-of xmlns="urn:x"/></prop></propfind>'
    (answered,) = ElementTree.fromstring(send(sandbox, "PROPFIND", PRINCIPAL, body).content)
    found, missing = answered.findall(f"{DAV}propstat")
    assert [one.tag for one in found.find(f"{DAV}prop")] == [f"{DAV}displayname"]
    assert [one.tag for one in missing.find(f"{DAV}prop")] == ["{urn:x}unheard-of"]
    assert missing.findtext(f"{DAV}status") == "HTTP/1.1 404 Not Found"


# Rules of the protocol

@pytest.mark.parametrize("body", [
    b"", b'<propfind xmlns="DAV:"><allprop/></propfind>', b'<propfind xmlns="DAV:"><propname/></propfind>',
    b'<propfind xmlns="DAV:"><prop/></propfind>', b"<propfind", b'<!DOCTYPE x><propfind xmlns="DAV:"/>',
    b'<propfind><prop><displayname/></prop></propfind>'])
def test_properties_must_be_named(sandbox, body):
    assert send(sandbox, "PROPFIND", HOME, body, host="p42", depth="1").status_code == 400


def test_depth_0_shows_no_members(sandbox):
    assert hrefs(calendars(sandbox, depth="0")) == [HOME]
    assert hrefs(propfind(sandbox, f"{HOME}personal/", "calendar-list", host="p42")) == [f"{HOME}personal/"]


@pytest.mark.parametrize("depth, status", [(None, 403), ("infinity", 403), ("2", 400)])
def test_no_other_depth_is_answered(sandbox, depth, status):
    assert calendars(sandbox, depth=depth).status_code == status


@pytest.mark.parametrize("method", ["GET", "POST", "REPORT", "PUT", "DELETE", "MKCALENDAR", "PROPPATCH"])
def test_other_methods_are_not_allowed(sandbox, method):
    answer = send(sandbox, method, HOME, host="p42")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "OPTIONS, PROPFIND")


def test_a_path_that_is_not_there_is_404_and_that_of_somebody_else_403(sandbox):
    assert propfind(sandbox, f"{HOME}nothing/", "calendar-list", host="p42").status_code == 404
    assert propfind(sandbox, "/nowhere/", "principal").status_code == 404
    assert calendars(sandbox, authorization=basic(SAM, SAM_PASSWORD)).status_code == 403


def test_credentials_in_an_address_are_refused(sandbox):
    assert principal(sandbox, headers={"Host": f"{AVERY_PASSWORD}@127.0.0.1"}).status_code == 400
    assert propfind(sandbox, f"/?password={AVERY_PASSWORD}", "principal").status_code == 400
    assert AVERY_PASSWORD not in json.dumps(sandbox.icloud.requests())


# Credentials

@pytest.mark.parametrize("authorization", [
    None, basic(AVERY, "wrong"), basic(AVERY, AVERY_PASSWORD.upper()), basic(AVERY, ""),
    basic("nobody@icloud.example", AVERY_PASSWORD), basic(SAM, AVERY_PASSWORD), "Basic !", "Basic bm9jb2xvbg==",
    f"Bearer {AVERY_PASSWORD}"])
def test_wrong_credentials_are_401(sandbox, authorization):
    for answer in (principal(sandbox, authorization=authorization), calendars(sandbox, authorization=authorization)):
        assert answer.status_code == 401


def test_the_main_password_is_401_too_as_the_sample(sandbox):
    sandbox.icloud.put_account(main_password="my only password")
    sandbox.icloud.make_password()
    answer = principal(sandbox, authorization=basic(AVERY, "my only password"))
    wanted = exchange("icloud_401")
    assert answer.status_code == wanted["status"]
    lines = [(name, value) for name, value in answer.raw.headers.items()
             if name in ("WWW-Authenticate", "x-apple-user-partition")]
    assert lines == [tuple(line) for line in wanted["headers"] if line[0] != "Server"], "two challenges, in two lines"


def test_both_challenges_can_come_in_one_line(sandbox):
    sandbox.fault("icloud.entry", "challenge")
    answer = principal(sandbox, authorization=None)
    assert [answer.headers["WWW-Authenticate"]] == [value for _, value in exchange("icloud_401_one_header")["headers"]]


def test_the_case_of_an_apple_id_does_not_matter(sandbox):
    assert principal(sandbox, authorization=basic(AVERY.upper(), AVERY_PASSWORD)).status_code == 207


def test_an_app_specific_password_can_be_revoked_alone_or_with_all(sandbox):
    def status(password):
        return principal(sandbox, authorization=basic(AVERY, password)).status_code

    phone, laptop = (sandbox.icloud.make_password(label=label) for label in ("phone", "laptop"))
    assert [status(one) for one in (AVERY_PASSWORD, phone, laptop)] == [207, 207, 207]
    assert sandbox.icloud.revoke_passwords(label="phone") == 1
    assert [status(one) for one in (AVERY_PASSWORD, phone, laptop)] == [207, 401, 207]
    assert sandbox.revoke_account(AVERY) == 2
    assert [status(one) for one in (AVERY_PASSWORD, phone, laptop)] == [401, 401, 401]


def test_another_main_password_ends_all_app_specific_ones(sandbox):
    sandbox.icloud.put_account(main_password="changed")
    assert principal(sandbox).status_code == 401


# Accounts and calendars

def test_calendars_can_come_go_and_change(sandbox):
    sandbox.icloud.put_calendar("new", name="Ünï <&> \"x\"", colour="#010203FF", time_zone="BEGIN:VCALENDAR")
    sandbox.icloud.put_calendar("personal", name="Renamed", read_only=True)
    sandbox.icloud.remove_calendar("tasks")
    answer = calendars(sandbox)
    assert names(answer) == ["Renamed", "Hiring", "Team (shared, read only)", "Ünï <&> \"x\""]
    assert b"#010203FF" in answer.content and b"BEGIN:VCALENDAR" in answer.content
    home, renamed = [one.findall(f".//{DAV}privilege/*") for one in
                     ElementTree.fromstring(answer.content).findall(f"{DAV}response")[:2]]
    assert f"{DAV}write" in [one.tag for one in home] and f"{DAV}write" not in [one.tag for one in renamed]


def test_a_change_of_calendars_changes_the_ctag(sandbox):
    def ctags():
        tag = "{http://calendarserver.org/ns/}getctag"
        return [one.text for one in ElementTree.fromstring(calendars(sandbox).content).iter(tag)]

    before = ctags()
    sandbox.icloud.put_calendar("personal", name="Renamed")
    assert len(before) == 4 and not set(before) & set(ctags())


def test_an_account_can_have_a_thousand_calendars_or_none(sandbox):
    sandbox.icloud.put_account(calendars=1000)
    assert len(names(calendars(sandbox))) == 1000
    sandbox.icloud.put_account(calendars=0)
    assert names(calendars(sandbox)) == [] and len(hrefs(calendars(sandbox))) == 4, "home, inbox, outbox, notification"


def test_a_calendar_can_have_no_name_and_an_address_of_its_own(sandbox):
    sandbox.icloud.put_account(calendars=[{"id": "a b"}, {"id": "x", "name": "X", "href": "https://evil.example/x/"}])
    answer = calendars(sandbox)
    assert names(answer) == [None, "X"]
    assert hrefs(answer)[1:3] == [f"{HOME}a%20b/", "https://evil.example/x/"]


def test_a_new_account_has_no_password_until_one_is_made(sandbox):
    made = sandbox.icloud.put_account("robin@icloud.example", name="Robin", dsid="42", calendars=1)
    assert made["labels"] == []
    password = sandbox.icloud.make_password("robin@icloud.example")
    answer = propfind(sandbox, "/42/calendars/", "calendar-list", depth="1", host="p42",
                      authorization=basic("robin@icloud.example", password))
    assert names(answer) == ["Home"]


@pytest.mark.parametrize("elsewhere", [301, 404, 421])
def test_an_account_moves_to_another_partition(sandbox, elsewhere):
    sandbox.icloud.put_account(partition=43, elsewhere=elsewhere)
    assert f"//{host_of(sandbox, 'p43')}{HOME}" in home_set(sandbox).text
    assert len(names(calendars(sandbox, host="p43"))) == 4
    for host in ("p42", "entry"):
        old = calendars(sandbox, host=host)
        assert old.status_code == elsewhere
        if elsewhere == 301:
            assert location(old) == (301, host_of(sandbox, "p43"), HOME)


@pytest.mark.parametrize("path, wishes, complaint", [
    ("accounts", {"apple_id": "nobody"}, "400.*apple_id"),
    ("accounts", {"apple_id": AVERY, "partition": 44}, "400.*partition"),
    ("accounts", {"apple_id": AVERY, "elsewhere": 500}, "400.*elsewhere"),
    ("accounts", {"apple_id": AVERY, "calendars": [{"id": "x", "hat": 1}]}, "400.*hat"),
    ("accounts", {"apple_id": AVERY, "calendars": -1}, "400.*calendars"),
    ("calendars", {"apple_id": AVERY, "id": "x", "read_only": "yes"}, "400.*read_only"),
    ("calendars", {"apple_id": AVERY, "id": "x", "gone": True}, "404.*calendar"),
    ("passwords", {"apple_id": "nobody@icloud.example"}, "404.*Apple ID")])
def test_a_wish_that_makes_no_sense_is_refused_and_changes_nothing(sandbox, path, wishes, complaint):
    before = sandbox.icloud.account()
    with pytest.raises(SandboxError, match=complaint):
        sandbox.control("POST", f"icloud/{path}", wishes)
    assert sandbox.icloud.account() == before


# What is recorded

def test_every_request_is_recorded_with_whose_it_was_and_without_its_password(sandbox):
    principal(sandbox, authorization=None)
    home_set(sandbox, authorization=basic(AVERY, "wrong-password"))
    calendars(sandbox, authorization=basic(AVERY.upper(), AVERY_PASSWORD))
    send(sandbox, "GET", "/nowhere", depth=None, host="p43", authorization=basic(AVERY_PASSWORD, "x"))
    told = [(one["host"], one["method"], one["path"], one["depth"], one["authorization"], one["apple_id"],
             one["authorised"], one["status"]) for one in sandbox.icloud.requests()]
    assert told == [("entry", "PROPFIND", "/", "0", "none", None, False, 401),
                    ("entry", "PROPFIND", PRINCIPAL, "0", "basic", AVERY, False, 401),
                    ("p42", "PROPFIND", HOME, "1", "basic", AVERY, True, 207),
                    ("p43", "GET", "/nowhere", None, "basic", None, False, 401)]
    assert not any(text in json.dumps(sandbox.state()) + json.dumps(sandbox.icloud.requests())
                   for text in (AVERY_PASSWORD, "wrong-password"))
    assert sandbox.state()["requests"] == {"icloud.entry": 1, "icloud.principal": 1, "icloud.home": 1}


def test_the_foreign_host_takes_every_credential_and_says_that_it_got_one(sandbox):
    principal(sandbox, host="foreign", authorization=None)
    assert sandbox.icloud.hosts_with_credentials() == set()
    path = hrefs(principal(sandbox, host="foreign"))[0]
    assert path == "/" and sandbox.icloud.hosts_with_credentials() == {"foreign"}
    (stolen,) = [one for one in sandbox.icloud.requests("foreign") if one["authorization"] != "none"]
    assert stolen["apple_id"] == AVERY
    assert names(propfind(sandbox, "/666/calendars/", "calendar-list", host="foreign", depth="1")) == ["Stolen"]


def test_reset_brings_everything_back(sandbox):
    sandbox.icloud.put_account(calendars=1, partition=43, main_password="changed")
    sandbox.reset()
    assert len(names(calendars(sandbox))) == 4
    assert len(sandbox.icloud.requests()) == 1 and sandbox.icloud.account()["dsid"] == DSID
