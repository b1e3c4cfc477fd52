"""How many flows a second can be started."""

from __future__ import annotations

import re
import subprocess

import requests

from ground import BARE, Ground
from harness import places
from harness.paths import start_path
from measure import Effort, against, in_turn, ratio, table

CONNECTIONS = 8


def wrk(port: int, path: str, seconds: float, headers: dict[str, str]) -> float:
    """Requests a second, each answered 302; wrk counts 4xx and 5xx, and a request that fails, as errors."""
    command = [places.program("wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    done = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True)
    assert "Non-2xx" not in done.stdout and "Socket errors" not in done.stdout, done.stdout
    return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])


def session_cookie(port: int, path: str, headers: dict[str, str]) -> str:
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(f"http://127.0.0.1:{port}{path}", headers=headers, allow_redirects=False, timeout=30)
        assert answer.status_code == 302, f"{path}: {answer.status_code}"
        return "; ".join(f"{name}={value}" for name, value in answer.cookies.items())


def measure(ground: Ground, effort: Effort) -> str:
    calint, openidc = ground.calint["http"], ground.openidc["http"]
    user = {"X-Bench-User": str(ground.people(1)), "Accept": "text/html"}  # mod_auth_openidc redirects browsers only
    signed_in = {**user, "Cookie": session_cookie(calint.port, start_path(), user)}
    assert session_cookie(openidc.port, "/oidc/page", user).startswith("mod_auth_openidc_state_")
    ours, theirs, bare = "mod_calint's start", "mod_auth_openidc's start", "a bare 302 of the same httpd"
    found = in_turn(effort, {
        ours: lambda: wrk(calint.port, start_path(), effort.seconds, signed_in),
        # Without cookies: a browser that comes back with seven open states is refused an eighth.
        theirs: lambda: wrk(openidc.port, "/oidc/page", effort.seconds, user),
        bare: lambda: wrk(calint.port, BARE, effort.seconds, signed_in),
    }, "start")
    rows = [[ours, found[ours].text(), ""],
            [theirs, found[theirs].text(), against(ratio(found[ours], found[theirs]), 1)],
            [bare, found[bare].text(), against(ratio(found[ours], found[bare]), None)]]
    return table(f"Start of a flow, {CONNECTIONS} connections", ["", "requests a second", "ours by theirs"], rows,
                 "mod_calint asks the database for the user at each start; the others ask nobody.")
