"""POST /events and what comes after it, as the ATS sees it; test_interviews.py has what calendars make of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

from harness.ats import Ats, let_keys_be_known, make_key, make_known_key, problem_of
from harness.known_time import HOUR, soon, text
from harness.paths import DISCONNECT, switch_path
from harness.people import ADA, FAY, IAN, IVY, OTTO, SAM
from harness.process import wait_until
from harness.providers import APPLE
from harness.session import notice_of

ACCOUNT = "avery@example.com"
JANE = {"email": "jane@candidate.test", "name": "Jane Doe", "optional": False}
SENT = {"user_id", "interview_ref", "title", "description", "location", "start", "end", "time_zone", "attendees",
        "interviewer_ids", "conference", "conference_url", "notify", "hide_guests", "reminder"}
ADDED = {"id", "status", "provider", "calendar_id", "provider_event_id", "html_link", "responses",
         "changed_in_calendar", "problem", "created_at", "updated_at"}
ID = "0123456789abcdef" * 2


@pytest.fixture(scope="module")
def keys(shared_site):
    made = {"events": make_key(shared_site, "events", scopes="events"),
            "all": make_key(shared_site, "events-and-changes"),
            "availability": make_key(shared_site, "no-events", scopes="availability,changes"),
            "foreign": make_key(shared_site, "events-foreign", organization="2", scopes="events")}
    let_keys_be_known()
    return made


def read_by_now(site):
    site.execute("UPDATE calendar_syncs SET last_synced_at = now(), known_from = current_date - 7,"
                 " known_until = current_date + 180")


@pytest.fixture
def ats(site, keys, sandbox, ivy):
    """Ivy's calendar is connected, and read."""
    assert notice_of(ivy.connect(sandbox, ACCOUNT)) == "connected"
    read_by_now(site)
    return Ats(site.url, keys["events"])


def wanted(start=None, ref="int-1", end=None, **members):
    start = start or soon(3, 9)
    return {"user_id": IVY.id, "interview_ref": ref, "title": "Interview: Jane Doe", "start": text(start),
            "end": text(end or start + HOUR), **members}


def book(ats, status=201, **members):
    answer = ats.post("/events", wanted(**members))
    assert answer.status_code == status, answer.text
    return answer.json()


def change(ats, made, status=200, headers=None, **members):
    answer = ats.call("PATCH", f"/events/{made['id']}", members, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


def cancel(ats, made, **options):
    answer = ats.call("DELETE", f"/events/{made['id']}", **options)
    assert answer.status_code == 204, answer.text


def shown(sandbox):
    """Google's events that aren't cancelled."""
    return [event for event in sandbox.calendar("google", ACCOUNT).events() if event["status"] != "cancelled"]


def hold(ats, *people, start=None, ref="int-1"):
    start = start or soon(3, 9)
    answer = ats.post("/holds", {"user_ids": [person.id for person in people], "start": text(start),
                                 "end": text(start + HOUR), "ref": ref,
                                 "expires_at": text(datetime.now(timezone.utc) + HOUR)})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def test_an_interview_is_booked_and_found(ats, sandbox):
    body = wanted(description="Bring a laptop.\nAnd a pen.", location="Room 5", time_zone="Europe/Berlin",
                  attendees=[JANE], interviewer_ids=[IVY.id, IAN.id], conference=False,
                  conference_url=None, notify=True, hide_guests=False, reminder=15)
    answer = ats.post("/events", body)
    made = answer.json()
    assert answer.status_code == 201 and answer.headers["Location"].endswith(f"/calendar/api/v1/events/{made['id']}")
    assert set(made) == SENT | ADDED | {"warnings"} and {name: made[name] for name in body} == body
    assert (made["status"], made["provider"], made["calendar_id"]) == ("confirmed", "google", ACCOUNT)
    assert made["provider_event_id"] and made["html_link"].startswith("http")
    assert made["changed_in_calendar"] is None and made["problem"] is None
    del made["warnings"]
    found = ats.get(f"/events/{made['id']}")
    assert found.status_code == 200 and found.json() == made and found.headers["ETag"] == answer.headers["ETag"]
    assert ats.get("/events?interview_ref=int-1").json() == {"events": [made], "next": None}
    (event,) = shown(sandbox)
    assert event["id"] == made["provider_event_id"] and event["summary"] == body["title"]
    assert {guest["email"] for guest in event["attendees"]} >= {JANE["email"], IAN.login}
    assert {one["email"]: one["status"] for one in made["responses"]}[JANE["email"]] == "needs_action"


def test_what_is_left_out_has_its_default(ats):
    made = book(ats)
    assert {name: made[name] for name in SENT - set(wanted())} == {
        "description": None, "location": None, "time_zone": "UTC", "attendees": [], "interviewer_ids": [IVY.id],
        "conference": False, "conference_url": None, "notify": True, "hide_guests": False, "reminder": None}


def test_texts_come_out_in_one_form(ats, sandbox):
    made = book(ats, title="Interview:\r\nJane <b>Doe</b>", description="1 < 2 & 3\r\nhttps://evil.test",
                location="Room\n5", attendees=[{**JANE, "name": "Jane\nDoe"},
                                               {"email": "JANE@candidate.test", "optional": True}])
    assert made["title"] == "Interview: Jane <b>Doe</b>" and made["location"] == "Room 5"
    assert made["description"] == "1 < 2 & 3\nhttps://evil.test" and made["attendees"] == [JANE]
    (event,) = shown(sandbox)
    assert event["summary"] == made["title"] and [guest["email"] for guest in event["attendees"]] == [JANE["email"]]


def test_the_same_again_is_the_same_interview(ats, sandbox):
    body = wanted(attendees=[JANE], notify=True, reminder=None)
    first = ats.post("/events", body)
    other = wanted(attendees=[{"name": "Jane Doe", "email": JANE["email"]}], conference=False,
                   interviewer_ids=[IVY.id], allow_conflict=True, hold_id="AAAAAAAAAAAAAAAAAAAAAA", time_zone="UTC")
    other["start"] = soon(3, 9).astimezone(timezone(timedelta(hours=5))).isoformat()
    again = ats.post("/events", dict(reversed(other.items())))
    assert (first.status_code, again.status_code) == (201, 200) and again.json() == first.json()
    assert again.headers["ETag"] == first.headers["ETag"] and again.headers["Location"] == first.headers["Location"]
    problem_of(ats.post("/events", {**body, "title": "Another"}), 409, "ref_in_use")
    problem_of(ats.post("/events", {**body, "start": text(soon(3, 8))}), 409, "ref_in_use")
    assert len(shown(sandbox)) == 1


def test_the_same_at_once_is_one_interview(ats, sandbox):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ats.post("/events", wanted()), range(16)))
    assert [answer.status_code for answer in answers].count(201) <= 1
    assert {answer.status_code for answer in answers} <= {200, 201, 202}
    assert len({answer.json()["id"] for answer in answers}) == 1 == len(shown(sandbox))


def test_changes_at_once_all_stand_but_of_one_state_one(ats):
    path = f"/events/{book(ats)['id']}"
    members = {"title": "A", "description": "B", "location": "C", "reminder": 5}
    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda name: ats.call("PATCH", path, {name: members[name]}).status_code, members))
    found = ats.get(path)
    assert set(statuses) <= {200, 202} and {name: found.json()[name] for name in members} == members
    tag = {"If-Match": found.headers["ETag"]}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda title: ats.call("PATCH", path, {"title": title}, headers=tag), "DEFG"))
    (won,) = [answer for answer in answers if answer.status_code != 412]
    assert won.status_code in (200, 202) and ats.get(path).json()["title"] == won.json()["title"]


def test_a_cancelled_ref_makes_another_event(ats, sandbox):
    made = book(ats)
    cancel(ats, made)
    other = book(ats)
    assert other["id"] != made["id"] and other["provider_event_id"] != made["provider_event_id"]
    assert [event["id"] for event in shown(sandbox)] == [other["provider_event_id"]]
    listed = ats.get("/events?interview_ref=int-1").json()["events"]
    assert sorted(one["status"] for one in listed) == ["cancelled", "confirmed"]


def test_what_the_provider_hears_later_is_202(site, ats, sandbox):
    site.log.expect("CALINT0233")
    sandbox.fault("events.insert", "status", status=503, count=-1)
    answer = ats.post("/events", wanted())
    made = answer.json()
    assert answer.status_code == 202 and answer.headers["Location"].endswith(made["id"]) and answer.headers["ETag"]
    assert made["status"] == "pending" and made["problem"]["type"] == "provider_unavailable"
    again = ats.post("/events", wanted())
    assert again.status_code == 202 and again.json()["id"] == made["id"]
    assert change(ats, made, 202, title="Another")["status"] == "pending"
    cancel(ats, made)
    assert ats.get(f"/events/{made['id']}").json()["status"] == "cancelled" and shown(sandbox) == []


def test_a_change_names_what_is_another_and_null_clears(ats, sandbox):
    made = book(ats, description="Bring a laptop.", location="Room 5", attendees=[JANE], reminder=15, notify=False)
    answer = ats.call("PATCH", f"/events/{made['id']}", {"title": "Another", "description": None, "reminder": None},
                      headers={"Content-Type": "application/merge-patch+json"})
    changed = answer.json()
    assert answer.status_code == 200 and changed["warnings"] == []
    others = {name for name in made if made[name] != changed[name]} - {"updated_at"}
    assert others == {"title", "description", "reminder"}
    assert changed["description"] is None and changed["notify"] is False
    assert change(ats, made, interviewer_ids=None, notify=None, attendees=None)["attendees"] == []
    (event,) = shown(sandbox)
    assert event["summary"] == "Another" and not event.get("description")
    assert change(ats, made) == ats.get(f"/events/{made['id']}").json() | {"warnings": []}


@pytest.mark.parametrize("members,pointers", [
    ({"user_id": IVY.id}, ["/user_id"]), ({"interview_ref": "int-1"}, ["/interview_ref"]),
    ({"hold_id": None, "id": "x", "status": "cancelled"}, ["/hold_id", "/id", "/status"]),
    ({"title": None}, ["/title"]), ({"end": text(soon(3, 9))}, ["/end"]), ({"start": text(soon(2, 9))}, ["/start"]),
    ({"conference": True}, ["/conference"]), ({"attendees": [{"email": "jane"}]}, ["/attendees/0/email"]),
    ({"reminder": 40321}, ["/reminder"])])
def test_a_change_that_cannot_be_is_named(ats, members, pointers):
    made = book(ats)
    problem_of(ats.call("PATCH", f"/events/{made['id']}", members), 400, "invalid_request", *pointers)
    assert ats.get(f"/events/{made['id']}").json()["title"] == made["title"]


@pytest.mark.parametrize("members,pointers", [
    ({"title": "x" * 256}, ["/title"]), ({"title": "a\tb"}, ["/title"]),
    ({"description": "x" * 8001}, ["/description"]),
    ({"end": text(soon(3, 9) + timedelta(seconds=59))}, ["/end"]), ({"end": text(soon(4, 10))}, ["/end"]),
    ({"start": text(soon(740)), "end": text(soon(740, 1))}, ["/start"]),
    ({"time_zone": "Mars/Olympus"}, ["/time_zone"]),
    ({"attendees": [{"email": f"a{n}@b.test"} for n in range(101)]}, ["/attendees"]),
    ({"attendees": [{"email": "a b@c.test"}, {"email": "a@b.test", "mail": 1}]}, ["/attendees/0/email",
                                                                               "/attendees/1/mail"]),
    ({"interviewer_ids": [IVY.id, IVY.id]}, ["/interviewer_ids/1"]), ({"reminder": -1}, ["/reminder"]),
    ({"conference": True, "conference_url": "https://meet.example/1"}, ["/conference_url"]),
    ({"conference_url": "http://meet.example/1"}, ["/conference_url"]), ({"colour": 1}, ["/colour"])])
def test_what_cannot_be_is_named(ats, members, pointers):
    problem_of(ats.post("/events", {**wanted(), **members}), 400, "invalid_request", *pointers)


def test_an_etag_is_of_what_was_sent_and_of_the_status(ats):
    answer = ats.post("/events", wanted(attendees=[JANE]))
    path, tag = f"/events/{answer.json()['id']}", answer.headers["ETag"]
    same = ats.get(path, headers={"If-None-Match": tag})
    assert same.status_code == 200 and same.headers["ETag"] == tag, "guests may have answered under this tag"
    problem_of(ats.call("PATCH", path, {"title": "A"}, headers={"If-Match": '"x"'}), 412, "precondition_failed")
    problem_of(ats.call("PATCH", path, {"title": "A"}, headers={"If-Match": f"W/{tag}"}), 412, "precondition_failed")
    assert ats.get(path).headers["ETag"] == tag
    changed = ats.call("PATCH", path, {"title": "A"}, headers={"If-Match": f'"x", {tag}'})
    assert changed.status_code == 200 and changed.headers["ETag"] != tag
    problem_of(ats.call("PATCH", path, {"title": "B"}, headers={"If-Match": tag}), 412, "precondition_failed")
    assert ats.call("PATCH", path, {"title": "B"}, headers={"If-Match": "*"}).status_code == 200
    compressed = f'{ats.get(path).headers["ETag"][:-1]}-gzip"'  # as mod_deflate sends it
    assert ats.call("PATCH", path, {"title": "C"}, headers={"If-Match": compressed}).status_code == 200
    assert ats.get(path).headers["ETag"] != tag
    problem_of(ats.call("DELETE", path, headers={"If-Match": tag}), 412, "precondition_failed")
    now = ats.get(path).headers["ETag"]
    assert [ats.call("DELETE", path, headers={"If-Match": now}).status_code for _ in range(2)] == [204, 204]
    assert ats.get(path).headers["ETag"] != now


def test_it_is_cancelled_as_often_as_one_likes(ats, sandbox):
    made = book(ats)
    for _ in range(2):
        cancel(ats, made)
    assert ats.get(f"/events/{made['id']}").json()["status"] == "cancelled" and shown(sandbox) == []
    problem_of(ats.call("PATCH", f"/events/{made['id']}", {"title": "A"}), 409, "conflict")
    problem_of(ats.call("DELETE", f"/events/{ID}"), 404, "not_found")
    book(ats, ref="int-2")


def test_taken_time_is_a_conflict_but_not_with_itself(ats):
    made = book(ats, interviewer_ids=[IVY.id, IAN.id])
    half = soon(3, 9) + HOUR / 2
    problem = problem_of(ats.post("/events", wanted(half, ref="int-2", interviewer_ids=[IAN.id])), 409, "conflict")
    assert problem["conflicts"] == [{"user_id": IAN.id, "start": made["start"], "end": made["end"], "why": "interview"}]
    assert change(ats, made, start=text(half), end=text(half + HOUR))["start"] == text(half)
    other = book(ats, ref="int-2", start=soon(3, 12))
    problem = problem_of(ats.call("PATCH", f"/events/{other['id']}", {"start": text(half)}), 409, "conflict")
    assert [one["why"] for one in problem["conflicts"]] == ["interview"]
    assert change(ats, other, start=text(half), allow_conflict=True)["start"] == text(half)
    book(ats, ref="int-3", start=half, allow_conflict=True)
    hold(ats, IAN, start=soon(3, 15), ref="int-4")
    held = ats.post("/events", wanted(soon(3, 15), ref="int-5", interviewer_ids=[IAN.id]))
    problem = problem_of(held, 409, "conflict")
    assert [one["why"] for one in problem["conflicts"]] == ["hold"]


def test_unknown_time_is_named_and_no_conflict(ats):
    made = book(ats, interviewer_ids=[IVY.id, IAN.id])
    warning = {"user_id": IAN.id, "start": made["start"], "end": made["end"], "reason": "not_connected"}
    assert made["warnings"] == [warning]
    assert ats.post("/events", wanted(interviewer_ids=[IVY.id, IAN.id])).json()["warnings"] == [warning]
    assert change(ats, made, title="A")["warnings"] == []
    moved = change(ats, made, start=text(soon(3, 9) + HOUR / 2))
    assert moved["warnings"] == [{**warning, "start": moved["start"]}]
    assert change(ats, made, interviewer_ids=[IVY.id])["warnings"] == []


def test_a_hold_becomes_an_interview_and_frees_the_others_of_its_ref(ats):
    kept, other = hold(ats, IVY), hold(ats, IVY, start=soon(3, 11))
    elsewhere = hold(ats, IVY, start=soon(3, 13), ref="int-2")
    problem_of(ats.post("/events", wanted(soon(3, 13), hold_id=kept)), 409, "conflict")
    made = book(ats, hold_id=kept)
    assert "hold_id" not in made
    assert [ats.get(f"/holds/{one}").status_code for one in (kept, other, elsewhere)] == [404, 404, 200]
    assert ats.post("/events", wanted(hold_id=kept)).status_code == 200
    problem_of(ats.post("/events", wanted(soon(4, 9), ref="int-3", hold_id=kept)), 409, "hold_expired")


def test_without_a_calendar_nothing_is_booked(site, ats):
    problem_of(ats.post("/events", wanted(user_id=ADA.id)), 409, "not_connected")
    site.execute("UPDATE calendar_integrations SET calendar_id = NULL")
    problem_of(ats.post("/events", wanted()), 409, "no_destination")
    assert ats.get("/events").json() == {"events": [], "next": None}


def test_after_a_disconnect_it_ends_here_alone(ats, ivy, sandbox):
    made = book(ats)
    assert notice_of(ivy.disconnect()) == "disconnected"
    problem_of(ats.call("PATCH", f"/events/{made['id']}", {"title": "A"}), 409, "organiser_disconnected")
    for _ in range(2):
        cancel(ats, made)
    ended = ats.get(f"/events/{made['id']}").json()
    assert ended["status"] == "cancelled" and ended["problem"]["type"] == "organiser_disconnected"
    assert len(shown(sandbox)) == 1, "it stays in the calendar"


def strand(site, count, made):
    """Further interviews that stand in the same calendar as one that was booked."""
    site.execute("INSERT INTO calendar_events SELECT (jsonb_populate_record(e, jsonb_build_object('id', n, 'interview_ref',"
                 " 'crowd-' || n, 'starts_at', e.starts_at + interval '1 day', 'ends_at', e.ends_at + interval '1 day'))).*"
                 " FROM calendar_events e, generate_series(1, %s) AS n WHERE id = %s", count, made["id"])
    site.execute("INSERT INTO calendar_event_people (organization_id, user_id, event_id, starts_at, ends_at)"
                 " SELECT organization_id, user_id, id, starts_at, ends_at FROM calendar_events ON CONFLICT DO NOTHING")


def test_the_page_lists_what_stays_in_a_calendar_that_was_disconnected(site, ats, ivy, ian, sandbox):
    site.execute("UPDATE users SET time_zone = 'Europe/Berlin' WHERE id = %s", IVY.id)
    start = datetime(soon(3).year + 1, 1, 11, 9, tzinfo=timezone.utc)
    made = book(ats, start=start, title="Interview: <Jane>")
    cancel(ats, book(ats, start=start + HOUR, ref="cancelled-before"))
    assert "stay in that calendar" not in ivy.page().text
    for path in (DISCONNECT, switch_path("outlook")):
        assert "One upcoming interview stays in this calendar" in ivy.page(path).text
    ivy.disconnect()
    said = f"Interview: <Jane> 11 January {start.year}, 10:00 (Europe/Berlin), in Google Calendar"
    assert said in ivy.page().text and "stay in that calendar" in ivy.page().text
    assert "cancelled-before" not in ivy.page().text and ivy.page().text.count(", in Google Calendar") == 1
    assert "stay in that calendar" not in ian.page().text, "others see theirs only"
    cancel(ats, made)
    assert "Interview: <Jane> Cancelled 11 January" in ivy.page().text
    strand(site, 21, made)
    assert notice_of(ivy.connect(sandbox, "sam@example.com")) == "connected"
    page = ivy.page().text
    assert page.count(", in Google Calendar") == 20 and "2 more such interviews aren't listed here" in page
    site.execute("UPDATE calendar_event_people SET starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour'")
    assert "stay in that calendar" not in ivy.page().text, "what is over isn't listed"


def test_before_the_schema_has_interviews_the_page_works(make_site, sandbox):
    site = make_site()
    site.execute("DROP TABLE calendar_events CASCADE")
    ivy = site.client(IVY)
    assert "Select Calendar Provider" in ivy.page().text
    site.execute("DROP TRIGGER calint_strand ON calendar_integrations")
    assert notice_of(ivy.connect(sandbox)) == "connected"
    assert "Connected to Google Calendar" in ivy.page().text
    assert "Disconnect Google Calendar?" in ivy.page(DISCONNECT).text
    assert "Switch to Microsoft Outlook?" in ivy.page(switch_path("outlook")).text


def test_what_was_deleted_in_the_calendar_is_said(ats, sandbox):
    made = book(ats)
    sandbox.calendar("google", ACCOUNT).remove(made["provider_event_id"])
    problem_of(ats.call("PATCH", f"/events/{made['id']}", {"title": "A"}), 409, "deleted_in_calendar")
    found = ats.get(f"/events/{made['id']}").json()
    assert (found["status"], found["changed_in_calendar"]) == ("cancelled", "deleted")
    cancel(ats, made)
    assert shown(sandbox) == []


def test_a_link_is_the_providers_or_the_atss_for_good(working, sandbox):
    assert notice_of(working.client(IVY).connect(sandbox, ACCOUNT)) == "connected"
    ats = Ats(working.url, make_known_key(working, "events", scopes="events"))
    room = book(ats, conference=True)
    assert room["conference"] is True and room["problem"] is None

    def link():
        return ats.get(f"/events/{room['id']}").json()["conference_url"]

    wait_until(link, "the room")
    assert link().startswith("https://meet.google.com/")
    own = book(ats, ref="int-2", start=soon(3, 11), conference_url="https://meet.example/1#now")
    assert own["conference_url"] == "https://meet.example/1#now" and own["conference"] is False
    path = "/events/" + room["id"]
    problem_of(ats.call("PATCH", path, {"conference": None}), 400, "invalid_request", "/conference")
    problem_of(ats.call("PATCH", path, {"conference_url": "https://meet.example/1"}), 400, "invalid_request",
               "/conference_url")
    problem_of(ats.call("PATCH", "/events/" + own["id"], {"conference": True}), 400, "invalid_request", "/conference")
    assert change(ats, room, title="A", description="B")["conference_url"] == link()
    assert change(ats, own, conference_url="https://meet.example/2")["conference_url"] == "https://meet.example/2"


def test_what_apple_cannot_is_422(make_site):
    site = make_site(start=False)
    site.start(provider=site.apple_section())
    assert notice_of(site.client(IVY).type_password(APPLE.email, APPLE.client_secret)) == "connected"
    ats = Ats(site.url, make_known_key(site, "events", scopes="events"))
    problem_of(ats.post("/events", wanted(conference=True)), 422, "conference_unsupported", "/conference")
    problem_of(ats.post("/events", wanted(hide_guests=True)), 422, "invalid_request", "/hide_guests")
    assert ats.get("/events").json()["events"] == []
    made = book(ats, attendees=[JANE])
    assert (made["provider"], made["status"], made["html_link"]) == ("apple", "confirmed", None)
    problem_of(ats.call("PATCH", f"/events/{made['id']}", {"hide_guests": True}), 422, "invalid_request",
               "/hide_guests")


def test_a_list_has_filters_and_pages(ats):
    made = [book(ats, ref=f"int-{hour}", start=soon(3, hour), interviewer_ids=[IVY.id, IAN.id][:1 + hour % 2])["id"]
            for hour in (11, 9, 10)]
    nine, ten, eleven = made[1], made[2], made[0]
    cancel(ats, {"id": ten})

    def ids(query=""):
        return [one["id"] for one in ats.get(f"/events?{query}").json()["events"]]

    assert ids() == [nine, ten, eleven]
    assert ids("interview_ref=int-10") == [ten] and ids("interview_ref=int-12") == []
    assert ids(f"user_id={IVY.id}") == [nine, ten, eleven] and ids(f"user_id={IAN.id}") == [nine, eleven]
    assert ids(f"user_id={SAM.id}") == []
    assert ids(f"from={text(soon(3, 10))}") == [ten, eleven], "what ends at the beginning isn't in it"
    assert ids(f"to={text(soon(3, 10))}") == [nine]
    assert ids(f"from={text(soon(3, 9) + HOUR / 2)}&to={text(soon(3, 10))}") == [nine]
    first = ats.get("/events?limit=2").json()
    rest = ats.get(f"/events?limit=2&cursor={first['next']}").json()
    assert [one["id"] for one in first["events"] + rest["events"]] == [nine, ten, eleven] and rest["next"] is None
    for query, pointer in (("cursor=x", "/cursor"), ("limit=0", "/limit"), ("from=now", "/from"), ("ref=int-1", "/ref"),
                           (f"from={text(soon(4))}&to={text(soon(3))}", "/to")):
        problem_of(ats.get(f"/events?{query}"), 400, "invalid_request", pointer)
    for person in (FAY, OTTO):
        problem_of(ats.get(f"/events?user_id={person.id}"), 404, "not_found", "/user_id")


def test_who_may(site, keys, ats):
    made = book(ats, interviewer_ids=[IVY.id, IAN.id])
    path = f"/events/{made['id']}"
    problem_of(Ats(site.url, keys["availability"]).post("/events", wanted()), 403, "forbidden")
    problem_of(Ats(site.url, keys["availability"]).get(path), 403, "forbidden")
    foreign = Ats(site.url, keys["foreign"])
    for method, body in (("GET", None), ("DELETE", None), ("PATCH", {"title": "A"})):
        problem_of(foreign.call(method, path, body), 404, "not_found")
    assert foreign.get("/events").json()["events"] == [] == foreign.get("/events?interview_ref=int-1").json()["events"]
    problem_of(foreign.post("/events", wanted()), 404, "not_found", "/user_id")
    problem_of(ats.post("/events", wanted(soon(4), ref="int-2", interviewer_ids=[FAY.id, IVY.id, OTTO.id])), 404,
               "not_found", "/interviewer_ids/0", "/interviewer_ids/2")
    problem_of(ats.call("PATCH", path, {"interviewer_ids": [IVY.id, FAY.id]}), 404, "not_found", "/interviewer_ids/1")
    assert ats.get(path).json()["title"] == made["title"]


def test_a_user_may_what_is_about_themselves_alone(site, ats):
    shared = book(ats, interviewer_ids=[IVY.id, IAN.id])
    of_ian = hold(ats, IAN, start=soon(6, 9), ref="int-6")
    own_hold = hold(ats, IVY, start=soon(6, 11), ref="int-6")
    ivy, sam = (Ats(site.url, browser=site.client(person)) for person in (IVY, SAM))
    problem_of(ivy.post("/events", wanted(soon(4), ref="own", interviewer_ids=[IVY.id, IAN.id])), 403, "forbidden",
               "/interviewer_ids/1")
    problem_of(ivy.post("/events", wanted(soon(4), ref="own", user_id=IAN.id, interviewer_ids=[IVY.id])), 403,
               "forbidden", "/user_id")
    problem_of(ivy.post("/events", wanted(soon(4), ref="own", interviewer_ids=[FAY.id])), 404, "not_found",
               "/interviewer_ids/0")
    for one in (of_ian, own_hold):
        problem_of(ivy.post("/events", wanted(soon(4), ref="own", hold_id=one)), 403, "forbidden", "/hold_id")
    for method, body in (("GET", None), ("DELETE", None), ("PATCH", {"title": "A"})):
        problem_of(ivy.call(method, f"/events/{shared['id']}", body), 403, "forbidden")
    own = book(ivy, ref="own", start=soon(4))
    assert change(ivy, own, title="A")["title"] == "A"
    problem_of(ivy.call("PATCH", f"/events/{own['id']}", {"interviewer_ids": [IAN.id]}), 403, "forbidden",
               "/interviewer_ids/0")
    assert [one["id"] for one in ivy.get("/events").json()["events"]] == [own["id"]]
    assert [one["id"] for one in ivy.get(f"/events?user_id={IVY.id}").json()["events"]] == [own["id"]]
    problem_of(ivy.get(f"/events?user_id={IAN.id}"), 403, "forbidden", "/user_id")
    problem_of(ivy.get(f"/events?user_id={FAY.id}"), 404, "not_found", "/user_id")
    assert len(sam.get("/events").json()["events"]) == 2 and change(sam, shared, title="A")["title"] == "A"
    cancel(ivy, own)


def test_a_browser_needs_its_csrf_token(site, ats):
    made = book(ats)
    ivy = Ats(site.url, browser=site.client(IVY))
    for method, path, body in (("POST", "/events", wanted()), ("PATCH", f"/events/{made['id']}", {"title": "A"}),
                               ("DELETE", f"/events/{made['id']}", None)):
        problem_of(ivy.call(method, path, body, headers={"X-CSRF-Token": "x" * 43}), 403, "forbidden")
    assert ats.get(f"/events/{made['id']}").json()["status"] == "confirmed"


def test_a_change_of_an_interview_says_which(site, keys, ats):
    made = book(ats)
    change(ats, made, title="A")
    cancel(ats, made)
    told = [one for one in Ats(site.url, keys["all"]).get("/changes").json()["changes"]
            if one["change"].startswith("event_")]
    assert [(one["change"], one["detail"]["what"]) for one in told] == [
        ("event_created", "sent"), ("event_updated", "confirmed"), ("event_updated", "sent"),
        ("event_updated", "confirmed"), ("event_cancelled", "sent"), ("event_cancelled", "confirmed")]
    for one in told:
        assert one["detail"].keys() == {"event_id", "interview_ref", "what"} and one["user_id"] == IVY.id
        assert (one["detail"]["event_id"], one["detail"]["interview_ref"]) == (made["id"], "int-1")


def test_who_did_it_stands_in_the_audit_log(site, ats):
    ivy = Ats(site.url, browser=site.client(IVY))
    cancel(ivy, book(ivy))
    book(ats, ref="int-2")
    done = [(row["action"], row["user_id"]) for row in site.audit() if "event" in row["action"]]
    assert len(done) == 3 and [str(user) for _, user in done[:2]] == [IVY.id] * 2 and done[2][1] in (None, ""), done


def test_an_account_without_teams_makes_no_room(site, keys, sandbox, ivy):
    assert notice_of(ivy.connect(sandbox, "sam@outlook.example", provider="outlook")) == "connected"
    read_by_now(site)
    site.log.expect("CALINT0233")
    ats = Ats(site.url, keys["events"])
    problem_of(ats.post("/events", wanted(conference=True)), 422, "conference_unsupported", "/conference")
    assert ats.get("/events").json()["events"] == []
    assert sandbox.calendar("outlook", "sam@outlook.example").events() == []
    assert book(ats)["status"] == "confirmed", "nothing of it holds the ref or the time"


def test_a_hold_stands_after_a_refusal(site, keys, sandbox, ivy):
    assert notice_of(ivy.connect(sandbox, "sam@outlook.example", provider="outlook")) == "connected"
    read_by_now(site)
    site.log.expect("CALINT0233")
    ats = Ats(site.url, keys["events"])
    held, other = hold(ats, IVY), hold(ats, IVY, start=soon(4, 9))
    before = [ats.get(f"/holds/{one}").json() for one in (held, other)]
    problem_of(ats.post("/events", wanted(conference=True, hold_id=held)), 422, "conference_unsupported", "/conference")
    assert [ats.get(f"/holds/{one}").json() for one in (held, other)] == before
    assert book(ats, hold_id=held)["status"] == "confirmed"


def test_what_the_calendar_need_not_hear_is_done_at_once(site, ats, sandbox):
    made = book(ats, interviewer_ids=[IAN.id])
    writes = len(sandbox.writes())
    changed = change(ats, made, interviewer_ids=[IAN.id, IVY.id])
    assert changed["status"] == "confirmed" and len(sandbox.writes()) == writes
    assert ats.post("/events", wanted(ref="int-2")).status_code == 409, "her time is taken now"


def test_an_interviewer_who_has_left_keeps_nobody_from_a_change(site, ats):
    made = book(ats, interviewer_ids=[IVY.id, IAN.id])
    site.execute("UPDATE users SET active = false WHERE id = %s", IAN.id)
    try:
        assert change(ats, made, location="Room 5")["status"] == "confirmed"
        problem_of(ats.post("/events", wanted(soon(5), ref="int-2", interviewer_ids=[IAN.id])), 404, "not_found",
                   "/interviewer_ids/0")
    finally:
        site.execute("UPDATE users SET active = true WHERE id = %s", IAN.id)


def test_a_repetition_shows_nobody_more_than_a_look(site, ats):
    ivy = Ats(site.url, browser=site.client(IVY))
    made = book(ivy)
    change(ats, made, interviewer_ids=[IVY.id, IAN.id])
    assert ivy.get(f"/events/{made['id']}").status_code == 403
    problem_of(ivy.post("/events", wanted()), 403, "forbidden")
    assert ats.post("/events", wanted()).status_code == 200


def test_after_a_refused_change_both_times_are_taken(site, ats, sandbox):
    site.log.allow("CALINT0233")
    made = book(ats)
    # As the next sync reads it.
    site.execute("INSERT INTO calendar_busy_intervals (organization_id, sync_id, series_key, kind, starts_at, ends_at,"
                 " uid_hash) SELECT e.organization_id, s.id, 'event-1', 'busy', e.starts_at, e.ends_at,"
                 " hashtextextended(e.uid, 0) FROM calendar_events e JOIN calendar_syncs s"
                 " USING (organization_id, integration_id, calendar_id)")
    sandbox.fault("events.patch", "error", error="requiredAccessLevel")
    refused = change(ats, made, status=202, start=text(soon(3, 15)), end=text(soon(3, 16)))
    assert refused["status"] == "failed" and refused["problem"]["type"] == "forbidden"
    for hour, why in ((9, "busy"), (15, "interview")):
        taken = problem_of(ats.post("/events", wanted(soon(3, hour), ref="int-2")), 409, "conflict")
        assert [one["why"] for one in taken["conflicts"]] == [why]
    again = change(ats, made, start=text(soon(3, 9) + HOUR / 2), end=text(soon(3, 10) + HOUR / 2))
    assert again["status"] == "confirmed", "itself isn't in its way"


def test_a_cancellation_that_was_not_told_is_said_at_a_disconnect(site, ats, ivy, sandbox):
    site.log.allow("CALINT0233")
    made = book(ats)
    sandbox.fault("events.delete", "status", status=503, count=-1)
    cancel(ats, made)
    assert ats.get(f"/events/{made['id']}").json()["problem"]["type"] == "provider_unavailable"
    assert notice_of(ivy.disconnect()) == "disconnected"
    now = ats.get(f"/events/{made['id']}").json()
    assert (now["status"], now["problem"]["type"]) == ("cancelled", "organiser_disconnected")
    assert "Interview: Jane Doe" in ivy.page().text


def test_a_zone_that_is_left_out_is_left_out_again(site, ats):
    made = book(ats)
    site.execute("UPDATE users SET time_zone = 'Asia/Tokyo' WHERE id = %s", IVY.id)
    try:
        assert ats.post("/events", wanted()).json()["id"] == made["id"]
    finally:
        site.execute("UPDATE users SET time_zone = 'Europe/Berlin' WHERE id = %s", IVY.id)
