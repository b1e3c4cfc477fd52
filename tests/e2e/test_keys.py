"""Keys are rotated beside running nodes; a wrong keyset is an operator's alarm and never a user's reconnect."""

import json
import shutil

import pytest

from harness.paths import DISCONNECT, SETTINGS
from harness.people import IAN, IVY
from harness.session import notice_of


def keys(site):
    """Status by id."""
    return {key["id"]: key["status"] for key in json.loads(site.ctl("--json", "keys", "list"))}


def key_id_of(site, person):
    """The id of the key that sealed this person's tokens: bytes 1 to 4."""
    row = site.integration(person)
    found = {bytes(row[column])[1:5].hex() for column in ("access_token_encrypted", "refresh_token_encrypted")}
    assert len(found) == 1
    return found.pop()


@pytest.fixture
def own(make_site, sandbox):
    """A site of which keys may change, with Ivy connected."""
    site = make_site()
    assert notice_of(site.client(IVY).connect(sandbox)) == "connected"
    return site


def reload_with_new_keys(site):
    """A graceful restart, and a request by which the node tells which keys it has."""
    site.httpd.graceful()
    site.client(IVY).page()


def test_a_key_is_rotated_under_live_connections(own, sandbox):
    (old,) = keys(own)
    own.ctl("keys", "add")
    (new,) = set(keys(own)) - {old}
    assert keys(own) == {old: "primary", new: "pending"}

    refused = own.run_ctl("keys", "promote", new)
    assert refused.returncode == 3, "the running node doesn't have it yet"
    assert keys(own)[new] == "pending"
    reload_with_new_keys(own)
    own.ctl("keys", "promote", new)
    assert keys(own) == {old: "enabled", new: "primary"}

    reload_with_new_keys(own)
    assert notice_of(own.client(IAN).connect(sandbox, "sam@example.com")) == "connected"
    assert key_id_of(own, IVY) == old and key_id_of(own, IAN) == new

    assert own.run_ctl("keys", "retire", old).returncode == 3, "rows use it"
    own.ctl("keys", "reencrypt")
    assert key_id_of(own, IVY) == key_id_of(own, IAN) == new
    own.ctl("keys", "retire", old)
    assert keys(own) == {old: "disabled", new: "primary"}

    reload_with_new_keys(own)
    browser = own.client(IVY)
    assert notice_of(browser.connect(sandbox)) == "reconnected", "the account is still the same one"
    assert notice_of(browser.submit(browser.page(DISCONNECT).form("Disconnect"))) == "disconnected"
    assert own.run_jobs().returncode == 0
    assert not sandbox.live_grants("avery@example.com")


def test_reencrypting_covers_waiting_revocations(own, sandbox):
    browser = own.client(IVY)
    browser.submit(browser.page(DISCONNECT).form("Disconnect"))
    (old,) = keys(own)
    own.ctl("keys", "add")
    (new,) = set(keys(own)) - {old}
    own.ctl("keys", "promote", new, "--force")
    assert own.run_ctl("keys", "retire", old).returncode == 3
    own.ctl("keys", "reencrypt")
    own.ctl("keys", "retire", old, "--force")
    assert own.run_jobs().returncode == 0
    assert not sandbox.live_grants()


def test_a_key_is_not_retired_while_a_node_seals_with_it(own, sandbox):
    (old,) = keys(own)
    own.ctl("keys", "add")
    (new,) = set(keys(own)) - {old}
    reload_with_new_keys(own)
    own.ctl("keys", "promote", new)  # and the reload is forgotten
    own.ctl("keys", "reencrypt")
    refused = own.run_ctl("keys", "retire", old)
    assert refused.returncode == 3 and "still seal with the key" in refused.stderr
    assert keys(own)[old] == "enabled"

    assert notice_of(own.client(IAN).connect(sandbox, "sam@example.com")) == "connected"
    assert key_id_of(own, IAN) == old, "what the node went on to seal can be opened"
    reload_with_new_keys(own)
    own.ctl("keys", "reencrypt")
    own.ctl("keys", "retire", old)
    assert keys(own)[old] == "disabled"


def test_a_key_that_was_retired_too_early_opens_again(own, sandbox):
    (old,) = keys(own)
    own.ctl("keys", "add")
    (new,) = set(keys(own)) - {old}
    own.ctl("keys", "promote", new, "--force")
    own.ctl("keys", "reencrypt")
    own.ctl("keys", "retire", old, "--force")
    assert notice_of(own.client(IAN).connect(sandbox, "sam@example.com")) == "connected"
    assert key_id_of(own, IAN) == old
    own.ctl("keys", "enable", old)
    assert keys(own)[old] == "enabled"
    assert json.loads(own.ctl("--json", "keys", "reencrypt"))["unreadable"] == 0
    assert key_id_of(own, IAN) == new


def test_a_flow_begun_before_the_rotation_ends_after_it(own, sandbox):
    browser = own.client(IAN)
    callback = browser.consent(sandbox, "sam@example.com")
    (old,) = keys(own)
    own.ctl("keys", "add")
    (new,) = set(keys(own)) - {old}
    own.ctl("keys", "promote", new, "--force")
    own.httpd.graceful()
    assert notice_of(browser.get(callback)) == "connected"
    assert key_id_of(own, IAN) == new


def test_with_a_wrong_keyset_the_user_is_not_told_to_reconnect(own, sandbox):
    shutil.copy(own.key_file, own.folder / "right-keys.json")
    own.key_file.unlink()
    own.ctl("keys", "generate")
    own.httpd.graceful()
    own.log.expect(r":error\].*CALINT0204")
    browser = own.client(IVY)
    form = browser.page(SETTINGS).form("Refresh list")
    with own.nothing_written():
        answer = browser.submit(form)
    assert answer.status_code == 503
    assert "administrator must mend this" in answer.text
    assert own.integration(IVY)["status"] == "connected"
    assert "Reconnect" not in answer.text

    shutil.copy(own.folder / "right-keys.json", own.key_file)
    own.httpd.graceful()
    page = browser.page(DISCONNECT)
    assert notice_of(browser.submit(page.form("Disconnect"))) == "disconnected"
    assert own.jobs("revoke"), "the token opens again"


def test_a_value_moved_to_another_row_does_not_open(own, sandbox):
    """Whoever can write to the database can't make one user's token another's."""
    ian = own.client(IAN)
    ian.connect(sandbox, "sam@example.com")
    ivys = own.integration(IVY)
    own.execute("UPDATE calendar_integrations SET access_token_encrypted = %s, refresh_token_encrypted = %s,"
                " seal_id = %s,"
                " status = 'error', last_error = 'provider_unavailable' WHERE user_id = %s",
                ivys["access_token_encrypted"], ivys["refresh_token_encrypted"], ivys["seal_id"], IAN.id)
    own.log.expect(r":error\].*CALINT02")
    before = sandbox.requests("calendarList")
    answer = ian.submit(ian.page().form("Retry"))
    assert answer.status_code in (303, 500, 503)
    assert sandbox.requests("calendarList") == before, "the foreign token went nowhere"
    assert own.integration(IAN)["status"] != "connected"


def test_reencrypting_changes_nothing_but_the_seal(own):
    before = own.integration(IVY)
    (old,) = keys(own)
    own.ctl("keys", "add")
    (new,) = set(keys(own)) - {old}
    own.ctl("keys", "promote", new, "--force")
    moved = json.loads(own.ctl("--json", "keys", "reencrypt"))
    assert moved["moved"] >= 1 and moved["unreadable"] == 0
    assert json.loads(own.ctl("--json", "keys", "reencrypt"))["moved"] == 0
    after = own.integration(IVY)
    assert after["seal_id"] != before["seal_id"]
    same = ("id", "generation", "status", "token_expires_at", "connected_at")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}


def test_a_keyset_is_never_overwritten(own):
    before = own.key_file.read_bytes()
    assert own.run_ctl("keys", "generate").returncode == 3
    assert own.key_file.read_bytes() == before
    assert own.key_file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("spoil", [
    lambda path: path.chmod(0o644), lambda path: path.write_text("{"), lambda path: path.write_text("{}"),
    lambda path: path.unlink(), lambda path: path.write_bytes(b""),
], ids=["readable-by-all", "half", "no-keys", "missing", "empty"])
def test_httpd_does_not_start_with_a_bad_keyset(make_site, spoil):
    site = make_site(start=False)
    spoil(site.key_file)
    with pytest.raises(RuntimeError, match="CalIntKeyFile"):
        site.start()
    site.log.expect("CALINT0108", "AH00016: Configuration Failed")


def test_the_settings_page_works_again_after_the_alarm(own):
    """The path of the keyset is all that a restart reads anew."""
    reload_with_new_keys(own)
    assert own.client(IVY).get(SETTINGS).status_code == 200
