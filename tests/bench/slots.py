"""What finding slots costs: a month of ten people, and the longest request that is allowed."""

from __future__ import annotations

import json
import subprocess

from ground import Ground
from harness import places
from measure import Effort, Spread, table

QUESTIONS = {"usual": ("10 people in three groups, 30 days, every quarter of an hour", 2),
             "longest": ("50 people in each of ten groups, 91 days, every minute, `best`", 500)}
MEMORY = 64


def measure(_: Ground, effort: Effort) -> str:
    rows = []
    for question, (what, aim) in QUESTIONS.items():
        # The first call of a process reads the zones' files.
        command = [str(places.BUILD / "bench_slots"), "--question", question, "--rounds", str(effort.rounds + 1)]
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        first, *rounds = [json.loads(line) for line in lines]
        took = Spread(tuple(one["ms"] for one in rounds))
        memory = rounds[-1]["rss_mb"]
        rows.append([what, took.text(1), f"under {aim} ms, {'met' if took.median < aim else 'missed'}",
                     f"{first['ms']:.1f}", f"{memory:.0f} MB (aim under {MEMORY}, "
                     f"{'met' if memory < MEMORY else 'missed'})"])
    return table("Slots, to the answer's JSON", ["", "ms", "aim", "ms, first call", "process"], rows)
