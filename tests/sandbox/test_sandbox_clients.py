"""The providers' own clients, and a CalDAV client, do their usual work against the sandbox: they know the providers'
interfaces better than we do, and whatever they send must be known here."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from client import Sandbox
from flow import CALLBACK
from google_flow import AVERY as GOOGLE_AVERY
from google_flow import Events
from icloud_client import AVERY as APPLE_AVERY
from icloud_client import AVERY_PASSWORD
from outlook_flow import AVERY as OUTLOOK_AVERY
from outlook_flow import connect as connect_outlook
from receiver import Receiver

HOME = Path(__file__).resolve().parent / "clients"
MONDAY = ("2027-01-11T10:00:00", "2027-01-11T11:00:00")


def run(script: str, certificate: str = "", **told: str) -> dict:
    """What the script has seen. npm must have installed the clients: `npm ci` in tests/sandbox/clients."""
    assert (HOME / "node_modules").is_dir(), "npm ci --prefix tests/sandbox/clients is to be run first"
    environment = {**os.environ, "NODE_EXTRA_CA_CERTS": certificate, "NO_PROXY": "*"}
    done = subprocess.run(["node", script, json.dumps(told)], cwd=HOME, env=environment, capture_output=True, text=True,
                          timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def hook():
    with Receiver() as receiver:
        yield f"{receiver.url}/hook"


def test_googles_own_client_is_served(sandbox, hook):
    events = Events(sandbox)
    events.hand.fill(5)
    seen = run("google.mjs", base=sandbox.http["base"], token=events.token, calendarId=GOOGLE_AVERY, hook=hook)
    assert seen.pop("link").startswith("https://meet.google.com/")
    assert seen.pop("calendars")[0] == GOOGLE_AVERY
    assert seen == {
        "full": 5, "pending": "pending", "duplicate": [409, "duplicate"], "moved": "2027-01-21T12:00:00+01:00",
        "stale": [412, "conditionNotMet"], "updated": "Other", "changed": ["calint0c1d2e3f"],
        "busy": [{"start": "2027-01-21T13:00:00Z", "end": "2027-01-21T14:00:00Z"}], "stopped": 204, "deleted": 204,
        "again": [410, "deleted"]}


def test_microsofts_own_client_is_served(tmp_path, hook):
    """It sends tokens over TLS only."""
    certificate, key = (str(tmp_path / name) for name in ("c.pem", "k.pem"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    with Sandbox(redirect_uris=[CALLBACK], certificate=certificate, key=key) as sandbox:
        calendar = sandbox.calendar("outlook", OUTLOOK_AVERY)
        calendar.add(*MONDAY, repeat="FREQ=WEEKLY;COUNT=3")
        calendar.add(*MONDAY)
        token = connect_outlook(sandbox)["access_token"]
        seen = run("graph.mjs", certificate, base=f"{sandbox.https['base']}/", token=token, hook=hook)
    assert seen == {
        "calendars": ["Calendar", "Interviews", "Sam", "Holidays in Germany"], "join": "https://teams.microsoft.com/",
        "first": ["seriesMaster", "occurrence", "occurrence", "occurrence", "singleInstance"],
        "moved": "2027-01-21T11:00:00.0000000", "stale": [412, "ErrorIrresolvableConflict"], "read": "Interview",
        "changed": [True], "view": 5, "filtered": 1, "gone": [404, "ErrorItemNotFound"], "removed": [True]}


def test_a_caldav_client_is_served(sandbox):
    """It drops its credentials on the way from host to host, so it begins where the home is."""
    home = sandbox.calendar("icloud", APPLE_AVERY)
    home.add(*MONDAY)
    home.add("2027-02-11T10:00:00", "2027-02-11T11:00:00")
    seen = run("tsdav.mjs", base=sandbox.http["icloud"]["p42"], username=APPLE_AVERY, password=AVERY_PASSWORD,
               calendarName="Home")
    assert seen == {
        "calendars": ["Home", "Hiring", "Team (shared, read only)", "Reminders ⚠️"],
        "reports": ["calendarMultiget", "calendarQuery", "syncCollection"], "objects": 2, "inWindow": 1,
        "created": [201, True], "twice": 412, "changed": 204, "stale": 412, "synced": 1, "dirty": True, "deleted": 204}
