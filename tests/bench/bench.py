"""The benchmark's entry; tests/bench/run prepares for it."""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

import calendars  # noqa: E402
import callback  # noqa: E402
import hang  # noqa: E402
import idle  # noqa: E402
import looks  # noqa: E402
import machine  # noqa: E402
import memory  # noqa: E402
import refresh  # noqa: E402
import sealing  # noqa: E402
import slots  # noqa: E402
import start  # noqa: E402
import whole_reads  # noqa: E402
from ground import Ground  # noqa: E402
from measure import Effort  # noqa: E402

PARTS = {"start": start.measure, "callback": callback.measure, "sealing": sealing.measure,
         "calendars": calendars.measure, "slots": slots.measure, "memory": memory.measure, "refresh": refresh.measure,
         "idle": idle.measure, "looks": looks.measure, "reads": whole_reads.measure,
         "hang": hang.measure}
BACKGROUND = ("refresh", "idle", "looks")


def at_the_same_time(ground: Ground, effort: Effort, wanted: list[str]) -> list[str]:
    """The parts that wait most of their time, for a node to look, beside the others."""
    assert ground.template and ground.provider  # what all parts start from
    with ThreadPoolExecutor() as beside:
        begun = {name: beside.submit(PARTS[name], ground, effort) for name in wanted if name in BACKGROUND}
        tables = {name: PARTS[name](ground, effort) for name in wanted if name not in BACKGROUND}
        return [tables[name] if name in tables else begun[name].result() for name in wanted]


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests/bench/run", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="NAME", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--quick", action="store_true",
                        help="less than a minute: whether it works, not how fast it is")
    parser.add_argument("--keep", action="store_true", help="leaves its folder for a look at the logs")
    arguments = parser.parse_args()
    unknown = set(arguments.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    effort = Effort(rounds=1, seconds=0.1, concurrency=(8,)) if arguments.quick else Effort()

    begun = time.monotonic()
    wanted = [name for name in PARTS if name in arguments.parts or not arguments.parts]
    with Ground(keep=arguments.keep) as ground:
        tables = at_the_same_time(ground, effort, wanted) if arguments.quick else [
            PARTS[name](ground, effort) for name in wanted]
    print(machine.description(effort))
    for table in tables:
        print(f"\n{table}")
    print(f"\nMeasured in {time.monotonic() - begun:.0f} s.")


if __name__ == "__main__":
    main()
