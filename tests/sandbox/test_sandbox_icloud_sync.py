"""The sandbox serves objects over CalDAV as iCloud does: sync-collection, multiget, queries, ctags."""

from __future__ import annotations

import pytest

from caldav_flow import HIRING, NAMES, Calendar, data_of, event, precondition, token_of
from icloud_client import AVERY

MONDAY = ("2027-01-11T10:00:00", "2027-01-11T11:00:00")
JANUARY = ("20270101T000000Z", "20270201T000000Z")


@pytest.fixture
def home(sandbox):
    return Calendar(sandbox)


def test_a_first_pass_names_everything_and_the_calendar_itself(home):
    name = home.hand.add(*MONDAY)
    answer = home.sync()
    assert home.told(answer) == {"": "404", name: "200"}
    assert home.told(home.sync(token_of(answer))) == {}


def test_a_pass_tells_what_has_changed_and_what_is_gone(home):
    first, second = home.hand.add(*MONDAY), home.hand.add(*MONDAY)
    token = token_of(home.sync())
    home.hand.change(first, SUMMARY="Changed")
    home.hand.remove(second)
    answer = home.sync(token)
    assert home.told(answer) == {first: "200", second: "404"}
    assert home.told(home.sync(token_of(answer))) == {}
    assert token_of(answer) == home.properties("sync-token").findtext(".//{DAV:}sync-token")


def test_a_limit_cuts_the_listing_and_the_token_goes_on(home):
    home.hand.fill(5)
    answer, seen, rounds = home.sync(limit=2), [], 0
    while True:
        told = home.told(answer)
        seen += [name for name in told if name]
        rounds += 1
        if told.get("") != "507":
            break
        assert b"<number-of-matches-within-limits/>" in answer.content
        answer = home.sync(token_of(answer), limit=2)
    assert sorted(seen) == [f"FILL-{number:08d}.ics" for number in range(5)] and rounds == 3
    assert home.told(home.sync(token_of(answer))) == {}


def test_the_server_may_cut_by_itself_and_what_changes_meanwhile_is_told(sandbox, home):
    sandbox.mode(icloud_page=2)
    home.hand.fill(4)
    answer = home.sync()
    assert home.told(answer)[""] == "507"
    first = next(name for name in home.told(answer) if name)
    home.hand.remove(first)
    answer = home.sync(token_of(answer))
    assert "" not in home.told(answer)
    assert home.told(home.sync(token_of(answer))) == {first: "404"}


def test_a_stale_token_is_refused(sandbox, home):
    token = token_of(home.sync())
    home.hand.expire_cursors()
    assert precondition(home.sync(token)) == (403, "valid-sync-token")
    assert precondition(home.sync("nonsense")) == (403, "valid-sync-token")
    assert precondition(Calendar(sandbox, HIRING).sync(token_of(home.sync()))) == (403, "valid-sync-token")
    for status in (400, 409, 410, 412, 507):
        sandbox.fault("icloud.sync", "error", error=str(status), cursor="with")
        assert home.sync(token).status_code == status
    assert home.sync().status_code == 207


def test_objects_come_by_their_names(home):
    name = home.hand.add(*MONDAY, title="Tom & Ann, 1:1")
    answer = home.multiget(name, "missing.ics")
    assert home.told(answer) == {name: "200", "missing.ics": "404"}
    (text,) = data_of(answer)
    assert "SUMMARY:Tom & Ann\\, 1:1\r\n" in text and text.startswith("BEGIN:VCALENDAR\r\n")
    assert b"&#13;" in answer.content
    assert home.get(name).text == text


def test_one_object_of_many_can_fail(sandbox, home):
    home.hand.fill(3)
    names = [f"FILL-{number:08d}.ics" for number in range(3)]
    sandbox.fault("icloud.multiget", "inside", status=503, of="object", name=names[1])
    assert home.told(home.multiget(*names)) == {names[0]: "200", names[1]: "503", names[2]: "200"}
    sandbox.fault("icloud.multiget", "inside", status=404, of="first")
    assert list(home.told(home.multiget(*names)).values()) == ["404", "200", "200"]
    sandbox.fault("icloud.multiget", "inside", status=503, of="objects")
    assert set(home.told(home.multiget(*names)).values()) == {"503"}


def test_a_query_returns_whole_objects_of_its_window(home):
    inside = home.hand.add(*MONDAY)
    home.hand.add("2027-03-11T10:00:00", "2027-03-11T11:00:00")
    series = home.hand.add("2026-10-05T10:00:00", "2026-10-05T11:00:00", repeat="FREQ=WEEKLY;BYDAY=MO")
    ended = home.hand.add("2026-10-05T10:00:00", "2026-10-05T11:00:00", repeat="FREQ=WEEKLY;COUNT=3;BYDAY=MO", moved={
        "2026-10-12T10:00:00": {"start": "2027-01-20T10:00:00", "end": "2027-01-20T11:00:00"}})
    answer = home.query(*JANUARY)
    assert home.told(answer) == {inside: "200", series: "200", ended: "200"}
    assert "RRULE:FREQ=WEEKLY;BYDAY=MO" in data_of(answer)[1]


def test_a_query_without_matches_names_the_calendar(home):
    assert home.told(home.query("20300101T000000Z", "20300201T000000Z")) == {"": "404"}


def test_a_query_needs_its_depth_and_knows_no_other_filter(sandbox, home):
    assert home.query(*JANUARY, depth="0").status_code == 400
    assert len(sandbox.take_violations()) == 1
    assert home.query(*JANUARY, within='<C:prop-filter name="UID"/>').status_code == 412


def test_free_busy_is_refused(home):
    window = '<C:time-range start="20270101T000000Z" end="20270201T000000Z"/>'
    assert home.report(f"<C:free-busy-query {NAMES}>{window}</C:free-busy-query>").status_code == 400


def test_a_server_can_lack_sync_collection(sandbox, home):
    sandbox.mode(icloud_sync=False)
    name = home.hand.add(*MONDAY)
    assert precondition(home.sync()) == (403, "supported-report")
    assert home.properties("sync-token").find(".//{DAV:}sync-token") is None
    found = home.properties("getetag", depth="1")
    etags = {one.findtext("{DAV:}href").removeprefix(home.path): one.findtext(".//{DAV:}getetag") for one in found}
    assert etags == {"": "", name: home.get(name).headers["ETag"]}


def test_a_ctag_tells_of_every_change_unless_it_lies(sandbox, home):
    ctags = [home.ctag()]
    name = home.hand.add(*MONDAY)
    ctags.append(home.ctag())
    home.hand.change(name, SUMMARY="x")
    ctags.append(home.ctag())
    home.hand.remove(name)
    ctags.append(home.ctag())
    assert len(set(ctags)) == 4
    sandbox.icloud.put_calendar("personal", lying_ctag=True)
    name = home.hand.add(*MONDAY)
    before = home.ctag()
    home.hand.remove(name)
    assert home.ctag() == before and home.told(home.query(*JANUARY)) == {"": "404"}


def test_an_event_that_moves_is_gone_here_and_new_there(sandbox, home):
    other = Calendar(sandbox, HIRING)
    name = home.hand.add(*MONDAY)
    here, there = token_of(home.sync()), token_of(other.sync())
    home.hand.move(name, HIRING)
    assert (home.told(home.sync(here)), other.told(other.sync(there))) == ({name: "404"}, {name: "200"})


def test_a_calendar_that_is_gone_is_not_found(sandbox, home):
    sandbox.icloud.remove_calendar("personal")
    assert home.sync().status_code == 404
    assert Calendar(sandbox, HIRING).sync().status_code == 207


def test_a_home_moves_to_another_partition(sandbox, home):
    sandbox.icloud.put_account(partition=43)
    answer = home.sync()
    assert answer.status_code == 301 and answer.headers["Location"].endswith(home.path)
    sandbox.icloud.put_account(elsewhere=421)
    assert home.sync().status_code == 421


def test_a_series_changes_by_its_occurrences(home):
    name = home.hand.add(*MONDAY, repeat="FREQ=WEEKLY;COUNT=4;BYDAY=MO")
    home.hand.set_occurrence(name, "2027-01-18T10:00:00")
    home.hand.set_occurrence(name, "2027-01-25T10:00:00", "2027-02-26T10:00:00", "2027-02-26T11:00:00")
    text = home.get(name).text
    assert "EXDATE;TZID=Europe/Berlin" in text and "RECURRENCE-ID;TZID=Europe/Berlin" in text
    assert home.told(home.query("20270118T000000Z", "20270119T000000Z")) == {"": "404"}
    assert home.told(home.query("20270125T000000Z", "20270126T000000Z")) == {"": "404"}
    assert home.told(home.query("20270226T000000Z", "20270227T000000Z")) == {name: "200"}
    home.hand.set_occurrence(name, "2027-01-25T10:00:00", "2027-01-25T12:00:00", "2027-01-25T13:00:00")
    assert home.get(name).text.count("RECURRENCE-ID") == 1


def test_a_hundred_thousand_objects_are_told(sandbox, home):
    home.hand.fill(100_000)
    sandbox.mode(icloud_page=40_000)
    sizes, answer = [], home.sync()
    while home.told(answer).get("") == "507":
        sizes.append(answer.content.count(b"<response>"))
        answer = home.sync(token_of(answer))
    assert sizes == [40_002, 40_001]
    home.hand.remove("FILL-00050000.ics")
    assert home.told(home.sync(token_of(answer))) == {"FILL-00050000.ics": "404"}
    assert len(home.told(home.query(*JANUARY))) > 600


@pytest.mark.parametrize("body, complaint", [
    ("<sync-collection xmlns='DAV:'><sync-token/><prop><getetag/></prop></sync-collection>", "sync-level is not 1"),
    ("<sync-collection xmlns='DAV:'><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>",
     "sync-token is missing"),
    ("<sync-collection xmlns='DAV:'><sync-token/><sync-level>1</sync-level></sync-collection>",
     "no properties are named"),
    ("<principal-search xmlns='DAV:'/>", "no such report"), ("<nothing", "not XML")])
def test_a_report_that_is_none_is_kept_as_a_violation(sandbox, home, body, complaint):
    assert home.report(body, "0").status_code in (400, 403)
    assert complaint in str(sandbox.take_violations())


def test_names_are_kept_as_they_are(home):
    home.hand.put(event("U-9"), "a b&c%.ics")
    assert home.told(home.sync()) == {"": "404", "a%20b%26c%25.ics": "200"}
    assert home.get("a%20b%26c%25.ics").status_code == 200
    assert home.told(home.multiget("a%20b%26c%25.ics")) == {"a%20b%26c%25.ics": "200"}


def test_the_second_page_can_fail_and_a_limit_be_refused(sandbox, home):
    home.hand.fill(3)
    sandbox.fault("icloud.sync", "status", status=500, page="later")
    token = token_of(home.sync(limit=1))
    assert home.sync(token, limit=1).status_code == 500 and home.sync(token).status_code == 207
    sandbox.fault("icloud.sync", "status", status=507, limit="with", count=-1)
    assert home.sync(limit=1).status_code == 507 and home.sync().status_code == 207


def test_an_answer_comes_in_other_words(sandbox, home):
    name = home.hand.add(*MONDAY, title="Tom & Ann")
    plain, token = home.multiget(name), token_of(home.sync())
    sandbox.fault("icloud.multiget", "xml", shape="cdata")
    answer = home.multiget(name)
    assert b"<![CDATA[BEGIN:VCALENDAR\n" in answer.content
    assert data_of(answer)[0] == data_of(plain)[0].replace("\r\n", "\n")
    sandbox.fault("icloud.sync", "xml", shape="token_first")
    answer = home.sync()
    assert answer.content.index(b"sync-token") < answer.content.index(b"<response>")
    assert (home.told(answer), token_of(answer)) == ({"": "404", name: "200"}, token)


def test_requests_are_counted_by_kind(sandbox, home):
    home.sync(token_of(home.sync()))
    home.multiget("x.ics")
    state = sandbox.state()
    assert state["requests"] == {"icloud.sync": 2, "icloud.multiget": 1}
    assert state["details"] == {"icloud.sync.full": 1, "icloud.sync.cursor": 1}
    assert [one["account"] for one in sandbox.requests_of("icloud.multiget", calendar="personal")] == [AVERY]
