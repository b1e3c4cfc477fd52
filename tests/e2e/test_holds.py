"""Holds: two candidates never get the same hour."""

import time
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

from harness.ats import Ats, let_keys_be_known, make_key, problem_of
from harness.known_time import HOUR, keep, know, soon, text
from harness.people import FAY, IAN, IVY, SAM


@pytest.fixture(scope="module")
def keys(shared_site):
    made = {"events": make_key(shared_site, "holds", scopes="events"),
            "availability": make_key(shared_site, "no-holds", scopes="availability"),
            "foreign": make_key(shared_site, "holds-foreign", organization="2", scopes="events")}
    let_keys_be_known()
    return made


@pytest.fixture
def ats(site, keys):
    know(site, IVY)
    return Ats(site.url, keys["events"])


def in_(**span):
    return text(datetime.now(timezone.utc) + timedelta(**span))


def wanted(*people, start=None, ref="int-1", **changes):
    start = start or soon(3, 9)
    return {"user_ids": [person.id for person in people or (IVY,)], "start": text(start), "end": text(start + HOUR),
            "ref": ref, "expires_at": in_(hours=1), **changes}


def hold(ats, *people, **changes):
    answer = ats.post("/holds", wanted(*people, **changes))
    assert answer.status_code == 201, answer.text
    return answer.json()


def conflicts(answer):
    return [(one["user_id"], one["why"]) for one in problem_of(answer, 409, "conflict")["conflicts"]]


def test_a_hold_is_made_and_found(ats):
    body = wanted()
    answer = ats.post("/holds", body)
    made = answer.json()
    assert answer.status_code == 201 and answer.headers["Location"].endswith(f"/holds/{made['id']}")
    assert {name: made[name] for name in body} == body and made["warnings"] == []
    del made["warnings"]
    assert ats.get(f"/holds/{made['id']}").json() == made
    assert ats.get("/holds?ref=int-1").json() == {"holds": [made], "next": None}
    assert ats.get("/holds?ref=int-2").json()["holds"] == []


def test_the_same_again_is_the_same_hold(ats):
    body = wanted(IVY, IAN)
    first = ats.post("/holds", body)
    again = ats.post("/holds", {**body, "user_ids": body["user_ids"][::-1], "expires_at": in_(hours=2)})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"] and again.json()["expires_at"] == first.json()["expires_at"]


def test_what_overlaps_is_a_conflict_that_names_whose_time(site, ats):
    know(site, IAN, [(soon(3, 9), soon(3, 10)), (soon(3, 11), soon(3, 12), "oof"),
                     (soon(3, 13), soon(3, 14), "tentative")])
    hold(ats, IVY)
    half = timedelta(minutes=30)
    assert conflicts(ats.post("/holds", wanted(IVY, start=soon(3, 9) + half, ref="int-2"))) == [(IVY.id, "hold")]
    assert conflicts(ats.post("/holds", wanted(IVY, IAN, ref="int-2"))) == [(IVY.id, "hold"), (IAN.id, "busy")]
    assert conflicts(ats.post("/holds", wanted(IAN, start=soon(3, 11), ref="int-2"))) == [(IAN.id, "out_of_office")]
    assert conflicts(ats.post("/holds", wanted(IAN, start=soon(3, 13), ref="int-2"))) == [(IAN.id, "tentative")]
    site.execute("INSERT INTO calendar_organization_settings (organization_id, tentative) VALUES ('1', 'free')")
    hold(ats, IAN, start=soon(3, 13), ref="int-2")
    hold(ats, IVY, start=soon(3, 10), ref="int-2")
    hold(ats, IVY, start=soon(3, 8), ref="int-2")
    hold(ats, IVY, ref="int-3", allow_conflict=True)


def test_unknown_time_is_no_conflict_and_is_named(ats):
    made = hold(ats, IVY, IAN)
    assert made["warnings"] == [{"user_id": IAN.id, "start": made["start"], "end": made["end"],
                                 "reason": "not_connected"}]


def test_of_a_hundred_at_once_one_wins_each_hour(site, keys, ats):
    starts = [soon(4, hour) for hour in range(10)]

    def book(number):
        return ats.post("/holds", wanted(IVY, start=starts[number % 10], ref=f"int-{number}")).status_code

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(book, range(100)))
    assert sorted(answers) == [201] * 10 + [409] * 90
    assert site.row("SELECT count(*) AS n, count(DISTINCT starts_at) AS starts FROM calendar_hold_people") == {
        "n": 10, "starts": 10}


def test_people_in_another_order_dont_block_one_another(ats):
    def book(number):
        people = (IVY, IAN) if number % 2 else (IAN, IVY)
        return ats.post("/holds", wanted(*people, start=soon(5, number % 5), ref=f"int-{number}")).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(book, range(40))) == [201] * 5 + [409] * 35


def end_in_a_second(site):
    for table in ("calendar_holds", "calendar_hold_people"):
        site.execute(f"UPDATE {table} SET expires_at = now() + interval '1 second'")


def test_a_hold_ends_by_itself_to_the_second(site, ats):
    made = hold(ats)
    end_in_a_second(site)
    assert ats.get(f"/holds/{made['id']}").status_code == 200
    time.sleep(1.1)
    problem_of(ats.get(f"/holds/{made['id']}"), 404, "not_found")
    problem_of(ats.call("PATCH", f"/holds/{made['id']}", {"expires_at": in_(hours=1)}), 404, "not_found")
    assert ats.get("/holds").json()["holds"] == []
    hold(ats, ref="int-2")


def test_time_is_never_held_twice_at_the_end_of_a_hold(site, ats):
    made = hold(ats)
    end_in_a_second(site)
    lock = ("SELECT pg_advisory_xact_lock(hashtextextended(organization_id || chr(31) || user_id, 458))"
            " FROM calendar_hold_people")
    with ThreadPoolExecutor(2) as pool:
        with site.locked(lock):
            later = pool.submit(ats.call, "PATCH", f"/holds/{made['id']}", {"expires_at": in_(hours=1)})
            other = pool.submit(ats.post, "/holds", wanted(ref="int-2"))
            time.sleep(1.5)
        problem_of(later.result(), 404, "not_found")
        assert other.result().status_code == 201, "what had ended is in nobody's way"


def test_a_hold_that_is_put_off_takes_its_time_until_then(site, ats):
    made = hold(ats)
    end_in_a_second(site)
    assert ats.call("PATCH", f"/holds/{made['id']}", {"expires_at": in_(hours=1)}).status_code == 200
    time.sleep(1.1)
    assert conflicts(ats.post("/holds", wanted(ref="int-2"))) == [(IVY.id, "hold")]


def test_nobody_has_more_than_a_thousand(site, ats):
    keep(site, IVY, soon(9, 9), soon(9, 10), ref="many", count=999)
    last = hold(ats)
    answer = ats.post("/holds", wanted(IAN, IVY, start=soon(3, 10), ref="int-2"))
    assert problem_of(answer, 429, "rate_limited", "/user_ids/1") and int(answer.headers["Retry-After"]) >= 1
    assert ats.post("/holds", wanted()).json()["id"] == last["id"], "it is there already"
    hold(ats, IAN, start=soon(3, 10), ref="int-2")
    ats.call("DELETE", f"/holds/{last['id']}")
    hold(ats, IVY, start=soon(3, 11), ref="int-2")


def test_its_end_can_be_put_off_alone(ats):
    made = hold(ats)
    later = in_(days=2)
    changed = ats.call("PATCH", f"/holds/{made['id']}", {"expires_at": later})
    assert changed.status_code == 200 and changed.json()["expires_at"] == later
    problem_of(ats.call("PATCH", f"/holds/{made['id']}", {"expires_at": later, "start": later}), 400, "invalid_request",
               "/start")
    problem_of(ats.call("PATCH", f"/holds/{made['id']}", {"expires_at": in_(days=15)}), 400, "invalid_request",
               "/expires_at")


def test_it_is_released_as_often_as_one_likes(ats):
    made = hold(ats)
    assert [ats.call("DELETE", f"/holds/{made['id']}").status_code for _ in range(2)] == [204, 204]
    problem_of(ats.get(f"/holds/{made['id']}"), 404, "not_found")
    problem_of(ats.call("DELETE", "/holds/AAAAAAAAAAAAAAAAAAAAAA"), 404, "not_found")
    hold(ats, ref="int-2")


def test_held_time_is_no_slot(site, keys, ats):
    hold(ats, start=soon(3, 9), ref="int-1")
    hours = {day: [["09:00", "11:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    body = {"groups": [{"user_ids": [IVY.id]}], "duration": 60, "from": text(soon(3)), "to": text(soon(4)), "step": 60,
            "time_zone": "UTC", "working_hours": hours}
    scheduler = Ats(site.url, keys["availability"])

    def starts(**changes):
        return [slot["start"][11:13] for slot in scheduler.post("/slots", {**body, **changes}).json()["slots"]]

    assert starts() == ["10"] and starts(ignore_ref="int-1") == ["09", "10"] and starts(max_per_day=1) == []
    busy = scheduler.post("/availability", {"user_ids": [IVY.id], "from": text(soon(3)), "to": text(soon(4))}).json()
    assert busy["users"][0]["busy"] == [], "holds are no calendar's"


def test_lists_come_in_pages(ats):
    made = [hold(ats, start=soon(3, hour), ref="int-1")["id"] for hour in (9, 10, 11)]
    first = ats.get("/holds?limit=2").json()
    rest = ats.get(f"/holds?limit=2&cursor={first['next']}").json()
    assert [one["id"] for one in first["holds"] + rest["holds"]] == made and rest["next"] is None
    for place in ("x", f"{-62135596800 * 10 ** 6 - 1}/{made[0]}", f"{253402300800 * 10 ** 6}/{made[0]}", "0/x"):
        cursor = urlsafe_b64encode(place.encode()).decode().rstrip("=")
        problem_of(ats.get(f"/holds?cursor={cursor}"), 400, "invalid_request", "/cursor")


def test_who_may(site, keys, ats):
    made = hold(ats, IVY, IAN)
    problem_of(Ats(site.url, keys["availability"]).post("/holds", wanted()), 403, "forbidden")
    foreign = Ats(site.url, keys["foreign"])
    for method in ("GET", "DELETE"):
        problem_of(foreign.call(method, f"/holds/{made['id']}"), 404, "not_found")
    problem_of(foreign.call("PATCH", f"/holds/{made['id']}", {"expires_at": in_(hours=2)}), 404, "not_found")
    assert foreign.get("/holds").json()["holds"] == []
    problem_of(ats.post("/holds", wanted(FAY)), 404, "not_found", "/user_ids/0")
    ivy, sam = (Ats(site.url, browser=site.client(person)) for person in (IVY, SAM))
    problem_of(ivy.post("/holds", wanted(IVY, IAN)), 403, "forbidden", "/user_ids/1")
    for method in ("GET", "DELETE"):
        problem_of(ivy.call(method, f"/holds/{made['id']}"), 403, "forbidden")
    assert ivy.get("/holds").json()["holds"] == []
    own = hold(ivy, IVY, start=soon(6, 9), ref="own")
    for path in ("/holds", "/holds?ref=own"):
        assert [one["id"] for one in ivy.get(path).json()["holds"]] == [own["id"]]
    assert ivy.get("/holds?ref=int-1").json()["holds"] == []
    assert len(sam.get("/holds").json()["holds"]) == 2 and sam.call("DELETE", f"/holds/{made['id']}").status_code == 204


@pytest.mark.parametrize("changes,pointer", [
    ({"user_ids": []}, "/user_ids"), ({"user_ids": ["2", "2"]}, "/user_ids/1"), ({"end": text(soon(3, 9))}, "/end"),
    ({"end": text(soon(4, 10))}, "/end"), ({"ref": ""}, "/ref"), ({"expires_at": in_(seconds=30)}, "/expires_at"),
    ({"expires_at": in_(days=15)}, "/expires_at"), ({"colour": 1}, "/colour"),
    ({"allow_conflict": 1}, "/allow_conflict")])
def test_what_cannot_be_is_named(ats, changes, pointer):
    problem_of(ats.post("/holds", {**wanted(), **changes}), 400, "invalid_request", pointer)


def test_what_ended_long_ago_is_dropped(site, ats):
    hold(ats)
    site.execute("UPDATE calendar_holds SET expires_at = now() - interval '25 hours'")
    site.execute("UPDATE calendar_chores SET due_at = now()")
    site.run_jobs()
    assert site.count("calendar_holds") == site.count("calendar_hold_people") == 0
