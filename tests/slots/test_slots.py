"""Every situation of tests/data/slots, through `calintctl slots`; and what the command says of what it can't use."""
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "tests/data/slots"
BUILD = pathlib.Path(os.environ.get("CALINT_BUILD", ROOT / "build"))
MEMBERS = {"rule", "why", "request", "people", "now", "answer"}
ANSWERS = {"slots", "user_ids", "people", "policy", "explain"}
NOW = "2026-11-30T08:00:00Z"
REQUEST = {"groups": [{"user_ids": ["17", "23"], "required": 1}, {"user_ids": ["60"], "optional": True}],
           "duration": 60, "from": "2026-12-07T09:00:00+01:00", "to": "2026-12-07T11:00:00+01:00",
           "time_zone": "Europe/Berlin", "step": 60}
PEOPLE = [{"user_id": "17"}, {"user_id": "23"},
          {"user_id": "60", "busy": [["2026-12-07T09:00:00+01:00", "2026-12-07T10:00:00+01:00", "busy"]]}]

SITUATIONS = sorted(DATA.glob("*.json"))


def slots(folder, request, people, *more, now=NOW):
    (folder / "people.json").write_text(people if isinstance(people, str) else json.dumps(people))
    command = [BUILD / "calintctl", "slots", "--request", "-", "--people", folder / "people.json", "--now", now, *more]
    return subprocess.run(command, input=request if isinstance(request, str) else json.dumps(request),
                          capture_output=True, text=True, timeout=20, check=False)


def pages(folder, request, people, now):
    """The answers of all pages; a page has as many slots as the request's limit, but for the last one."""
    cursor = None
    while True:
        told = slots(folder, {**request, "cursor": cursor}, people, "--json", now=now)
        assert told.returncode == 0 and told.stderr == ""
        answer = json.loads(told.stdout)
        yield answer
        cursor = answer["next"]
        if cursor is None:
            return
        assert len(answer["slots"]) == request["limit"]


def test_there_are_situations():
    assert len(SITUATIONS) > 100


@pytest.mark.parametrize("file", SITUATIONS, ids=lambda file: file.stem)
def test_a_situation_has_its_answer(file, tmp_path):
    case = json.loads(file.read_text())
    expected = case["answer"]
    assert set(case) == MEMBERS and "slots" in expected and set(expected) <= ANSWERS
    assert ("explain" in expected) == case["request"].get("explain", False)
    answers = list(pages(tmp_path, case["request"], case["people"], case["now"]))
    found = [slot for answer in answers for slot in answer["slots"]]
    assert [[slot["start"], slot["end"]] for slot in found] == expected["slots"]
    if "user_ids" in expected:
        assert [slot["user_ids"] for slot in found] == expected["user_ids"]
    for answer in answers:
        if "people" in expected:
            assert [[one["user_id"], one["status"], one["reason"], one["time_zone"]]
                    for one in answer["people"]] == expected["people"]
        assert answer["policy"].items() >= expected.get("policy", {}).items()
    explain = answers[0]["explain"]
    if "explain" not in expected:
        assert explain is None
        return
    assert [[one["user_id"], one["start"], one["end"], one["why"]] for one in explain["people"]] \
        == expected["explain"]["people"]
    assert [[one["start"], one["end"], one["why"]] for one in explain["request"]] == expected["explain"]["request"]


def test_a_person_can_read_the_answer(tmp_path):
    told = slots(tmp_path, REQUEST, PEOPLE)
    assert told.returncode == 0
    assert told.stdout.splitlines() == [
        "2026-12-07T09:00:00+01:00  2026-12-07T10:00:00+01:00  17  -",
        "2026-12-07T10:00:00+01:00  2026-12-07T11:00:00+01:00  17  60"]
    nobody = [{**one, "unknown": [["2026-12-07T00:00:00Z", "2026-12-08T00:00:00Z"]], "time_zone": "Mars"}
              for one in PEOPLE]
    assert slots(tmp_path, REQUEST, nobody).stdout.splitlines() == [
        "no slots", "17: unknown, unknown_time_zone", "23: unknown, unknown_time_zone",
        "60: unknown, unknown_time_zone"]


def test_a_person_can_read_why(tmp_path):
    told = slots(tmp_path, {**REQUEST, "explain": True, "limit": 1}, PEOPLE, now="2026-12-07T09:30:00+01:00")
    lines = told.stdout.splitlines()
    assert lines[0].startswith("2026-12-07T10:00:00+01:00") and lines[1:] == [
        "not free",
        "2026-12-07T09:00:00+01:00  2026-12-07T10:00:00+01:00  60  busy",
        "not offered",
        "2026-12-07T09:00:00+01:00  2026-12-07T10:00:00+01:00  request  past"]


@pytest.mark.parametrize("json_too", [(), ("--json",)], ids=["text", "json"])
def test_a_wrong_request_has_a_line_for_each_problem(tmp_path, json_too):
    wrong = {**REQUEST, "groups": [{"user_ids": ["17", "23"], "required": 3}], "duration": 4, "colour": "red"}
    told = slots(tmp_path, wrong, [*PEOPLE, {"name": "Ada"}], *json_too)
    assert told.returncode == 2 and told.stdout == ""
    lines = told.stderr.splitlines()
    assert [line.split(": ")[0] for line in lines[:3]] == ["groups/0/required", "duration", "colour"]
    assert [line.split(": ")[:2] for line in lines[3:]] == [["--people", "3/user_id"], ["--people", "3/name"]]


def test_what_is_no_json_has_a_line(tmp_path):
    told = slots(tmp_path, "{", PEOPLE)
    assert told.returncode == 2 and told.stderr.startswith("is no JSON: line 1")
    told = slots(tmp_path, REQUEST, "17")
    assert told.returncode == 2 and told.stderr == "--people: is not a list\n"


def test_whoever_is_named_has_to_be_among_the_people(tmp_path):
    told = slots(tmp_path, {**REQUEST, "people": {"99": {}}}, PEOPLE[:1])
    assert told.returncode == 2
    assert [line.split(": ")[0] for line in told.stderr.splitlines()] == [
        "groups/0/user_ids/1", "groups/1/user_ids/0", "people/99"]


@pytest.mark.parametrize("arguments", [
    [], ["--request", "-", "--people", "-", "--now", NOW], ["--request", "-", "--people", "x", "--now", "today"],
    ["--request", "-", "--people", "x"]], ids=["none", "two-inputs", "no-time", "no-now"])
def test_a_command_line_that_cant_be_used_says_so(arguments):
    told = subprocess.run([BUILD / "calintctl", "slots", *arguments], input="{}", capture_output=True, text=True,
                          timeout=20, check=False)
    assert told.returncode == 2 and told.stderr != ""


def test_every_minute_of_three_months_comes_at_once(tmp_path):
    request = {**REQUEST, "groups": [{"user_ids": ["17"]}], "step": 1, "duration": 5, "to": "2027-03-08T09:00:00+01:00",
               "working_hours": {day: [["00:00", "24:00"]]
                                 for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}}
    answer = json.loads(slots(tmp_path, request, PEOPLE, "--json").stdout)
    assert len(answer["slots"]) == 91 * 24 * 60 - 4 and answer["next"] is None
