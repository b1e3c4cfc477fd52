"""The description of the interface: served, linted, and of what there is. That answers are as it says is looked at with
every call of harness.ats."""

import json
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest
import requests

from harness import description, places
from harness.paths import API


def test_it_is_served_to_everybody_as_it_is(site):
    answer = requests.get(f"{site.url}{API}/openapi.json", timeout=10)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/json"
    assert answer.content == description.FILE.read_bytes()
    assert answer.json()["openapi"].startswith("3.1.")
    assert requests.head(f"{site.url}{API}/openapi.json", timeout=10).status_code == 200
    assert requests.delete(f"{site.url}{API}/openapi.json", timeout=10).status_code == 405


def test_a_public_linter_finds_nothing():
    script = Path(__file__).parent / "lint_openapi.mjs"
    done = subprocess.run(["node", script, description.FILE], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_has_the_calls_that_there_are():
    table = (places.ROOT / "mod_calint" / "api" / "routes.cc").read_text()
    routes = re.findall(r'^    {"([A-Z]+)", "([^"]+)", Right', table, re.M)
    assert len(routes) >= 6
    assert sorted(routes) == sorted((method, path) for method, path, _ in description.operations())


def test_what_it_says_of_slots_is_what_they_take():
    """Each request of tests/data/slots that is answered fits the schema."""
    schema = {"$ref": "#/components/schemas/SlotRequest"}
    cases = sorted((places.ROOT / "tests" / "data" / "slots").glob("*.json"))
    requests_of_cases = [json.loads(path.read_text())["request"] for path in cases]
    assert len(requests_of_cases) > 10
    for request in requests_of_cases:
        description.check(schema, request)
    with pytest.raises(jsonschema.ValidationError):
        description.check(schema, {**requests_of_cases[0], "colour": "red"})


def test_what_it_says_of_interviews_is_what_they_take():
    """The example of docs/api.md fits; what is refused by its name doesn't."""
    text = (places.ROOT / "docs" / "api.md").read_text()
    (example,) = re.findall(r'^    ({"user_id": "17", "interview_ref".*?^     .*?})$', text, re.M | re.S)
    example = json.loads(example)
    asked, change = ({"$ref": f"#/components/schemas/{name}"} for name in ("EventRequest", "EventChange"))
    description.check(asked, example)
    description.check(asked, {**example, "description": None, "attendees": None, "reminder": None, "conference": None})
    description.check(change, {"title": "Another", "location": None})
    for schema, wrong in ((asked, {**example, "colour": "red"}), (asked, {**example, "title": "x" * 256}),
                          (asked, {**example, "reminder": 40321}), (change, {"user_id": "17"}),
                          (change, {"title": None})):
        with pytest.raises(jsonschema.ValidationError):
            description.check(schema, wrong)


def test_a_wrong_answer_is_noticed():
    schema = {"$ref": "#/components/schemas/Availability"}
    user = {"user_id": "2", "status": "ok", "reason": None, "as_of": "2026-12-01T09:58:12Z", "time_zone": None,
            "busy": [], "unknown": []}
    description.check(schema, {"users": [user]})
    for wrong in ({"status": "fine"}, {"as_of": "yesterday"}, {"busy": [{"start": "2026-12-01T09:58:12Z"}]}):
        with pytest.raises(jsonschema.ValidationError):
            description.check(schema, {"users": [{**user, **wrong}]})
