"""What reading calendars costs."""

from __future__ import annotations

import json
import subprocess

from ground import Ground
from harness import places
from measure import Effort, Spread, table


def measure(_: Ground, effort: Effort) -> str:
    command = [str(places.BUILD / "bench_calendars"), "--rounds", str(effort.rounds), "--events",
               str(round(5000 * effort.seconds))]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    rounds = [json.loads(line) for line in lines]
    found = {name: Spread(tuple(one[name] for one in rounds)) for name in rounds[0]}
    median = {name: spread.median for name, spread in found.items()}
    faster = median["iterate_ms"] / median["expand_ms"]
    rate = median["read_mb"] / median["parse_mb"]
    more = median["four_times"]

    def aim(text: str, met: bool) -> str:
        return f"{text}, {'met' if met else 'missed'})"

    return table("Calendars", ["", "", "ratio"], [
        ["a year of 1,000 series, libical's bare iterator", f"{found['iterate_ms'].text()} ms", ""],
        ["the same, rules parsed and intervals made", f"{found['expand_ms'].text()} ms",
         aim(f"{faster:.1f} times as fast (aim 1", faster >= 1)],
        ["iCalendar text, libical's bare parser", f"{found['parse_mb'].text()} MB/s", ""],
        ["the same, read and a year of it evaluated", f"{found['read_mb'].text()} MB/s",
         aim(f"{rate:.2f} of the rate (aim 0.5", rate >= 0.5)],
        ["four times as much text", "", aim(f"{more:.1f} times the time (aim under 6", more < 6)],
    ])
