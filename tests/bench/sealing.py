"""What sealing a token costs."""

from __future__ import annotations

import json
import subprocess

from ground import Ground
from harness import places
from measure import Effort, Spread, table


def measure(_: Ground, effort: Effort) -> str:
    command = [str(places.BUILD / "bench_sealing"), "--rounds", str(effort.rounds), "--count",
               str(round(100000 * effort.seconds))]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    rounds = [json.loads(line) for line in lines]
    found = {name: Spread(tuple(one[name] for one in rounds)) for name in ("seal_ns", "open_ns", "gcm_ns")}
    bare = found["gcm_ns"].median
    rows = [["bare AES-256-GCM over EVP, 96-bit nonce", found["gcm_ns"].text(), ""]]
    for name, what in (("seal_ns", "seal"), ("open_ns", "open")):
        times = found[name].median / bare
        rows.append([f"{what}: XAES-256-GCM, key id and row bound", found[name].text(),
                     f"{times:.1f} (aim under 5, {'met' if times < 5 else 'missed'})"])
    return table("A token of 256 bytes", ["", "ns", "times bare"], rows)
