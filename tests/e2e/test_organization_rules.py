"""calintctl organization: the rules of one organisation, shown and changed."""

import json

import pytest

NOTHING = dict.fromkeys(("working_hours", "dates", "buffer_before", "buffer_after", "tentative", "unanswered",
                         "unknown"))


def rules(site, *arguments, organization="1"):
    return json.loads(site.ctl("--json", "organization", organization, *arguments))


def test_a_change_leaves_what_it_does_not_name(site):
    assert rules(site) == NOTHING
    first = {"tentative": "free", "buffer_after": 10, "working_hours": {"mon": [["09:00", "12:00"]]}}
    assert rules(site, "--set", json.dumps(first)) == {**NOTHING, **first}
    second = {"tentative": None, "dates": {"2026-12-25": []}, "unknown": "free"}
    assert rules(site, "--set", json.dumps(second)) == {**NOTHING, **first, **second}
    assert rules(site, organization="2") == NOTHING


def test_providers_that_were_chosen_stay(site):
    site.execute("INSERT INTO calendar_organization_settings (organization_id, providers) VALUES ('1', '{google}')")
    rules(site, "--set", '{"unanswered": "free"}')
    assert site.row("SELECT providers, unanswered FROM calendar_organization_settings") == {
        "providers": ["google"], "unanswered": "free"}


def test_a_change_is_audited(site):
    rules(site, "--set", '{"unanswered": "free"}')
    (row,) = site.audit()
    assert row["action"] == "calendar_organization_settings.updated" and row["user_id"] is None
    assert row["metadata"] == {"rules": {"unanswered": "free"}}


@pytest.mark.parametrize("change,says", [
    ("{", "is no JSON"), ("[]", "is not an object"), ('{"colour": 1}', "colour: there is no such member"),
    ('{"tentative": "maybe"}', "tentative: is not one of: busy, free"), ('{"buffer_before": 1441}', "buffer_before: "),
    ('{"working_hours": {"monday": []}}', "working_hours/monday"), ('{"dates": {"2026-02-30": []}}', "2026-02-30")])
def test_what_cannot_be_is_refused(site, change, says):
    done = site.run_ctl("organization", "1", "--set", change)
    assert done.returncode == 2 and says in done.stderr
    assert not site.rows("SELECT FROM calendar_organization_settings")


def test_it_is_shown_to_people(site):
    rules(site, "--set", '{"tentative": "free"}')
    lines = site.ctl("organization", "1").splitlines()
    assert "tentative      \"free\"" in lines and "unknown        -" in lines
