"""`calintctl explain` as a person and as a script meet it: files, texts, refusals, and data that mean harm."""
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("CALINT_BUILD", ROOT / "build"))
HEAD, TAIL = b"BEGIN:VCALENDAR\r\n", b"END:VCALENDAR\r\n"
MEGABYTES = 10_000_000


def explain(*files, data=None, zone="Europe/Berlin", begin="2027-01-01T00:00:00Z", end="2028-01-01T00:00:00Z", more=()):
    command = [BUILD / "calintctl", "explain", "--provider", "apple", "--zone", zone, "--from", begin, "--to", end]
    return subprocess.run([*command, *more, *files], input=data, capture_output=True, timeout=60, check=False)


def event(*lines):
    return b"".join(line + b"\r\n" for line in (b"BEGIN:VEVENT", *lines, b"END:VEVENT"))


def repeated(one):
    """As many of them as ten megabytes hold; `%d` in each is a number of its own."""
    many = b"".join(one.replace(b"%d", b"%d" % i) for i in range(MEGABYTES // len(one)))
    return HEAD + many + TAIL


MEETING = HEAD + event(b"UID:meeting", b"SUMMARY:Secret", b"DTSTART;TZID=Europe/Berlin:20270301T090000",
                       b"DURATION:PT1H", b"RRULE:FREQ=WEEKLY;COUNT=2") + TAIL


def test_standard_input_is_a_file_called_dash():
    told = explain("-", data=MEETING, more=["--json"])
    assert told.returncode == 0 and told.stderr == b""
    answer = json.loads(told.stdout)
    assert answer["busy"] == [["2027-03-01T08:00:00Z", "2027-03-01T09:00:00Z", "busy"],
                              ["2027-03-08T08:00:00Z", "2027-03-08T09:00:00Z", "busy"]]
    assert [(one["id"], one["is"], one["standing"], one["instances"]) for one in answer["events"]] == [
        ("meeting", "recurring", "busy", 2)]
    assert answer["left_out"] == []


def test_a_person_is_told_event_by_event_and_no_title(tmp_path):
    file = tmp_path / "one.ics"
    file.write_bytes(MEETING + HEAD + event(b"UID:free", b"DTSTART:20270302T090000Z", b"DURATION:PT1H",
                                            b"TRANSP:TRANSPARENT") + event(b"UID:broken", b"DTSTART:soon") + TAIL)
    told = explain(file)
    text = told.stdout.decode()
    assert told.returncode == 0
    assert "  2027-03-01T08:00:00Z  2027-03-01T09:00:00Z  busy\n" in text
    assert "recurring, takes its time; 2 in this time, the first at 2027-03-01T08:00:00Z\n" in text
    assert "single, free: the event says that it takes no time; 1 in this time\n" in text
    assert f"  {file}: broken: its DTSTART can't be read\n" in text
    assert "Secret" not in text


def test_a_window_may_be_a_hundred_years_long():
    told = explain("-", data=MEETING.replace(b";COUNT=2", b""), end="2127-01-01T00:00:00Z", more=["--json"])
    busy = json.loads(told.stdout)["busy"]
    assert len(busy) == 5210 and busy[-1] == ["2126-12-30T08:00:00Z", "2126-12-30T09:00:00Z", "busy"]


@pytest.mark.parametrize("question, code", [
    ({"zone": "Nowhere"}, 2), ({"begin": "soon"}, 2), ({"end": "2027-01-01T00:00:00Z"}, 2),
    ({"more": ["--provider", "aol"]}, 2)], ids=["zone", "time", "window", "provider"])
def test_a_question_that_cant_be_used_is_refused(question, code):
    told = explain("-", data=MEETING, **question)
    assert told.returncode == code and told.stdout == b"" and told.stderr


def test_a_file_that_isnt_there_or_is_no_calendar_is_told(tmp_path):
    assert explain(tmp_path / "none.ics").returncode == 1
    assert explain(tmp_path).returncode == 1
    page = tmp_path / "page.ics"
    page.write_bytes(b"<html>Sign in</html>")
    told = explain(page, more=["--json"])
    assert told.returncode == 1 and told.stderr
    good = tmp_path / "good.ics"
    good.write_bytes(MEETING)
    told = explain(page, good, more=["--json"])
    answer = json.loads(told.stdout)
    assert told.returncode == 0 and len(answer["busy"]) == 2
    assert [one["file"] for one in answer["left_out"]] == [str(page)]


SECONDS = (b"DTSTART:20270101T000000Z", b"DURATION:PT1S", b"RRULE:FREQ=SECONDLY;INTERVAL=2")
ZONE = (b"BEGIN:VTIMEZONE\r\nTZID:z%d\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0100\r\n"
        b"TZOFFSETTO:+0200\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n")
HOSTILE = {
    "nested": lambda: b"BEGIN:VEVENT\r\n" * (MEGABYTES // 14),
    "nested-deeper": lambda: b"BEGIN:X\r\n" * (MEGABYTES // 9),
    "zeros": lambda: b"\0" * MEGABYTES,
    "carriage-returns": lambda: b"BEGIN:VCALENDAR\r" + b"X:y\r" * (MEGABYTES // 4),
    "folds": lambda: HEAD + b"BEGIN:VEVENT\r\nSUMMARY:" + b"a\r\n " * (MEGABYTES // 4),
    "quotes": lambda: HEAD + event(b'DTSTART;A="' + b'";"' * (MEGABYTES // 3) + b":20270101") + TAIL,
    "every-second": lambda: repeated(event(b"UID:%d", *SECONDS)),
    "every-second-of-one": lambda: repeated(event(b"UID:a", *SECONDS)),
    "zones": lambda: repeated(ZONE + event(b"UID:%d", b"DTSTART;TZID=z%d:20270101T000000", b"DURATION:PT1S")),
    "rules": lambda: HEAD + event(b"UID:a", *SECONDS[:2], *[b"RRULE:FREQ=DAILY"] * (MEGABYTES // 18)) + TAIL,
    "exceptions": lambda: HEAD + event(*SECONDS, b"EXDATE:" + b"20270101T000000Z," * (MEGABYTES // 17)) + TAIL,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_data_that_mean_harm_are_answered_in_bounds(name, tmp_path):
    file = tmp_path / "hostile.ics"
    file.write_bytes(HOSTILE[name]())
    told = explain(file, more=["--json"])
    assert told.returncode in (0, 1)
    # Whatever it is, it isn't a calendar with nothing in it.
    answer = json.loads(told.stdout)
    assert answer["busy"] or answer["left_out"]
    assert told.returncode == 0 or told.stderr
