"""calintctl service-keys: what it writes, prints and refuses."""

import hashlib
import json
import stat

import pytest


@pytest.fixture
def keys(site, tmp_path):
    """The command, over a file of its own."""
    path = tmp_path / "service-keys"

    def run(*arguments):
        return site.run_ctl("service-keys", "--file", str(path), *arguments)

    run.path = path
    return run


def test_a_key_is_printed_once_and_only_its_digest_is_kept(keys):
    key = keys("add", "ats", "--organization", "1", "--scopes", "availability,events").stdout.strip()
    assert key.startswith("calint_") and len(key) == 50
    text = keys.path.read_text()
    assert text == f"ats {hashlib.sha256(key.encode()).hexdigest()} 1 availability,events -\n"
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o644
    assert key not in keys("list").stdout


def test_keys_are_listed_and_revoked(site, keys):
    keys("add", "ats", "--organization", "1", "--scopes", "changes", "--expires", "2099-01-01T00:00:00+01:00")
    keys("add", "any", "--organization", "*", "--scopes", "availability")
    keys("add", "small", "--organization", "", "--scopes", "events")
    before = keys.path.read_text()
    listed = json.loads(keys("--json", "list").stdout)
    assert listed == [
        {"name": "ats", "organization_id": "1", "scopes": "changes", "state": "valid",
         "expires_at": "2098-12-31T23:00:00Z"},
        {"name": "any", "organization_id": "*", "scopes": "availability", "state": "valid"},
        {"name": "small", "organization_id": "", "scopes": "events", "state": "valid"}]
    assert keys("revoke", "any").returncode == 0
    assert keys.path.read_text() == "".join(line for line in before.splitlines(True) if not line.startswith("any "))
    assert keys("revoke", "any").returncode == 1, "it is gone"


def test_what_an_administrator_wrote_stays(keys):
    keys.path.write_text("# the ATS's\nnonsense")
    assert keys("add", "ats", "--organization", "1", "--scopes", "changes").returncode == 0
    assert keys.path.read_text().startswith("# the ATS's\nnonsense\nats ")
    listed = keys("list")
    assert listed.returncode == 1 and "line 2 of" in listed.stderr and "ats" in listed.stdout


@pytest.mark.parametrize("arguments,code,says", [
    (("add", "a/b", "--organization", "1", "--scopes", "changes"), 2, "letters"),
    (("add", "a", "--organization", "1", "--scopes", "everything"), 2, "--scopes"),
    (("add", "a", "--organization", "1", "--scopes", "changes", "--expires", "soon"), 2, "--expires"),
    (("add", "a", "--organization", "1", "--scopes", "changes", "--expires", "2020-01-01T00:00:00Z"), 2,
     "over already"),
    (("add", "a", "--scopes", "changes"), 2, "--organization"),
    (("revoke", "a"), 1, "no key of this name"),
])
def test_what_cannot_be_is_refused(keys, arguments, code, says):
    done = keys(*arguments)
    assert done.returncode == code and says in done.stderr
    assert not keys.path.exists()


def test_a_name_is_given_once(keys):
    first = keys("add", "ats", "--organization", "1", "--scopes", "changes")
    text = keys.path.read_text()
    again = keys("add", "ats", "--organization", "2", "--scopes", "changes")
    assert (first.returncode, again.returncode) == (0, 3)
    assert keys.path.read_text() == text


def test_a_file_that_others_may_write_is_left_alone(keys):
    keys.path.write_text("")
    keys.path.chmod(0o666)
    done = keys("add", "ats", "--organization", "1", "--scopes", "changes")
    assert done.returncode == 1 and "chmod go-w" in done.stderr


def test_the_file_is_named(site):
    done = site.run_ctl("service-keys", "list")
    assert done.returncode == 2 and "CALINT_SERVICE_KEY_FILE" in done.stderr
