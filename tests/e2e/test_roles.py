"""The run-time role of sql/roles.sql has what the module needs, and no more."""

import subprocess

import psycopg2
import pytest

from harness import clocks, own_client, places
from harness.ats import Ats
from harness.known_time import soon, text
from harness.paths import DISCONNECT
from harness.people import ADA, IAN, IVY
from harness.session import notice_of
from icloud_client import AVERY, AVERY_PASSWORD


@pytest.fixture
def least_privileged(make_site):
    """A site whose httpd connects to the database as the run-time role."""
    site = make_site(start=False)
    owner = site.cluster.conninfo(site.database)
    for _ in range(2):
        done = subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", owner, "-f",
                               str(places.ROOT / "sql" / "roles.sql")], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    site.runtime = " ".join(part for part in owner.split() if not part.startswith("user=")) + " user=calint_runtime"
    return site.start(CalIntDatabase=f'"{site.runtime}"')


def test_a_whole_life_of_a_connection_needs_the_run_time_role_only(least_privileged, sandbox):
    site = least_privileged
    ivy, ian = site.client(IVY), site.client(IAN)
    assert notice_of(ivy.connect(sandbox)) == "connected"
    assert notice_of(ivy.connect(sandbox)) == "reconnected"
    site.log.expect("CALINT0208")
    sandbox.fault("calendarList", "status", status=503)
    assert notice_of(ian.connect(sandbox, "sam@example.com")) == "validation_failed"
    sandbox.expire_access_tokens()
    assert notice_of(ian.submit(ian.page().form("Retry"))) == "connected", "refreshed and validated"
    assert notice_of(ivy.submit(ivy.page(DISCONNECT).form("Disconnect"))) == "disconnected"
    assert notice_of(ivy.submit(ivy.page().form("Retry"))) == "disconnected", "revoked from the page"
    assert sandbox.requests("revoke") == 1


def test_passwords_own_clients_and_choices_need_it_only(least_privileged, sandbox):
    site = least_privileged
    ivy, ian, ada = site.client(IVY), site.client(IAN), site.client(ADA)
    assert ivy.type_password(AVERY, "aaaa-bbbb-cccc-dddd").status_code == 422
    assert notice_of(ivy.type_password(AVERY, AVERY_PASSWORD)) == "connected"
    for button in ("Save calendars", "Save destination"):
        assert notice_of(ivy.submit(ivy.page().form(button))) == "saved"
    assert notice_of(ivy.submit(ivy.page().form("Refresh list"))) == "connected"
    own_client.register(site)
    for _ in range(2):
        assert notice_of(own_client.save(ada)) == "saved"
    assert notice_of(ian.connect(sandbox, "sam@example.com")) == "connected"
    assert notice_of(own_client.remove(ada)) == "saved"
    assert notice_of(ian.connect(sandbox, "sam@example.com")) == "reconnected"
    clocks.tried_passwords_are_forgotten(site)
    assert notice_of(ivy.type_password(AVERY, AVERY_PASSWORD)) == "reconnected", "what expired is swept"
    assert notice_of(ivy.disconnect()) == "disconnected"


def test_what_the_ats_asks_needs_it_only(least_privileged, sandbox):
    site = least_privileged
    ivy = site.client(IVY)
    ivy.connect(sandbox)
    ats = Ats(site.url, browser=site.client(ADA))
    span = {"from": text(soon(3)), "to": text(soon(4))}
    assert ats.get(f"/users/{IVY.id}/integration").json()["status"] == "connected"
    assert ats.post("/availability", {"user_ids": [IVY.id], **span}).status_code == 200
    assert ats.post("/slots", {"groups": [{"user_ids": [IVY.id]}], "duration": 30, "time_zone": "UTC", **span}
                    ).status_code == 200
    hold = {"user_ids": [IVY.id], "start": span["from"], "end": text(soon(3, 1)), "ref": "int-1",
            "expires_at": text(soon(2))}
    made = ats.post("/holds", hold)
    assert made.status_code == 201 and ats.call("DELETE", f"/holds/{made.json()['id']}").status_code == 204
    interview = {"user_id": IVY.id, "interview_ref": "int-1", "title": "Interview", "start": span["from"],
                 "end": text(soon(3, 1))}
    booked = ats.post("/events", interview)
    path = f"/events/{booked.json()['id']}"
    assert booked.status_code == 201 and ats.call("PATCH", path, {"title": "Another"}).status_code == 200
    assert len(ats.get(f"/events?user_id={IVY.id}").json()["events"]) == 1
    assert ats.call("DELETE", path).status_code == 204 and ats.get(path).json()["status"] == "cancelled"
    assert ats.get("/changes").json()["changes"][0]["change"] == "connected"
    site.execute("UPDATE calendar_changes SET created_at = now() - interval '8 days'")
    clocks.chores_due(site, "retention")
    assert site.start_jobs(site.runtime).wait(60) == 0
    assert ats.get("/changes?after=0").status_code == 410, "retention notes what went"


def test_the_run_time_role_has_no_statement_compiled(least_privileged):
    with psycopg2.connect(least_privileged.runtime) as connection, connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


def test_the_run_time_role_reads_no_audit_and_changes_no_table(least_privileged):
    with psycopg2.connect(least_privileged.runtime) as connection:
        for forbidden in ("SELECT * FROM audit_logs", "DELETE FROM audit_logs", "UPDATE users SET name = ''",
                          "DROP TABLE calendar_integrations", "ALTER TABLE calendar_jobs ADD COLUMN x int"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege), connection.cursor() as cursor:
                cursor.execute(forbidden)
            connection.rollback()
