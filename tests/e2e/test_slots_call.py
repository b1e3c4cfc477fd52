"""POST /slots: the rows of the database under the rules that calintctl slots has."""

from datetime import datetime, timedelta

import pytest

from harness.ats import Ats, make_known_key, problem_of
from harness.known_time import HOUR, add_calendar, connect, keep, know, soon, text
from harness.people import FAY, IAN, IVY, SAM

DAY = timedelta(days=1)
HOURS = {day: [["09:00", "12:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@pytest.fixture(scope="module")
def key(shared_site):
    return make_known_key(shared_site, "slots", scopes="availability")


@pytest.fixture
def ats(site, key):
    return Ats(site.url, key)


def request(*people, **changes):
    return {"groups": [{"user_ids": [person.id for person in people]}], "duration": 60, "from": text(soon()),
            "to": text(soon() + DAY), "time_zone": "UTC", "working_hours": HOURS, "step": 60, **changes}


def ask(ats, *people, **changes):
    answer = ats.post("/slots", request(*people, **changes))
    assert answer.status_code == 200, answer.text
    return answer.json()


def starts(answer):
    return [datetime.fromisoformat(slot["start"]).hour for slot in answer["slots"]]


def test_slots_are_where_everybody_is_free(site, ats):
    know(site, IVY, [(soon(3, 9), soon(3, 10))])
    know(site, IAN, [(soon(3, 10), soon(3, 11), "oof")])
    answer = ask(ats, IVY, IAN)
    assert answer["slots"] == [{"start": text(soon(3, 11)).replace("Z", "+00:00"),
                                "end": text(soon(3, 12)).replace("Z", "+00:00"), "user_ids": [[IVY.id, IAN.id]]}]
    assert answer["next"] is None and answer["explain"] is None
    assert [(one["user_id"], one["status"]) for one in answer["people"]] == [(IVY.id, "ok"), (IAN.id, "ok")]
    assert answer["policy"] == {"tentative": "busy", "unanswered": "busy", "unknown": "busy",
                                "working_hours": "request"}


def test_the_organisations_rules_hold_where_the_request_says_nothing(site, ats):
    know(site, IVY, [(soon(3, 10), soon(3, 11), "tentative")])
    site.execute("INSERT INTO calendar_organization_settings (organization_id, tentative, buffer_after, working_hours)"
                 """ VALUES ('1', 'free', 30, '{"mon": [["09:00", "11:00"]], "tue": [["09:00", "11:00"]],"""
                 """ "wed": [["09:00", "11:00"]], "thu": [["09:00", "11:00"]], "fri": [["09:00", "11:00"]],"""
                 """ "sat": [["09:00", "11:00"]], "sun": [["09:00", "11:00"]]}')""")
    answer = ask(ats, IVY, working_hours=None)
    assert starts(answer) == [9, 10] and answer["policy"]["working_hours"] == "organization"
    assert answer["policy"]["tentative"] == "free"
    assert starts(ask(ats, IVY, tentative="busy")) == [11], "the buffer reaches from nine to half past ten"


def test_unknown_people_take_slots_away_unless_they_count_as_free(site, ats):
    know(site, IVY)
    answer = ask(ats, IVY, IAN)
    assert answer["slots"] == []
    assert answer["people"][1] == {"user_id": IAN.id, "status": "unknown", "reason": "not_connected", "as_of": None,
                                   "time_zone": "UTC"}
    assert starts(ask(ats, IVY, IAN, unknown="free")) == [9, 10, 11]


def test_busy_time_beyond_the_range_counts_with_its_buffer(site, ats):
    know(site, IVY, [(soon(3, 8), soon(3, 9))])
    assert starts(ask(ats, IVY, buffer_before=30, **{"from": text(soon(3, 9))})) == [10, 11]


def test_it_is_explained_without_anybodys_calendar(site, ats):
    know(site, IVY, [(soon(3, 9), soon(3, 10))])
    answer = ask(ats, IVY, explain=True)
    whys = {part["why"] for part in answer["explain"]["people"]}
    assert whys == {"busy", "outside_working_hours"}
    assert {part["why"] for part in answer["explain"]["request"]} == {"no_complete_choice"}


def test_pages_follow_one_another(site, ats):
    know(site, IVY)
    first = ask(ats, IVY, limit=2)
    rest = ask(ats, IVY, limit=2, cursor=first["next"])
    assert (starts(first), starts(rest), rest["next"]) == ([9, 10], [11], None)


def test_a_page_has_a_hundred_slots(site, ats):
    know(site, IVY)
    answer = ask(ats, IVY, step=1)
    assert len(answer["slots"]) == 100 and answer["next"]


def test_nothing_in_the_past(site, ats):
    know(site, IVY)
    now = datetime.now().astimezone()
    answer = ask(ats, IVY, working_hours={day: [["00:00", "24:00"]] for day in HOURS}, duration=5, step=5,
                 **{"from": text(now - 2 * HOUR), "to": text(now + 2 * HOUR)})
    assert answer["slots"] and all(datetime.fromisoformat(slot["start"]) >= now for slot in answer["slots"])


def test_a_user_may_look_for_their_own_slots_alone(site):
    connect(site, IVY)
    ivy, sam = Ats(site.url, browser=site.client(IVY)), Ats(site.url, browser=site.client(SAM))
    assert ivy.post("/slots", request(IVY)).status_code == 200
    problem_of(ivy.post("/slots", request(IVY, IAN)), 403, "forbidden", "/groups/0/user_ids/1")
    assert sam.post("/slots", request(IVY, IAN)).status_code == 200


def test_nobodys_calendar_is_read_for_whoever_may_not_ask(site):
    ivy = Ats(site.url, browser=site.client(IVY))
    ivy.get("/integration")
    with site.locked("LOCK TABLE calendar_busy_intervals IN ACCESS EXCLUSIVE MODE"):
        problem_of(ivy.post("/slots", request(IVY, IAN)), 403, "forbidden", "/groups/0/user_ids/1")
        problem_of(ivy.post("/slots", request(IVY, people={IAN.id: {}})), 403, "forbidden", f"/people/{IAN.id}")
        problem_of(ivy.post("/slots", request(IAN, FAY)), 404, "not_found", "/groups/0/user_ids/1")


def test_a_request_names_fifty_people_and_no_more(ats):
    crowd = {str(number): {} for number in range(51)}
    problem_of(ats.post("/slots", request(IVY, people=crowd)), 400, "invalid_request", "/people")


def test_several_calendars_change_nothing_of_what_is_ours(site, ats):
    for person in (IVY, IAN):
        integration = connect(site, person)
        add_calendar(site, person, integration)
        add_calendar(site, person, integration, [(soon(3, 11), soon(3, 12))], name="team")
    site.execute("INSERT INTO calendar_organization_settings (organization_id, buffer_after) VALUES ('1', 30)")
    keep(site, IAN, soon(3, 9), soon(3, 9) + HOUR / 2)
    answer = ask(ats, IVY, IAN, step=30, duration=30)
    assert [slot["start"][11:16] for slot in answer["slots"]] == ["09:30", "10:00"]
    assert starts(ask(ats, IAN, step=30, duration=30, max_per_day=1)) == []


def test_somebody_of_another_organisation_is_not_known(ats):
    problem_of(ats.post("/slots", request(IVY, FAY)), 404, "not_found", "/groups/0/user_ids/1")
    problem_of(ats.post("/slots", request(IVY, people={FAY.id: {}})), 404, "not_found", f"/people/{FAY.id}")


def test_what_is_wrong_is_all_told(ats):
    problem_of(ats.post("/slots?x=1", {"groups": [], "duration": 3, "colour": "red"}), 400, "invalid_request",
               "/x", "/groups", "/duration", "/from", "/to", "/time_zone", "/colour")


@pytest.mark.parametrize("content_type", ["text/plain", "", "application/x-www-form-urlencoded", "application/jsonx"])
def test_a_body_is_json(ats, content_type):
    answer = ats.call("POST", "/slots", request(IVY), headers={"Content-Type": content_type})
    problem_of(answer, 415, "unsupported_media_type")
