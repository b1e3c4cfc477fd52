"""Every situation of tests/data/calendars, in every dialect that tells it, through `calintctl explain`."""
import json
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "tests/data/calendars"
BUILD = pathlib.Path(os.environ.get("CALINT_BUILD", ROOT / "build"))
DIALECTS = {"apple": "ics", "google": "json", "outlook": "json"}
KINDS = {"busy", "oof", "tentative", "unanswered"}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
MEMBERS = {"what", "source", "zone", "accounts", "window", "busy", "left_out"}

SITUATIONS = sorted(folder for folder in DATA.iterdir() if folder.is_dir())


def inputs(folder, dialect):
    end = DIALECTS[dialect]
    numbered = sorted(folder.glob(f"{dialect}-*.{end}"), key=lambda file: int(file.stem.removeprefix(f"{dialect}-")))
    return numbered or list(folder.glob(f"{dialect}.{end}"))


TELLINGS = [(folder, dialect) for folder in SITUATIONS for dialect in DIALECTS if inputs(folder, dialect)]


def explain(case, dialect, files, *more):
    command = [BUILD / "calintctl", "explain", "--provider", dialect, "--zone", case["zone"]]
    for account in case.get("accounts", []):
        command += ["--account", account]
    command += ["--from", case["window"][0], "--to", case["window"][1], *more, *files]
    return subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)


@pytest.mark.parametrize("folder", SITUATIONS, ids=lambda folder: folder.name)
def test_a_situation_has_the_form_that_the_readme_says(folder):
    case = json.loads((folder / "case.json").read_text())
    assert set(case) <= MEMBERS and set(case) >= MEMBERS - {"accounts", "left_out"}
    assert case["what"] and case["source"]
    start, end = case["window"]
    for text in [start, end, *(time for interval in case["busy"] for time in interval[:2])]:
        assert INSTANT.fullmatch(text)
    assert case["busy"] == sorted(case["busy"])
    for begin, finish, kind in case["busy"]:
        assert start <= begin < finish <= end and kind in KINDS
    assert set(case.get("left_out", {})) <= set(DIALECTS)
    files = {file.name for dialect in DIALECTS for file in inputs(folder, dialect)}
    assert files and {file.name for file in folder.iterdir()} == files | {"case.json"}


@pytest.mark.parametrize("folder, dialect", TELLINGS, ids=lambda value: getattr(value, "name", value))
def test_a_telling_gives_the_busy_time_of_its_situation(folder, dialect):
    case = json.loads((folder / "case.json").read_text())
    told = explain(case, dialect, inputs(folder, dialect), "--json")
    assert told.returncode == 0, told.stderr
    answer = json.loads(told.stdout)
    assert answer["busy"] == case["busy"]
    assert [one["id"] for one in answer["left_out"]] == case.get("left_out", {}).get(dialect, [])
