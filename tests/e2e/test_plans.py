"""What one user does costs the same however many others there are: every query of a page or flow has an index."""

import re

import psycopg2

from harness import own_client
from harness.ats import Ats
from harness.known_time import know, soon, text
from harness.people import ADA, IAN, IVY, NORA, SAM
from harness.session import notice_of
from icloud_client import AVERY, AVERY_PASSWORD

#: A row for each organisation, migration or node: looked through as a whole where there are a handful.
SMALL = {"calendar_breakers", "calendar_nodes", "calendar_organization_settings", "calendar_schema_migrations"}
CROWD = """
INSERT INTO users (id, organization_id, email, name, is_interviewer)
  SELECT n, 1 + n % 2, n || '@crowd.example', 'Crowd', true FROM generate_series(1001, 9000) AS n;
INSERT INTO calendar_oauth_clients (organization_id, provider, client_id, version, active)
  SELECT o::text, 'google', 'client', v, v = 3 FROM generate_series(1001, 4000) AS o, generate_series(1, 3) AS v;
INSERT INTO calendar_integrations (organization_id, user_id, provider, account, account_key, seal_id, status)
  SELECT organization_id::text, id::text, (ARRAY['google', 'outlook', 'apple'])[1 + id % 3], email, email, '',
    'connected'
    FROM users WHERE id > 1000;
INSERT INTO calendar_integration_calendars (organization_id, integration_id, calendar_id, name, access_role, sync)
  SELECT organization_id, id, n::text, 'Crowd', 'owner', n = 1 FROM calendar_integrations, generate_series(1, 3) AS n;
INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, account_key)
  SELECT organization_id, kind, id, user_id, provider, account_key
    FROM calendar_integrations, unnest(ARRAY['validate', 'revoke']) AS kind;
INSERT INTO calendar_busy_intervals (organization_id, sync_id, series_key, kind, starts_at, ends_at)
  SELECT organization_id, id, 'series', 'busy', now(), now() + interval '1 hour' FROM calendar_syncs;
INSERT INTO calendar_series (organization_id, sync_id, series_key, body)
  SELECT organization_id, id, 'series', 'body' FROM calendar_syncs;
INSERT INTO calendar_read_items (organization_id, sync_id, reader, series_key, event_key, is_removal, item)
  SELECT organization_id, id, 'reader', 'series', 'event', false, 'item' FROM calendar_syncs;
INSERT INTO calendar_read_series (organization_id, sync_id, reader, series_key, body)
  SELECT organization_id, id, 'reader', 'series', 'body' FROM calendar_syncs;
INSERT INTO calendar_read_intervals (organization_id, sync_id, reader, series_key, kind, starts_at, ends_at)
  SELECT organization_id, id, 'reader', 'series', 'busy', now(), now() + interval '1 hour' FROM calendar_syncs;
INSERT INTO calendar_changes (organization_id, user_id, integration_id, change, announced, number)
  SELECT organization_id, user_id, id, 'connected', true, nextval('calendar_change_numbers') FROM calendar_integrations;
INSERT INTO calendar_holds (organization_id, id, ref, user_ids, starts_at, ends_at, expires_at)
  SELECT organization_id, id::text, id::text, ARRAY[user_id], now(), now() + interval '1 hour', now() + interval '1 hour'
    FROM calendar_integrations;
INSERT INTO calendar_hold_people (organization_id, user_id, hold_id, starts_at, ends_at, expires_at)
  SELECT organization_id, user_ids[1], id, starts_at, ends_at, expires_at FROM calendar_holds;
INSERT INTO calendar_events (organization_id, id, interview_ref, user_id, integration_id, provider, calendar_id, status, body,
    digest, guests, starts_at, ends_at, unsent, provider_event_id, uid)
  SELECT organization_id, md5(id::text), id::text, user_id, id, provider, '1', 'confirmed', '{}', '', '[]', now(),
    now() + interval '1 hour', '{}', id::text, id::text FROM calendar_integrations;
INSERT INTO calendar_event_people (organization_id, user_id, event_id, starts_at, ends_at)
  SELECT organization_id, user_id, id, starts_at, ends_at FROM calendar_events;
INSERT INTO calendar_grants (organization_id, account_key) SELECT '', account_key FROM calendar_integrations;
INSERT INTO calendar_used_states (organization_id, flow_id, claim, user_id, expires_at)
  SELECT organization_id, id::text, '', user_id, now() + interval '1 hour' FROM calendar_integrations;
INSERT INTO calendar_password_tries (organization_id, subject, tries, expires_at)
  SELECT '', id::text, ARRAY[now()], now() + interval '1 hour' FROM calendar_integrations;
ANALYZE
"""


def explain(site):
    """Each plan goes to PostgreSQL's log from now on, those inside of functions too."""
    connection = psycopg2.connect(site.cluster.conninfo(site.database))
    connection.autocommit = True
    with connection.cursor() as cursor:
        for setting in ("session_preload_libraries = auto_explain", "auto_explain.log_min_duration = 0",
                        "auto_explain.log_nested_statements = on"):
            cursor.execute(f'ALTER DATABASE "{site.database}" SET {setting}')
    connection.close()


def plans(site):
    lines = site.cluster.log.read_text()
    return [plan for plan in re.split(r"\n(?=\d{4}-\d\d-\d\d )", lines) if "Query Text: " in plan]


def test_no_query_of_one_user_looks_through_a_whole_table(make_site, sandbox):
    site = make_site(start=False)
    site.execute(CROWD)
    explain(site)
    site.start()
    site.log.allow("CALINT0208")
    ivy, ian, ada = site.client(IVY), site.client(IAN), site.client(ADA)
    assert ivy.type_password(AVERY, "aaaa-bbbb-cccc-dddd").status_code == 422
    assert notice_of(ivy.type_password(AVERY, AVERY_PASSWORD)) == "connected"
    for button in ("Save calendars", "Save destination", "Refresh list"):
        ivy.submit(ivy.page().form(button))
    own_client.register(site)
    own_client.save(ada)
    assert notice_of(ian.connect(sandbox, "sam@example.com")) == "connected"
    own_client.remove(ada)
    assert notice_of(ian.connect(sandbox, "sam@example.com")) == "reconnected"
    sandbox.fault("calendarList", "status", status=503)
    site.execute("UPDATE calendar_integrations SET status = 'error' WHERE user_id = %s", IAN.id)
    ian.submit(ian.page().form("Retry"))
    for browser in (ivy, ian):
        assert notice_of(browser.disconnect()) == "disconnected"
        assert browser.page().has_button("Retry") or browser.page().link("Connect Google Calendar")
    seen = plans(site)
    assert len(seen) > 50
    for plan in seen:
        assert not set(re.findall(r"Seq Scan on (\w+)", plan)) - SMALL, plan


def test_no_call_of_the_ats_looks_through_a_whole_table(make_site):
    site = make_site(start=False)
    site.execute(CROWD)
    know(site, IVY, [(soon(3, 9), soon(3, 10))])
    site.execute("INSERT INTO calendar_changes (organization_id, user_id, change)"
                 " SELECT organization_id, user_id, 'connected' FROM calendar_integrations; ANALYZE calendar_changes")
    explain(site)
    site.start()
    ada, ian, sam = (Ats(site.url, browser=site.client(person)) for person in (ADA, IAN, SAM))
    span = {"from": text(soon(3)), "to": text(soon(10))}
    people = [person.id for person in (ADA, IVY, IAN, NORA)]
    before = len(plans(site))
    for hour in range(7):  # the sixth time a statement is run its plan is for any values
        assert ada.get(f"/users/{IVY.id}/integration").status_code == 200
        assert ada.post("/availability", {"user_ids": people, **span}).status_code == 200
        assert ada.post("/slots", {"groups": [{"user_ids": people}], "duration": 60, "time_zone": "UTC", **span}
                        ).status_code == 200
        assert len(ada.get("/changes").json()["changes"]) == 100
        body = {"user_ids": people, "start": text(soon(4, hour)), "end": text(soon(4, hour + 1)), "ref": "plans",
                "expires_at": text(soon(1))}
        held = "/holds/" + ada.post("/holds", body).json()["id"]
        assert ada.call("PATCH", held, {"expires_at": text(soon(2))}).status_code == 200
        assert len(ada.get("/holds").json()["holds"]) == 100
        assert len(ada.get("/holds?ref=plans").json()["holds"]) == 1
        assert ian.get("/holds").json()["holds"] == ian.get("/holds?ref=plans").json()["holds"] == []
        assert ada.get(held).status_code == 200 and ada.call("DELETE", held).status_code == 204
        events = sam.get("/events").json()["events"]
        assert len(events) == 100 and sam.get(f"/events/{events[0]['id']}").json() == events[0]
        assert len(sam.get(f"/events?interview_ref={events[0]['interview_ref']}").json()["events"]) == 1
        for query in (f"user_id={IVY.id}", f"user_id={IVY.id}&from={span['from']}&to={span['to']}",
                      f"from={span['from']}&to={span['to']}"):
            assert sam.get(f"/events?{query}").status_code == 200
        assert ian.get("/events").json()["events"] == []
    seen = plans(site)[before:]
    assert len(seen) > 28
    for plan in seen:
        assert not set(re.findall(r"Seq Scan on (\w+)", plan)) - SMALL, plan
