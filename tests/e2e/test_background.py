"""What calintctl does and tells of background work: leavers, retention, status."""

import json

import pytest

from harness import clocks
from harness.people import ADA, IAN, IVY
from harness.session import notice_of
from icloud_client import AVERY, AVERY_PASSWORD


@pytest.fixture
def connected(site, ivy, sandbox):
    clocks.chores_due(site)
    assert notice_of(ivy.connect(sandbox)) == "connected"
    return site.integration(IVY)


def result(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_who_is_no_longer_entitled_is_disconnected_and_the_grant_revoked(site, sandbox, connected):
    site.execute("UPDATE users SET active = false WHERE email = %s", IVY.login)
    done = result(site.run_jobs())
    assert (done["left"], done["revoked"]) == (1, 1)
    (row,) = site.integrations(IVY)
    assert (row["active"], row["access_token_encrypted"]) == (False, None)
    assert row["generation"] == connected["generation"] + 1
    assert not sandbox.live_grants()
    (entry,) = site.audit("disconnected")
    assert entry["user_id"] is None
    assert entry["metadata"] == {"provider": "google", "reason": "left", "subject_user_id": str(IVY.id)}


def test_who_is_entitled_stays_and_nobody_is_looked_for_twice_within_the_hour(site, sandbox, connected):
    assert result(site.run_jobs())["left"] == 0
    assert site.integration(IVY)["status"] == "connected"
    site.execute("UPDATE users SET active = false WHERE email = %s", IVY.login)
    assert result(site.run_jobs())["left"] == 0
    clocks.chores_due(site)
    assert result(site.run_jobs())["left"] == 1


def test_an_empty_view_of_users_disconnects_nobody(site, sandbox, connected):
    site.execute("UPDATE users SET active = false")
    done = site.run_jobs()
    assert result(done)["left"] == 0
    assert "CALINT0204" in done.stderr and "calint_users" in done.stderr
    assert site.integration(IVY)["active"]


def connect_without_tokens(site, organization, *people):
    for person in people:
        site.execute("INSERT INTO calendar_integrations (organization_id, user_id, provider, account, account_key,"
                     " seal_id, status) VALUES (%s, %s, 'apple', 'a', 'k', 's', 'connected')", organization,
                     str(person))


def test_too_many_leavers_at_once_are_held_until_somebody_confirms(site):
    """21 of 40 in two organisations: neither loses anybody, until their administrator says that it is true."""
    connect_without_tokens(site, "1", IVY.id, *range(1000, 1020))
    connect_without_tokens(site, "2", *range(2000, 2003))
    clocks.chores_due(site)
    done = site.run_jobs()
    assert result(done)["left"] == 0
    assert "CALINT0204: ALARM" in done.stderr and "'1' (20 of 21), '2' (3 of 3)" in done.stderr
    assert "--leavers --confirm" in done.stderr

    done = site.run_ctl("--json", "jobs", "run", "--leavers")
    assert (done.returncode, json.loads(done.stdout)) == (3, {"left": 0, "held": 2})
    assert result(site.run_ctl("--json", "jobs", "run", "--leavers", "--confirm", "1")) == {"left": 20, "held": 0}
    assert {row["user_id"] for row in site.audit("disconnected") if not row["user_id"]} == {None}
    left = site.rows("SELECT user_id FROM calendar_integrations WHERE active ORDER BY id")
    assert [row["user_id"] for row in left] == [IVY.id, "2000", "2001", "2002"]
    assert result(site.run_ctl("--json", "jobs", "run", "--leavers")) == {"left": 3, "held": 0}, "three are few"


def test_all_of_an_organisation_are_held_and_others_leave(site):
    connect_without_tokens(site, "", *range(1000, 1006))
    connect_without_tokens(site, "1", IVY.id, 2000)
    done = site.run_ctl("--json", "jobs", "run", "--leavers")
    assert (done.returncode, json.loads(done.stdout)) == (3, {"left": 1, "held": 1})
    assert "'' (6 of 6)" in done.stderr
    assert result(site.run_ctl("--json", "jobs", "run", "--leavers", "--confirm", "")) == {"left": 6, "held": 0}


def test_confirming_needs_leavers(site):
    assert site.run_ctl("jobs", "run", "--confirm", "1").returncode == 2


def test_what_was_kept_for_long_enough_is_dropped(site, connected):
    clocks.kept_for_long_enough(site)
    assert result(site.run_jobs())["dropped"] == 2, "connected, and the flow"
    assert site.count("calendar_changes") == site.count("calendar_used_states") == 0


def test_a_password_connection_has_nothing_to_revoke_and_says_so(make_site):
    site = make_site(start=False)
    site.start(provider=site.apple_section())
    assert notice_of(site.client(IVY).type_password(AVERY, AVERY_PASSWORD)) == "connected"
    site.execute("UPDATE users SET active = false WHERE email = %s", IVY.login)
    assert result(site.run_jobs())["left"] == 1
    (entry,) = site.audit("disconnected")
    assert entry["metadata"]["provider_revocation"] == "unsupported"


def test_status_counts_what_there_is(make_site, sandbox):
    site = make_site()
    ivy, ian = site.client(IVY), site.client(IAN)
    assert notice_of(ivy.connect(sandbox)) == "connected"
    assert notice_of(ian.connect(sandbox, "sam@example.com")) == "connected"
    assert notice_of(ivy.disconnect()) == "disconnected"
    clocks.jobs_due(site, at="'2026-01-02T03:04:05Z'")
    site.execute("INSERT INTO calendar_jobs (organization_id, kind, user_id, provider, given_up_at)"
                 " VALUES ('1', 'validate', 'x', 'google', '2026-01-01T00:00:00Z')")
    seen = json.loads(site.ctl("--json", "status"))
    assert {(one["provider"], one["status"]): one["count"] for one in seen["integrations"]} == {
        ("google", "connected"): 1, ("google", "inactive"): 1}
    assert seen["jobs"] == [
        {"kind": "revoke", "provider": "google", "state": "due", "count": 1, "oldest": "2026-01-02T03:04:05Z"},
        {"kind": "sync", "provider": "google", "state": "due", "count": 1, "oldest": "2026-01-02T03:04:05Z"},
        {"kind": "validate", "provider": "google", "state": "given_up", "count": 1, "oldest": "2026-01-01T00:00:00Z"}]
    assert seen["refreshes"] == [{"provider": "google", "state": "due", "count": 1, "oldest": "2026-01-02T03:04:05Z"}]
    (node,) = seen["nodes"]
    assert node["seen_at"].endswith("Z") and node["connections"] == 16
    most = int(site.row("SELECT current_setting('max_connections') AS n")["n"])
    assert seen["database"] == [{"of": "nodes", "connections": 16}, {"of": "max_connections", "connections": most}]
    said = site.ctl("status")
    for word in (f"max_connections  {most}", "connections 16", "connected", "revoke     google     due ", "given_up",
                 "2026-01-02T03:04:05Z", node["node_id"]):
        assert word in said


def test_status_tells_how_old_busy_time_is_and_which_calendars_cannot_be_read(make_site, sandbox):
    site = make_site()
    for person, email in ((IVY, "avery@example.com"), (IAN, "sam@example.com"), (ADA, "kim@example.com")):
        assert notice_of(site.client(person).connect(sandbox, email)) == "connected"
    change = "UPDATE calendar_syncs SET {} WHERE calendar_id = %s"
    site.execute(change.format("last_synced_at = '2026-01-02T03:04:05Z', trouble = 'gone'"), "avery@example.com")
    site.execute(change.format("last_synced_at = '2026-01-03T03:04:05Z'"), "sam@example.com")
    site.execute("UPDATE calendar_jobs SET due_at = now() + interval '1 hour' WHERE kind = 'sync' AND user_id = %s",
                 IVY.id)
    assert json.loads(site.ctl("--json", "status"))["syncs"] == [
        {"provider": "google", "calendars": 3, "due": 2, "in_trouble": 1, "never_read": 1,
         "oldest": "2026-01-02T03:04:05Z"}]
    assert "google     3  due 2  in trouble 1  never read 1  oldest read 2026-01-02T03:04:05Z" in site.ctl("status")


def test_status_tells_since_when_something_fails(make_site, sandbox):
    site = make_site()
    for person, email in ((IVY, "avery@example.com"), (IAN, "sam@example.com"), (ADA, "kim@example.com")):
        assert notice_of(site.client(person).connect(sandbox, email)) == "connected"
    change = "UPDATE calendar_integrations SET {} WHERE user_id = %s"
    site.execute(change.format("status = 'error', error_since = '2026-01-02T03:04:05Z'"), IVY.id)
    site.execute(change.format("updated_at = '2026-01-03T03:04:05Z'"), IAN.id)
    site.execute("UPDATE calendar_jobs SET attempts = 2, due_at = now() + interval '1 minute'")
    site.execute("UPDATE calendar_jobs SET lease_owner = 'somebody', lease_until = '2099-01-04T03:04:50Z'"
                 " WHERE user_id = %s", ADA.id)
    seen = json.loads(site.ctl("--json", "status"))
    assert seen["refreshes"] == [
        {"provider": "google", "state": "failing", "count": 2, "oldest": "2026-01-02T03:04:05Z"},
        {"provider": "google", "state": "running", "count": 1, "oldest": "2099-01-04T03:04:05Z"}]
    assert [one for one in seen["integrations"] if one["status"] == "error"] == [
        {"provider": "google", "status": "error", "count": 1, "oldest": "2026-01-02T03:04:05Z"}]
    said = site.ctl("status")
    assert "google     failing    2  oldest 2026-01-02T03:04:05Z" in said
    assert "google     error      1  oldest 2026-01-02T03:04:05Z" in said


def test_status_needs_a_database(site):
    done = site.run_ctl("--json", "status", conninfo="host=127.0.0.1 port=1")
    assert done.returncode == 4
    assert json.loads(done.stderr)["fault"] == "unavailable"
