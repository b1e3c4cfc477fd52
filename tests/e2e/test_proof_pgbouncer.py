"""Behind PgBouncer in transaction mode, where each transaction may find another server connection, everything works:
flows, background work, chores, announcements, and calintctl."""

import contextlib
import json
import tempfile
from pathlib import Path

import pytest

from harness import clocks
from harness.invariants import check_rows
from harness.people import IAN, IVY
from harness.pgbouncer import PgBouncer
from harness.postgres import Cluster
from harness.process import wait_until
from harness.refreshes import Fleet
from harness.session import notice_of
from harness.site import prepare_template


@pytest.fixture
def own_cluster(folder):
    cluster = Cluster(Path(tempfile.mkdtemp(prefix="pg-", dir=folder)) / "c")
    cluster.folder.parent.chmod(0o755)
    yield cluster.create().start()
    cluster.stop()


@pytest.fixture
def bouncer(folder, own_cluster):
    """Few connections, so that hardly any transaction finds the one that its client had before."""
    bouncer = PgBouncer(Path(tempfile.mkdtemp(prefix="bouncer-", dir=folder)) / "b", own_cluster)
    bouncer.folder.parent.chmod(0o755)
    yield bouncer.start()
    bouncer.stop()


class Listener:
    """Hears the announcements of changes, on a connection of its own that goes straight to the server."""

    def __init__(self, connection) -> None:
        self._connection = connection
        with connection.cursor() as cursor:
            cursor.execute("LISTEN calint")

    def heard(self) -> int:
        """How many since the last call."""
        self._connection.poll()
        count = len(self._connection.notifies)
        self._connection.notifies.clear()
        return count


def wait_until_told(site, listener):
    wait_until(lambda: not site.rows("SELECT FROM calendar_changes WHERE NOT announced"), "the announcement")
    wait_until(listener.heard, "the listener to hear")


def refresh_all(fleet):
    fleet.make_due()
    fleet.wait_until_done(120)
    assert fleet.requests() == fleet.size and set(fleet.refreshes().values()) == {1}
    assert len(fleet.check_use(120)) == fleet.size


def retry_a_validation(site, sandbox):
    sandbox.fault("calendarList", "status")
    assert notice_of(site.client(IVY).connect(sandbox, "ivy@example.com")) == "validation_failed"
    assert len(site.jobs("validate")) == 1
    clocks.jobs_due(site, "validate")
    wait_until(lambda: site.integration(IVY)["status"] == "connected", "the validation")
    assert not site.jobs("validate")


def revoke(site, sandbox):
    browser = site.client(IAN)
    assert notice_of(browser.connect(sandbox, "ian@example.com")) == "connected"
    assert notice_of(browser.disconnect()) == "disconnected"
    wait_until(lambda: site.audit("revoked"), "the revocation")
    assert not sandbox.live_grants("ian@example.com") and not site.jobs("revoke")


def do_chores(site, sandbox):
    """Ivy leaves; and a change and the flows are old enough to be dropped."""
    flows = site.count("calendar_used_states")
    assert flows > 0
    site.execute("UPDATE users SET active = false WHERE email = %s", IVY.login)
    clocks.kept_for_long_enough(site)
    clocks.chores_due(site, "retention", "leavers")
    wait_until(lambda: len(site.audit("revoked")) == 2, "the leaver's grant to be revoked")
    wait_until(lambda: not site.count("calendar_used_states"), "the old flows to be dropped")
    (row,) = site.integrations(IVY)
    assert (row["status"], row["access_token_encrypted"]) == ("inactive", None)
    assert [entry["metadata"]["reason"] for entry in site.audit("disconnected") if entry["user_id"] is None] == ["left"]
    assert not sandbox.live_grants("ivy@example.com")
    assert not site.rows("SELECT FROM calendar_changes WHERE created_at < now() - interval '7 days'")


def use_calintctl(site, conninfo):
    """Through PgBouncer it does and says the same as straight."""

    def run(*arguments):
        done = site.run_ctl(*arguments, conninfo=conninfo)
        assert done.returncode == 0, f"calintctl {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    assert run("migrate") == site.ctl("migrate")
    seen, straight = (json.loads(text) for text in (run("--json", "status"), site.ctl("--json", "status")))
    assert seen["integrations"] == straight["integrations"] and seen["jobs"] == straight["jobs"]
    assert run("jobs", "list") == site.ctl("jobs", "list")
    run("jobs", "run")
    run("keys", "add")
    read_keys(site)
    pending = next(key["id"] for key in json.loads(run("--json", "keys", "list")) if key["status"] == "pending")
    run("keys", "promote", pending)
    read_keys(site)
    assert json.loads(run("--json", "keys", "reencrypt"))["moved"] > 0
    assert json.loads(site.ctl("--json", "keys", "reencrypt"))["moved"] == 0


def read_keys(site):
    """The nodes have the keyset as it is, and have said so."""
    keys = {key["id"] for key in json.loads(site.ctl("--json", "keys", "list"))}
    for node in site.nodes:
        node.graceful()

    def all_know():
        for node in site.nodes:
            site.client(IAN, node).page()
        return all(set(row["key_ids"]) == keys for row in site.rows("SELECT key_ids FROM calendar_nodes"))

    wait_until(all_know, "the nodes to know the keys")


def refused_names(cluster):
    """What the server logged of statements that it doesn't know by that name, or knows already."""
    return [line for line in cluster.log.read_text("utf-8", "replace").splitlines()
            if "ERROR:  prepared statement" in line]


@pytest.mark.parametrize("prepare", ["off", "auto"])
def test_everything_works_behind_pgbouncer(own_cluster, bouncer, make_site, sandbox, proof, prepare):
    # In this order of fixtures the site stops before its database does.
    size = proof.size(30, 300)
    site = make_site(start=False, cluster=own_cluster, template=prepare_template(own_cluster))
    behind = {"CalIntDatabase": f'"{bouncer.conninfo(site.database)}"', "CalIntDatabasePrepare": prepare}
    site.start(**behind)
    node = site.add_node(CalIntWorker="on", **behind)
    for one in (site.httpd, node):
        one.log.allow("CALINT0208")
    with contextlib.closing(own_cluster.connect(site.database)) as straight:
        listener = Listener(straight)
        fleet = Fleet(site, sandbox, size)
        sandbox.mode(rotate=True)
        wait_until_told(site, listener)
        refresh_all(fleet)
        retry_a_validation(site, sandbox)
        revoke(site, sandbox)
        wait_until_told(site, listener)
        check_rows(site)  # retention takes the changes away that it looks at
        do_chores(site, sandbox)
        wait_until_told(site, listener)
    unknown = refused_names(own_cluster)
    use_calintctl(site, bouncer.conninfo(site.database))
    assert len(fleet.check_use(120, times_before=2)) == size, "what calintctl sealed anew opens"
    assert not bouncer.complaints()
    if prepare == "off":
        assert not unknown
    proof.figure(f"CalIntDatabasePrepare {prepare}: {size} connections made and refreshed three times, a validation, "
                 f"two revocations, chores, announcements, calintctl, over {bouncer.pool} connections to the server; "
                 f"{len(unknown)} times the nodes found that the server doesn't know a name, and did without")


def schema(cluster, database):
    """Without the lines that pg_dump makes anew each time."""
    return [line for line in cluster.dump(database, "--schema-only").splitlines() if "restrict " not in line]


def test_an_empty_database_is_migrated_through_pgbouncer(own_cluster, bouncer):
    through, straight = prepare_template(own_cluster, by=bouncer), prepare_template(own_cluster)
    assert schema(own_cluster, through) == schema(own_cluster, straight)
    assert not bouncer.complaints()
