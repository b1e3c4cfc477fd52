"""Availability: what is busy, how well it is known, and where it isn't, never left out."""

import json
import subprocess
import time
from datetime import timedelta
from pathlib import Path

import pytest

from harness.ats import Ats, make_known_key, problem_of
from harness.known_time import HOUR, add_calendar, connect, know, soon, text
from harness.people import FAY, IAN, IVY, NORA, OTTO, SAM

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def key(shared_site):
    return make_known_key(shared_site, "availability", scopes="availability")


@pytest.fixture
def ats(site, key):
    return Ats(site.url, key)


def query(*people, start=None, end=None, **more):
    fields = [("user_id", person.id) for person in people]
    fields += [("from", text(start or soon())), ("to", text(end or soon() + DAY)), *more.items()]
    return "/availability?" + "&".join(f"{name}={value}" for name, value in fields)


def ask(ats, *people, **options):
    answer = ats.get(query(*people, **options))
    assert answer.status_code == 200, answer.text
    return answer.json()["users"]


def spans(user):
    return [(one["start"], one["end"]) for one in user["busy"]]


def part(start, end):
    return (text(start), text(end))


def test_busy_time_is_merged_clipped_and_half_open(site, ats):
    day = soon()
    know(site, IVY, [(day - HOUR, day + HOUR), (day + 2 * HOUR, day + 3 * HOUR), (day + 3 * HOUR, day + 4 * HOUR),
                     (day + 10 * HOUR, day + 12 * HOUR, "oof"), (day + 11 * HOUR, day + 13 * HOUR),
                     (day - 2 * HOUR, day), (day + DAY, day + DAY + HOUR), (day + 23 * HOUR, day + 30 * HOUR)])
    (ivy,) = ask(ats, IVY)
    assert spans(ivy) == [part(day, day + HOUR), part(day + 2 * HOUR, day + 4 * HOUR),
                          part(day + 10 * HOUR, day + 13 * HOUR), part(day + 23 * HOUR, day + DAY)]
    assert (ivy["user_id"], ivy["status"], ivy["reason"], ivy["unknown"]) == (IVY.id, "ok", None, [])
    assert ivy["time_zone"] == "UTC" and ivy["as_of"]


def test_everybody_is_answered_once_in_the_order_asked(site, ats):
    know(site, IVY)
    assert [user["user_id"] for user in ask(ats, SAM, IVY, IAN, IVY)] == [SAM.id, IVY.id, IAN.id]


def test_several_calendars_are_one_answer_and_as_old_as_the_oldest(site, ats):
    day = soon()
    integration = connect(site, IVY)
    add_calendar(site, IVY, integration, [(day, day + HOUR)])
    sync = add_calendar(site, IVY, integration, [(day + HOUR, day + 2 * HOUR)], age=timedelta(minutes=20), name="team")
    (ivy,) = ask(ats, IVY)
    assert spans(ivy) == [part(day, day + 2 * HOUR)] and ivy["status"] == "ok"
    row = site.row("SELECT last_synced_at FROM calendar_syncs WHERE id = %s", sync)
    assert ivy["as_of"] == text(row["last_synced_at"])


def test_old_time_is_stale_and_then_unknown(site, ats):
    day = soon()
    know(site, IVY, [(day, day + HOUR)], age=timedelta(minutes=31))
    know(site, IAN, [(day, day + HOUR)], age=timedelta(hours=25))
    ivy, ian = ask(ats, IVY, IAN)
    assert (ivy["status"], ivy["reason"], ivy["unknown"]) == ("stale", None, []) and spans(ivy)
    assert (ian["status"], ian["reason"]) == ("unknown", "too_old") and spans(ian), "what was last known"
    assert ian["unknown"] == [{"start": text(day), "end": text(day + DAY), "reason": "too_old"}]


@pytest.mark.parametrize("make,reason", [
    (lambda site: None, "not_connected"),
    (lambda site: site.execute("UPDATE calendar_integrations SET active = false, status = 'inactive' WHERE id = %s",
                               connect(site, IVY)), "disconnected"),
    (lambda site: know(site, IVY, status="expired"), "expired"),
    (lambda site: connect(site, IVY), "no_calendar_ticked"),
    (lambda site: connect(site, IVY, status="error"), "error"),
    (lambda site: know(site, IVY, read=False), "never_synced"),
    (lambda site: know(site, IVY, read=False, status="error"), "error"),
    (lambda site: know(site, IVY, trouble="forbidden"), "calendar_unreadable"),
    (lambda site: know(site, IVY, trouble="gone"), "calendar_unreadable"),
], ids=["nobody", "former", "expired", "unticked", "error", "unread", "failed", "forbidden", "gone"])
def test_whoever_cannot_be_read_is_unknown_with_the_reason(site, ats, make, reason):
    make(site)
    (ivy,) = ask(ats, IVY)
    assert (ivy["status"], ivy["reason"]) == ("unknown", reason)
    assert ivy["unknown"] == [{"start": text(soon()), "end": text(soon() + DAY), "reason": reason}]


def test_a_passing_trouble_only_ages(site, ats):
    know(site, IVY, trouble="unavailable", age=timedelta(minutes=40))
    assert ask(ats, IVY)[0]["status"] == "stale"


def test_one_calendar_that_cannot_be_read_makes_the_range_unknown_and_hides_no_other(site, ats):
    day = soon()
    integration = connect(site, IVY)
    add_calendar(site, IVY, integration, [(day, day + HOUR)])
    add_calendar(site, IVY, integration, [(day + 5 * HOUR, day + 6 * HOUR)], name="team", trouble="gone")
    (ivy,) = ask(ats, IVY)
    assert ivy["status"] == "unknown" and spans(ivy) == [part(day, day + HOUR), part(day + 5 * HOUR, day + 6 * HOUR)]


def test_what_lies_outside_of_what_was_read_is_unknown_in_its_part(site, ats):
    know(site, IVY, known_days=(-7, 10))
    start, end = soon(5), soon(20)
    (ivy,) = ask(ats, IVY, start=start, end=end)
    assert (ivy["status"], ivy["reason"]) == ("unknown", "outside_window")
    assert ivy["unknown"] == [{"start": text(soon(10)), "end": text(end), "reason": "outside_window"}]


def test_a_series_that_was_cut_is_unknown_from_there(site, ats):
    sync = know(site, IVY)
    site.execute("INSERT INTO calendar_series (organization_id, sync_id, series_key, body, unknown_from)"
                 " VALUES ('1', %s, 'daily', '', %s)", sync, soon(3, 12))
    (ivy,) = ask(ats, IVY)
    assert ivy["unknown"] == [{"start": text(soon(3, 12)), "end": text(soon(4)), "reason": "calendar_truncated"}]


def test_the_organisations_rules_apply_as_it_is_read(site, ats):
    day = soon()
    know(site, IVY, [(day, day + HOUR, "tentative"), (day + 2 * HOUR, day + 3 * HOUR, "unanswered")])
    assert len(spans(ask(ats, IVY)[0])) == 2
    site.execute("INSERT INTO calendar_organization_settings (organization_id, tentative) VALUES ('1', 'free')")
    assert spans(ask(ats, IVY)[0]) == [part(day + 2 * HOUR, day + 3 * HOUR)]


def test_the_body_asks_the_same(site, ats):
    day = soon()
    know(site, IVY, [(day, day + HOUR)])
    body = {"user_ids": [IVY.id, IAN.id], "from": text(day), "to": text(day + DAY)}
    assert ats.post("/availability", body).json() == ats.get(query(IVY, IAN)).json()


@pytest.mark.parametrize("kind", ["application/json", "text/calendar"])
def test_an_entity_tag_spares_the_answer(site, ats, kind):
    know(site, IVY)

    def ask_again(tag):
        return ats.get(query(IVY), headers={"Accept": kind, "If-None-Match": tag})

    tag = ask_again('"other"').headers["ETag"]
    time.sleep(1.1)
    for known in (tag, f'"other", W/{tag.removeprefix("W/")}'):
        again = ask_again(known)
        assert again.status_code == 304 and not again.content and again.headers["ETag"] == tag
    site.execute("UPDATE calendar_syncs SET trouble = 'gone'")
    assert ask_again(tag).status_code == 200


def test_the_forms_of_an_answer_have_tags_of_their_own(site, ats):
    tags = [ats.get(query(IVY), headers={"Accept": kind}).headers["ETag"].removeprefix("W/")
            for kind in ("application/json", "text/calendar")]
    assert tags[0] != tags[1]


def test_free_busy_text_names_unknown_time(site, ats):
    day = soon()
    know(site, IVY, [(day, day + HOUR), (day + 2 * HOUR, day + 3 * HOUR)])
    answer = ats.get(query(IVY, IAN), headers={"Accept": "text/calendar"})
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/calendar")
    lines = answer.text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    assert lines.count("BEGIN:VFREEBUSY") == 2 and max(map(len, lines)) <= 75
    stamp = "%Y%m%dT%H%M%SZ"
    assert f"FREEBUSY;FBTYPE=BUSY:{day.strftime(stamp)}/{(day + HOUR).strftime(stamp)}" in lines
    assert f"FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:{day.strftime(stamp)}/{(day + DAY).strftime(stamp)}" in lines
    assert any(line.startswith("COMMENT:") and "not_connected" in line for line in lines)
    script = Path(__file__).parent / "read_free_busy.mjs"
    read = subprocess.run(["node", script], input=answer.text, capture_output=True, text=True, timeout=60)
    assert read.returncode == 0, read.stderr
    ivy, ian = json.loads(read.stdout)
    assert ivy == {"attendee": f"urn:calint:user:{IVY.id}",
                   "periods": [["BUSY", text(day), text(day + HOUR)],
                               ["BUSY", text(day + 2 * HOUR), text(day + 3 * HOUR)]]}
    assert ian["periods"] == [["BUSY-UNAVAILABLE", text(day), text(day + DAY)]]


# Who may, and what is refused

def test_others_are_asked_for_by_schedulers_alone(site):
    ivy, sam = Ats(site.url, browser=site.client(IVY)), Ats(site.url, browser=site.client(SAM))
    assert [user["user_id"] for user in ask(ivy, IVY)] == [IVY.id]
    problem_of(ivy.get(query(IVY, IAN)), 403, "forbidden", "/user_id/1")
    assert len(ask(sam, IVY, IAN, NORA)) == 3


@pytest.mark.parametrize("person", [FAY, OTTO], ids=lambda person: person.login)
def test_somebody_unknown_refuses_the_whole_call(site, ats, person):
    problem_of(ats.get(query(IVY, person)), 404, "not_found", "/user_id/1")
    ivy = Ats(site.url, browser=site.client(IVY))
    problem_of(ivy.get(query(IVY, person)), 404, "not_found", "/user_id/1")


def test_a_browser_that_posts_proves_that_its_user_meant_it(site):
    ivy = Ats(site.url, browser=site.client(IVY))
    body = {"user_ids": [IVY.id], "from": text(soon()), "to": text(soon() + DAY)}
    assert ivy.post("/availability", body).status_code == 200
    problem_of(ivy.post("/availability", body, headers={"X-CSRF-Token": "x" * 43}), 403, "forbidden")
    problem_of(ivy.post("/availability", body, headers={"Origin": "https://evil.example"}), 403, "forbidden")
    problem_of(ivy.post("/availability", body, headers={"Sec-Fetch-Site": "cross-site"}), 403, "forbidden")


@pytest.mark.parametrize("path,pointers", [
    ("/availability", ["/user_id", "/from", "/to"]),
    ("/availability?user_id=2&from=now&to=2026-12-07T00:00:00Z", ["/from"]),
    ("/availability?user_id=2&from=2026-12-07T00:00:00Z&to=2026-12-07T00:00:00Z", ["/to"]),
    ("/availability?user_id=2&from=2026-01-01T00:00:00Z&to=2026-04-03T00:00:00Z", ["/to"]),
    ("/availability?user_id=2&from=2026-01-01T00:00:00&to=2026-04-03T00:00:00Z", ["/from"]),
    ("/availability?user_id=&from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z", ["/user_id", "/user_id"]),
    ("/availability?user_id=2&from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z&tz=UTC", ["/tz"]),
    ("/availability?from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z&" + "&".join(f"user_id={n}" for n in range(51)),
     ["/user_id"])], ids=range(8))
def test_what_cannot_be_asked_is_named(ats, path, pointers):
    problem_of(ats.get(path), 400, "invalid_request", *pointers)


def test_fifty_people_and_91_days_are_allowed(site, ats):
    crowd = site.add_crowd(50)
    assert len(ask(ats, *crowd, start=soon(0), end=soon(91))) == 50
