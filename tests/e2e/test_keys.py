"""Keys are made, rotated and retired under live rows (contract, section 8)."""

import json
import os
import stat

from harness.page import Page
from harness.people import IAN, IVY
from harness.session import SETTINGS, notice_of

ACCOUNT = "avery@example.com"


def keys(site) -> dict[str, str]:
    return {key["id"]: key["status"] for key in json.loads(site.ctl("--json", "keys", "list"))}


def primary(site) -> str:
    return next(key for key, status in keys(site).items() if status == "primary")


def key_id_of(value) -> str:
    """version | key id | ..."""
    return bytes(value)[1:5].hex()


def test_a_new_keyset_has_one_primary_key_and_is_the_owners_alone(site):
    assert list(keys(site).values()) == ["primary"]
    assert stat.S_IMODE(os.stat(site.key_file).st_mode) == 0o600


def test_a_keyset_in_use_is_not_overwritten(site):
    before = site.key_file.read_bytes()
    assert site.run_ctl("keys", "generate").returncode != 0
    assert site.key_file.read_bytes() == before


def test_a_key_is_rotated_under_live_connections(make_site, sandbox):
    site = make_site()
    ivy, ian = site.client(IVY), site.client(IAN)
    ivy.connect(sandbox, ACCOUNT)
    old = primary(site)
    open_flow = ian.consent(sandbox, "sam@example.com")

    added = json.loads(site.ctl("--json", "keys", "add"))["id"]
    assert keys(site) == {old: "primary", added: "pending"}
    assert site.run_ctl("keys", "promote", added).returncode != 0, "the node doesn't have the key yet"
    site.httpd.graceful()
    ivy.page()
    site.ctl("keys", "promote", added)
    assert keys(site) == {old: "enabled", added: "primary"}
    site.httpd.graceful()

    # A flow that was begun under the former key ends, and what is stored now is sealed with the new one.
    assert notice_of(ian.get(open_flow)) == "connected"
    assert site.run_ctl("keys", "retire", old).returncode != 0, "rows use it still"
    moved = json.loads(site.ctl("--json", "keys", "reencrypt"))
    assert moved["moved"] >= 1 and moved["unreadable"] == 0
    for row in (site.integration(IVY), site.integration(IAN)):
        assert key_id_of(row["access_token_encrypted"]) == added == key_id_of(row["refresh_token_encrypted"])
    assert json.loads(site.ctl("--json", "keys", "reencrypt"))["moved"] == 0

    site.ctl("keys", "retire", old)
    assert keys(site) == {old: "disabled", added: "primary"}
    site.httpd.graceful()
    assert "Connected to Google Calendar" in ivy.page().text
    ivy.submit(ivy.page(f"{SETTINGS}/disconnect").form("Disconnect"))
    assert site.run_jobs().returncode == 0
    assert sandbox.live_grants(ACCOUNT) == []


def test_reencryption_keeps_generation_and_status(make_site, sandbox):
    site = make_site()
    site.client(IVY).connect(sandbox)
    before = site.integration(IVY)
    added = json.loads(site.ctl("--json", "keys", "add"))["id"]
    site.ctl("keys", "promote", added, "--force")
    site.ctl("keys", "reencrypt")
    after = site.integration(IVY)
    assert after["seal_id"] != before["seal_id"]
    same = ("id", "generation", "status", "token_expires_at", "refresh_due_at", "connected_at")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}


def test_a_wrong_keyset_is_the_operators_alarm_and_not_the_users_reconnect(make_site, sandbox):
    site = make_site()
    client = site.client(IVY)
    client.connect(sandbox)
    before = site.integration(IVY)
    right = site.key_file.rename(site.folder / "right.json")
    site.ctl("keys", "generate")
    site.httpd.graceful()
    site.log.expect("CALINT0204")
    answer = client.submit(client.page(f"{SETTINGS}/disconnect").form("Disconnect"))
    assert answer.status_code == 503
    text = Page(answer.text).text
    assert "administrator must mend this" in text
    assert site.integration(IVY) == before

    site.key_file.unlink()
    right.rename(site.key_file)
    site.httpd.graceful()
    answer = client.submit(client.page(f"{SETTINGS}/disconnect").form("Disconnect"))
    assert notice_of(answer) == "disconnected"


def test_a_value_that_was_copied_to_another_row_does_not_open(make_site, sandbox):
    site = make_site()
    ivy, ian = site.client(IVY), site.client(IAN)
    ivy.connect(sandbox, ACCOUNT)
    ian.connect(sandbox, "sam@example.com")
    site.execute("UPDATE calendar_integrations SET (access_token_encrypted, refresh_token_encrypted, seal_id) = "
                 "(SELECT access_token_encrypted, refresh_token_encrypted, seal_id FROM calendar_integrations "
                 "WHERE user_id = %s AND active) WHERE user_id = %s", IVY.id, IAN.id)
    site.log.expect("CALINT02(04|16)")
    answer = ian.submit(ian.page(f"{SETTINGS}/disconnect").form("Disconnect"))
    assert answer.status_code in (500, 503)
    assert len(sandbox.live_grants(ACCOUNT)) == 1
